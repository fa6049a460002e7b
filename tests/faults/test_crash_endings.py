"""The process dies around each transaction of what ends, sleeps, is left, comes back and begins again with people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.deaths import House, Play
from tests.faults.test_crash_handover import FILES, PEOPLE, act, agents, case, offered, passes, said, whole
from tests.line_platform import MAI

pytestmark = [pytest.mark.anyio, pytest.mark.faults]

HOUR = 3_600_000


def more(timers: str = "wrap_up: 0", also: str = "") -> str:
    """The settings with other timers, and what else a workstream says."""
    return PEOPLE.replace("timers: {wrap_up: 0}", f"{also}timers: {{{timers}}}")


async def lives(tmp_path: Path, talk: Callable[[House], Awaitable[None]], texts: tuple[str, ...], config: str) -> None:
    play = Play(tmp_path, FILES, talk, said(*texts), prelude=agents, more=config)
    assert len(await play.deaths()) >= 15


async def happens(h: House, what: str) -> None:
    def does() -> None:
        getattr(h.line.simulator.acts, what)(h.line.simulator.platform.account("shop"), MAI)

    await h.post(await h.event(does))
    await h.settle()


async def state(h: House) -> str:
    found = await case(h)
    return str(found.state) if found is not None else ""


async def test_snoozed_woken_and_wrapped_up(tmp_path: Path) -> None:
    async def talk(h: House) -> None:
        await h.say("help")
        await act(h, "claim")
        await act(h, "reply", messages=[{"text": "Hello."}])
        await act(h, "snooze", until=h.clock.now() + 60_000)
        await passes(h, 61)
        assert await state(h) == "active", "it woke by itself"
        await act(h, "snooze", until=h.clock.now() + HOUR)
        await h.say("and?")
        assert await state(h) == "active", "it woke by the user's words"
        await act(h, "note", text="ready")
        await act(h, "resolve")
        assert await state(h) == "wrap_up"
        await passes(h, 31)
        assert await state(h) == ""
        await h.say("thanks")
        await whole(h)

    await lives(tmp_path, talk, ("One moment.", "Hello.", "Back: resolved"), more("wrap_up: 30s"))


async def test_notes_are_written_and_the_next_words_open_the_case_again(tmp_path: Path) -> None:
    async def talk(h: House) -> None:
        await h.say("help")
        await act(h, "claim")
        await act(h, "reply", messages=[{"text": "Hello."}])
        await act(h, "resolve")
        await act(h, "done", form={"topic": "parcel"})
        await h.say("one more thing")
        assert await state(h) in ("queued", "offered"), "it is open again"
        await act(h, "assign", "aya", agent="ben")
        await act(h, "reply", "ben", messages=[{"text": "Ben here."}])
        await act(h, "give_back", "aya")
        await whole(h)

    config = more("wrap_up: 30s").replace("mode: live", "mode: live, reopen: 5m")
    await lives(tmp_path, talk, ("One moment.", "Hello.", "Ben here."), config)


async def test_blocked_back_again_and_blocked_for_good(tmp_path: Path) -> None:
    async def talk(h: House) -> None:
        await h.say("help")
        await act(h, "claim")
        await act(h, "reply", messages=[{"text": "Hello."}])
        await happens(h, "unfollow")
        await act(h, "reply", messages=[{"text": "never heard"}])
        await happens(h, "follow")
        await act(h, "reply", messages=[{"text": "Again."}])
        await happens(h, "unfollow")
        await passes(h, 121)
        assert await state(h) == ""
        await whole(h)

    await lives(tmp_path, talk, ("One moment.", "Hello.", "Again."), more("unreachable: 2m, wrap_up: 0"))


async def test_whose_browser_is_gone_loses_the_case_to_who_takes_it_and_both_fall_silent(tmp_path: Path) -> None:
    async def talk(h: House) -> None:
        await h.say("help")
        first, offer = await offered(h)
        await act(h, "accept", first, offer=offer)
        other = "ben" if first == "aya" else "aya"
        for _ in range(3):
            await h.turn(30_000)
            await h.runtime.house.store.beat(other, h.clock.now())  # type: ignore[union-attr]

        async def drop() -> None:
            store: Any = h.runtime.house.store if h.runtime else None
            await store.drop_absent(h.clock.now() - 60_000, h.clock.now())

        await h.until_done(drop)
        assert await state(h) in ("queued", "offered")
        await act(h, "claim", other)
        await act(h, "reply", other, messages=[{"text": "I go on."}])
        await passes(h, 601)
        assert await state(h) == ""
        await h.say("hm")
        await whole(h)

    silence = more("wrap_up: 0").replace("messages: {", 'messages: {silent: {text: {en: ""}}, ')
    await lives(tmp_path, talk, ("One moment.", "I go on.", "Back: silent"), silence)


async def test_nobody_takes_it_and_the_next_request_is_a_case_of_its_own(tmp_path: Path) -> None:
    async def talk(h: House) -> None:
        await h.say("help")
        await passes(h, 121)
        assert await state(h) == ""
        await h.say("so?")
        await h.say("help")
        assert await state(h) in ("queued", "offered")
        await whole(h)

    config = more("assign: 2m").replace("messages: {", 'messages: {no_agent: {text: {en: ""}}, ')
    await lives(tmp_path, talk, ("One moment.", "Back: no_agent_timeout", "One moment."), config)


async def test_left_as_a_message_and_taken_up_later(tmp_path: Path) -> None:
    async def talk(h: House) -> None:
        await h.say("help")
        assert await state(h) == ""
        store: Any = h.runtime.house.store if h.runtime else None
        [row] = await store.earlier(f"shop:{MAI}")
        assert row["state"] == "offline"
        await act(h, "claim", case=row["id"])
        await act(h, "reply", case=row["id"], messages=[{"text": "You left a message."}])
        assert await state(h) == "active"
        await act(h, "resolve")
        await whole(h)

    quiet = 'messages: {closed: {text: {en: ""}}, left_message: {text: {en: ""}}, holiday: {text: {en: ""}}, '
    config = more("wrap_up: 0", 'hours: {timezone: UTC, week: {sun: "00:00-00:01"}}, ').replace("messages: {", quiet)
    await lives(tmp_path, talk, ("Back: left_message", "You left a message."), config)


async def test_paused_and_resumed_by_time(tmp_path: Path) -> None:
    async def talk(h: House) -> None:
        await h.say("one")
        await act(h, "pause", until=h.clock.now() + 60_000)
        await h.say("two")
        await passes(h, 61)
        await h.say("three")
        await whole(h)

    await lives(tmp_path, talk, ("one", "three"), PEOPLE)
