"""The lane that calls a provider: each request of a case in its order, at least once, and told how it went.

What is asked for is an event of the inbox, so the intent is stored before anything is called. What may pass is tried
again by the worker; what will not is told to the chat, so that its flow goes on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from runtime.errors import CallError
from runtime.handover.providers import mail, saying
from runtime.handover.providers.arrivals import Arrivals
from runtime.handover.providers.calling import LOCKED, Trouble
from runtime.handover.providers.mail import Address
from runtime.log import Logger
from runtime.model import Call, Data, Result, Session
from runtime.ports import HandoverProvider

log = Logger("handover")

TRIES: Final = 3
"""How often opening a case is tried before the flow hears that nobody can be reached."""
FIRST_LOOK: Final = 60_000

History = Callable[[str], Awaitable[list[Any]]]
"""The lines of a chat's transcript."""


class Office:
    """All providers of a runtime. `perform` is the effect `provider`."""

    def __init__(self, providers: Mapping[str, HandoverProvider], history: History, arrivals: Arrivals) -> None:
        self.providers, self._history, self._arrivals = providers, history, arrivals

    async def perform(self, call: Call, session: Session) -> Result:
        """`value` is `{memory, send, timers, cancel, cue}`; `error` means: try again."""
        args, at = call.args, mail.address(call.args, session.endpoint)
        provider, known = self.providers.get(at.provider), dict(session.memory)
        do = str(args.get("do"))
        if provider is None:
            return Result(_done(known, _refused(at, args, f"there is no provider {at.provider}")))
        try:
            if do in ("told", "look"):
                return Result(await self._arrivals.take(provider, at, {**args, "event": call.key}, known))
            return Result(await self._ask(provider, at, {**args, "event": call.key}, known))
        except Trouble as trouble:
            log.warning("provider", provider=at.provider, do=do, error=trouble.message, again=trouble.again)
            if _worth_a_try(trouble, do, int(args.get("attempts") or 0) + 1):
                return Result(error=trouble.message)
            return Result(_done(known, _refused(at, args, trouble.message, gone=trouble.gone)))

    async def _ask(self, provider: HandoverProvider, at: Address, args: Data, known: dict[str, Any]) -> Data:
        do = str(args.get("do"))
        if args.get("erased") and do != "unsend":
            return _done(known)
        if do == "open":
            return await self._open(provider, at, args, known)
        if not known.get("ref"):
            return _done({**known, "over": True} if do in ("cancel", "resolve") else known)
        act = ACTS.get(do)
        return _done(known if act is None else dict(await act(provider, args, known)))

    async def _open(self, provider: HandoverProvider, at: Address, args: Data, known: dict[str, Any]) -> Data:
        """Have the case there, tell the chat, and begin to look there now and then."""
        if known.get("over"):
            return _done(known)
        transcript = saying.history(await self._history(at.chat))
        opened = dict(await provider.open({**args, "endpoint": at.endpoint, "transcript": transcript}, known))
        ref = str(opened.get("ref"))
        sends = [mail.to_chat(at, "ack", ref, do="ack")]
        if "fetch" in provider.capabilities:
            sends.append(mail.look(at, ref, FIRST_LOOK))
        return _done(opened, sends)

    async def available(self, name: str, wanted: Data) -> Result:
        """Who is there, as the step `availability` asks."""
        provider = self.providers.get(name)
        if provider is None:
            return Result(error=f"there is no provider {name}")
        try:
            return Result(await provider.availability(wanted))
        except CallError as error:
            return Result(error=error.message)


def _worth_a_try(trouble: Trouble, do: str, attempts: int) -> bool:
    """A case is opened soon or not at all; what was said waits, also until somebody mends the token."""
    if do == "open":
        return trouble.again and attempts < TRIES
    return trouble.again or trouble.status in LOCKED


def _done(known: Data, sends: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"memory": known, "send": sends or []}


def _refused(at: Address, args: Data, why: str, gone: bool = False) -> list[dict[str, Any]]:
    """What the chat hears when a request will never succeed."""
    do, ref = args.get("do"), str(args.get("ref") or "")
    if do == "open":
        return [mail.to_chat(at, "nack", ref, do="nack", reason="error", why=why)]
    if do in ("message", "note") and gone:
        return [mail.to_chat(at, "gone", ref, do="resolve", reason="provider_error", why=why)]
    if do == "message":
        key = f"lost.{args.get('event')}"
        return [mail.to_chat(at, key, ref, do="note", text=f"A message of the user did not get there: {why}")]
    return []


async def _message(provider: HandoverProvider, args: Data, known: Data) -> Data:
    return await provider.post_customer(args, known)


async def _note(provider: HandoverProvider, args: Data, known: Data) -> Data:
    return await provider.post_note(args, known)


async def _unsend(provider: HandoverProvider, args: Data, known: Data) -> Data:
    return await provider.unsend(args, known)


async def _cancel(provider: HandoverProvider, args: Data, known: Data) -> Data:
    return known if known.get("over") else await provider.cancel(str(args.get("reason") or ""), known)


async def _resolve(provider: HandoverProvider, args: Data, known: Data) -> Data:
    return known if known.get("over") else await provider.resolve(str(args.get("reason") or ""), known)


async def _update(provider: HandoverProvider, args: Data, known: Data) -> Data:
    values = {name: args[name] for name in (*UPDATED, "event") if name in args}
    return await provider.update(values, known)


UPDATED: Final = ("message", "state", "why", "rating", "comment", "priority", "labels", "attrs")
Act = Callable[[HandoverProvider, Data, Data], Awaitable[Data]]
ACTS: Final[Mapping[str, Act]] = {
    "message": _message,
    "note": _note,
    "unsend": _unsend,
    "cancel": _cancel,
    "resolve": _resolve,
    "update": _update,
}
"""What a chat may ask of a provider, beside opening a case."""
