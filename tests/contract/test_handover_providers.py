"""What every place where human agents work has to do, on each of them: the desk, Chatwoot, a desk behind our webhook.

A real Chatwoot is the fourth, when the environment names one: tests/contract/real_chatwoot.py.
"""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from tests.contract import real_chatwoot
from tests.contract.handover_desks import House, chatwoot, own
from tests.contract.hooked_desk import webhook

pytestmark = pytest.mark.anyio

KINDS = {"desk": own, "chatwoot": chatwoot, "webhook": webhook}
HERE = "the desk is a part of this house: nothing lies between"
BACK = "You are back: completed, resolved."


@pytest.fixture(params=[*KINDS, "served chatwoot", "real chatwoot"])
async def house(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    if request.param == "served chatwoot":
        async with real_chatwoot.served(tmp_path, monkeypatch) as found:
            yield found
        return
    if request.param == "real chatwoot":
        if why := real_chatwoot.missing():
            pytest.skip(why)
        make = real_chatwoot.real
    else:
        make = KINDS[request.param]
    async with make(tmp_path) as made:
        yield made


def between(house: House) -> None:
    """Only for desks that are elsewhere."""
    if house.desk.name == "desk":
        pytest.skip(HERE)


def weather(house: House) -> None:
    """Only for desks whose weather we make."""
    between(house)
    if house.desk.name == "real chatwoot":
        pytest.skip("the weather of a real server is not ours to make")


async def talking(house: House) -> None:
    """A case that an agent has answered."""
    await house.say("help")
    await house.desk.replies("How can I help?")


async def test_a_request_is_confirmed_and_waits(house: House) -> None:
    await house.say("help")
    case = await house.live()
    assert case.state in ("queued", "offered")
    assert house.w.texts()[1].startswith("Connecting you to a person")
    if house.desk.name != "desk":
        assert case.ref
        assert house.desk.count() == 1


async def test_words_go_both_ways_in_order_and_once(house: House) -> None:
    await talking(house)
    await house.say("where is my parcel?")
    await house.say("number 12")
    await house.desk.replies("On its way.")
    await house.desk.replies("Tomorrow.")
    assert await house.desk.heard() == ["where is my parcel?", "number 12"]
    assert house.w.texts()[-3:] == ["How can I help?", "On its way.", "Tomorrow."]
    assert house.w.messages()[-1]["sender"]["name"] == house.desk.agent
    assert (await house.live()).state == "active"
    assert (await house.types()).count("case.active") == 1


async def test_a_note_stays_inside(house: House) -> None:
    await house.say("help")
    before = house.w.texts()
    await house.desk.notes("difficult customer")
    assert house.w.texts() == before
    assert "difficult customer" not in str(house.w.said())
    assert (await house.live()).state in ("queued", "offered"), "only a public word makes a case active"
    assert (await house.types()).count("note.added") == 1


async def test_the_flow_goes_on_after_the_end(house: House) -> None:
    await talking(house)
    await house.desk.resolves()
    session = await house.w.session()
    assert (session.case, session.control.owner) == (None, "bot")
    await house.say("thanks")
    assert house.w.texts()[-1] == BACK


async def test_the_user_cancels_and_the_desk_hears_of_it(house: House) -> None:
    await house.say("help")
    await house.tap("Cancel request")
    assert house.w.texts()[-1] == "You are back: cancelled, user_cancelled."
    assert (await house.w.session()).control.owner == "bot"
    if house.desk.name != "desk":
        assert house.desk.ended()


async def test_cancelling_wins_over_a_desk_that_accepts_late(house: House) -> None:
    weather(house)
    house.desk.goes_down()
    await house.say("help")
    assert (await house.live()).state == "requested"
    await house.tap("Cancel request")
    told = house.w.texts()
    house.desk.comes_back()
    await house.retried()
    session = await house.w.session()
    assert (session.case, session.control.owner) == (None, "bot")
    assert house.desk.count() <= 1
    if house.desk.count():
        assert house.desk.ended()
    assert house.w.texts() == told, "the user hears of it once"


async def test_the_end_of_an_old_case_changes_nothing_in_a_new_one(house: House) -> None:
    weather(house)
    await talking(house)
    old = (await house.live()).ref
    await house.given_back()
    await house.say("help")
    new = await house.live()
    assert new.ref != old
    await house.desk.resolves_again(old)
    case = await house.live()
    assert (case.id, case.state) == (new.id, "queued")


async def test_what_is_told_twice_and_last_first_reaches_the_user_once_in_order(house: House) -> None:
    weather(house)
    await talking(house)
    house.desk.repeats()
    for number in range(1, 5):
        await house.desk.replies(f"part {number}")
    assert house.w.texts()[-4:] == ["part 1", "part 2", "part 3", "part 4"]
    await house.desk.resolves()
    assert (await house.types()).count("case.resolved") == 1


async def test_news_that_got_lost_are_found(house: House) -> None:
    if not house.desk.unheard:
        pytest.skip("nothing can get lost on the way from there: it is told until we answer, or we look")
    await talking(house)
    house.desk.loses(99)
    await house.desk.replies("said while you were away")
    await house.desk.resolves()
    assert house.w.texts()[-1] == "How can I help?"
    await house.w.turn(61_000)
    await house.desk.settle()
    assert house.w.texts()[-1] == "said while you were away"
    assert (await house.w.session()).case is None


async def test_files_go_both_ways(house: House) -> None:
    between(house)
    await talking(house)
    await house.w.send({"type": "image"})
    await house.desk.settle()
    (got,) = await house.desk.files()
    assert got[:3] in (b"\xff\xd8\xff", b"\x89PN")
    await house.desk.sends("map.webp", picture("WEBP"), "image/webp")
    sent = house.w.messages()[-1]
    assert sent["type"] == "image"
    assert sent["originalContentUrl"].startswith("https://bot.example/media/")
    await house.desk.sends("terms.pdf", b"%PDF-1.7 terms", "application/pdf")
    card = house.w.messages()[-1]
    assert (card["type"], card["altText"]) == ("flex", "terms.pdf")


def picture(form: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(made, form)
    return made.getvalue()


async def test_a_desk_that_cannot_be_reached_is_an_error_of_the_flow(house: House) -> None:
    weather(house)
    house.desk.goes_down()
    await house.say("help")
    for _ in range(5):
        await house.retried()
    assert (await house.w.session()).control.owner == "bot"
    assert "Nobody could take it." in house.w.texts() or await _heard_late(house)
    house.desk.comes_back()
    await house.w.turn(300_000)
    await house.desk.settle()
    assert house.desk.count() == 0, "what was given up is not opened afterwards"


async def _heard_late(house: House) -> bool:
    """The flow may hear of it with the user's next words, when its answer is free."""
    await house.say("hello?")
    return "Nobody could take it." in house.w.texts()


async def test_a_desk_that_is_down_for_a_while_gets_everything_once(house: House) -> None:
    weather(house)
    await talking(house)
    house.desk.goes_down()
    await house.say("one")
    await house.say("two")
    house.desk.comes_back()
    await house.retried()
    assert await house.desk.heard() == ["one", "two"]


async def test_words_of_a_case_that_is_over_never_reach_the_user(house: House) -> None:
    """The fence: somebody else speaks in the chat by now."""
    weather(house)
    await talking(house)
    await house.given_back()
    before = house.w.texts()
    await house.desk.replies("one more thing")
    assert house.w.texts() == before
    refused = [row for row in await house.w.store.notes_of(house.key) if row["type"] == "ignored"]
    assert refused
