"""Whatever is written loads or is refused with findings; whatever happens, the session stays whole."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.errors import NorenError
from runtime.flow.check import check
from runtime.flow.loader import examine
from runtime.model import Call, Chat, Result
from tests.unit.flow.random_flows import HAPPENS, flow_of, performed, written
from tests.unit.flow.talk import Talk, data_of

CRASH = re.compile(r"^[A-Z]\w*(?:Error|Exception) in `")
"""How the engine tells of what no step should raise."""


class Tried(Talk):
    """A talk whose effects give whatever."""

    def _result(self, call: Call) -> Result:
        return performed(call)

    def fails(self, what: str, how: Any) -> NorenError | None:
        try:
            self.does(what, how)
        except NorenError as error:
            return error
        return None

    def does(self, what: str, how: Any) -> None:
        buttons = [one for one in self.buttons() if {"text", "value", "postback"} & one.keys()] if self.turn else []
        if what == "tap":
            if buttons:
                button = buttons[how % len(buttons)]
                self.user(button["text"]) if "text" in button else self.posts(data_of(button))
        elif what == "happens":
            self.happens(how, text="3", data={"id": "m1", "type": "text", "members": ["U2"]})
        else:
            getattr(self, what)(how)


def talked(files: dict[str, str], events: list[tuple[str, Any]], chat: Chat) -> None:
    bot = Tried(files, languages=("en", "ja"), chat=chat, fallback=("Pardon?", "$hello"))
    for what, how in events:
        before = bot.session
        failure = bot.fails(what, how)
        if failure is not None:
            assert not CRASH.match(failure.message), f"{failure.message}: {failure.__cause__!r}"
            assert bot.session == before or what == "wait", "a turn that failed changes nothing"
        rows = bot.turn.trace if bot.turn else ()
        assert [row["error"] for row in rows if CRASH.match(str(row.get("error", "")))] == []
        assert len(bot.session.stack) < 60
        for level in (*bot.session.stack, *([bot.session.cursor] if bot.session.cursor else [])):
            assert level.step in bot.book.current.flows[level.flow].nodes


@settings(deadline=None, max_examples=250)
@given(
    seed=st.integers(0, 10**9),
    events=st.lists(HAPPENS, max_size=10),
    chat=st.sampled_from([Chat("user", "U1"), Chat("group", "C1")]),
)
def test_random_flows_never_crash(seed: int, events: list[tuple[str, Any]], chat: Chat) -> None:
    files = {"flows/main.yaml": written(flow_of(seed)), "flows/cards/a.json": '{"type": "bubble"}'}
    found = examine(files, ("en", "ja"))
    check(files, ("en", "ja"))
    if found.flows is not None:
        talked(files, [("user", "go"), *events], chat)


FULL = """
flow: main
vars: {x: any, n: {type: int, min: 1, max: 8}, d: date, keep: {type: text, keep: forever}}
start:
  - keyword: go
  - {event: [beacon, inject], do: [{say: Noticed.}]}
anytime:
  - keyword: [help, help2]
    do: [{say: Here to help.}]
  - {keyword: agent, goto: agent}
steps:
  - ask: n
    say: How many?
    quick: ["1", {label: Two, value: 2}, {label: Pick, pick: date}]
    when: [{when: answer != 4, else: Not four.}]
    else: [A number., Really a number.]
    escalate: [{wrong: 3, run: other}, {wrong: 5, say: One then., skip: 1}]
    silent: [{after: 10s, say: There?}, {after: 1m, do: [{sticker: 1/2}]}, {after: 1h, say: Bye., then: end}]
    edited: [{say: "Now {{ n }}."}]
    unsent: [{goto: n}]
  - ask: d
    say: When?
    type: date
    picker: true
    confirm: "{{ answer | date }}?"
    optional: {label: Skip}
    skip: true
  - ask: x
    say: Code?
    check: a.py:f
    forget: true
    give_up: [{say: Never mind.}]
  - once: [{say: First time.}]
    per: user
  - every: 1m
    do: [{think: help}]
  - delay: 10s
  - say: Done.
sections:
  agent: [{say: An agent.}, {wait: {for: [{message: image}]}, silent: {after: 5m, then: end}}, {goto: n}]
fallback: ["Pardon {{ input.missed }}?"]
trouble: [{say: Sorry.}]
"""
OTHER = "flow: other\nsteps: [{ask: y, say: Why?, optional: true, else: [No.]}, return]\n"


@settings(deadline=None, max_examples=200)
@given(events=st.lists(HAPPENS, max_size=25), chat=st.sampled_from([Chat("user", "U1"), Chat("group", "C1")]))
def test_random_events_never_break_a_session(events: list[tuple[str, Any]], chat: Chat) -> None:
    texts = "hello: Hello again.\n"
    talked(
        {"flows/main.yaml": FULL, "flows/other.yaml": OTHER, "flows/texts/t.yaml": texts},
        [("user", "go"), *events],
        chat,
    )
