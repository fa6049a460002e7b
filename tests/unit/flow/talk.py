"""Talks with flows without a runtime: events in, words out, the clock by hand, effects from a dict."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl

from runtime.flow.engine import play
from runtime.flow.loader import load
from runtime.flow.versions import Book
from runtime.model import Call, Chat, Control, Cursor, Event, Frame, Output, Result, Session, Turn
from runtime.settings import EndpointSettings, SessionSettings

START = 1_796_000_400_000
"""2026-11-30 01:00 UTC, a Monday."""
UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}

Files = Mapping[str, str]


def flows_of(text: str | Files) -> Files:
    return {"flows/main.yaml": text} if isinstance(text, str) else text


class Talk:
    """One user, one bot. `mock`: `METHOD url` or `file.py:function` → what it gives, an error text, or a function."""

    def __init__(
        self,
        files: str | Files,
        *,
        mock: Mapping[str, Any] | None = None,
        languages: tuple[str, ...] = ("en",),
        language: str = "",
        chat: Chat | None = None,
        expire: int = 1_800_000,
        profile: Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> None:
        self.languages = languages
        self.book = Book(load(flows_of(files), languages=languages))
        self.mock = dict(mock or {})
        session = settings.pop("session", SessionSettings(expire=expire))
        self.config = EndpointSettings(name="shop", languages=languages, session=session, **settings)
        self.chat = chat or Chat("user", "U1")
        key = f"shop:{self.chat.id}"
        self.session = Session(
            key=key, endpoint="shop", chat=self.chat, language=language, profile=dict(profile or {"name": "Mai"})
        )
        self.now = START
        self.timers: dict[str, Event] = {}
        self.calls: list[Call] = []
        self.turn: Turn | None = None
        self.erased: list[str] = []
        self._count = 0

    # what happens

    def user(self, text: str, **data: Any) -> list[str]:
        """The user writes; gives what the bot says, see `words`."""
        return self.happens("message", text=text, data={"type": "text", "id": f"m{self._count}", **data})

    def sends(self, kind: str, **data: Any) -> list[str]:
        """A message that is no text."""
        return self.happens("message", data={"type": kind, "id": f"m{self._count}", **data})

    def tap(self, label: str) -> list[str]:
        """Tap the newest button or quick reply of this label."""
        button = self.button(label)
        if "text" in button:
            return self.user(button["text"])
        return self.posts(data_of(button))

    def posts(self, data: str, **more: Any) -> list[str]:
        values = dict(parse_qsl(data, keep_blank_values=True))
        return self.happens("postback", data={"data": data, "values": values, **more})

    def picks(self, value: str) -> list[str]:
        """Choose in the date or time picker that the bot offers."""
        button = next(one for one in self.buttons() if "pick" in one)
        return self.posts(f"pick={button['pick']}&ask={button['ask']}", **{button["pick"]: value})

    def happens(self, kind: str, *, text: str = "", data: Mapping[str, Any] | None = None) -> list[str]:
        self._count += 1
        return self.plays(
            Event(
                id=f"event{self._count}",
                session=self.session.key,
                endpoint="shop",
                kind=kind,
                at=self.now,
                due=self.now,
                chat=self.chat,
                user="U1",
                text=text,
                data=dict(data or {}),
            )
        )

    def wait(self, span: str) -> list[str]:
        """Turn the clock; timers that run out are played in order."""
        unit = span.lstrip("0123456789.")
        until = self.now + round(float(span.removesuffix(unit)) * UNITS[unit])
        said: list[str] = []
        while due := sorted((one.due, name) for name, one in self.timers.items() if one.due <= until):
            when, name = due[0]
            self.now = max(self.now, when)
            said += self.plays(self.timers.pop(name))
        self.now = until
        return said

    def plays(self, event: Event) -> list[str]:
        """One turn, committed: the session as a store gives it back, timers set and cancelled."""
        walk = play(self.book, self.session, event, self.config, self.now)
        try:
            call = next(walk)
            while True:
                self.calls.append(call)
                call = walk.send(self._result(call))
        except StopIteration as done:
            turn: Turn = done.value
        self.turn = turn
        self.session = stored(turn.session)
        for timer in turn.cancel:
            self.timers.pop(timer, None)
        self.timers |= {timer.id: timer for timer in turn.timers}
        self.erased += turn.erase
        return [words(output) for output in turn.outputs]

    def _result(self, call: Call) -> Result:
        if call.action in ("loading", "mark_read") or (call.action == "menu" and "menu" not in self.mock):
            return Result()
        if call.action == "menu":
            return Result(error=self.mock["menu"])
        if call.action == "availability":
            return Result(self.mock.get("availability") or {"available": True, "open": True, "free": 1, "online": 1})
        name = call.args["function"] if call.action == "call" else f"{call.args['method']} {call.args['url']}"
        given = self.mock[name]
        given = given(call) if callable(given) else given
        if isinstance(given, Exception):
            return Result(error=str(given))
        if call.action == "http":
            given = {"status": 200, "headers": {}, "body": given}
        return Result(value=given)

    # what there is to see

    @property
    def outputs(self) -> tuple[Output, ...]:
        assert self.turn is not None
        return self.turn.outputs

    @property
    def vars(self) -> dict[str, Any]:
        """Variables of the only flow."""
        return dict(next(iter(self.session.vars.values()), {}))

    @property
    def at(self) -> str:
        """Where the session waits: `flow.path`, or nothing."""
        cursor = self.session.cursor
        return f"{cursor.flow}.{cursor.step}" if cursor else ""

    def buttons(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for output in self.outputs:
            found += output.quick + tuple(output.data.get("buttons", ()))  # type: ignore[arg-type]
            for card in (*output.data.get("cards", ()), *output.data.get("items", ())):
                found += card.get("buttons", []) + ([card["button"]] if "button" in card else [])
        return found

    def button(self, label: str) -> dict[str, Any]:
        return next(one for one in reversed(self.buttons()) if one["label"] == label)

    def quick(self) -> list[str]:
        """Labels below the last message."""
        return [str(one["label"]) for one in self.outputs[-1].quick] if self.outputs else []


def words(output: Output) -> str:
    """A text as it is; anything else as `<kind: text>`."""
    if output.kind == "text":
        return output.text
    return f"<{output.kind}: {output.text}>" if output.text else f"<{output.kind}>"


def data_of(button: Mapping[str, Any]) -> str:
    """The postback data LINE sends for a button; the same form as the channel gives it."""
    if "value" in button:
        return f"answer={button['value']}" + (f"&ask={button['ask']}" if "ask" in button else "")
    given = button["postback"]
    return given if isinstance(given, str) else "&".join(f"{key}={value}" for key, value in given.items())


def stored(session: Session) -> Session:
    """The session as it comes back from a store: through JSON."""
    data = json.loads(json.dumps(asdict(session), allow_nan=False))
    cursor, chat, control = data.pop("cursor"), data.pop("chat"), data.pop("control")
    stack = tuple(Frame(**frame) for frame in data.pop("stack"))
    return Session(
        **data, cursor=Cursor(**cursor) if cursor else None, chat=Chat(**chat), control=Control(**control), stack=stack
    )
