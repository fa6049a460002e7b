"""Events and words for other conversations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runtime.errors import FlowError, NorenError
from runtime.flow.loader import load
from runtime.model import Chat, Event
from tests.unit.flow.talk import Talk

KEN, CLUB = "U" + "7" * 32, "C" + "9" * 32

FLOW = """
flow: shop
vars: {{day: date, guest: text}}
start:
  - keyword: [go]
  - event: inject
    data: {{topic: ready}}
    do: [{{say: "Ready: {{{{ event.data.number + 1 }}}} {{{{ event.text }}}}"}}]
steps:
{steps}
sections:
  welcome:
    - say: "Welcome {{{{ guest }}}}."
texts:
  hello: {{en: "Hello, {{{{ 1234 | number }}}}", id: "Halo, {{{{ 1234 | number }}}}"}}
"""


def talk(steps: str, **more: object) -> Talk:
    return Talk(FLOW.format(steps=steps), languages=("en", "id"), **more)  # type: ignore[arg-type]  # settings by name


def sent(talking: Talk) -> Event:
    assert talking.turn is not None
    [event] = talking.turn.sent_on
    return event


def other(language: str = "en", chat: str = KEN, steps: str = "  - stop") -> Talk:
    """The conversation that hears it."""
    return talk(steps, language=language, chat=Chat("user" if chat[0] == "U" else "group", chat))


def test_an_event_goes_to_another_conversation_once_for_each_turn() -> None:
    here = talk(f'  - inject: {KEN}\n    data: {{topic: ready, number: "{{{{ 1 + 1 }}}}"}}\n    text: now')
    assert here.user("go") == []
    event = sent(here)
    assert (event.session, event.chat, event.user, event.kind) == (f"shop:{KEN}", Chat("user", KEN), KEN, "inject")
    assert (event.text, dict(event.data), event.reply_to) == ("now", {"topic": "ready", "number": 2}, None)
    again = talk(f"  - inject: {KEN}\n    data: {{topic: ready}}")
    again.user("go")
    assert sent(again).id == event.id, "the same turn gives the same id, however often it is worked"
    assert other().plays(event) == ["Ready: 3 now"]


@pytest.mark.parametrize(
    ("to", "session", "chat", "user"),
    [
        (KEN, f"shop:{KEN}", Chat("user", KEN), KEN),
        (CLUB, f"shop:{CLUB}", Chat("group", CLUB), ""),
        (f"shop:{CLUB}:{KEN}", f"shop:{CLUB}:{KEN}", Chat("group", CLUB), KEN),
        ('"{{ chat.id }}"', "shop:U1", None, ""),
    ],
)
def test_a_chat_is_a_user_a_group_or_a_session(to: str, session: str, chat: Chat | None, user: str) -> None:
    here = talk(f"  - inject: {to}\n    data: {{a: b}}")
    if chat is None:
        with pytest.raises(NorenError, match="no chat to send to"):
            here.user("go")
        return
    here.user("go")
    assert (sent(here).session, sent(here).chat, sent(here).user) == (session, chat, user)


@pytest.mark.parametrize(("value", "message"), [("''", "nobody is no chat"), ("'other:" + KEN + "'", "not one of")])
def test_an_address_that_is_none_is_an_error_of_the_step(value: str, message: str) -> None:
    with pytest.raises(NorenError, match=message):
        talk(f'  - inject: "{{{{ {value} }}}}"\n    data: {{a: b}}').user("go")
    told = talk(f'  - inject: "{{{{ {value} }}}}"\n    data: {{a: b}}\n    error: [{{say: Not sent.}}]')
    assert told.user("go") == ["Not sent."]


def test_a_flow_begins_in_the_other_conversation() -> None:
    here = talk(f"  - inject: {KEN}\n    goto: shop.welcome\n    in: {{guest: Mai}}")
    here.user("go")
    there = other()
    assert there.plays(sent(here)) == ["Welcome Mai."]
    lost = other()
    assert lost.plays(replace(sent(here), raw={"goto": "elsewhere"})) == []


def test_words_are_said_in_the_language_of_the_other_conversation() -> None:
    here = talk(f"  - notify: {KEN}\n    say: $hello\n    quick: [Thanks]")
    here.user("go")
    assert other("en").plays(sent(here)) == ["Hello, 1,234"]
    there = other("id")
    assert there.plays(sent(here)) == ["Halo, 1.234"]
    assert there.quick() == ["Thanks"]


def test_words_that_are_the_same_everywhere_go_along_once() -> None:
    here = talk(f'  - notify: {KEN}\n    say: {{next: ["One.", "Two."]}}\n  - stop')
    here.user("go")
    assert list(sent(here).raw["say"]) == ["en"]
    assert other("id").plays(sent(here)) == ["One."]
    here.user("go")
    assert other("id").plays(sent(here)) == ["Two."]


def test_what_waits_goes_on_waiting_with_its_quick_replies() -> None:
    ask = "  - ask: day\n    say: Which day?\n    picker: true\n    silent: {after: 10m, say: Hello?}"
    there = other(steps=ask)
    there.user("go")
    here = talk(f"  - notify: {KEN}\n    say: A word.")
    here.user("go")
    assert there.plays(sent(here)) == ["A word."]
    assert there.quick() == ["Choose a date"]
    assert there.at == "shop.steps[0]"
    assert there.wait("10m") == ["Hello?"]
    assert there.wait("1h") == []


def test_a_notification_from_outside_is_its_text() -> None:
    there = other()
    assert there.happens("notify", text="Closed today.") == ["Closed today."]


def test_conversations_do_not_send_each_other_events_for_ever() -> None:
    flow = f"flow: shop\nstart: [{{event: inject, do: [{{inject: {KEN}, data: {{a: b}}}}]}}, {{keyword: go}}]\n"
    here = Talk(flow + f"steps:\n  - inject: {KEN}\n    data: {{a: b}}")
    here.user("go")
    for _ in range(9):
        here.plays(sent(here))
    with pytest.raises(NorenError, match="without end"):
        here.plays(sent(here))


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("inject: kitchen\n    data: {a: b}", "`kitchen` is no chat"),
        (f"inject: {KEN}", "this event says nothing"),
        (f"inject: {KEN}\n    data: {{a: b}}\n    in: {{a: b}}", "`in` fills the variables"),
        (f"inject: {KEN}\n    goto: nowhere", "there is no flow `nowhere`"),
        (f"inject: {KEN}\n    goto: shop\n    in: {{who: b}}", "has no variable `who`"),
        (f"notify: {KEN}", "this notification says nothing"),
        (f"notify: {KEN}\n    say: $helo", "there is no text `helo`"),
    ],
)
def test_what_cannot_be_is_told(step: str, message: str) -> None:
    with pytest.raises(FlowError, match=message.replace("$", r"\$")):
        load({"flows/a.yaml": FLOW.format(steps=f"  - {step}")}, languages=("en", "id"))
