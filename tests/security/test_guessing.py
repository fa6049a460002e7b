"""Guessing: of one account, from one address, all at once, behind a proxy; and nobody is kept out by strangers."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from pathlib import Path

import pytest

from runtime.desk.addresses import ours
from runtime.desk.doors import KNOWN
from runtime.desk.patience import FROM_ONE, TRIES, Patience, neighbourhood
from runtime.desk.refusal import Refused
from runtime.store import Store
from runtime.store.lanes import Op
from tests.clock import ManualClock
from tests.security.test_tickets import MAIL
from tests.store.conftest import store
from tests.unit.desk.test_desk import PASSWORD, Desk, desk
from tests.unit.desk.test_shelves import colleague
from tests.unit.handover.test_whole import CONFIG, FILES
from tests.world import world

pytestmark = pytest.mark.anyio
__all__ = ["store"]  # the stores to test with
HOUR = 3_600_000


async def tries(one: Desk, word: str, email: str = MAIL, **headers: str) -> int:
    body = {"email": email, "password": word}
    sent = {"origin": one.url, **{name.replace("_", "-"): value for name, value in headers.items()}}
    async with one.client.post(f"{one.url}/desk/api/sign-in", json=body, headers=sent) as answer:
        return answer.status


async def test_an_account_waits_wherever_the_tries_come_from(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w), desk(w, admin=False) as eve:
        for number in range(TRIES):
            assert await tries(eve, f"guess {number}", x_forwarded_for=f"192.0.2.{number}") == 401
        assert await tries(eve, PASSWORD, x_forwarded_for="192.0.2.99") == 429
        told = await eve.ask("POST", "/sign-in", email=MAIL, password=PASSWORD, expect=429)
        assert "try again in" in told["detail"]
        assert await tries(eve, "x", "nobody@example.com") == 401, "others are not kept out by it"
        w.clock.turn(HOUR)
        assert await tries(eve, PASSWORD) == 200


async def test_an_address_waits_whoever_is_guessed_and_whoever_is_let_in_between(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as eve:
        await colleague(w, aya, eve)
        for number in range(FROM_ONE):
            assert await tries(eve, "guess", f"u{number}@example.com") == 401
            if number % 4 == 3 and number < FROM_ONE - 1:
                assert await tries(eve, PASSWORD, "agent@example.com") == 200
        assert await tries(eve, PASSWORD, "agent@example.com") == 429
        assert await tries(eve, "guess", "more@example.com") == 429
        await aya.ask("GET", "/me")
        w.clock.turn(HOUR)
        assert await tries(eve, PASSWORD) == 200


async def test_many_tries_at_once_are_no_way_around(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w), desk(w, admin=False) as eve:
        found = Counter(await asyncio.gather(*(tries(eve, f"guess {number}") for number in range(40))))
        assert found == {401: TRIES, 429: 40 - TRIES}


async def test_behind_a_proxy_each_address_is_its_own(tmp_path: Path) -> None:
    """Else five wrong passwords of anybody would keep everybody out."""
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as eve:
        for number in range(FROM_ONE + 1):
            spoofed = f"203.0.113.{number}, 198.51.100.7"  # what a client says itself stands before what the proxy says
            status = await tries(eve, "guess", f"u{number}@example.com", x_forwarded_for=spoofed)
            assert status == (401 if number < FROM_ONE else 429)
        assert await tries(eve, PASSWORD, x_forwarded_for="198.51.100.8") == 200
        rows = (await aya.ask("GET", "/audit"))["audit"]
        assert rows[0]["address"] == "198.51.100.8"


async def test_what_strangers_say_of_their_address_counts_for_nothing(tmp_path: Path) -> None:
    config = CONFIG + "proxies: []\n"
    async with world(tmp_path, FILES, config=config) as w, desk(w), desk(w, admin=False) as eve:
        for number in range(FROM_ONE):
            await tries(eve, "guess", f"u{number}@example.com", x_forwarded_for=f"198.51.100.{number}")
        assert await tries(eve, PASSWORD, x_forwarded_for="198.51.100.200") == 429


async def test_strangers_do_not_keep_out_who_was_in_before(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as eve:
        await aya.ask("POST", "/sign-out")
        for number in range(TRIES + 1):
            await tries(eve, f"guess {number}", x_forwarded_for="198.51.100.1")
        assert await tries(eve, PASSWORD) == 429
        await aya.enter("/sign-in", email=MAIL, password=PASSWORD)  # this browser was in before
        kept = next(one.value for one in aya.client.cookie_jar if one.key == KNOWN)
        await colleague(w, aya, eve)
        jar = next(one.value for one in eve.client.cookie_jar if one.key == KNOWN)
        assert jar != kept
        forged = {"cookie": f"{KNOWN}={jar}"}
        async with desk(w, admin=False) as third:
            assert await tries(third, "x", MAIL, **forged) == 429, "that of another account is none"
            for number in range(TRIES):
                await tries(third, f"guess {number}", MAIL, cookie=f"{KNOWN}={kept}")
            assert await tries(third, PASSWORD, MAIL, cookie=f"{KNOWN}={kept}") == 429, "and is no way around either"


async def test_the_code_of_the_first_admin_is_not_guessed(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w, admin=False) as eve:
        account = {"email": MAIL, "name": "Eve", "password": PASSWORD}
        assert w.runtime.desk is not None
        code = await w.runtime.desk.doors.code()
        assert len(code) >= 16
        for number in range(FROM_ONE):
            await eve.ask("POST", "/setup", code=f"{number:016x}", **account, expect=403)
        await eve.ask("POST", "/setup", code=code, **account, expect=429)


async def test_what_is_typed_at_the_door_is_not_kept_at_any_length(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as eve:
        assert await tries(eve, "x", "a" * 500_000 + "@example.com") == 401
        [row] = [one for one in (await aya.ask("GET", "/audit"))["audit"] if one["what"] == "sign-in.failed"]
        assert len(row["data"]["email"]) <= 254


async def test_patience_forgets_and_holds_no_more_than_it_may(store: Store) -> None:
    clock = ManualClock()
    patience = Patience(store, clock)
    for number in range(FROM_ONE + 20):
        with contextlib.suppress(Refused):
            await patience.begin(f"u{number}", "192.0.2.1")
    assert await held(store) == FROM_ONE + 1, "who is refused leaves nothing behind"
    for _ in range(TRIES):
        await patience.begin("aya", "")
    with pytest.raises(Refused):
        await patience.begin("aya", "")
    clock.turn(2 * 86_400_000)
    await patience.begin("aya", "")
    assert await held(store) == 2


async def held(store: Store) -> int:
    def count() -> Op[int]:
        [(number,)] = yield "SELECT count(*) FROM tries", ()
        return int(number)

    return await store._base.read(count)


async def test_of_many_tries_at_once_each_is_counted(store: Store) -> None:
    patience = Patience(store, ManualClock())
    tried = await asyncio.gather(*(patience.begin("aya", "") for _ in range(20)), return_exceptions=True)
    assert tried.count(None) == TRIES


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("no address", "no address", True),
    ],
)
def test_neighbours_of_the_new_protocol_are_one(one: str, other: str, same: bool) -> None:
    assert (neighbourhood(one) == neighbourhood(other)) is same


@pytest.mark.parametrize(
    ("address", "known"),
    [("", True), ("10.1.2.3", True), ("::ffff:10.1.2.3", True), ("11.1.2.3", False), ("::1", False), ("x", False)],
)
def test_proxies_are_addresses_or_networks(address: str, known: bool) -> None:
    assert ours(address, ("10.0.0.0/8",)) is known
