"""A conversation with the simulator, written down as a transcript test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from runtime.simulator.buttons import Button, buttons
from runtime.simulator.values import Said
from runtime.transcript import acted
from runtime.transcript.acts import worth
from runtime.transcript.written import block, flow, item

PAUSE = 60_000
"""Pauses of people from this length on (ms) are part of the test."""

LATE = 1_000
"""What a bot says so long after the last event (ms), it says because time has passed."""

SAME = {
    "follow": "follow",
    "unfollow": "unfollow",
    "join": "join",
    "leave": "leave",
    "unsend": "unsend",
    "botSuspended": "bot_suspended",
    "botResumed": "bot_resumed",
    "videoPlayComplete": "video_complete",
}
"""LINE's name of an event → the word of a test that says all about it."""

SCHEMA = "# yaml-language-server: $schema=../.noren/test.schema.json\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape:
    """What was recorded: entries of the chat and webhooks, as the simulator's control API shows them.

    `acts` is what agents did, as `acted.acts_of` gives it.
    """

    entries: Sequence[Mapping[str, Any]]
    webhooks: Sequence[Mapping[str, Any]]
    chat: str
    names: Mapping[str, str]
    title: str
    endpoint: str = ""
    language: str = "en"
    zone: str = "UTC"
    group: str = ""
    acts: Sequence[Mapping[str, Any]] = ()


@dataclass(slots=True)
class Reel:
    """The test as far as it is written. `turned` is how far its clock was turned, in ms."""

    tape: Tape
    began: int
    turned: int = 0
    lines: list[str] = field(default_factory=list)
    heard: list[Said] = field(default_factory=list)
    fresh: list[Said] = field(default_factory=list)
    last: int = 0
    """When the last event came."""
    at_once: bool = False
    """Whether an answer was pushed at once: LINE had trouble with the reply token, or the flow says so much."""

    def flush(self) -> None:
        """The bot's messages since the last thing that happened."""
        made = [block(item(said)) for said in self.fresh]
        if len(made) == 1:
            self.lines.append(f"  - bot: {made[0]}")
        elif made:
            self.lines += ["  - bot:", *(f"      - {one}" for one in made)]
        self.heard += self.fresh
        self.fresh = []

    def wait(self, moment: int, shortest: int) -> None:
        """Turn the clock of the test to where the real one stood."""
        behind = round((moment - self.began - self.turned) / 1000) * 1000
        if behind >= shortest:
            self.flush()
            self.lines.append(f"  - clock: +{span(behind)}")
            self.turned += behind


def record(tape: Tape) -> str:
    """The text of a test file; empty when nothing was said."""
    moments = sorted([*_events(tape), *_acts(tape), *_answers(tape)], key=lambda one: one[:3])
    if not moments:
        return ""
    reel = Reel(tape, moments[0][0])
    for (at, rank, _, what), after in zip(moments, [*moments[1:], None], strict=True):
        if rank == 0 and _turned(what) and (after is None or after[1] == 0):
            reel.flush()
            reel.lines.append("  # turned to another tab of the rich menu")
        elif rank == 0:
            reel.wait(at, PAUSE)
            reel.flush()
            reel.lines += _done(what, reel)
            reel.last = at
        else:
            said = _said(what)
            if said.via == "push" and at - reel.last >= LATE:
                reel.wait(at, LATE)
            elif said.via == "push":
                reel.at_once = True
            reel.fresh.append(said)
    reel.flush()
    return _file(reel)


def _events(tape: Tape) -> Iterator[tuple[int, int, int, Any]]:
    for number, hook in enumerate(tape.webhooks):
        if hook["chat"] == tape.chat:
            yield int(hook["event"]["timestamp"]), 0, number, hook["event"]


def _acts(tape: Tape) -> Iterator[tuple[int, int, int, Any]]:
    for number, act in enumerate(tape.acts):
        yield int(act["at"]), 0, number, {"type": "agent", "act": act}


def _answers(tape: Tape) -> Iterator[tuple[int, int, int, Any]]:
    for entry in tape.entries:
        if entry["who"] == "bot" and entry["via"] != "note":
            yield int(entry["at"]), 1, int(entry["rev"]), entry


def _said(entry: Mapping[str, Any]) -> Said:
    names = ("id", "bot", "chat", "who", "via", "at")
    return Said(**{name: entry[name] for name in names}, message=dict(entry["message"]))


# ── what people did ───────────────────────────────────────────────────────────────────────────────────────────


def _done(event: Mapping[str, Any], reel: Reel) -> list[str]:
    kind = str(event["type"])
    if kind == "agent":
        return [acted.line(event["act"], str(reel.tape.acts[0]["who"]))]
    who = _who(event, reel.tape)
    if kind in ("message", "messageEdited"):
        message = event["message"]
        act = {"edit": message["text"]} if kind == "messageEdited" else _written(message, reel)
        return [f"  - {who}: {block(act)}"]
    if kind == "postback":
        return [f"  - {who}: {flow(_tapped(event['postback'], reel))}"]
    if kind in SAME:
        word = SAME[kind]
        return [f"  - {who}: {{unsend: true}}"] if word == "unsend" else [f"  - {word}"]
    return _told(kind, event, reel.tape)


def _told(kind: str, event: Mapping[str, Any], tape: Tape) -> list[str]:
    """Events with something to say; what no test can tell becomes a comment."""
    if kind == "beacon":
        return [f"  - event: {flow({'beacon': {name: event['beacon'][name] for name in ('hwid', 'type')}})}"]
    if kind == "memberJoined":
        names = [tape.names.get(one["userId"], "somebody") for one in event["joined"]["members"]]
        return [f"  - event: {flow({'member_joined': names})}"]
    if kind == "memberLeft":
        return [
            f"  - event: {flow({'member_left': tape.names.get(one['userId'], 'somebody')})}"
            for one in event["left"]["members"]
        ]
    if kind == "accountLink":
        return [f"  - event: {flow({'account_link': dict(event['link'])})}"]
    return [f"  # {kind}: not recorded"]


def _turned(event: Mapping[str, Any]) -> bool:
    """Whether somebody only turned to another tab of the rich menu: nothing is said by that."""
    params = (event.get("postback") or {}).get("params") or {}
    return event["type"] == "postback" and "status" in params


def _who(event: Mapping[str, Any], tape: Tape) -> str:
    user = str((event.get("source") or {}).get("userId", ""))
    return flow(tape.names.get(user, "user")) if tape.group else "user"


def _written(message: Mapping[str, Any], reel: Reel) -> Any:
    kind = str(message["type"])
    if kind == "text":
        return _text(message, reel)
    if kind == "sticker":
        return {"sticker": f"{message['packageId']}/{message['stickerId']}"}
    if kind == "location":
        names = ("title", "address", "latitude", "longitude")
        return {"location": {name: message[name] for name in names if name in message}}
    if kind == "file":
        return {"file": message.get("fileName", "file.txt")}
    return {kind: True}


def _text(message: Mapping[str, Any], reel: Reel) -> Any:
    """What was written, or the button that wrote it."""
    text = str(message["text"])
    entry = next((one for one in reel.tape.entries if one["id"] == message["id"]), None)
    if entry is not None and entry["via"] == "tap":
        found = _button(reel, lambda button: button.action.get("type") == "message" and _words(button) == text)
        return {"tap": found[0].label} if found else text
    return text if not text.startswith(("$", "/")) else {"text": text}


def _words(button: Button) -> str:
    return str(button.action.get("text") or button.action.get("label"))


def _tapped(postback: Mapping[str, Any], reel: Reel) -> dict[str, Any]:
    """The button behind a postback, by its label; by its value where several have that label."""
    params = postback.get("params") or {}
    picked = next((params[mode] for mode in ("date", "time", "datetime") if mode in params), None)
    if picked is not None:
        return {"pick": picked}
    data = postback.get("data")
    found = _button(reel, lambda button: button.action.get("data") == data)
    if found is None:
        return {"postback": data}
    button, there = found
    same = [one for one in there if one.label == button.label]
    if len(same) == 1:
        return {"tap": button.label}
    value = worth(button)
    return {"tap": value} if value != "\0" else {"tap": button.label, "card": same.index(button) + 1}


def _button(reel: Reel, fits: Any) -> tuple[Button, list[Button]] | None:
    """The button of the latest message that has it, and all of that message."""
    for said in reversed(reel.heard):
        there = buttons(said.message)
        for button in there:
            if fits(button):
                return button, there
    return None


# ── the file ──────────────────────────────────────────────────────────────────────────────────────────────────


def _file(reel: Reel) -> str:
    tape = reel.tape
    clock = datetime.fromtimestamp(reel.began // 1000, UTC).astimezone(ZoneInfo(tape.zone))
    given: dict[str, Any] = {"endpoint": tape.endpoint} if tape.endpoint else {}
    given |= {"language": tape.language, "clock": clock.isoformat(timespec="seconds")}
    if tape.group:
        given |= {"group": tape.group, "members": list(tape.names.values())}
    else:
        given |= {"profile": {"name": next(iter(tape.names.values()), "Guest")}}
    if tape.acts:
        given["agents"] = acted.given(tape.acts)
    pushes = sum(said.via == "push" for said in reel.heard)
    expected = [] if reel.at_once else [f"expect: {{pushes: {pushes}}}"]  # of trouble a test knows nothing
    head = [f"test: {flow(tape.title)}", "given:", *(f"  {name}: {flow(one)}" for name, one in given.items())]
    return SCHEMA + "\n".join([*head, "chat:", *reel.lines, *expected]) + "\n"


UNITS = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s"))


def span(ms: int) -> str:
    """In the largest unit that says it exactly."""
    size, unit = next((size, unit) for size, unit in UNITS if ms % size == 0)
    return f"{ms // size}{unit}"
