"""Who is talking, asked for seldom and never in the way."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from runtime.errors import ChannelError, NorenError, Refused
from runtime.line.profile import FRESH, UNKNOWN, at_hand, enrich, matching
from runtime.model import Chat, Data, Event, Session
from runtime.settings import EndpointSettings

pytestmark = pytest.mark.anyio

SHOP = EndpointSettings(name="shop", languages=("en", "ja", "zh-TW", "th", "id"))
USER = Chat("user", "Uana")
GROUP = Chat("group", "Cteam")
SESSION = Session(key="shop:Uana", endpoint="shop", chat=USER)
NOW = 1_763_700_000_000
ANA = {
    "userId": "Uana",
    "displayName": "Ana",
    "language": "ja",
    "pictureUrl": "https://p.example/a",
    "statusMessage": "☕",
}


class People:
    """Answers for LINE; counts how often it was asked."""

    def __init__(self, **people: Data | NorenError) -> None:
        self.people = people
        self.asked: list[str] = []
        self.groups: list[str] = []

    async def profile(self, user: str) -> Data:
        self.asked.append(user)
        found = self.people.get(user) or Refused(404)
        if isinstance(found, NorenError):
            raise found
        return found

    async def member_profile(self, chat: Chat, user: str) -> Data:
        return {k: v for k, v in (await self.profile(user)).items() if k not in ("language", "statusMessage")}

    async def group_summary(self, group: str) -> Data:
        self.groups.append(group)
        found = self.people.get(group) or Refused(404)
        if isinstance(found, NorenError):
            raise found
        return found


class Silent:
    """Never answers."""

    async def profile(self, user: str) -> Data:
        await asyncio.Event().wait()
        return {}

    async def member_profile(self, chat: Chat, user: str) -> Data:
        return await self.profile(user)

    async def group_summary(self, group: str) -> Data:
        return await self.profile(group)


def event(kind: str = "message", chat: Chat = USER, user: str = "Uana", **more: Any) -> Event:
    return Event(id="e", session="s", endpoint="shop", kind=kind, at=NOW, due=NOW, chat=chat, user=user, **more)


async def test_the_profile_and_its_language_are_kept() -> None:
    session = await enrich(event(), SESSION, People(Uana=ANA), SHOP, NOW)
    assert session.profile == {
        "user": "Uana",
        "name": "Ana",
        "language": "ja",
        "picture": "https://p.example/a",
        "status": "☕",
        "at": NOW,
    }
    assert session.language == "ja"


async def test_it_is_asked_for_once_a_day() -> None:
    people = People(Uana=ANA)
    session = await enrich(event(), SESSION, people, SHOP, NOW)
    assert await enrich(event(), session, people, SHOP, NOW + FRESH - 1) is session
    assert people.asked == ["Uana"]
    later = await enrich(event(), session, people, SHOP, NOW + FRESH)
    assert (people.asked, later.profile["at"]) == (["Uana", "Uana"], NOW + FRESH)


async def test_a_language_that_was_set_stays() -> None:
    session = await enrich(event(), replace(SESSION, language="th"), People(Uana=ANA), SHOP, NOW)
    assert (session.language, session.profile["language"]) == ("th", "ja")
    assert (await enrich(event(), replace(session, language=""), People(), SHOP, NOW)).language == "ja"


async def test_a_language_nobody_wrote_texts_in_leaves_it_open() -> None:
    session = await enrich(event(), SESSION, People(Uana={**ANA, "language": "fr"}), SHOP, NOW)
    assert (session.language, session.profile["language"]) == ("", "fr")


async def test_somebody_unknown_is_remembered_for_a_while() -> None:
    people = People()
    session = await enrich(event(), SESSION, people, SHOP, NOW)
    assert session.profile == {"user": "Uana", "unknown": True, "at": NOW}
    assert await enrich(event(), session, people, SHOP, NOW + UNKNOWN - 1) is session
    assert len(people.asked) == 1
    assert (await enrich(event(), session, people, SHOP, NOW + UNKNOWN)).profile["at"] == NOW + UNKNOWN


async def test_who_follows_is_no_longer_unknown() -> None:
    session = await enrich(event(), SESSION, People(), SHOP, NOW)
    session = await enrich(event("follow"), session, People(Uana=ANA), SHOP, NOW + 1)
    assert session.profile["name"] == "Ana"
    assert "unknown" not in session.profile


@pytest.mark.parametrize("error", [Refused(500), Refused(401), Refused(429), ChannelError("no way")])
async def test_a_failure_changes_nothing_and_is_tried_again(error: NorenError) -> None:
    people = People(Uana=error)
    assert await enrich(event(), SESSION, people, SHOP, NOW) is SESSION
    assert await enrich(event(), SESSION, people, SHOP, NOW) is SESSION
    assert len(people.asked) == 2


async def test_a_refresh_that_fails_keeps_what_is_known() -> None:
    session = await enrich(event(), SESSION, People(Uana=ANA), SHOP, NOW)
    assert await enrich(event(), session, People(Uana=Refused(500)), SHOP, NOW + FRESH) is session


async def test_an_answer_that_does_not_come_holds_nothing_up() -> None:
    assert await enrich(event(), SESSION, Silent(), SHOP, NOW, patience=0.01) is SESSION


@pytest.mark.parametrize(
    "odd",
    [
        event(standby=True),
        event(user=""),
        event(chat=Chat("none", "")),
        event("unfollow"),
        event("timer"),
        event("leave"),
        event("unsend"),
        event("unknown"),
    ],
)
async def test_nobody_is_asked_for(odd: Event) -> None:
    people = People(Uana=ANA)
    assert await enrich(odd, SESSION, people, SHOP, NOW) is SESSION
    assert people.asked == []


async def test_nobody_is_asked_for_when_switched_off() -> None:
    people = People(Uana=ANA)
    assert await enrich(event(), SESSION, people, replace(SHOP, profile=False), NOW) is SESSION
    assert people.asked == []


async def test_an_odd_answer_is_taken_for_what_it_says() -> None:
    odd: Data = {"displayName": "", "language": 7, "pictureUrl": None, "more": "x"}
    assert (await enrich(event(), SESSION, People(Uana=odd), SHOP, NOW)).profile == {"user": "Uana", "at": NOW}


async def test_a_group_remembers_its_speakers() -> None:
    people = People(Uana=ANA, Uben={"displayName": "Ben"})
    team = replace(SESSION, chat=GROUP)
    for number, user in enumerate(["Uana", "Uben", "Uana", "Uben", "Uana"]):
        team = await enrich(event(chat=GROUP, user=user), team, people, SHOP, NOW + number)
        assert team.profile["user"] == user
    assert people.asked == ["Uana", "Uben"]
    assert team.profile == {
        "user": "Uana",
        "name": "Ana",
        "picture": "https://p.example/a",
        "at": NOW,
        "members": {"Uben": {"user": "Uben", "name": "Ben", "at": NOW + 1}},
        "group": {"at": NOW},
    }
    assert team.language == ""


async def test_what_is_at_hand_is_the_profile_of_who_speaks() -> None:
    people = People(Uana=ANA, Uben={"displayName": "Ben"})
    team = replace(SESSION, chat=GROUP)
    assert not at_hand(event(chat=GROUP, user="Uana"), team, SHOP, NOW)
    for user in ("Uana", "Uben"):
        team = await enrich(event(chat=GROUP, user=user), team, people, SHOP, NOW)
    assert at_hand(event(chat=GROUP, user="Uben"), team, SHOP, NOW)
    assert not at_hand(event(chat=GROUP, user="Uana"), team, SHOP, NOW)
    assert at_hand(event(chat=GROUP, user="Uana"), team, replace(SHOP, profile=False), NOW)


async def test_a_large_group_is_not_remembered_whole() -> None:
    people = People(**{f"U{n}": {"displayName": f"{n}"} for n in range(30)})
    team = replace(SESSION, chat=GROUP)
    for number in range(30):
        team = await enrich(event(chat=GROUP, user=f"U{number}"), team, people, SHOP, NOW)
    assert list(team.profile["members"]) == [f"U{n}" for n in range(9, 29)]


@pytest.mark.parametrize(
    ("tag", "languages", "expected"),
    [
        ("ja", ("en", "ja"), "ja"),
        ("JA", ("en", "ja-JP"), "ja-JP"),
        ("en-US", ("ja", "en-GB", "en-US"), "en-US"),
        ("en-AU", ("ja", "en-GB", "en-US"), "en-GB"),
        ("zh-Hant", ("zh-CN", "zh-TW"), "zh-TW"),
        ("zh-Hant", ("zh-Hans", "zh-HK"), "zh-HK"),
        ("zh-Hant-TW", ("zh-Hans", "zh-Hant"), "zh-Hant"),
        ("zh-Hans", ("zh-TW", "zh-CN"), "zh-CN"),
        ("zh_TW", ("zh-Hans", "zh-Hant"), "zh-Hant"),
        ("zh-Hant", ("en", "zh"), "zh"),
        ("zh-Hans", ("en", "zh-TW"), "zh-TW"),
        ("in", ("en", "id"), "id"),
        ("fr", ("en", "ja"), ""),
        ("", ("en",), ""),
        ("th", (), ""),
    ],
)
async def test_the_language_that_serves_best(tag: str, languages: tuple[str, ...], expected: str) -> None:
    assert matching(tag, languages) == expected


async def test_a_group_has_its_name_whoever_speaks() -> None:
    team = {"groupId": "Cteam", "groupName": "Team", "pictureUrl": "https://p.example/team"}
    people = People(Uana=ANA, Uben={"displayName": "Ben"}, Cteam=team)
    session = replace(SESSION, chat=GROUP)
    for number, user in enumerate(("Uana", "Uben", "Uana")):
        session = await enrich(event(chat=GROUP, user=user), session, people, SHOP, NOW + number)
    assert session.profile["group"] == {"name": "Team", "picture": "https://p.example/team", "at": NOW}
    assert session.profile["name"] == "Ana"
    assert "group" not in session.profile["members"]["Uben"]
    assert people.groups == ["Cteam"]
    assert at_hand(event(chat=GROUP, user="Uana"), session, SHOP, NOW + 1)
    assert not at_hand(event(chat=GROUP, user="Uana"), session, SHOP, NOW + FRESH)


async def test_a_group_that_line_does_not_tell_of_is_asked_about_once_a_day() -> None:
    people, session = People(Uana=ANA), replace(SESSION, chat=GROUP)
    for _ in range(2):
        session = await enrich(event(chat=GROUP, user="Uana"), session, people, SHOP, NOW)
    assert (session.profile["group"], people.groups) == ({"at": NOW}, ["Cteam"])
    people = People(Uana=ANA, Cteam=ChannelError("down"))
    again = await enrich(event(chat=GROUP, user="Uana"), replace(SESSION, chat=GROUP), people, SHOP, NOW)
    assert "group" not in again.profile
