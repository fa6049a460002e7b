"""Who takes an event, what comes back after an interruption, what lasts and what ends."""

from __future__ import annotations

import pytest

from runtime.errors import NorenError
from runtime.flow.engine import play
from runtime.flow.loader import load
from runtime.model import Chat, Event, Session
from runtime.settings import EndpointSettings, SessionSettings
from tests.unit.flow.talk import START, Talk, stored

SHOP = {
    "flows/booking.yaml": """
flow: booking
vars: {seats: {type: int, min: 1, max: 8}, tier: {type: text, keep: forever}}
start: [{keyword: book}]
anytime:
  - {keyword: cancel, do: [{say: Cancelled.}, end]}
  - {keyword: help, do: [{say: Just a number.}]}
  - {keyword: quiet, do: [{say: Shh.}, stop]}
  - {keyword: human, goto: agent}
  - {event: beacon, do: [{say: Welcome in.}]}
fallback: [{say: The booking does not understand.}]
steps:
  - ask: seats
    say: How many?
    quick: ["1", "2"]
    else: [A number please., 1 to 8.]
    give_up: {goto: agent}
  - set: {tier: "'vip' if seats > 4 else 'regular'"}
  - say: "{{ seats }} seats."
sections:
  agent: [{say: Somebody will call.}]
""",
    "flows/hours.yaml": """
flow: hours
start: [{keyword: hours}, {event: join}]
steps: [{say: Nine to five.}]
""",
    "flows/main.yaml": """
flow: main
fallback: [{say: Pardon?}]
steps: []
""",
}


def test_a_question_and_its_answer() -> None:
    bot = Talk(SHOP)
    assert bot.user("book") == ["How many?"]
    assert bot.quick() == ["1", "2"]
    assert bot.tap("2") == ["2 seats."]
    assert bot.at == ""
    assert bot.session.vars["booking"] == {"seats": 2}
    assert bot.session.kept == {"tier": "regular"}


def test_second_tries_in_order_then_the_way_out() -> None:
    bot = Talk(SHOP)
    bot.user("book")
    assert bot.user("many") == ["A number please."]
    assert bot.quick() == ["1", "2"]
    assert bot.user("99") == ["1 to 8."]
    assert bot.user("lots") == ["Somebody will call."]
    assert bot.at == ""


def test_a_sticker_is_a_wrong_answer() -> None:
    bot = Talk(SHOP)
    bot.user("book")
    assert bot.sends("sticker", package="1", sticker="2", keywords=["hi"]) == ["A number please."]


@pytest.mark.parametrize("kind", ["unfollow", "unsend", "delivery", "video_complete", "leave", "edited"])
def test_what_is_no_answer_changes_nothing(kind: str) -> None:
    bot = Talk(SHOP)
    bot.user("book")
    where = bot.session.cursor
    assert bot.happens(kind, data={"id": "m1"}) == []
    assert bot.session.cursor == where


def test_an_unsent_message_is_erased() -> None:
    bot = Talk(SHOP)
    bot.happens("unsend", data={"id": "m7"})
    assert bot.erased == ["m7"]


def test_anytime_wins_over_the_question() -> None:
    bot = Talk(SHOP)
    bot.user("book")
    assert bot.user("cancel") == ["Cancelled."]
    assert bot.at == ""


def test_anytime_without_an_end_asks_again() -> None:
    bot = Talk(SHOP)
    bot.user("book")
    assert bot.user("help") == ["Just a number.", "How many?"]
    assert bot.user("3") == ["3 seats."]


def test_stop_in_anytime_leaves_the_question_waiting() -> None:
    bot = Talk(SHOP)
    bot.user("book")
    assert bot.user("quiet") == ["Shh."]
    assert bot.user("3") == ["3 seats."]


def test_anytime_may_jump() -> None:
    bot = Talk(SHOP)
    bot.user("book")
    assert bot.user("human") == ["Somebody will call."]
    assert bot.at == ""


def test_an_event_does_not_ask_again() -> None:
    bot = Talk(SHOP)
    bot.user("book")
    assert bot.happens("beacon") == ["Welcome in."]
    assert bot.quick() == ["1", "2"], "a message hides the quick replies above it; they come again with it"
    assert bot.user("2") == ["2 seats."]


def test_another_flow_begins_and_leads_back() -> None:
    bot = Talk(SHOP)
    bot.user("book")
    bot.user("many")
    assert bot.user("hours") == ["Nine to five.", "How many?"]
    assert bot.user("what") == ["1 to 8."], "wrong answers are still counted"


def test_another_flow_begun_by_an_event_leads_back_in_silence() -> None:
    bot = Talk(SHOP)
    bot.user("book")
    assert bot.happens("join") == ["Nine to five."]
    assert bot.user("2") == ["2 seats."]


def test_the_same_flow_begins_anew() -> None:
    bot = Talk(SHOP)
    bot.user("book")
    bot.user("many")
    assert bot.user("book") == ["How many?"]
    assert bot.session.stack == ()
    assert bot.user("many") == ["A number please."]


def test_fallback_of_the_default_flow() -> None:
    bot = Talk(SHOP)
    assert bot.user("blah") == ["Pardon?"]
    assert bot.user("blah") == ["Pardon?"]
    assert bot.at == ""


def test_fallback_of_the_flow_that_runs() -> None:
    bot = Talk("flow: a\nstart: [{keyword: go}]\nfallback: [{say: What?}]\nsteps: [{say: Hi}, stop]")
    assert bot.user("go") == ["Hi"]
    assert bot.user("blah") == ["What?"]
    assert bot.user("blah") == ["What?"]
    assert bot.at == "a.steps[1]"


def test_nothing_answers_and_says_so() -> None:
    bot = Talk("flow: a\nstart: [{keyword: go}]\nsteps: [{say: Hi}]")
    assert bot.user("blah") == []
    assert bot.turn is not None
    assert bot.turn.trace == ({"note": "nothing answers this message"},)


def test_expiry_drops_variables_and_place_but_not_what_is_kept() -> None:
    bot = Talk(SHOP)
    bot.user("book")
    bot.user("6")
    bot.user("book")
    bot.wait("31m")
    assert bot.user("2") == ["Pardon?"]
    assert bot.session.vars == {}
    assert bot.session.kept == {"tier": "vip"}
    assert bot.session.started == bot.now


def test_no_expiry_at_zero() -> None:
    bot = Talk(SHOP, expire=0)
    bot.user("book")
    bot.wait("400d")
    assert bot.user("2") == ["2 seats."]


def test_expiry_counts_from_when_the_user_wrote_not_from_when_it_is_worked() -> None:
    bot = Talk(SHOP)
    bot.user("book")
    late = Event(
        id="late", session="s", endpoint="shop", kind="message", at=START + 60_000, due=0, chat=bot.chat, text="2",
        data={"type": "text"},
    )  # fmt: skip
    bot.now = START + 3 * 3_600_000
    assert bot.plays(late) == ["2 seats."]


def test_expiry_message_and_hook() -> None:
    settings = SessionSettings(expire=60_000, expired_say="Bye {x}", expired_hook="hooks.py:bye")
    bot = Talk(SHOP, mock={"hooks.py:bye": None}, session=settings)
    bot.user("book")
    assert bot.wait("59s") == []
    bot.user("many")
    assert bot.wait("59s") == [], "the timer is put off as long as somebody speaks"
    assert bot.wait("2s") == ["Bye {x}"]
    assert [call.args["function"] for call in bot.calls] == ["hooks.py:bye"]
    assert bot.at == ""
    assert bot.session.vars == {}
    assert bot.timers == {}


def test_the_same_event_gives_the_same_turn() -> None:
    flows = load({"flows/a.yaml": "flow: a\nfallback: [{say: {any: [a, b, c, d, e, f]}}, {delay: 1h}]\nsteps: []"})
    session = Session(key="s", endpoint="e", chat=Chat("user", "u"))
    config = EndpointSettings(name="e")
    said = set()
    for number in range(20):
        event = Event(
            id=f"e{number}", session="s", endpoint="e", kind="message", at=1, due=1, chat=session.chat, text="x",
            data={"type": "text"},
        )  # fmt: skip
        turns = []
        for _ in range(2):
            with pytest.raises(StopIteration) as done:
                next(play(flows, session, event, config, 1))
            turns.append(done.value.value)
        assert turns[0] == turns[1]
        said.add(turns[0].outputs[0].text)
    assert len(said) > 2


def test_standby_is_never_answered() -> None:
    bot = Talk(SHOP)
    event = Event(
        id="e", session="s", endpoint="shop", kind="message", at=1, due=1, chat=bot.chat, text="book", standby=True
    )
    before = bot.session
    assert bot.plays(event) == []
    assert bot.session == before


def test_a_loop_ends_with_the_names_of_its_steps() -> None:
    text = """
flow: a
vars: {n: {type: int, default: 0}}
start: [{keyword: go}]
steps:
  - {id: top, set: {n: n + 1}}
  - {when: n > 0, do: [{goto: top}]}
"""
    bot = Talk(text)
    with pytest.raises(NorenError, match=r"1,000 steps in one turn.*a\.top"):
        bot.user("go")


TROUBLE = """
flow: a
vars: {n: int, m: {type: map, default: {}}}
start: [{keyword: go}, {keyword: mend, goto: mend}]
%s
steps:
  - set: {n: 1 / m.x}
  - say: never
sections:
  mend:
    - set: {n: 1 / m.x}
      error: [{say: "Oops: {{ error.message }}"}]
    - say: after
"""


def test_an_error_names_file_and_line() -> None:
    bot = Talk(TROUBLE % "")
    before = bot.session
    with pytest.raises(NorenError, match=r"flows/main.yaml:7:\d+: .*"):
        bot.user("go")
    assert bot.session is before


def test_an_error_goes_to_the_step() -> None:
    said = Talk(TROUBLE % "").user("mend")
    assert said[0].startswith("Oops: something")
    assert said[1:] == ["after"]


def test_an_error_goes_to_the_flows_trouble() -> None:
    bot = Talk(TROUBLE % "trouble: [{say: So sorry.}]")
    assert bot.user("go") == ["So sorry."]
    assert bot.at == ""


def test_trouble_within_trouble_gives_up() -> None:
    bot = Talk(TROUBLE % "trouble: [{set: {n: 1 / m.y}}]")
    with pytest.raises(NorenError, match=r"main\.yaml:5"):
        bot.user("go")


GROUP = Chat("group", "G1")


def test_groups_off() -> None:
    bot = Talk(SHOP, chat=GROUP, groups="off")
    assert bot.user("book") == []


def test_groups_mention() -> None:
    bot = Talk(SHOP, chat=GROUP, groups="mention")
    assert bot.user("book") == []
    assert bot.user("@Shop book", mention={"self": True, "rest": " book"}) == ["How many?"]
    assert bot.user("who comes along?") == [], "not an answer, not for us"
    assert bot.user("cancel") == [], "not addressed"
    assert bot.user("4") == ["4 seats."]
    assert bot.happens("join") == ["Nine to five."]


def test_a_session_survives_a_store_in_the_middle_of_everything() -> None:
    bot = Talk(SHOP)
    bot.user("book")
    bot.user("x")
    assert stored(bot.session) == bot.session


def test_a_timer_of_somebody_else_is_an_event() -> None:
    bot = Talk("flow: a\nstart: [{event: timer, when: event.data.timer == 'daily'}]\nsteps: [{say: Good morning.}]")
    assert bot.happens("timer", data={"timer": "daily"}) == ["Good morning."]
    assert bot.happens("timer", data={"timer": "delay"}) == []


def test_conversations_that_wait_are_bounded() -> None:
    bot = Talk("flow: a\nstart: [{keyword: go}]\nsteps: [{delay: 1d}, {say: later}]", expire=0)
    for _ in range(60):
        bot.user("go")
    assert len(bot.session.stack) < 50
    assert len(bot.timers) == 50
    assert len(bot.wait("1d")) == 50
    assert bot.session.stack == ()


def test_a_sub_flow_and_the_flow_of_the_same_name_keep_their_variables_apart() -> None:
    files = {
        "flows/a.yaml": "flow: a\nstart: [{keyword: go}]\nsteps: [{run: b, in: {n: 5}}, {say: back}]",
        "flows/b.yaml": "flow: b\nvars: {n: int}\nstart: [{keyword: own}]\n"
        "steps: [{set: {n: 1}, if: not n}, {ask: x, say: 'x of {{ n }}?'}, {say: '{{ n }}{{ x }}'}]",
    }
    bot = Talk(files)
    bot.user("own")
    assert bot.user("mine") == ["1mine"]
    assert bot.user("go") == ["x of 5?"]
    assert bot.session.vars["b"] == {"n": 5}
    assert bot.user("inner") == ["5inner", "back"]
    assert bot.session.vars["b"] == {"n": 1, "x": "mine"}
    assert bot.user("own") == ["x of 1?"]
