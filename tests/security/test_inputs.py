"""What a browser of somebody's own making sends: it is refused with a reason, and stops nobody else's work."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from runtime.desk.call import Way
from runtime.desk.casework import ACTS, GIVEN
from runtime.desk.routes import WAYS
from tests.line_platform import MAI
from tests.security.test_ways import BODIES, good, waiting
from tests.unit.desk.test_desk import Desk, desk
from tests.unit.desk.test_push import NEAR, browser, subscribed, told
from tests.unit.desk.test_shelves import colleague
from tests.unit.handover.house import offered
from tests.unit.handover.test_whole import CONFIG, FILES
from tests.world import world

pytestmark = pytest.mark.anyio

ODD: tuple[Any, ...] = (5, -1, True, "x", "\u202e<b>", 10**30, 1.5, None, [], [[1]], [None], {}, {"a": [{}]}, ["x"] * 3)
CHAT = f"shop:{MAI}"


async def status(one: Desk, method: str, path: str, body: Any = None) -> int:
    async with one.client.request(method, f"{one.url}/desk/api{path}", json=body, headers=good(one)) as answer:
        return answer.status


@pytest.mark.parametrize("name", ["languages", "name", "icon", "sound", "notifications", "theme", "language"])
async def test_nobodys_own_page_stops_the_work_of_all(tmp_path: Path, name: str) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        await colleague(w, aya, ben, queues=["general"])
        await aya.ask("PATCH", f"/agents/{(await aya.ask('GET', '/me'))['agent']['id']}", queues=["general"])
        for odd in ODD:
            assert await status(ben, "PATCH", "/me", {name: odd}) in (200, 400), odd
            assert await status(aya, "GET", "/agents") == 200, odd
            assert await status(ben, "GET", "/me") == 200, odd
        for one in (aya, ben):
            await one.ask("PUT", "/presence", status="online")
        await w.say("help")
        await offered(w)
        assert len((await aya.ask("GET", "/cases?view=all"))["cases"]) == 1
        [case] = (await aya.ask("GET", "/cases?view=queue"))["cases"]
        assert case["state"] == "offered"


@pytest.mark.parametrize("name", ["name", "icon", "queues", "skills", "languages", "capacity", "role", "state"])
async def test_admins_mistakes_stop_nobody_either(tmp_path: Path, name: str) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        made = await colleague(w, aya, ben)
        for odd in ODD:
            assert await status(aya, "PATCH", f"/agents/{made['id']}", {name: odd}) in (200, 400), odd
            assert await status(aya, "GET", "/agents") == 200, odd
        assert w.runtime.desk is not None
        await w.say("help")
        await offered(w)


async def test_a_note_that_mentions_nonsense_silences_nobodys_notifications(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=NEAR) as w, desk(w) as aya, desk(w, admin=False) as ben, browser() as b:
        agent = await subscribed(w, aya, b, ben)
        case = await waiting(w, aya)
        for odd in ODD:
            assert await status(aya, "POST", f"/cases/{case}/acts", {"do": "note", "text": odd, "mentions": odd}) < 500
            await told(w)
        b.got.clear()
        await aya.ask("POST", f"/cases/{case}/acts", do="note", text="look", mentions=[agent])
        await told(w)
        assert [one["body"] for one, _ in b.got] == ["look"]


async def test_no_act_with_whatever_it_brings_parks_a_chat(tmp_path: Path) -> None:
    """Every act with every field of every form: it is done or refused, and the chat goes on."""
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        case = await waiting(w, aya)
        for number, (do, field) in enumerate(itertools.product(sorted(ACTS | {"assign"}), GIVEN)):
            odd = ODD[number % len(ODD)]
            w.clock.turn(1_000)
            found = await status(aya, "POST", f"/cases/{case}/acts", {"do": do, field: odd})
            assert found in (200, 400, 403, 409), (do, field, odd, found)
            rows = (await aya.ask("GET", "/cases?view=all"))["cases"]
            if not rows:
                await w.say("thanks")  # the flow goes on after its step, and ends
                await w.say("help")
                case = str((await aya.ask("GET", "/cases?view=all"))["cases"][0]["id"])
        assert await w.store.list_events("dead") == []


@pytest.mark.parametrize("odd", ODD)
async def test_no_reply_of_any_form_parks_a_chat(tmp_path: Path, odd: Any) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        case = await waiting(w, aya)
        for body in (
            {"messages": odd}, {"messages": [odd]}, {"messages": [{"text": odd}]},
            *({"messages": [{"kind": kind, "text": "x", "data": odd}]} for kind in ("sticker", "flex", "file")),
            *({"messages": [{"kind": kind, "data": {"contents": odd, "url": odd, "title": odd, "file": odd}}]}
              for kind in ("flex", "location", "coupon", "buttons", "cards", "video", "audio")),
            {"messages": [{"text": "x", "quick": odd}]}, {"messages": [{"text": "x", "quick": [{"label": odd}]}]},
            {"messages": [{"text": "x"}], "quote": odd}, {"messages": [{"text": "x", "alt": odd}]},
            {"messages": [{"text": "x"}], "id": odd}, {"messages": [{"text": "x"}], "join": odd},
        ):  # fmt: skip
            w.clock.turn(1_000)
            found = await status(aya, "POST", f"/cases/{case}/reply", body)
            assert found in (200, 400, 403, 409), (body, found)
        assert await w.store.list_events("dead") == []


async def test_no_way_breaks_at_whatever_stands_in_its_query(tmp_path: Path) -> None:
    names = ("limit", "before", "before_seq", "from", "to", "by", "view", "sort", "priority", "queue", "agent", "label",
             "endpoint", "q", "saved", "owner", "format", "preview", "name", "after")  # fmt: skip
    values = (
        "9" * 5_000,
        "-1",
        "٣",
        "x",
        "%00",
        "%F0%9F%98%80",
        "' OR 1=1 --",
        "%",
        "1e9",
        "9223372036854775808",
        "!%25_",
    )
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        case = await waiting(w, aya)
        reads = [way for way in WAYS if way.method == "GET" and way.path != "/stream"]
        for way, name in itertools.product(reads, names):
            path = _path(way, case)
            for value in values[: 3 if way.path == "/reports" else None]:
                found = await status(aya, "GET", f"{path}?{name}={value}")
                assert found in (200, 400, 404), (path, name, value, found)
        for after in ("9" * 5_000, "-1", "x", "٣"):
            url, headers = f"{w.url}/desk/api/stream?after={after[:50]}", {"last-event-id": after[:4_000]}
            if not after.isascii():
                headers = {}
            async with aya.client.get(url, headers=headers) as answer:
                assert answer.status == 200


def _path(way: Way, case: str) -> str:
    return way.path.replace("{case}", case).replace("{chat}", CHAT).replace("{", "").replace("}", "")


@pytest.mark.parametrize("body", ODD)
async def test_no_way_breaks_at_whatever_is_its_body(tmp_path: Path, body: Any) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        await colleague(w, aya, ben, "admin")
        case = await waiting(w, aya)
        fields = ("email", "password", "old", "new", "code", "name", "role", "state", "status", "subscription",
                  "endpoint", "cases", "do", "id", "title", "texts", "messages", "acts", "on", "when", "filter",
                  "scope", "queue", "queues", "workstream", "until", "everywhere", "case")  # fmt: skip
        whole = {**dict.fromkeys(fields, body), "email": "x@example.com", "password": "long enough, really"}
        for way in WAYS:
            if way.method == "GET" or way.path in ("/sign-out", "/files"):
                continue
            for given in ({**whole, **BODIES.get(way.path, {})}, {**BODIES.get(way.path, {}), "id": body}):
                w.clock.turn(60_000)
                found = await status(ben, way.method, _path(way, case), given)
                assert found < 500, (way.method, way.path, given, found)
        assert await w.store.list_events("dead") == []


async def test_a_name_that_is_too_long_does_not_make_one_act_of_many(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        first = await waiting(w, aya)
        refused = await aya.ask("POST", "/bulk", cases=[first, "x"], do="claim", id="n" * 300, expect=400)
        assert refused["detail"].startswith("id:")
        await aya.ask("POST", f"/cases/{first}/acts", do="claim", id="n" * 300, expect=400)
        [row] = (await aya.ask("GET", "/cases?view=queue"))["cases"]
        assert row["state"] == "queued"


@pytest.mark.parametrize("do", ["assign", "transfer"])
async def test_nobody_is_given_a_case_who_does_not_work_here(tmp_path: Path, do: str) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        made = await colleague(w, aya, ben, queues=["general"])
        await aya.ask("PATCH", f"/agents/{made['id']}", state="inactive")
        case = await waiting(w, aya)
        for agent in ("nobody", made["id"]):
            await aya.ask("POST", f"/cases/{case}/acts", do=do, agent=agent, expect=400)
            bulk = await aya.ask("POST", "/bulk", cases=[case], do=do, agent=agent, expect=400)
            assert "agent" in bulk["detail"]
        [row] = (await aya.ask("GET", "/cases?view=queue"))["cases"]
        assert (row["state"], row["agent"]) == ("queued", "")


async def test_only_chats_are_taken_over(tmp_path: Path) -> None:
    """Lanes of providers and copilots are conversations of the house with itself."""
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        case = await waiting(w, aya)
        await aya.ask("POST", f"/cases/{case}/acts", do="claim")
        for chat in (f"{CHAT}:copilot", f"shop:cw:{case}", "shop:", "", "nowhere:U1"):
            found = await status(aya, "POST", f"/chats/{chat}/acts", {"do": "take_over"})
            assert found in (404, 405, 307), chat
