"""What is said by itself: each message in each language, when it is free and when it is billed, and what it uses up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from runtime.handover import words
from runtime.handover.case.move import View
from runtime.handover.routing import Line
from runtime.model import Chat, Session
from runtime.settings.handover import AutomatedSettings
from tests.unit.handover.chats import HOUR, MINUTE, Talk, rules

LANGUAGES = ("en", "ja", "th", "zh-TW", "id")
CLOSED = 'hours: {week: {mon: "09:00-10:00"}'


def full(t: Talk) -> Any:
    settings = t.rules.settings
    queues = {name: replace(queue, max_length=1) for name, queue in settings.queues.items()}
    t.rules = replace(t.rules, settings=replace(settings, queues=queues))
    t.view = View(lines=dict.fromkeys(queues, Line(9, 9)))
    return t.flow()


def survey(t: Talk) -> Any:
    t.active().user("thanks")
    return t.act("resolve")


def rated(t: Talk, more: str = "") -> Any:
    survey(t)
    t.tap(f"ho:survey:{next(iter(t.ended))}:5")


WHEN: dict[str, tuple[Callable[[Talk], Any], str]] = {
    "accepted": (lambda t: t.flow(), ""),
    "position": (lambda t: seen(t, position=3).flow(), "position: {wait: false}"),
    "wait": (lambda t: seen(t, position=3, wait=4 * MINUTE).flow(), ""),
    "next": (lambda t: t.flow(), ""),
    "many": (lambda t: seen(t, position=3).flow(), "position: {max_position: 2}"),
    "joined": (lambda t: t.queued().act("claim"), ""),
    "transferred": (lambda t: t.active().act("transfer", queue="orders"), ""),
    "dropped": (lambda t: t.active().system("gone", agent="aya"), ""),
    "no_agent": (lambda t: t.queued().ring("assign"), "timers: {assign: 5m}"),
    "full": (full, ""),
    "closed": (lambda t: t.flow(), CLOSED + "}"),
    "holiday": (lambda t: t.flow(), 'hours: {holidays: {"2027-01-15": "closed Founding Day"}}'),
    "left_message": (lambda t: t.flow(), CLOSED + "}"),
    "cancelled": (lambda t: t.queued().tap(f"ho:cancel:{t.case.id}:{t.case.epoch}"), ""),
    "already": (lambda t: t.queued().flow(), ""),
    "over": (lambda t: t.tap("ho:cancel:old.case:1"), ""),
    "ended": (lambda t: t.active().act("resolve"), ""),
    "silent": (lambda t: t.active().ring("auto_close"), ""),
    "survey": (survey, "survey: {when: resolved}"),
    "comment": (rated, "survey: {when: resolved, comment: true}"),
    "thanks": (rated, "survey: {when: resolved}"),
}
"""Message → what leads to it, and with which settings."""
ELSEWHERE = {"refused_file"}
"""Said by those who pass files on."""


def seen(t: Talk, **values: Any) -> Talk:
    t.view = View(**values)
    return t


def spoken(name: str, language: str, delivery: Any) -> Talk:
    """A chat in which this message had to be said last."""
    do, more = WHEN[name]
    made = rules(more)
    text = {language: f"<{name}>"}
    messages = {**made.settings.messages, name: AutomatedSettings(text=text, delivery=delivery)}
    t = Talk(rules=replace(made, settings=replace(made.settings, messages=messages)))
    t.session = replace(t.session, language=language)
    do(t)
    return t


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(WHEN))
def test_each_message_is_said_in_the_users_language(name: str, language: str) -> None:
    t = spoken(name, language, "push")
    assert f"<{name}>" in t.said


@pytest.mark.parametrize("name", sorted(WHEN))
def test_what_may_cost_nothing_is_only_said_with_a_token(name: str) -> None:
    t = spoken(name, "en", "free_only")
    assert t.last is not None
    said = f"<{name}>" in t.said
    assert said == (t.last.event.reply_to is not None)
    if not said:
        assert ("message.withheld", name) in [(n.type, n.data.get("message")) for n in t.last.notes]


@pytest.mark.parametrize("name", sorted(WHEN))
def test_an_empty_text_says_nothing(name: str) -> None:
    do, more = WHEN[name]
    made = rules(more)
    silence = dict.fromkeys(LANGUAGES, "")
    messages = {one: AutomatedSettings(text=silence, delivery="push") for one in words.MESSAGES}
    t = Talk(rules=replace(made, settings=replace(made.settings, messages=messages)))
    if name in ("comment", "thanks"):
        return  # without the question there is nothing to answer
    do(t)
    assert [text for text in t.said if text not in ("Hello from Aya",)] == []


def test_every_message_has_a_moment_and_a_text_in_five_languages() -> None:
    assert set(WHEN) | ELSEWHERE == set(words.MESSAGES)
    for name, texts in words.MESSAGES.items():
        assert tuple(texts) == LANGUAGES, name
        slots = {language: set(words.SLOT.findall(text)) for language, text in texts.items()}
        assert len({frozenset(found) for found in slots.values()}) == 1, f"{name}: {slots}"
    assert tuple(words.CANCEL) == LANGUAGES
    assert all(0 < len(text) <= 20 for text in words.CANCEL.values())


@pytest.mark.parametrize(
    ("language", "found"),
    [
        ("ja", "担当者"),
        ("ja-JP", "担当者"),
        ("zh-Hant", "正在"),
        ("zh-TW", "正在"),
        ("fr", "Connecting"),
        ("", "Connecting"),
    ],
)
def test_a_language_finds_the_nearest_text(language: str, found: str) -> None:
    assert words.text_of(words.MESSAGES["accepted"], language).startswith(found)


def test_what_is_not_known_is_left_out_of_a_text() -> None:
    assert words.filled("{agent} from {queue} is here", {"agent": "Aya"}) == "Aya from  is here"


def test_a_reply_token_is_used_once() -> None:
    t = Talk().active()
    t.user("first")
    assert t.case.token == "", "the machine leaves that to the turn, which knows what else was said"
    t.session = replace(t.session, case=replace(t.case, token="token", token_at=t.now))
    change = t.act("reply", messages=[{"text": "one"}])
    assert (change.event.reply_to, t.case.token) == ("token", "")
    assert t.act("reply", messages=[{"text": "two"}]).event.reply_to is None


def test_a_token_that_is_too_old_is_not_used() -> None:
    t = Talk().active()
    t.session = replace(t.session, case=replace(t.case, token="token", token_at=t.now))
    t.now += MINUTE
    assert t.act("reply", messages=[{"text": "one"}]).event.reply_to is None


def test_the_last_words_use_what_token_is_left_and_the_first_greeting_does_not() -> None:
    t = Talk(rules=rules("survey: {when: resolved}")).active()
    t.session = replace(t.session, case=replace(t.case, token="token", token_at=t.now))
    t.act("transfer", queue="orders")
    assert t.said == [], "the agent's own words are worth more"
    t.act("claim")
    change = t.act("resolve")
    assert (t.said, change.event.reply_to) == (["How was our help?"], "token")


def test_the_button_that_cancels_stands_under_all_that_those_who_wait_are_told() -> None:
    t = Talk().queued()
    assert all(output.quick[0]["data"].startswith("ho:cancel:") for output in t.outputs)
    assert t.outputs[0].quick[0]["label"] == "Cancel request"
    t = Talk().queued(cancel="Never mind, I will find it myself")
    assert t.outputs[0].quick[0]["label"] == "Never mind, I will f"
    t.user("never mind, i will find it myself")
    assert t.reason == "user_cancelled"
    t = Talk().queued(cancel=False)
    assert t.outputs[0].quick == ()


def test_what_is_said_at_the_end_has_no_such_button() -> None:
    t = Talk(rules=rules(CLOSED + "}"))
    t.flow()
    assert [output.quick for output in t.outputs] == [(), ()]


def test_the_flows_own_words_come_before_ours_and_an_empty_one_says_nothing() -> None:
    assert Talk().queued(accepted="Hold on!").said[0] == "Hold on!"
    assert Talk().queued(accepted="").said == ["You are next in line."]


def test_who_writes_while_waiting_is_told_again_but_not_with_every_word() -> None:
    t = Talk().queued(repeat=True)
    t.now += MINUTE
    t.user("hello?")
    assert t.said == ["Connecting you to a person. One moment, please.", "You are next in line."]
    t.user("hello??")
    assert t.said == []


def test_nothing_is_promised_where_the_hours_or_the_queue_refuse() -> None:
    t = Talk(rules=rules(CLOSED + ", outside: back_to_bot}"))
    t.flow()
    assert t.said == ["We are closed now. We are back on Monday, 18 January at 09:00."]
    t = Talk()
    full(t)
    assert t.said == ["Sorry, too many people are waiting at the moment."]


def test_a_survey_is_asked_once_of_who_was_helped_and_its_comment_is_not_waited_for_long() -> None:
    t = Talk(rules=rules("survey: {when: resolved, comment: true}")).active()
    case = t.case.id
    t.act("resolve")
    assert [one["label"] for one in t.outputs[-1].quick] == ["★", "★★", "★★★", "★★★★", "★★★★★"]
    t.tap(f"ho:survey:{case}:9")
    assert (t.said, t.session.memory["survey"].get("rating")) == ([], None), "five stars are the most"
    t.tap(f"ho:survey:{case}:4")
    assert [n.data["rating"] for n in t.notes if n.type == "survey.answered"] == [4]
    t.tap(f"ho:survey:{case}:1")
    assert [n.data["rating"] for n in t.notes if n.type == "survey.answered"] == [4], "one answer counts"
    t.user("very kind")
    assert [n.data["text"] for n in t.notes if n.type == "survey.commented"] == ["very kind"]
    with pytest.raises(AssertionError, match="the flow's business"):
        t.user("and now something else")


def test_words_long_after_a_rating_are_for_the_flow() -> None:
    t = Talk(rules=rules("survey: {when: resolved, comment: true}")).active()
    case = t.case.id
    t.act("resolve")
    t.tap(f"ho:survey:{case}:4")
    t.now += HOUR
    with pytest.raises(AssertionError, match="the flow's business"):
        t.user("help")


@pytest.mark.parametrize("state", ["assigned", "queued"])
def test_nobody_is_asked_how_it_was_who_got_no_answer(state: str) -> None:
    t = Talk(rules=rules("survey: {when: ended}")).at(state)
    t.act("resolve")
    assert not [n for n in t.notes if n.type == "survey.sent"]


def test_nobody_of_a_group_is_asked_how_it_was() -> None:
    chat = Chat("group", "C1")
    t = Talk(rules("survey: {when: ended}"), Session(key="shop:C1", endpoint="shop", chat=chat, language="en"))
    t.active().act("resolve")
    assert not [n for n in t.notes if n.type == "survey.sent"]


def test_a_note_never_becomes_a_message() -> None:
    t = Talk().active()
    t.act("note", text="the user is angry", mentions=["ben"], whisper=True)
    assert t.outputs == ()
    assert [n.visibility for n in t.notes if n.type == "note.added"] == ["internal"]
