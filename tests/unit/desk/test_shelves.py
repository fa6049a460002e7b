"""What is kept at the desk, and who may change it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.desk.test_desk import PASSWORD, Desk, desk
from tests.unit.handover.test_whole import CONFIG, FILES
from tests.world import World, world

pytestmark = pytest.mark.anyio

CANNED = {"code": "hello", "texts": {"en": "Hello!", "ja": "こんにちは"}}


async def colleague(w: World, admin: Desk, one: Desk, role: str = "agent", **body: Any) -> dict[str, Any]:
    """Another account, signed in."""
    account = {"email": f"{role}@example.com", "name": role.title(), "password": PASSWORD}
    made: dict[str, Any] = await admin.ask("POST", "/agents", role=role, **account, **body, expect=201)
    await one.enter("/sign-in", email=account["email"], password=PASSWORD)
    return made


async def test_own_canned_replies_are_ones_own_and_shared_ones_are_led(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        await colleague(w, aya, ben)
        mine = await ben.ask("POST", "/canned", **CANNED, expect=201)
        await ben.ask("POST", "/canned", **CANNED, scope="all", expect=403)
        shared = await aya.ask("POST", "/canned", **CANNED, scope="all", expect=201)
        assert {one["id"] for one in (await ben.ask("GET", "/canned"))["items"]} == {mine["id"], shared["id"]}
        assert [one["id"] for one in (await aya.ask("GET", "/canned"))["items"]] == [shared["id"]]
        await ben.ask("PUT", f"/canned/{shared['id']}", **CANNED, expect=403)
        await ben.ask("DELETE", f"/canned/{mine['id']}")
        assert [one["id"] for one in (await ben.ask("GET", "/canned"))["items"]] == [shared["id"]]


@pytest.mark.parametrize(
    ("shelf", "body", "why"),
    [
        ("canned", {"code": "two words", "texts": {"en": "x"}}, "code: one word"),
        ("canned", {"code": "a", "texts": {}}, "texts: by language"),
        ("macros", {"title": "a", "acts": []}, "acts: one to"),
        ("macros", {"title": "a", "acts": [{"do": "explode"}]}, "each does one of"),
        ("rules", {"title": "a", "on": [], "acts": [{"do": "park"}]}, "on: types of the log"),
        ("views", {"title": "a"}, "a title and a filter"),
        ("views", {"title": "a", "filter": {}, "scope": "world"}, "scope: one of"),
    ],
)
async def test_what_cannot_be_kept_is_refused_with_the_reason(
    tmp_path: Path, shelf: str, body: dict[str, Any], why: str
) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        refused = await aya.ask("POST", f"/{shelf}", **body, expect=400)
        assert why in refused["detail"]


async def test_a_macro_does_one_thing_after_the_other(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        acts = [
            {"do": "claim"},
            {"do": "reply", "messages": [{"text": "On it."}]},
            {"do": "change", "labels": ["vip"], "priority": "high"},
            {"do": "resolve"},
        ]
        macro = await aya.ask("POST", "/macros", title="Quick", acts=acts, scope="all", expect=201)
        await w.say("help")
        [case] = (await aya.ask("GET", "/cases?view=queue"))["cases"]
        done = await aya.ask("POST", f"/cases/{case['id']}/macros/{macro['id']}")
        await w.settle()
        assert (done["case"]["state"], done["case"]["labels"], done["case"]["priority"]) == ("closed", ["vip"], "high")
        assert w.texts()[-1] == "On it."


async def test_agents_see_only_their_queues(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        await colleague(w, aya, ben, queues=["orders"])
        await w.say("help")
        [case] = (await aya.ask("GET", "/cases?view=queue"))["cases"]
        assert (await ben.ask("GET", "/cases?view=all"))["cases"] == []
        await ben.ask("GET", f"/cases/{case['id']}", expect=404)
        await ben.ask("POST", f"/cases/{case['id']}/acts", do="claim", expect=404)
        await ben.ask("POST", f"/cases/{case['id']}/reply", messages=[{"text": "x"}], expect=404)
        await ben.ask("GET", f"/chats/{case['session']}/timeline", expect=404)
        await ben.ask("GET", "/audit", expect=403)
        await ben.ask("POST", "/agents", email="x@example.com", name="x", password=PASSWORD, expect=403)


async def test_who_is_put_out_is_out_at_once_and_the_last_admin_stays(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        made = await colleague(w, aya, ben)
        await ben.ask("GET", "/me")
        await aya.ask("PATCH", f"/agents/{made['id']}", state="inactive")
        await ben.ask("GET", "/me", expect=401)
        me = await aya.ask("GET", "/me")
        await aya.ask("PATCH", f"/agents/{me['agent']['id']}", role="agent", expect=409)
        await aya.ask("POST", f"/agents/{made['id']}/password", password="another long password")
        told = [row["what"] for row in (await aya.ask("GET", "/audit"))["audit"]]
        assert told[:3] == ["password.reset", "agent.changed", "sign-in"]
