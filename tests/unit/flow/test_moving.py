"""Conversations under way when flows are edited: what moves, what stays, and why."""

from __future__ import annotations

from runtime.flow.loader import load
from runtime.flow.moving import left, move, positions
from runtime.flow.tree import Flows
from tests.unit.flow.talk import Talk

OLD = """
flow: a
start: [{keyword: go}]
steps:
  - {ask: x, say: "X?"}
  - {ask: y, say: "Y?"}
  - say: "old {{ x }} {{ y }}"
"""


def flows(text: str) -> Flows:
    return load({"flows/main.yaml": text})


def talk(*words: str, text: str = OLD) -> Talk:
    bot = Talk(text)
    for word in ("go", *words):
        bot.user(word)
    return bot


def test_a_question_is_found_by_its_name_wherever_it_went() -> None:
    bot = talk("1")
    new = flows(OLD.replace('  - {ask: x, say: "X?"}\n', '  - say: Hello\n  - {ask: x, say: "X?"}\n'))
    session, why = move(bot.session, bot.book.versions, new)
    assert why == ""
    assert session.cursor is not None
    assert (session.cursor.step, session.cursor.version) == ("steps[2]", new.version)


def test_a_step_that_does_something_else_now_is_no_place_to_go_on() -> None:
    bot = talk()
    new = flows(OLD.replace("ask: x", "ask: z").replace("{{ x }}", "{{ z }}"))
    session, why = move(bot.session, bot.book.versions, new)
    assert session is bot.session
    assert why == "a.steps[0]: another step stands there now: `ask: z` instead of `ask: x`"


def test_a_flow_or_step_that_is_gone_is_told() -> None:
    bot = talk("1")
    gone = flows("flow: b\nstart: [{keyword: go}]\nsteps: [{say: Hi}]\n")
    (one,) = left([bot.session], bot.book.versions, gone)
    assert (one.session, one.at.step, one.why) == ("shop:U1", "steps[1]", "the flow `a` is gone")
    short = flows('flow: a\nstart: [{keyword: go}]\nsteps: [{ask: x, say: "X?"}]\n')
    assert [one.why for one in left([bot.session], bot.book.versions, short)] == ["the step is gone"]


def test_all_positions_move_or_none() -> None:
    main = "flow: a\nstart: [{keyword: go}]\nsteps:\n  - run: sub\n  - say: Back\n"
    sub = 'flow: sub\nsteps: [{ask: x, say: "X?"}]\n'
    bot = Talk({"flows/a.yaml": main, "flows/sub.yaml": sub})
    bot.user("go")
    assert [at.flow for at in positions(bot.session)] == ["a", "sub"]
    moved = load({"flows/a.yaml": main.replace("  - run", "  - say: Hi\n  - run"), "flows/sub.yaml": sub})
    session, why = move(bot.session, bot.book.versions, moved)
    assert "another step stands there now" in why
    assert session is bot.session
    fits = load({"flows/a.yaml": main.replace("Back", "Here"), "flows/sub.yaml": sub.replace("X?", "Which?")})
    session, why = move(bot.session, bot.book.versions, fits)
    assert why == ""
    assert {at.version for at in positions(session)} == {fits.version}


def test_who_is_there_already_stays_as_he_is() -> None:
    bot = talk("1")
    assert move(bot.session, bot.book.versions, bot.book.current)[0] is bot.session
    assert not list(left([bot.session], bot.book.versions, bot.book.current))


def test_with_reload_move_the_next_word_is_heard_by_the_new_flows() -> None:
    for setting, said in (("keep", ["old 1 2"]), ("move", ["new 1 2"])):
        bot = Talk(OLD, reload=setting)
        bot.user("go")
        bot.user("1")
        bot.book.take(flows(OLD.replace("old", "new")))
        assert bot.user("2") == said
