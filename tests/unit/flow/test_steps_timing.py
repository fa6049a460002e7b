"""Waiting: for the user, for a while, while other things go on."""

from __future__ import annotations

import pytest

from tests.unit.flow.talk import Talk

HEAD = "flow: a\nvars: {d: {type: date, default: 2026-12-05}}\nstart: [{keyword: go}]\nsteps:\n"


def bot_of(steps: str) -> Talk:
    return Talk({"flows/a.yaml": HEAD + steps, "flows/hours.yaml": HOURS, "flows/quiz.yaml": QUIZ})


HOURS = "flow: hours\nstart: [{keyword: hours}]\nsteps: [{say: Nine to five.}, end]"
QUIZ = "flow: quiz\nstart: [{keyword: quiz}]\nsteps: [{ask: x, say: Which?, quick: [A]}, {say: 'ok {{ x }}'}]"


def test_wait_for_anything() -> None:
    bot = bot_of("  - say: Tell me.\n  - wait\n  - say: 'You said {{ input.text }}.'\n")
    assert bot.user("go") == ["Tell me."]
    assert bot.happens("beacon") == []
    assert bot.user("hello") == ["You said hello."]


@pytest.mark.parametrize("kind", ["image", "{for: [{message: image}]}", "{for: {message: [image, video]}}"])
def test_wait_for_a_kind(kind: str) -> None:
    bot = bot_of(f"  - wait: {kind}\n  - say: 'A {{{{ input.kind }}}}.'\n")
    bot.user("go")
    assert bot.user("hello") == []
    assert bot.user("hours") == ["Nine to five."]
    assert bot.sends("image") == ["A image."], "`end` in another flow ended that flow only"


def test_wait_goes_on_with_the_kind() -> None:
    bot = bot_of("  - wait: image\n  - say: 'A {{ input.kind }}.'\n")
    bot.user("go")
    assert bot.user("hello") == []
    assert bot.sends("image") == ["A image."]
    bot = bot_of("  - {wait: follow, silent: {after: 5m, say: Well?}}\n  - say: Hi\n")
    bot.user("go")
    assert bot.wait("5m") == ["Well?"]
    assert bot.happens("follow") == ["Hi"]


def test_delay() -> None:
    bot = bot_of("  - say: One\n  - delay: 3s\n  - say: Two\n  - delay: 1d\n  - say: Three\n")
    assert bot.user("go") == ["One"]
    assert bot.wait("2s") == []
    assert bot.wait("1s") == ["Two"]
    assert bot.wait("1d") == ["Three"]
    assert bot.at == ""


@pytest.mark.parametrize(
    ("delay", "hours"),
    [
        ("{until: d}", 119),
        ("{until: moment(d) - days(1)}", 95),
        ("{until: \"d ~ 'T10:00'\"}", 129),
        ("'{{ hours(2) }}'", 2),
        ("{until: \"'90m'\"}", 1.5),
    ],
)
def test_delay_until(delay: str, hours: float) -> None:
    bot = bot_of(f"  - delay: {delay}\n  - say: Now\n")
    bot.user("go")
    [timer] = bot.timers.values()
    assert (timer.due - bot.now) / 3_600_000 == hours


def test_a_time_that_is_past_does_not_wait() -> None:
    assert bot_of("  - delay: {until: today - days(1)}\n  - say: Now\n").user("go") == ["Now"]


def test_a_delay_that_is_no_time() -> None:
    assert bot_of("  - {delay: '{{ profile.name }}', error: 'no'}\n  - say: Now\n").user("go") == ["no", "Now"]


REMIND = """
  - say: Booked.
  - delay: 1d
  - say: Tomorrow!
  - {ask: y, say: Still coming?}
  - say: "Fine: {{ y }}"
"""


def test_a_reminder_outlives_other_talk_its_end_and_the_session() -> None:
    bot = bot_of(REMIND)
    bot.user("go")
    assert bot.user("hours") == ["Nine to five."]
    bot.wait("2h")
    assert bot.user("hours") == ["Nine to five."]
    assert bot.user("blah") == []
    assert bot.wait("22h") == ["Tomorrow!", "Still coming?"]
    assert bot.user("yes") == ["Fine: yes"]


def test_a_reminder_in_the_middle_of_a_question_leads_back_to_it() -> None:
    bot = bot_of(REMIND)
    bot.user("go")
    bot.wait("23h")
    assert bot.user("quiz") == ["Which?"]
    bot.config = type(bot.config)(name="shop")
    assert bot.wait("1h") == ["Tomorrow!", "Still coming?"]
    assert bot.user("yes") == ["Fine: yes", "Which?"]
    assert bot.user("A") == ["ok A"]


def test_several_reminders() -> None:
    bot = bot_of("  - delay: 1h\n  - say: 'Reminder.'\n")
    bot.user("go")
    bot.wait("30m")
    bot.user("go")
    assert len(bot.timers) == 2
    assert bot.wait("30m") == ["Reminder."]
    assert bot.wait("30m") == ["Reminder."]
    assert bot.session.stack == ()
    assert bot.at == ""


def test_a_timer_nobody_waits_for() -> None:
    bot = bot_of("  - delay: 1h\n  - say: never\n")
    bot.user("go")
    [timer] = bot.timers.values()
    bot.wait("1h")
    assert bot.plays(timer) == [], "delivered twice"
