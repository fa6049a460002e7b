"""Tests that are played: what passes, and exactly what is told of what does not."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.unit.transcript.bots import bot, chat, failing, played

GROUP = "given: {group: Club, members: [Mai, Ken]}\n"

RIGHT = {
    "a text": chat("user: nothing", "bot: What?"),
    "a pattern": chat("user: tea", "bot: /cups, Mai/"),
    "a pattern that minds no case": chat("user: nothing", "bot: /WHAT/i"),
    "a key": chat("user: tea", "bot: $how_many"),
    "a label and a value": chat("user: tea", "user: {tap: many}", "bot: Which day?", "expect: {vars: {cups: 9}}"),
    "a tap by value": chat("user: tea", 'user: {tap: "9"}', "bot: Which day?"),
    "a tap by key": chat("user: tea", "user: {tap: $many}", "bot: {picker: date}"),
    "quick replies": chat("user: tea", 'bot: {text: $how_many, quick: ["1", "2", $many]}'),
    "a picker": chat("user: tea", "user: 2", 'bot: {picker: {mode: date, min: "2026-01-01"}}'),
    "the whole way": chat(
        "user: tea", "user: 2", 'user: {pick: "2026-12-05"}', "bot: 2 cups for 900 yen.",
        more='expect: {sent_by: reply, pushes: 0, billed: 0, vars: {tea.cups: 2, day: "2026-12-05"}, waiting: nothing,'
        ' trace: ["tea.start[0]", tea.cups, day, "tea.steps[4]"], asked: ["GET https://tea.test/price?cups=2"],'
        " line_errors: none, violations: none, errors: none, language: en}\n",
    ),
    "silence": chat("user: tea", "clock: +10m", "bot: {text: Still there?, via: push}", "clock: +10m", "bot: []"),
    "the way it is paid": chat("user: tea", "clock: +10m", more="expect: {pushes: 1, billed: 1}\n"),
    "an expectation in between": chat("user: tea", "expect: {waiting: cups, sent_by: reply}", "user: stop"),
    "cards": chat("user: cards", "bot: {cards: 2, alt: two teas}", "user: {tap: Take, card: 2}", "bot: Black it is."),
    "titles": chat("user: cards", "bot: {cards: [Green, /bl/i], buttons: [Take, Take]}"),
    "data": chat("user: cards", "user: {tap: take=green}", "bot: Green it is."),
    "a postback": chat("user: {postback: {take: green}}", "bot: Green it is."),
    "a sticker": chat("user: {sticker: 1/2}", "bot: {sticker: 446/1989}", "user: {sticker: true}", "bot: {via: reply}"),
    "a picture": chat("user: {image: true}", "bot: {image: /cup/}", "user: {image: true}", "bot: {image: true}"),
    "a place": chat("user: {location: true}", "bot: {location: Shop}", "user: {location: A}", "bot: {location: Tokyo}"),
    "a question": chat("user: yes or no", "bot: {text: Really?, buttons: [Yes, No]}"),
    "a Flex message": chat("user: flex", "bot: {flex: Receipt, alt: a receipt}"),
    "a part of one": chat("user: flex", "bot: {flex: {body: {layout: vertical}}}"),
    "a raw part": chat("user: flex", "bot: {line: {type: flex, altText: a receipt}}"),
    "unsent": chat("user: hello", "user: {unsend: true}", "bot: []"),
    "a beacon": chat("event: {beacon: {hwid: 0123456789}}", "bot: You are near."),
    "a group": chat("join", "bot: Hello all.", "Ken: cards", "bot: {cards: 2}", given=GROUP),
    "in a chat of their own": chat("Ken: secret", "expect: {told: {Ken: Psst., Mai: []}}", given=GROUP),
    "an edit": chat("Ken: hullo", "bot: What?", "Ken: {edit: hello}", "bot: 'Now: hello'", given=GROUP),
    "a new member": chat("event: {member_joined: [Aoi]}", "bot: Welcome.", given=GROUP),
    "several bot lines": chat("user: cards", "bot: {cards: 2}", "user: flex", "bot: {flex: true}"),
    "a mock of every request": chat("user: tea", "user: 1", "user: {pick: '2026-12-05'}", "bot: 1 cups for 900 yen.")
    .replace("GET https://tea.test/price", "* https://tea.test/*"),
    "what one exchange costs": chat(
        "user: tea", "clock: +10m", "expect: {billed: 1}", "user: hm", "expect: {billed: 0, pushes: 0}",
        "user: stop", "clock: +1h", "expect: {billed: 0, sent_by: none}",
    ),
    "variables to begin with": chat("user: tea", more="expect: {vars: {tea.cups: 4}, kept: {nick: Mai}}\n").replace(
        "given: {", "given: {vars: {cups: 4, tea.nick: Mai}, "
    ),
    "what all flows share": chat("user: hm", more="expect: {vars: {session.table: 7}}\n").replace(
        "given: {", "given: {vars: {session.table: 7}, "
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_so_passes(tmp_path: Path, name: str) -> None:
    assert failing(tmp_path, RIGHT[name]) == []


NO_DATE = "tomorrow is no date, time or datetime; write 2026-12-05, 18:30 or 2026-12-05T18:30"
WRONG = {
    "something else": (
        chat("user: tea", "bot: How many cups, May?"),
        ['tests/it.yaml:6:10: the bot said something else', '    - "How many cups, May?"',
         '    + "How many cups, Mai?" (1) (2) (many)', "    ?                   ^"],
    ),
    "wide letters": (
        chat("user: お茶", "bot: Maiさん、何個ですか。", given="given: {language: ja, profile: {name: Mai}}\n"),
        ["tests/it.yaml:6:10: the bot said something else", '    - "Maiさん、何個ですか。"',
         '    + "Maiさん、何杯ですか。" (1) (2) (たくさん)', "    ?             ^"],
    ),
    "less": (
        chat("user: tea", "bot: [$how_many, Hurry up!]"),
        ["tests/it.yaml:6:22: the bot said less", '    = "How many cups, Mai?" (1) (2) (many)', '    - "Hurry up!"'],
    ),
    "more": (
        chat("user: tea", "bot: []"),
        ["tests/it.yaml:6:10: the bot said more", '    + "How many cups, Mai?" (1) (2) (many)'],
    ),
    "nothing": (
        chat("user: hello", "user: {unsend: true}", "bot: Why?"),
        ["tests/it.yaml:7:10: the bot said nothing", '    - "Why?"'],
    ),
    "a key": (
        chat("user: nothing", "bot: $number_please"),
        ["tests/it.yaml:6:10: the bot said something else", '    - $number_please "A number please."', '    + "What?"'],
    ),
    "a part": (
        chat("user: tea", "bot: {text: $how_many, quick: [One]}"),
        ["tests/it.yaml:6:10: the bot said something else",
         '    - {text: $how_many "How many cups, {{ profile.name }}?", quick: ["One"]}',
         '    + "How many cups, Mai?" (1) (2) (many)', "    ? not so: quick"],
    ),
    "a button": (
        chat("user: tea", "user: {tap: lots}"),
        ['tests/it.yaml:6:11: tap: there is no button "lots" here; there are: "1", "2", "many"'],
    ),
    "a picker": (
        chat("user: tea", "user: {pick: tomorrow}"),
        [f"tests/it.yaml:6:11: pick: {NO_DATE}"],
    ),
    "a time out of reach": (
        chat("user: tea", "user: 2", 'user: {pick: "2025-12-05"}'),
        ["tests/it.yaml:7:11: pick: the picker offers 2026-01-01 to …"],
    ),
    "numbers": (
        chat("user: tea", "clock: +10m", more="expect: {pushes: 0, billed: 2, sent_by: reply, waiting: day}\n"),
        ["tests/it.yaml:7:10: pushes: 1 messages pushed, not 0", "tests/it.yaml:7:21: billed: 1 messages billed, not 2",
         "tests/it.yaml:7:32: sent_by: sent by push and reply, not by reply",
         "tests/it.yaml:7:48: waiting: the conversation waits at tea.cups, not at day"],
    ),
    "variables": (
        chat("user: tea", "user: 2", "expect: {vars: {cups: 3, nick: /M/}, kept: {nick: M}, language: ja}"),
        ["tests/it.yaml:7:14: vars: cups is 2, not 3", 'tests/it.yaml:7:14: vars: nick is nothing, not "/M/"',
         'tests/it.yaml:7:42: kept: nick is kept as nothing, not "M"',
         "tests/it.yaml:7:59: language: the conversation is in en, not in ja"],
    ),
    "a trace": (
        chat("user: tea", "user: 2", "expect: {trace: [cups, sorry]}"),
        ["tests/it.yaml:7:14: trace: sorry did not come; the conversation went tea.start[0], tea.cups, tea.day"],
    ),
    "no mock": (
        chat("user: tea", "user: 2", 'user: {pick: "2026-12-05"}', "bot: No price today.").replace("tea.", "x."),
        ["tests/it.yaml:1:1: mock: the bot asked GET https://tea.test/price, and this test has no mock for it"],
    ),
    "no such endpoint": (
        chat("user: tea", given="given: {endpoint: shopp}\n"),
        ["tests/it.yaml:3:9: there is no endpoint `shopp` in noren.yaml; did you mean `shop`?"],
    ),
    "no such variable": (
        chat("user: tea", given="given: {vars: {cup: 2}}\n"),
        ["tests/it.yaml:3:9: no flow has a variable `cup`; did you mean `cups`?"],
    ),
    "a value of the wrong type": (
        chat("user: tea", given="given: {vars: {cups: lots}}\n"),
        ["tests/it.yaml:3:9: `cups` takes a whole number, not a text"],
    ),
    "what others are told": (
        chat("Ken: secret", "expect: {told: {Ken: Hush., Aoi: []}}", given=GROUP),
        ["tests/it.yaml:6:14: told: Ken: the bot said something else: - \"Hush.\"; + \"Psst.\" — by push",
         "tests/it.yaml:6:14: told: nobody here is called Aoi; there are Mai, Ken"],
    ),
    "an earlier time": (
        chat("user: tea", 'clock: "2020-01-01T10:00"'),
        ["tests/it.yaml:6:13: clock: it is later than that already"],
    ),
    "no such text": (
        chat("user: $stoped"),
        ["tests/it.yaml:5:11: text: there is no text `stoped`; did you mean `stopped`?"],
    ),
    "no group": (
        chat("join"),
        ["tests/it.yaml:5:5: join: this test has no group; add `group: name` to `given`"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_so_is_told_like_this(tmp_path: Path, name: str) -> None:
    text, lines = WRONG[name]
    assert failing(tmp_path, text) == lines


def test_a_mock_answers_in_turn_and_late(tmp_path: Path) -> None:
    again = ("user: tea", "user: 2", 'user: {pick: "2026-12-05"}')
    text = chat(*again, "bot: 2 cups for 1 yen.", *again, "bot: No price today.", *again, "bot: No price today.")
    answers = "[{json: {yen: 1}, delay: 2s}, {json: {yen: 2}, delay: 5s}, {error: nobody is there}]"
    assert failing(tmp_path, text.replace("{json: {yen: 900}}", answers)) == []


def test_every_language_is_played_by_itself(tmp_path: Path) -> None:
    text = chat("user: {en: tea, ja: お茶}", "bot: $how_many", "bot: []", given="given: {language: [en, ja]}\n")
    outcomes = played(bot(tmp_path), text)
    assert [(one.name, one.passed) for one in outcomes] == [("it [en]", True), ("it [ja]", True)]


def test_the_clock_stands_where_it_is_put(tmp_path: Path) -> None:
    flow = "flow: now\nstart: [{keyword: [time]}]\nsteps: [{say: '{{ now }}'}]\n"
    text = chat("user: time", "bot: /2026-12-24.18:00/", 'clock: "2026-12-24T19:30+09:00"', "user: time",
                "bot: /2026-12-24.19:30/", given='given: {clock: "2026-12-24T18:00"}\n')  # fmt: skip
    assert [one.failures for one in played(bot(tmp_path, **{"flows/now.yaml": flow}), text)] == [[]]


def test_a_function_of_the_bot_runs_or_is_mocked(tmp_path: Path) -> None:
    flow = (
        "flow: call\nvars: {n: any}\nstart: [{keyword: [count]}]\nsteps:\n"
        '  - call: count.py:up\n    save: n\n    error: [{say: "no"}, end]\n  - say: "{{ n }}"\n'
    )
    more = {"flows/call.yaml": flow, "transformers/count.py": "def up(args, session, endpoint, kit):\n    return 3\n"}
    real = chat("user: count", 'bot: "3"', more='expect: {asked: ["count.py:up"]}\n')
    assert [one.failures for one in played(bot(tmp_path, **more), real)] == [[]]
    answers = "[{result: 7}, {error: broken}, {result: 1, delay: 1h}]"
    mocked = chat("user: count", 'bot: "7"', "user: count", 'bot: "no"', "user: count", 'bot: "no"')
    mocked = mocked.replace('"GET https://tea.test/price": {json: {yen: 900}}', f'"count.py:up": {answers}')
    assert [one.failures for one in played(bot(tmp_path, **more), mocked)] == [[]]


def test_twenty_exchanges_take_no_time(tmp_path: Path) -> None:
    """Under 50 ms; by the processor's clock, so that busy neighbours do not count."""
    text = chat(*["user: cards", "bot: {cards: 2}"] * 20)
    root, took = bot(tmp_path), []
    for _ in range(5):
        begun = time.process_time()
        [outcome] = played(root, text)
        took.append(time.process_time() - begun)
        assert (outcome.passed, outcome.exchanges) == (True, 20)
    assert min(took) < 0.05


def test_a_step_that_its_if_passes_over_is_not_covered(tmp_path: Path) -> None:
    flow = "flow: maybe\nstart: [{keyword: [go]}]\nsteps:\n  - say: never\n    if: false\n  - say: always\n"
    [outcome] = played(bot(tmp_path, **{"flows/maybe.yaml": flow}), chat("user: go", "bot: always"))
    assert outcome.passed
    assert outcome.steps == {"maybe.steps[1]"}


def test_a_bot_that_is_always_busy_is_waited_for(tmp_path: Path) -> None:
    flow = "flow: busy\nstart: [{keyword: [go]}]\nsteps:\n  - id: again\n    delay: 1s\n  - goto: again\n"
    [outcome] = played(bot(tmp_path, **{"flows/busy.yaml": flow}), chat("user: go", "bot: []", "clock: +20s"))
    assert outcome.passed


NICK = """
flow: nick
vars: {n: text}
start: [{keyword: [go]}]
steps:
  - ask: n
    type: text
    say: Who?
    min: 2
    max: 5
    else: [2 to 5 letters.]
  - say: Hi.
"""


def test_a_text_has_a_length(tmp_path: Path) -> None:
    text = chat("user: go", "user: Alexandra", "bot: 2 to 5 letters.", "user: Alex", "bot: Hi.")
    assert [one.failures for one in played(bot(tmp_path, **{"flows/nick.yaml": NICK}), text)] == [[]]
