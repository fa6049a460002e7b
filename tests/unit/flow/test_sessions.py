"""Whatever happens in whatever order, a session stays whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.errors import NorenError
from runtime.flow.loader import load
from runtime.flow.versions import Book
from runtime.model import Call
from tests.unit.flow.talk import Talk

ROOT = Path(__file__).resolve().parents[3]

ZOO = {
    "flows/a.yaml": """
flow: a
vars: {n: {type: int, default: 0, max: 20}, xs: {type: list, default: []}, k: {type: int, keep: forever}, got: any}
start: [{keyword: a}, {event: follow, do: [{say: Welcome}]}, {message: image}, {keyword: from_b, goto: ask2}]
anytime:
  - {keyword: cancel, do: [end]}
  - {keyword: help, do: [{say: help}]}
  - {keyword: why, do: [{ask: why, say: why?}, {say: "{{ why }}"}]}
  - {keyword: jump, goto: ask2}
  - {event: beacon, do: [{say: beacon}, stop]}
fallback: [{say: fallback}, {ask: sure, say: Sure?, type: yes_no, else: [hm]}]
trouble: [{say: trouble}]
steps:
  - {say: "a {{ n }}"}
  - set: {n: n + 1}
  - ask: x
    say: x?
    type: int
    quick: ["1", {label: v, value: 2}]
    else: [one, [{say: two}, {goto: x}]]
    give_up: [{say: given up}]
    silent: {after: 5m, say: still?, then: [{goto: ask2}]}
  - push: {xs: x}
  - set: {k: 1 / x}
  - {run: b, in: {n: "{{ x }}"}, out: {got: y}}
  - {delay: 10m}
  - id: ask2
    ask: z
    say: z?
    options: [p, q]
    else: [choose]
    optional: true
  - {call: f.py:f, args: {z: "{{ z }}"}, save: got, error: [{say: failed}]}
  - wait: {for: [{keyword: more}, {message: sticker}]}
  - {goto: a, if: n < 3}
""",
    "flows/b.yaml": """
flow: b
vars: {n: int, y: date}
start: [{keyword: b}]
anytime: [{keyword: back, do: [return]}, {keyword: help, do: [{say: help b}]}]
steps:
  - {ask: y, say: "y {{ n }}?", type: date, picker: true, silent: {after: 3m, say: psst}}
  - {delay: 1h, if: n == 2}
  - {run: b, in: {n: "{{ n - 1 }}"}, out: {y: y}, if: n > 1}
  - {run: a, if: n == 5}
  - {stop: , if: n == 3}
  - {reset: session, if: n == 4}
  - {say: "b done {{ y }}"}
""",
    "flows/main.yaml": """
flow: main
start: [{keyword: main}]
fallback: [{say: pardon}]
steps: [{ask: m, say: m?}, {goto: a.ask2}]
""",
}

WORDS = (
    *("a", "b", "cancel", "help", "why", "jump", "back", "more", "main", "from_b", "0", "1", "2", "3", "4", "5"),
    *("p", "q", "skip", "yes", "tomorrow", "blah", ""),
)
POSTS = (
    "answer=2&ask=a.x",
    "answer=p&ask=a.ask2",
    "answer=&ask=a.x",
    "pick=date&ask=b.y",
    "go=x",
    "noren",
    "ask=&answer=",
)
TEXT = st.tuples(st.just("text"), st.one_of(st.sampled_from(WORDS), st.text(max_size=12)))
POST = st.tuples(st.just("post"), st.sampled_from(POSTS))
KIND = st.tuples(st.just("kind"), st.sampled_from(["image", "sticker", "location", "file", "unknown"]))
EVENT = st.tuples(
    st.just("event"),
    st.sampled_from(["follow", "unfollow", "beacon", "unsend", "edited", "delivery", "join", "timer", "nonsense"]),
)
CLOCK = st.tuples(st.just("clock"), st.sampled_from(["1s", "4m", "10m", "31m", "2h", "3d"]))
HAPPENS = st.one_of(TEXT, TEXT, TEXT, POST, KIND, EVENT, CLOCK)


def whole(bot: Talk) -> None:
    """The session is plain JSON of bounded size, each place in it exists, each timer belongs to somebody."""
    session = bot.session
    text = json.dumps(asdict(session), allow_nan=False)
    assert len(text) < 100_000
    flows = bot.book.current.flows
    places = [(frame.flow, frame.step) for frame in session.stack]
    places += [(session.cursor.flow, session.cursor.step)] if session.cursor else []
    for flow, step in places:
        assert step in flows[flow].nodes, (flow, step)
    for timer in bot.timers.values():
        assert timer.id in text, "a timer that nobody waits for"
    assert bot.turn is None or len(bot.turn.outputs) < 50


def act(bot: Talk, what: tuple[str, str]) -> None:
    kind, value = what
    try:
        DOES[kind](bot, value)
    except NorenError as error:
        told = str(error)
    else:
        told = ".yaml:"
    assert ".yaml:" in told, "an error names its place"


DOES: dict[str, Callable[[Talk, str], object]] = {
    "text": lambda bot, value: bot.user(value),
    "post": lambda bot, value: bot.posts(value, **({"date": "2026-12-24"} if value.startswith("pick") else {})),
    "kind": lambda bot, value: bot.sends(value),
    "event": lambda bot, value: bot.happens(value, data={"id": "m1"}),
    "clock": lambda bot, value: bot.wait(value),
}


def answering(call: Call) -> Any:
    return None if call.args["args"]["z"] == "p" else ValueError("no")


@settings(max_examples=300, deadline=None)
@given(st.lists(HAPPENS, max_size=25))
def test_nothing_breaks_a_session(story: list[tuple[str, str]]) -> None:
    bot = Talk(ZOO, mock={"f.py:f": answering})
    for what in story:
        act(bot, what)
        whole(bot)


@settings(max_examples=60, deadline=None)
@given(st.lists(HAPPENS, max_size=25), st.integers(0, 24))
def test_an_edit_of_the_flows_never_breaks_a_session(story: list[tuple[str, str]], when: int) -> None:
    bot = Talk(ZOO, mock={"f.py:f": answering})
    changed = {path: text.replace("  - push: {xs: x}\n", "") for path, text in ZOO.items()}
    for number, what in enumerate(story):
        if number == when:
            bot.book = Book(load(changed))
        act(bot, what)
        json.dumps(asdict(bot.session), allow_nan=False)


FILES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "flows").rglob("*"))
    if path.suffix in (".yaml", ".csv", ".json")
}
LANGUAGES = ("ja", "th", "zh-TW", "id", "en")


def shop(call: Call) -> Any:
    return [] if call.args["function"].endswith("free_tables") else ValueError("closed")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            HAPPENS,
            st.tuples(
                st.just("text"), st.sampled_from(["予約", "จอง", "menu", "hours", "明日", "二人", "3", "はい", "写真"])
            ),
        ),
        max_size=15,
    ),
    st.sampled_from(LANGUAGES),
)
def test_the_sample_flows_never_break(story: list[tuple[str, str]], language: str) -> None:
    class Shop(dict[str, Any]):
        def __missing__(self, key: str) -> Any:
            return shop

    bot = Talk(FILES, languages=LANGUAGES, language=language)
    bot.mock = Shop()
    for what in story:
        act(bot, what)
        json.dumps(asdict(bot.session), allow_nan=False)
