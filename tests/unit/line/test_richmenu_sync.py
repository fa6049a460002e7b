"""Rich menus brought to LINE: made, changed, renamed, removed, and all of it again after a death in the middle."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from runtime.clock import SystemClock
from runtime.errors import BadInput, ChannelError, Refused
from runtime.line.api import LineApi
from runtime.line.richmenu import LineMenus
from runtime.line.richmenu_sync import Report, Wanted, look, sync
from runtime.line.tokens import token_source
from runtime.settings import EndpointSettings, TokenSettings
from runtime.simulator.faults import Fault
from runtime.simulator.menus import Menus
from runtime.transcript.wires import SECURE, ToLine
from tests.clock import ManualClock
from tests.line_platform import KEN, MAI, Line, platform
from tests.pictures import png

pytestmark = pytest.mark.anyio

PICTURE = png(800, 270)


def menu(text: str = "hi", **more: Any) -> dict[str, Any]:
    bounds = {"x": 0, "y": 0, "width": 800, "height": 270}
    action = {"type": "message", "label": "Hi", "text": text}
    size = {"width": 800, "height": 270}
    return {
        "size": size,
        "selected": True,
        "chatBarText": "Menu",
        "areas": [{"bounds": bounds, "action": action}],
        **more,
    }


def one(key: str, text: str = "hi", **more: Any) -> Wanted:
    alias = key.replace("/", "-")
    return Wanted(**{"key": key, "alias": alias, "menu": menu(text), "picture": PICTURE, "kind": "image/png", **more})


def api_of(line: Line, kind: type[LineMenus] = LineMenus) -> LineMenus:
    client, clock = ToLine(line.app), SystemClock()
    config = EndpointSettings(name="shop", token=TokenSettings(long_lived=line.token()), api=SECURE, api_data=SECURE)
    return kind(LineApi(client, token_source(config, client, clock), api=SECURE, api_data=SECURE))


def at_line(line: Line) -> Menus:
    return line.simulator.platform.account("shop").menus


def shown(line: Line, user: str = MAI) -> str:
    """The name of what somebody sees, without its mark."""
    found = at_line(line).shown(user)
    return str(found.object["name"]).split()[1] if found and found.image else ""


async def run(line: Line, *wanted: Wanted) -> list[str]:
    report = await sync(wanted, api_of(line))
    assert report.later == ""
    return [" ".join(parts).split(" (")[0] for parts in report.lines]


async def test_what_is_new_is_made_with_picture_alias_and_default() -> None:
    line = platform()
    said = await run(line, one("shop", default=True), one("tea/ja"))
    assert said == ["upload shop as shop", "upload tea/ja as tea-ja", "default shop"]
    made = at_line(line)
    assert {name: made.menus[id].object["name"].split()[1] for name, id in made.aliases.items()} == {
        "shop": "shop",
        "tea-ja": "tea/ja",
    }
    assert all(each.image == PICTURE for each in made.menus.values())
    assert shown(line) == "shop"


async def test_the_same_again_does_nothing() -> None:
    line = platform()
    await run(line, one("shop", default=True), one("tea"))
    before = len(line.simulator.journal.since(0, way="api", limit=1_000))
    assert await sync([one("shop", default=True), one("tea")], api_of(line)) == Report(kept=2)
    later = line.simulator.journal.since(0, way="api", limit=1_000)[before:]
    assert {row.method for row in later} == {"GET"}


async def test_a_changed_menu_takes_over_from_the_old_one() -> None:
    line = platform()
    await run(line, one("shop"), one("tea"))
    made = at_line(line)
    made.link(MAI, made.aliases["shop"])
    made.link(KEN, made.aliases["tea"])
    said = await run(line, one("shop", "new"), one("tea"))
    assert said == ["upload shop as shop", "delete shop"]
    assert len(made.menus) == 2
    assert made.menus[made.linked[MAI]].object["areas"][0]["action"]["text"] == "new"
    assert shown(line, KEN) == "tea"


async def test_another_picture_is_a_change() -> None:
    line = platform()
    await run(line, one("shop"))
    assert await run(line, one("shop", picture=png(800, 270, 9))) == ["upload shop as shop", "delete shop"]


async def test_a_renamed_menu_stays_with_those_who_have_it() -> None:
    line = platform()
    await run(line, one("shop"))
    at_line(line).link(MAI, at_line(line).aliases["shop"])
    assert await run(line, one("counter")) == ["upload counter as counter", "forget alias shop", "delete shop"]
    assert shown(line) == "counter"
    assert set(at_line(line).aliases) == {"counter"}


async def test_what_is_no_longer_in_the_files_goes() -> None:
    line = platform()
    await run(line, one("shop", default=True), one("tea"))
    at_line(line).link(MAI, at_line(line).aliases["tea"])
    assert await run(line, one("shop", default=True)) == ["forget alias tea", "delete tea"]
    assert shown(line) == "shop"
    assert await run(line) == ["default none", "forget alias shop", "delete shop"]
    assert (at_line(line).menus, at_line(line).aliases, at_line(line).default) == ({}, {}, "")


async def test_menus_of_others_are_left_alone() -> None:
    line = platform()
    made = at_line(line)
    theirs = made.create(menu(name="summer"))
    made.put_image(theirs, b"png", "image/png")
    made.set_default(theirs)
    made.add_alias("summer", theirs)
    await run(line, one("shop"))
    assert await run(line) == ["forget alias shop", "delete shop"]
    assert (list(made.menus), made.aliases, made.default) == ([theirs], {"summer": theirs}, theirs)


async def test_an_alias_of_somebody_elses_menu_is_not_taken_away() -> None:
    line = platform()
    theirs = at_line(line).create(menu(name="summer"))
    at_line(line).add_alias("shop", theirs)
    with pytest.raises(BadInput, match=f"the alias `shop` belongs to {theirs}"):
        await run(line, one("shop"))
    assert list(at_line(line).menus) == [theirs]


async def test_an_alias_that_leads_to_nothing_is_used() -> None:
    line = platform()
    made = at_line(line)
    made.add_alias("shop", made.create(menu(name="gone")))
    made.delete(made.aliases["shop"])
    assert await run(line, one("shop")) == ["upload shop as shop"]


async def test_another_default() -> None:
    line = platform()
    await run(line, one("shop", default=True), one("tea"))
    assert await run(line, one("shop"), one("tea", default=True)) == ["default tea"]
    assert shown(line) == "tea"


async def test_a_look_changes_nothing() -> None:
    line = platform()
    found = await look([one("shop", default=True)], api_of(line))
    assert found.lines() == [("upload", "shop as shop"), ("default", "shop")]
    assert at_line(line).menus == {}


async def test_old_menus_stay_while_line_moves_nobody() -> None:
    """LINE takes three batches an hour."""
    line = platform()
    await run(line, one("shop"))
    at_line(line).link(MAI, at_line(line).aliases["shop"])
    line.simulator.faults.add(Fault(kind="rate_limit", path="*/richmenu/batch"))
    report = await sync([one("shop", "new")], api_of(line))
    assert "three times an hour" in report.later
    assert [verb for verb, _ in report.lines] == ["upload"]
    assert len(at_line(line).menus) == 2
    assert shown(line) == "shop"
    assert await run(line, one("shop", "new")) == ["delete shop"]
    assert at_line(line).linked[MAI] in at_line(line).menus


async def test_old_menus_stay_until_everybody_was_moved() -> None:
    line = platform()
    await run(line, one("shop"))
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    ongoing = Fault(
        kind="status", status=200, body={"phase": "ongoing", "acceptedTime": "x"}, path="*/progress/batch", times=99
    )
    line.simulator.faults.add(ongoing)
    report = await sync([one("shop", "new")], api_of(line), pause=pause)
    assert "not moved everybody" in report.later
    assert len(waited) == 8
    assert len(at_line(line).menus) == 2


async def test_two_syncs_at_once_leave_nothing_double_behind() -> None:
    line = platform()
    await asyncio.gather(*(sync(OLD, api_of(line)) for _ in range(2)), return_exceptions=True)
    await run(line, *OLD)
    assert state(line) == wanted_state(OLD)


async def test_more_menus_than_an_hour_allows_take_two() -> None:
    clock = ManualClock()
    line = platform(clock=clock, rate_limits=True)
    many = [one(f"menu-{number}", default=not number) for number in range(120)]
    with pytest.raises(Refused) as raised:
        await run(line, *many)
    assert (raised.value.status, len(at_line(line).menus)) == (429, 100)
    clock.turn(3_600_000)
    said = await run(line, *many)
    assert sum(each.startswith("upload") for each in said) == 20
    assert state(line) == wanted_state(many)


async def test_what_line_refuses_is_raised_in_its_words() -> None:
    line = platform()
    with pytest.raises(Refused, match="chatBarText"):
        await run(line, replace(one("shop"), menu=menu(chatBarText="x" * 15)))


class Mortal(LineMenus):
    """Dies at its n-th change, before or after LINE has carried it out."""

    left = 0
    before = False

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name not in ("create", "draw", "name", "show_all", "show_none", "move", "forget", "delete"):
            return found

        async def dying(*args: Any, **more: Any) -> Any:
            self.left -= 1
            if self.left == 0 and self.before:
                raise ChannelError("gone before")
            answer = await found(*args, **more)
            if self.left == 0:
                raise ChannelError("gone after")
            return answer

        return dying


OLD = (one("shop", default=True), one("tea"), one("gone"), one("name"))
NEW = (one("shop", "new"), one("tea", default=True), one("more"), one("other-name", "name"), one("name", "name"))


async def died(line: Line, at: int, *, before: bool) -> bool:
    api = api_of(line, Mortal)
    assert isinstance(api, Mortal)
    api.left, api.before = at, before
    try:
        await sync(NEW, api)
    except ChannelError:
        return True
    return False


@pytest.mark.parametrize("before", [True, False])
async def test_after_a_death_anywhere_the_next_sync_ends_at_the_same(before: bool) -> None:
    deaths = 0
    while True:
        line = platform()
        await run(line, *OLD)
        made = at_line(line)
        made.link(MAI, made.aliases["shop"])
        made.link(KEN, made.aliases["gone"])
        if not await died(line, deaths + 1, before=before):
            break
        deaths += 1
        await run(line, *NEW)
        assert state(line) == wanted_state(NEW), f"died at change {deaths}"
        assert (shown(line, MAI), shown(line, KEN)) == ("shop", "tea")
    assert deaths > 15


def state(line: Line) -> Any:
    made = at_line(line)
    names = {id: each.object["name"] for id, each in made.menus.items() if each.image}
    assert len(names) == len(made.menus)
    return sorted(names.values()), {alias: names[id] for alias, id in made.aliases.items()}, names[made.default]


def wanted_state(wanted: Sequence[Wanted]) -> Any:
    default = next(each.name for each in wanted if each.default)
    return sorted(each.name for each in wanted), {each.alias: each.name for each in wanted}, default
