"""Tickets and passwords: fixation, reuse, guessing, and haste."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.desk.doors import BURST, COOKIE, IDLE, LONGEST
from tests.unit.desk.test_attendance import stream
from tests.unit.desk.test_desk import PASSWORD, Desk, desk
from tests.unit.desk.test_shelves import colleague
from tests.unit.handover.house import session_of
from tests.unit.handover.test_whole import CONFIG, FILES
from tests.world import world

pytestmark = pytest.mark.anyio

MAIL = "aya@example.com"


def ticket(one: Desk) -> str:
    return next(cookie.value for cookie in one.client.cookie_jar if cookie.key == COOKIE)


async def me(one: Desk, given: str) -> int:
    async with one.client.get(f"{one.url}/desk/api/me", headers={"cookie": f"{COOKIE}={given}"}) as answer:
        return answer.status


async def test_a_ticket_that_was_there_before_is_never_the_one_that_lets_in(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        planted = "planted" * 6
        headers = {"cookie": f"{COOKIE}={planted}", "origin": w.url}
        body = {"email": MAIL, "password": PASSWORD}
        async with ben.client.post(f"{w.url}/desk/api/sign-in", json=body, headers=headers) as answer:
            cookie = answer.headers["set-cookie"]
        assert planted not in cookie
        assert {"HttpOnly", "Path=/desk", "SameSite=strict"} <= {part.strip() for part in cookie.split(";")}
        async with desk(w, admin=False) as third:
            assert await me(third, planted) == 401
        first = ticket(aya)
        await aya.enter("/sign-in", email=MAIL, password=PASSWORD)
        assert ticket(aya) != first


async def test_a_new_password_ends_every_other_ticket(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as other:
        await other.enter("/sign-in", email=MAIL, password=PASSWORD)
        old = ticket(aya)
        async with desk(w, admin=False) as third:
            assert await me(third, old) == 200
            found = await aya.ask("PUT", "/password", old=PASSWORD, new="quite another one")
            aya.csrf = found["csrf"]
            assert await me(third, old) == 401
        await other.ask("GET", "/me", expect=401)
        await aya.ask("GET", "/me")
        await other.ask("POST", "/sign-in", email=MAIL, password=PASSWORD, expect=401)
        await aya.ask("PUT", "/password", old="wrong", new="quite another one", expect=403)


async def test_a_ticket_ends_with_signing_out_with_rest_and_with_age(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as third:
        old = ticket(aya)
        await aya.ask("POST", "/sign-out")
        assert await me(third, old) == 401
        await aya.enter("/sign-in", email=MAIL, password=PASSWORD)
        idle = ticket(aya)
        w.clock.turn(IDLE + 1)
        assert await me(third, idle) == 401
        await aya.enter("/sign-in", email=MAIL, password=PASSWORD)
        aged = ticket(aya)
        for _ in range(LONGEST // IDLE + 1):
            await me(third, aged)
            w.clock.turn(IDLE - 1)
        assert await me(third, aged) == 401


async def test_an_open_stream_ends_with_its_ticket(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        made = await colleague(w, aya, ben, queues=["general"])
        async with stream(ben) as news:
            await aya.ask("PATCH", f"/agents/{made['id']}", state="inactive")
            await w.say("help")
            with pytest.raises((AssertionError, TimeoutError)):
                await news.until("note")


async def test_an_account_that_does_not_exist_answers_as_one_that_does(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w), desk(w, admin=False) as eve:
        first = await eve.ask("POST", "/sign-in", email=MAIL, password="wrong password", expect=401)
        second = await eve.ask("POST", "/sign-in", email="no@example.com", password="wrong password", expect=401)
        assert first == second


async def test_nobody_changes_things_faster_than_people_do(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        for _ in range(BURST):
            await aya.ask("PATCH", "/me", sound=True)
        await aya.ask("PATCH", "/me", sound=True, expect=429)
        w.clock.turn(1_000)
        await aya.ask("PATCH", "/me", sound=True)


async def test_the_stream_tells_nothing_of_other_queues(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        await colleague(w, aya, ben, queues=["orders"])
        async with stream(ben) as news, stream(aya) as all_of_it:
            await w.say("help")
            assert (await all_of_it.until("note"))["session"]
            case = (await session_of(w)).case
            assert case is not None
            await aya.ask("POST", f"/cases/{case.id}/typing")
            await aya.ask("POST", f"/cases/{case.id}/acts", do="transfer", queue="orders")
            first = await news.until("note")
            assert first["queue"] == "orders", "what comes first is the first thing of their own queue"
        # and neither does coming back to an earlier place of the log
        async with stream(ben, "1") as news:
            assert (await news.until("note"))["queue"] == "orders"
