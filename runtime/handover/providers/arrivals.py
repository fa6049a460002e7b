"""The lane of what comes from a provider: each thing once, in order, with its files, as events for the chat.

A webhook may come twice, late, out of order or never. So what was taken is remembered, messages are fetched in the
provider's own order where it can tell, and somebody looks there from time to time, also after a pause of ours.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from runtime.errors import NorenError
from runtime.handover.providers import mail
from runtime.handover.providers.calling import Trouble
from runtime.handover.providers.mail import Address
from runtime.log import Logger
from runtime.model import Data
from runtime.ports import Clock, HandoverProvider, ProviderEvent

log = Logger("handover")

LONGEST: Final = 5_000
"""Length of a text. https://developers.line.biz/en/reference/messaging-api/#text-message"""
SEEN: Final = 400
"""Keys that are remembered for a case."""
OFTEN: Final = 60_000
RARELY: Final = 600_000
"""How soon it is looked again after something happened, and how rarely when nothing does, in ms."""
FRESH: Final = 10_000
"""Older news of somebody typing are none."""
TALK: Final = frozenset(("message", "system", "note", "status", "look"))
"""News that make us look for what came before them: it may have been lost or overtaken."""
ASLEEP: Final = 365 * 24 * 3_600_000
"""A case that sleeps until the user writes is woken by nobody else."""

Keep = Callable[[bytes, str], Awaitable[Data]]
"""Puts a file where LINE can fetch it: `kind`, `url`, `preview`, `duration`, `name`. Raises `NorenError`."""
Fetch = Callable[[str], Awaitable[tuple[bytes, str]]]
"""The bytes and the name behind an address. Raises `CallError`."""


class Arrivals:
    def __init__(self, clock: Clock, fetch: Fetch, keep: Keep) -> None:
        self._clock, self._fetch, self._keep = clock, fetch, keep

    async def take(self, provider: HandoverProvider, at: Address, args: Data, known: Data) -> dict[str, Any]:
        """What this request leads to, as `Office.perform` gives it."""
        now, ref = self._clock.now(), str(args.get("ref") or known.get("ref") or "")
        known = {**known, "ref": ref, "case": at.case}
        given, cue = mail.read(args.get("told")), False
        if all(event.kind == "typing" for event in given) and given:
            return {"memory": known, "send": [], "cue": now - given[-1].at < FRESH}
        try:
            events, cursor = await self._gathered(provider, given, known)
        except Trouble as trouble:
            if trouble.gone:
                sends = [mail.to_chat(at, "gone", ref, do="resolve", reason="provider_error", why=trouble.message)]
                return {"memory": {**known, "over": True}, "send": sends}
            log.warning("provider not reached; looked there again soon", provider=at.provider, error=trouble.message)
            events, cursor = [one for one in given if one.kind != "look"], int(known.get("cursor") or 0)
        taken = Taken(at, ref, known)
        for event in sorted(events, key=_order):
            taken.add(event, await self._messages(taken, event))
        state = {**taken.known, "cursor": max(cursor, int(known.get("cursor") or 0))}
        if taken.sends or args.get("do") == "told":
            state["active"] = now
        value: dict[str, Any] = {"memory": state, "send": taken.sends, "cue": cue}
        plan = mail.look(at, ref, _pause(now - int(state.get("active") or now)))
        if "fetch" in provider.capabilities:
            value |= {"cancel": [plan["id"]]} if state.get("over") else {"timers": [plan]}
        return value

    async def _gathered(
        self, provider: HandoverProvider, given: list[ProviderEvent], known: Data
    ) -> tuple[list[ProviderEvent], int]:
        """What was told, and with messages or mere hints what stands there before and behind them."""
        cursor = int(known.get("cursor") or 0)
        talk = [event for event in given if event.kind in TALK]
        if "fetch" not in provider.capabilities or (given and not talk):
            return given, cursor
        numbers = [int(event.key[1:]) - 1 for event in talk if event.key[1:].isdecimal()]
        found, last = await provider.fetch_since(min([cursor, *numbers]), known)
        there = {event.key for event in found}
        if given and not any(event.kind in ("look", "status") for event in given):
            found = [event for event in found if event.kind not in ("status", "assigned")]
        return [*found, *(one for one in given if one.key not in there and one.kind != "look")], last

    async def _messages(self, taken: Taken, event: ProviderEvent) -> list[dict[str, Any]]:
        """An agent's words and files as messages; a file that cannot be had is told to the agent."""
        if event.kind != "message" or taken.knows(event):
            return []
        text = str(event.data.get("text") or "")
        messages: list[dict[str, Any]] = [{"kind": "text", "text": part} for part in pieces(text)]
        for file in event.data.get("files") or []:
            try:
                data, name = await self._fetch(str(file["url"]))
                kept = await self._keep(data, str(file.get("name") or name))
                messages.append(shown(kept))
                if kept.get("warning"):
                    taken.remark(event, f"The file was sent, but {kept['warning']}")
            except NorenError as error:
                taken.remark(event, f"A file was not sent to the user: {error.message}")
        if messages and event.data.get("quick"):
            messages[-1]["quick"] = event.data["quick"]
        return messages


class Taken:
    """What was made of events, one after the other."""

    def __init__(self, at: Address, ref: str, known: Data) -> None:
        self.at, self.ref, self.known = at, ref, dict(known)
        self.sends: list[dict[str, Any]] = []
        self._seen = list(known.get("seen") or ())
        self._remarks = 0

    def knows(self, event: ProviderEvent) -> bool:
        return event.key in self._seen

    def add(self, event: ProviderEvent, messages: list[dict[str, Any]]) -> None:
        if self.knows(event):
            return
        self._seen = [*self._seen, event.key][-SEEN:]
        self.known["seen"] = self._seen
        data = self._meant(event, messages)
        if data is not None:
            actor = {"kind": mail.PROVIDER, **event.agent, "id": self._agent(event), "name": event.agent.get("name")}
            self.sends.append(mail.to_chat(self.at, event.key, self.ref, **{"actor": actor, **data}))

    def _agent(self, event: ProviderEvent) -> str:
        """Agents of providers never share a name with those of the desk."""
        return f"{self.at.provider}:{event.agent['id']}" if event.agent.get("id") else ""

    def remark(self, event: ProviderEvent, text: str) -> None:
        self._remarks += 1  # one message may bring several files that cannot be sent
        key = f"{event.key}.remark{self._remarks}"
        self.sends.append(mail.to_provider(self.at, key, self.ref, do="note", text=text))

    def _meant(self, event: ProviderEvent, messages: list[dict[str, Any]]) -> dict[str, Any] | None:
        """What the machine of the chat is told."""
        data = event.data
        if event.kind == "message":
            return {"do": "reply", "messages": messages, "message": data.get("message")} if messages else None
        if event.kind == "system":
            return {"do": "tell", "text": data.get("text")} if data.get("text") else None
        if event.kind == "note":
            return {"do": "note", "text": data.get("text")}
        if event.kind == "assigned":
            return self._assigned(event)
        if event.kind == "status":
            return self._status(event)
        if event.kind == "deleted":
            self.remark(event, "LINE cannot take back what was sent: the user still sees it.")
            return None
        verbs = {"accepted": "ack", "failed": "nack", "survey": "survey"}
        return {"do": verbs[event.kind], "reason": data.get("reason")} if event.kind in verbs else None

    def _assigned(self, event: ProviderEvent) -> dict[str, Any] | None:
        if self.known.get("agent") == self._agent(event) or event.at < int(self.known.get("agent_at") or 0):
            return None
        self.known |= {"agent": self._agent(event), "agent_at": event.at}
        return {"do": "assign", "agent": self._agent(event), "agent_name": event.agent.get("name")}

    def _status(self, event: ProviderEvent) -> dict[str, Any] | None:
        """Only changes count, and never older ones than what is known."""
        status, before = str(event.data.get("status")), str(self.known.get("status") or "open")
        if event.at < int(self.known.get("status_at") or 0):
            return None
        self.known |= {"status": status, "status_at": event.at, "over": status in ("resolved", "returned")}
        if status == before:
            return None
        if status == "snoozed":
            return {"do": "snooze", "until": int(event.data.get("until") or 0) or event.at + ASLEEP}
        if status == "open":
            if before == "snoozed":
                return {"do": "wake"}
            self.remark(event, "The chat is with the bot again; what is written here does not reach the user.")
            return None
        more = {"reason": "returned_to_bot"} if status == "returned" else {}
        return {"do": "resolve", **more, **{k: event.data[k] for k in ("labels", "form") if k in event.data}}


ORDER: Final = {"accepted": 0, "failed": 0, "assigned": 1, "status": 3, "survey": 4}


def _order(event: ProviderEvent) -> tuple[int, int]:
    """Who has the case, then what was said as it was said, then how it ended."""
    number = event.key[1:]
    return ORDER.get(event.kind, 2), int(number) if number.isdecimal() else 0


def pieces(text: str) -> list[str]:
    """A text in parts that fit LINE's messages, counted as LINE counts: in UTF-16."""
    found = []
    while text:
        part = text.encode("utf-16-le", "replace")[: LONGEST * 2].decode("utf-16-le", "ignore")
        found.append(part)
        text = text[len(part) :]
    return found


def _pause(silent: int) -> int:
    return min(max(OFTEN, silent // 4), RARELY)


def shown(file: Data) -> dict[str, Any]:
    """A kept file as an output: pictures, videos and sounds as such, everything else as a card with a link."""
    kind, url = str(file.get("kind")), str(file.get("url"))
    if kind in ("image", "video", "audio"):
        given = ("url", "preview", "duration")
        return {"kind": kind, "data": {name: file[name] for name in given if file.get(name)}, "alt": url}
    name = str(file.get("name") or "file")
    button = {"type": "button", "style": "link", "action": {"type": "uri", "label": name[:40], "uri": url}}
    title = {"type": "text", "text": name, "wrap": True, "weight": "bold"}
    bubble = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [title, button]}}
    message = {"type": "flex", "altText": name[:400], "contents": bubble}
    return {"kind": "line", "data": {"message": message}, "alt": f"{name}\n{url}", "text": name}
