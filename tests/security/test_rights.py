"""Rights that end while something is under way: what was begun with them does not go on with them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from runtime.desk.doors import Doors
from runtime.desk.refusal import Refused
from tests.security.test_tickets import MAIL, me, ticket
from tests.security.test_ways import good, waiting
from tests.unit.desk.test_desk import PASSWORD, Desk, desk
from tests.unit.desk.test_push import NEAR, browser, subscribed, told
from tests.unit.desk.test_shelves import colleague
from tests.unit.handover.house import offered
from tests.unit.handover.test_whole import CONFIG, FILES
from tests.world import world

pytestmark = pytest.mark.anyio


async def slowly(one: Desk, method: str, path: str, body: Any, meanwhile: Any) -> int:
    """The status of a request whose second half comes after `meanwhile`."""
    data = json.dumps(body).encode()
    begun = asyncio.Event()

    async def parts() -> AsyncIterator[bytes]:
        yield data[:1]
        begun.set()
        await meanwhile
        yield data[1:]

    async with one.client.request(method, f"{one.url}/desk/api{path}", data=parts(), headers=good(one)) as answer:
        return answer.status


async def test_who_is_sent_away_under_way_does_not_come_back_by_it(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        made = await colleague(w, aya, ben, "supervisor", queues=["general"])
        await aya.ask("PATCH", "/me", name="Aya again")
        for change in ({"role": "agent"}, {"queues": []}, {"state": "inactive"}):

            async def sent_away(change: dict[str, Any] = change) -> None:
                await asyncio.sleep(0)
                await aya.ask("PATCH", f"/agents/{made['id']}", **change)

            status = await slowly(ben, "PATCH", "/me", {"name": "Ben"}, sent_away())
            assert status in (401, 403), change
            row = await w.store.agent(made["id"])
            assert row is not None
            assert {
                "role": row["role"],
                "queues": row["body"]["queues"],
                "state": row["state"],
            }.items() >= change.items()


async def test_who_leaves_a_queue_under_way_does_nothing_more_in_it(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        made = await colleague(w, aya, ben, queues=["general"])
        case = await waiting(w, aya)
        gone = aya.ask("PATCH", f"/agents/{made['id']}", queues=[])
        assert await slowly(ben, "POST", f"/cases/{case}/acts", {"do": "claim"}, gone) in (403, 404)
        [row] = (await aya.ask("GET", "/cases?view=queue"))["cases"]
        assert row["state"] == "queued"


async def test_what_people_change_of_themselves_leaves_what_admins_change_alone(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        made = await colleague(w, aya, ben, queues=["general"])
        for number in range(5):
            queue = [f"q{number}"]
            await asyncio.gather(
                aya.ask("PATCH", f"/agents/{made['id']}", queues=queue, capacity=number + 1),
                ben.client.patch(f"{w.url}/desk/api/me", json={"name": f"Ben {number}"}, headers=good(ben)),
            )
            row = await w.store.agent(made["id"])
            assert row is not None
            assert (row["body"]["queues"], row["body"]["capacity"]) == (queue, number + 1)


async def test_two_admins_cannot_both_step_down(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        made = await colleague(w, aya, ben, "admin")
        mine = (await aya.ask("GET", "/me"))["agent"]["id"]
        ways = [(aya, mine), (ben, made["id"])]
        await asyncio.gather(
            *(one.client.patch(f"{w.url}/desk/api/agents/{id}", json={"role": "agent"}, headers=good(one))
              for one, id in ways)
        )  # fmt: skip
        admins = [one for one in await w.store.agents() if (one["role"], one["state"]) == ("admin", "active")]
        assert len(admins) >= 1


async def test_two_who_set_up_at_once_are_not_both_admins(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w, admin=False) as eve, desk(w, admin=False) as aya:
        assert w.runtime.desk is not None
        code = await w.runtime.desk.doors.code()

        async def tries(one: Desk, email: str) -> int:
            body = {"code": code, "email": email, "name": "A", "password": PASSWORD}
            async with one.client.post(f"{w.url}/desk/api/setup", json=body, headers={"origin": w.url}) as answer:
                return answer.status

        found = await asyncio.gather(tries(eve, "eve@example.com"), tries(aya, MAIL), tries(aya, MAIL))
        assert sorted(found)[0] == 200
        assert sorted(found)[1:] == [409, 409]
        assert len(await w.store.agents()) == 1


class Slow(Doors):
    """Doors whose store has a new password by the time the old one was checked."""

    async def _worked(self, work: Any, *args: Any) -> Any:
        found = await super()._worked(work, *args)
        row = (await self._store.agents())[0]
        await self._store.put_password_hash(row["id"], "another", self._clock.now())
        return found


async def test_a_password_that_ends_while_it_is_checked_lets_nobody_in(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w):
        with pytest.raises(Refused, match="wrong"):
            await Slow(w.store, w.clock).sign_in(MAIL, PASSWORD, "192.0.2.1")


async def test_signing_out_everywhere_ends_every_ticket(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as other:
        await other.enter("/sign-in", email=MAIL, password=PASSWORD)
        old = ticket(aya)
        await other.ask("POST", "/sign-out", everywhere=True)
        async with desk(w, admin=False) as third:
            assert await me(third, old) == 401


@pytest.mark.parametrize("how", ["sign-out", "password", "reset", "inactive"])
async def test_who_is_signed_out_is_not_pushed_to_any_more(tmp_path: Path, how: str) -> None:
    """Somebody who once was in would go on reading customers' words."""
    async with world(tmp_path, FILES, config=NEAR) as w, desk(w) as aya, desk(w, admin=False) as ben, browser() as b:
        agent = await subscribed(w, aya, b, ben)
        await w.say("help")
        await offered(w)
        [case] = (await ben.ask("GET", "/cases?view=offers"))["cases"]
        await ben.ask("POST", f"/cases/{case['id']}/acts", do="accept", offer=case["offer"]["id"])
        await told(w)
        b.got.clear()
        if how == "sign-out":
            await ben.ask("POST", "/sign-out")
        elif how == "password":
            async with desk(w, admin=False) as again:
                await again.enter("/sign-in", email="agent@example.com", password=PASSWORD)
                await again.ask("PUT", "/password", old=PASSWORD, new="quite another one")
        elif how == "reset":
            await aya.ask("POST", f"/agents/{agent}/password", password="quite another one")
        else:
            await aya.ask("PATCH", f"/agents/{agent}", state="inactive")
        await w.say("my card number is 4111")
        await told(w)
        assert b.got == []
