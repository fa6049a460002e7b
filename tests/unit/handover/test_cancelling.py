"""What users may write to cancel: the button's words, others, and examples of an intent; each as a whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from runtime.cli.check import everything
from tests.unit.handover.chats import Talk, rules
from tests.world import world, write

pytestmark = pytest.mark.anyio

INTENTS = """intents:
  no_person:
    en: ["I do not want to wait", "forget the [person](who)"]
    ja: [もういいです]
slots: {who: text}
"""
SETTINGS = """
endpoints: {shop: {languages: [en, ja], loading: 0}}
handover:
  queues: {general: {}}
  workstreams: {support: {queues: [general], position: {tell: never}CANCEL}}
"""


def flow(cancel: str = "") -> str:
    return f"""flow: help
start: [{{keyword: help}}]
steps:
  - handover: {{}}
{cancel}    cancelled: [{{say: "Cancelled: {{{{ handover.result.reason }}}}"}}, end]
  - say: Below
fallback: [{{say: "bot: {{{{ input.text }}}}"}}]
"""


WHOLE = [
    "I do not want to wait",
    "  i DO not want  to wait!! ",
    "Ｉ do not want to wait。",
    "forget the person",
    "モウイイデス",
    "もういいです🙏",
]
PARTS = ["well, I do not want to wait", "I do not want to wait for you", "no_person", "forget the", "!"]


@pytest.mark.parametrize("said", WHOLE)
@pytest.mark.parametrize("where", ["the workstream", "the step"])
async def test_an_example_of_the_intent_cancels(tmp_path: Path, said: str, where: str) -> None:
    own = "    cancel: {intent: no_person}\n" if where == "the step" else ""
    settings = SETTINGS.replace("CANCEL", "" if own else ", cancel: {intent: no_person}")
    files = {"flows/help.yaml": flow(own), "flows/nlu/intents.yaml": INTENTS}
    async with world(tmp_path, files, config=settings) as w:
        await w.say("help")
        await w.say(said)
        assert w.texts()[-1] == "Cancelled: user_cancelled"
        assert set(w.vias()) == {"reply"}


@pytest.mark.parametrize("said", PARTS)
async def test_more_or_less_than_an_example_does_not(tmp_path: Path, said: str) -> None:
    settings = SETTINGS.replace("CANCEL", ", cancel: {intent: no_person}")
    files = {"flows/help.yaml": flow(), "flows/nlu/intents.yaml": INTENTS}
    async with world(tmp_path, files, config=settings) as w:
        await w.say("help")
        before = w.texts()
        await w.say(said)
        assert w.texts() == before


async def test_an_intent_is_only_heard_while_people_have_the_chat(tmp_path: Path) -> None:
    settings = SETTINGS.replace("CANCEL", ", cancel: {intent: no_person}")
    files = {"flows/help.yaml": flow(), "flows/nlu/intents.yaml": INTENTS}
    async with world(tmp_path, files, config=settings) as w:
        await w.say("もういいです")
        assert w.texts() == ["bot: もういいです"]


def test_words_of_the_step_and_of_the_workstream_count() -> None:
    for said in ("STOP!", "leave it", "Never mind", "never mind…"):
        talk = Talk(rules("cancel: {words: [stop]}"))
        talk.queued(cancel="Never mind", cancel_words=["leave it"]).user(said)
        assert talk.reason == "user_cancelled", said
    talk = Talk(rules("cancel: {words: [stop]}")).queued()
    talk.user("please stop")
    assert talk.state == "queued"


def test_the_intents_of_the_step_and_of_the_workstream_count() -> None:
    for meant, state in (({"mine"}, "closed"), ({"theirs"}, "closed"), ({"other"}, "queued"), (set(), "queued")):
        talk = Talk(rules("cancel: {intent: theirs}")).queued(cancel_intent="mine")
        talk.view = replace(talk.view, meant=frozenset(meant))
        talk.user("words")
        assert talk.state == state
    talk = Talk(rules()).queued()
    talk.view = replace(talk.view, meant=frozenset({"", "mine"}))
    talk.user("words")
    assert talk.state == "queued", "who names no intent is not cancelled by one"


def test_how_long_words_cancel_is_the_same_as_for_the_button() -> None:
    for until, state in (("queue", "active"), ("any", "closed"), ("never", "active")):
        talk = Talk(rules(f"cancel: {{until: {until}, words: [stop]}}")).active()
        talk.user("stop")
        assert talk.state == state
    talk = Talk(rules("cancel: any")).active()
    talk.user("Cancel request")
    assert talk.state == "closed", "alone, the word says until when"


async def test_without_a_button_words_still_cancel(tmp_path: Path) -> None:
    own = "    cancel: {label: false, words: [stop]}\n"
    settings = SETTINGS.replace("CANCEL", "")
    async with world(tmp_path, {"flows/help.yaml": flow(own)}, config=settings) as w:
        await w.say("help")
        assert not any(said.message.get("quickReply") for said in w.said())
        await w.say("stop")
        assert w.texts()[-1] == "Cancelled: user_cancelled"


def test_an_intent_that_there_is_not_is_told_with_the_near_one(tmp_path: Path) -> None:
    files = {"flows/nlu/intents.yaml": INTENTS, "flows/help.yaml": flow("    cancel: {intent: no_persn}\n")}
    write(tmp_path, {**files, "noren.yaml": SETTINGS.replace("CANCEL", ", cancel: {intent: nobody}")})
    found = [one for one in everything(tmp_path)[0] if one.code == "unknown-intent"]
    told = {one.at.file: one for one in found}
    assert {(one.at.file, one.at.line, one.severity) for one in found} == {
        ("flows/help.yaml", 5, "error"),
        ("noren.yaml", 5, "error"),
    }
    assert told["flows/help.yaml"].fix == "write no_person"
    assert "there: no_person" in told["noren.yaml"].fix
    assert told["flows/help.yaml"].at.column == 22


def test_an_intent_without_examples_is_told(tmp_path: Path) -> None:
    files = {
        "flows/nlu/intents.yaml": "intents: {no_person: {}}\n",
        "flows/help.yaml": flow("    cancel: {intent: no_person}\n"),
    }
    write(tmp_path, {**files, "noren.yaml": SETTINGS.replace("CANCEL", "")})
    found = {one.code: one for one in everything(tmp_path)[0]}
    assert (found["unknown-intent"].severity, "no example" in found["unknown-intent"].message) == ("warning", True)
