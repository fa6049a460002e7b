"""Every way of the desk's API, by the table it is made of: nobody comes in who may not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.desk import app
from runtime.desk.call import Way
from runtime.desk.doors import ROLES
from runtime.desk.routes import BASE, WAYS
from tests.line_platform import MAI
from tests.unit.desk.test_desk import Desk, desk
from tests.unit.desk.test_shelves import colleague
from tests.unit.handover.test_whole import CONFIG, FILES
from tests.world import World, world

pytestmark = pytest.mark.anyio

CHAT = f"shop:{MAI}"
FOREIGN = {"origin": "https://evil.example"}
BODIES: dict[str, dict[str, Any]] = {
    "/cases/{case}/acts": {"do": "claim"},
    "/cases/{case}/reply": {"messages": [{"text": "x"}]},
    "/chats/{chat}/acts": {"do": "take_over"},
}
"""What would do something, if it were let in."""


def address(way: Way, case: str) -> str:
    return way.path.replace("{case}", case).replace("{chat}", CHAT).replace("{", "").replace("}", "")


async def status(one: Desk, way: Way, case: str, headers: dict[str, str], body: Any = None) -> int:
    url = f"{one.url}/desk/api{address(way, case)}"
    async with one.client.request(way.method, url, json=body, headers=headers) as answer:
        return answer.status


def good(one: Desk) -> dict[str, str]:
    return {"x-noren-csrf": one.csrf, "origin": one.url}


async def waiting(w: World, aya: Desk) -> str:
    await w.say("help")
    [case] = (await aya.ask("GET", "/cases?view=queue"))["cases"]
    return str(case["id"])


def test_the_table_is_whole() -> None:
    assert len(WAYS) == len({(way.method, way.path) for way in WAYS})
    open_ways = {way.path for way in WAYS if not way.role}
    assert open_ways == {"/state", "/setup", "/sign-in"}
    assert all(way.role in ("", *ROLES) for way in WAYS)


def every(routes: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """Method and path of everything that an application answers, wherever it is mounted."""
    for one in routes:
        path = before + str(getattr(one, "path", ""))
        inner = getattr(one, "routes", None) or getattr(getattr(one, "app", None), "routes", None)
        if inner:
            yield from every(inner, path)
        else:
            for method in getattr(one, "methods", None) or {"*"}:
                yield method, path


async def test_the_desk_answers_nothing_but_its_table_and_its_page(tmp_path: Path) -> None:
    """A way beside the table would not be tried here."""
    async with world(tmp_path, FILES, config=CONFIG) as w:
        assert w.runtime.desk is not None
        found = {way for way in every(app.create(w.runtime.desk).routes) if way[0] != "HEAD"}
        table = {(way.method, f"{BASE}{way.path}") for way in WAYS}
        assert table <= found
        beside = {path for _, path in found - table}
        assert beside <= {"/desk", "/desk/", "/desk/{file}"}, beside
        assert {method for method, path in found - table} <= {"GET"}


async def test_nobody_comes_in_without_signing_in(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as nobody:
        case = await waiting(w, aya)
        forged = {"x-noren-csrf": aya.csrf, "origin": w.url, "cookie": "noren_desk=" + "A" * 43}
        for headers in ({"origin": w.url}, forged):
            found = {
                (way.method, way.path): await status(nobody, way, case, headers, BODIES.get(way.path))
                for way in WAYS if way.role
            }  # fmt: skip
            assert set(found.values()) == {401}, found


async def test_changes_need_the_token_of_the_page_and_its_origin(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        await colleague(w, aya, ben)
        case = await waiting(w, aya)
        others = {"x-noren-csrf": ben.csrf, "origin": w.url}
        changes = [way for way in WAYS if way.method != "GET"]
        cross = {"x-noren-csrf": aya.csrf, "sec-fetch-site": "cross-site"}
        for headers in ({"origin": w.url}, others, {**good(aya), **FOREIGN}, cross, {**good(aya), "origin": "null"}):
            found = {
                (way.method, way.path): await status(aya, way, case, headers, BODIES.get(way.path))
                for way in changes if way.role or headers.get("origin") != w.url
            }  # fmt: skip
            assert set(found.values()) == {403}, (headers, found)
        [row] = (await aya.ask("GET", "/cases?view=queue"))["cases"]
        assert row["state"] == "queued", "nothing was done"


@pytest.mark.parametrize("role", ["agent", "supervisor"])
async def test_what_needs_a_higher_role_is_refused(tmp_path: Path, role: str) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        await colleague(w, aya, ben, role)
        higher = [way for way in WAYS if way.role and ROLES.index(way.role) > ROLES.index(role)]
        assert higher
        found = {(way.method, way.path): await status(ben, way, "x", good(ben)) for way in higher}
        assert set(found.values()) == {403}, found


async def test_cases_of_other_queues_are_not_there(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        await colleague(w, aya, ben, queues=["orders"])
        macro = await aya.ask(
            "POST", "/macros", title="M", acts=[{"do": "claim"}], scope="all", expect=201
        )  # fmt: skip
        case = await waiting(w, aya)
        ways = [way for way in WAYS if "{case}" in way.path or "{chat}" in way.path]
        assert len(ways) >= 6
        found = {}
        for way in ways:
            path = Way(way.method, way.path.replace("{macro}", macro["id"]), way.handler)
            found[way.path] = await status(ben, path, case, good(ben), BODIES.get(way.path))
        assert set(found.values()) == {404}, found
        bulk = await ben.ask("POST", "/bulk", cases=[case], do="claim")
        assert (bulk["cases"], len(bulk["refused"])) == ([], 1)
        assert (await ben.ask("GET", "/cases?view=all"))["cases"] == []
        searched = await ben.ask("GET", "/search?q=Mai")
        assert (searched["cases"], searched["messages"], searched["people"]) == ([], [], [])
        totals = (await ben.ask("GET", "/reports"))["totals"]
        assert totals["opened"] == 0
        [row] = (await aya.ask("GET", "/cases?view=queue"))["cases"]
        assert row["state"] == "queued"


async def test_agents_give_cases_to_nobody_but_themselves(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        made = await colleague(w, aya, ben, queues=["general"])
        case = await waiting(w, aya)
        me = (await aya.ask("GET", "/me"))["agent"]["id"]
        await ben.ask("POST", f"/cases/{case}/acts", do="assign", agent=me, expect=403)
        await ben.ask("POST", f"/cases/{case}/acts", do="give_back", agent=made["id"], expect=403)
        await ben.ask("POST", "/bulk", cases=[case], do="assign", agent=me, expect=403)
        await ben.ask("POST", f"/cases/{case}/acts", do="request", expect=400)


async def test_what_a_request_says_of_its_actor_counts_for_nothing(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        await colleague(w, aya, ben, queues=["general"])
        case = await waiting(w, aya)
        actor = {"kind": "supervisor", "id": "somebody", "name": "Somebody"}
        done = await ben.ask("POST", f"/cases/{case}/acts", do="claim", actor=actor, agent="somebody", timer="case")
        assert done["case"]["agent_name"] == "Agent"


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"{",
        b"\xff\xfe",
        b'{"email": "\\ud800"}',
        b"[]",
        b"7",
        b"{" + b" " * 1_100_000,
    ],
)
async def test_no_body_brings_the_desk_down(tmp_path: Path, raw: bytes) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        for path in ("/sign-in", "/canned", "/bulk"):
            async with aya.client.post(f"{w.url}/desk/api{path}", data=raw[:900_000], headers=good(aya)) as answer:
                assert answer.status == 400, (path, await answer.text())
        big = b'{"a": "' + b"x" * 1_000_100 + b'"}'
        async with aya.client.put(f"{w.url}/desk/api/presence", data=_pieces(big), headers=good(aya)) as answer:
            assert answer.status == 413
        await aya.ask("GET", "/me")


async def _pieces(data: bytes) -> Any:
    for at in range(0, len(data), 100_000):
        yield data[at : at + 100_000]


async def test_answers_are_kept_by_nobody_and_guessed_as_nothing_else(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        for path in ("/me", "/cases", "/cases/none", "/state", "/files/none"):
            async with aya.client.get(f"{w.url}/desk/api{path}") as answer:
                assert answer.headers["cache-control"] == "no-store"
                assert answer.headers["x-content-type-options"] == "nosniff"
                assert len(answer.headers["x-request-id"]) == 16
                json.loads(await answer.read())
