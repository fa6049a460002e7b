"""Accounts when several change them at once, on both stores and over several connections."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from runtime.desk.doors import Doors
from runtime.errors import BadInput
from runtime.store import connect
from tests.clock import ManualClock
from tests.store.values import NOW

pytestmark = pytest.mark.anyio


def becomes(role: str) -> Any:
    """What an admin's page does: not the last admin."""

    def change(row: dict[str, Any], everybody: list[dict[str, Any]]) -> tuple[str, str, dict[str, Any]]:
        if [one["id"] for one in everybody if one["role"] == "admin"] == [row["id"]]:
            raise BadInput("the last admin")
        return role, row["state"], row["body"]

    return change


async def test_of_all_who_would_be_the_first_admin_one_is(store: Any, store_url: str) -> None:
    other = connect(store_url)
    await other.open()
    try:
        made = await asyncio.gather(
            *(
                (store, other)[number % 2].add_agent(f"a{number}", f"a{number}@shop", "admin", {}, "h", NOW, first=True)
                for number in range(8)
            )
        )
    finally:
        await other.close()
    assert Counter(made) == {True: 1, False: 7}
    assert len(await store.agents()) == 1


async def test_one_address_is_one_account(store: Any) -> None:
    made = await asyncio.gather(
        *(store.add_agent(f"a{number}", "a@shop", "agent", {}, "h", NOW) for number in range(5)), return_exceptions=True
    )
    assert Counter(type(one) for one in made) == {bool: 1, BadInput: 4}


async def test_the_last_admin_stays_one(store: Any, store_url: str) -> None:
    for name in ("aya", "ben"):
        await store.add_agent(name, f"{name}@shop", "admin", {}, "h", NOW)
    other = connect(store_url)
    await other.open()
    try:
        found = await asyncio.gather(
            store.change_agent("aya", becomes("agent"), NOW),
            other.change_agent("ben", becomes("agent"), NOW),
            return_exceptions=True,
        )
    finally:
        await other.close()
    assert Counter(type(one) for one in found) == {bool: 1, BadInput: 1}
    assert Counter(one["role"] for one in await store.agents()) == {"admin": 1, "agent": 1}
    assert not await store.change_agent("nobody", becomes("agent"), NOW)


async def test_changes_of_two_are_both_kept(store: Any, store_url: str) -> None:
    await store.add_agent("aya", "aya@shop", "agent", {"name": "Aya", "queues": []}, "h", NOW)
    other = connect(store_url)
    await other.open()

    def sets(name: str, value: Any) -> Any:
        return lambda row, everybody: (row["role"], row["state"], {**row["body"], name: value})

    try:
        for number in range(10):
            await asyncio.gather(
                store.change_agent("aya", sets("name", f"Aya {number}"), NOW),
                other.change_agent("aya", sets("queues", [f"q{number}"]), NOW),
            )
            row = await store.agent("aya")
            assert (row["body"]["name"], row["body"]["queues"]) == (f"Aya {number}", [f"q{number}"])
    finally:
        await other.close()


async def test_no_ticket_comes_of_a_password_that_is_over(store: Any, store_url: str) -> None:
    """However the two fall together: either the new password ends the ticket, or the ticket is not given."""
    await store.add_agent("aya", "aya@shop", "agent", {}, "old 0", NOW)
    other = connect(store_url)
    await other.open()
    try:
        for number in range(10):
            given, _ = await asyncio.gather(
                store.add_ticket(f"t{number}", "aya", "c", f"old {number}", NOW),
                other.put_password_hash("aya", f"old {number + 1}", NOW),
            )
            assert await store.ticket(f"t{number}") is None, given
        assert await store.add_ticket("last", "aya", "c", "old 10", NOW)
        assert await store.ticket("last") is not None
    finally:
        await other.close()


async def test_all_who_begin_at_once_tell_the_same_code(store: Any, store_url: str) -> None:
    """Each process writes it into its log: another one would be none."""
    others = [connect(store_url) for _ in range(3)]
    for one in others:
        await one.open()
    try:
        codes = await asyncio.gather(*(Doors(one, ManualClock()).code() for one in (store, *others) for _ in range(3)))
    finally:
        for one in others:
            await one.close()
    assert len(set(codes)) == 1
    assert codes[0]
