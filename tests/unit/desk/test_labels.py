"""Labels that are kept for everybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.desk.test_desk import Desk, desk
from tests.unit.desk.test_shelves import colleague
from tests.unit.handover.test_whole import CONFIG, FILES
from tests.world import World, world

pytestmark = pytest.mark.anyio


async def labelled(w: World, aya: Desk, *labels: str) -> str:
    """The id of a case with these labels."""
    await w.say("help")
    [case] = (await aya.ask("GET", "/cases?view=queue"))["cases"]
    await aya.ask("POST", f"/cases/{case['id']}/acts", do="change", labels=list(labels))
    return str(case["id"])


async def offered(of: Desk) -> Any:
    return (await of.ask("GET", "/labels"))["labels"]


async def test_kept_labels_are_offered_first_and_retired_ones_no_more(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        await labelled(w, aya, "late", "refund")
        refund = await aya.ask("POST", "/labels", title="refund", colour="red", expect=201)
        await aya.ask("POST", "/labels", title="vip", expect=201)
        assert await offered(aya) == ["refund", "vip", "late"]
        await aya.ask("PUT", f"/labels/{refund['id']}", title="refund", colour="red", retired=True)
        assert await offered(aya) == ["vip", "late"]
        items = (await aya.ask("GET", "/labels"))["items"]
        assert [(one["title"], one["colour"], one["retired"]) for one in items] == [
            ("refund", "red", True),
            ("vip", "grey", False),
        ]
        await aya.ask("DELETE", f"/labels/{refund['id']}")
        assert await offered(aya) == ["vip", "late", "refund"]


async def test_another_name_goes_wherever_the_label_is_used(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        case = await labelled(w, aya, "late", "vip")
        kept = await aya.ask("POST", "/labels", title="late", expect=201)
        acts = [{"do": "change", "labels": ["late", "x"]}]
        await aya.ask("POST", "/macros", title="m", acts=acts, expect=201)
        await aya.ask("POST", "/rules", title="r", on=["case.queued"], acts=acts, expect=201)
        await aya.ask("POST", "/views", title="v", filter={"label": "late"}, expect=201)
        changed = await aya.ask("PUT", f"/labels/{kept['id']}", title="delayed", colour="blue")
        assert (changed["cases"], changed["was"]) == (1, ["late"])
        assert (await aya.ask("GET", f"/cases/{case}"))["case"]["labels"] == ["delayed", "vip"]
        for shelf in ("macros", "rules"):
            [one] = (await aya.ask("GET", f"/{shelf}"))["items"]
            assert one["acts"][0]["labels"] == ["delayed", "x"]
        [view] = (await aya.ask("GET", "/views"))["items"]
        assert view["filter"] == {"label": "delayed"}
        assert await offered(aya) == ["delayed", "vip"]


@pytest.mark.parametrize(
    ("body", "status", "why"),
    [
        ({"title": " "}, 400, "title: 1 to 40"),
        ({"title": "x" * 41}, 400, "title: 1 to 40"),
        ({"title": "x", "colour": "#f00"}, 400, "colour: one of"),
        ({"title": "VIP"}, 409, "of this name already"),
    ],
)
async def test_what_cannot_be_kept_is_refused(tmp_path: Path, body: dict[str, Any], status: int, why: str) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        await aya.ask("POST", "/labels", title="vip", expect=201)
        assert why in (await aya.ask("POST", "/labels", **body, expect=status))["detail"]
        await aya.ask("PUT", "/labels/nothing", title="y", expect=404)


async def test_agents_use_labels_and_do_not_administer_them(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        await colleague(w, aya, ben)
        kept = await aya.ask("POST", "/labels", title="vip", expect=201)
        assert await offered(ben) == ["vip"]
        await ben.ask("POST", "/labels", title="mine", expect=403)
        await ben.ask("DELETE", f"/labels/{kept['id']}", expect=403)
