"""What `menu` steps ask for, done at LINE: tried again, and an error told in clear words."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from runtime.line.api import LineApi
from runtime.line.richmenu import LineMenus, MenuEffect
from runtime.line.tokens import token_source
from runtime.line.wire import Response
from runtime.model import Call, Chat, Result, Session
from runtime.settings import EndpointSettings, TokenSettings
from runtime.simulator.faults import Fault
from runtime.transcript.wires import SECURE, ToLine
from tests.clock import ManualClock
from tests.line_platform import MAI, Line, platform
from tests.unit.line.test_richmenu_sync import PICTURE, at_line, menu

pytestmark = pytest.mark.anyio

SESSION = Session(key=f"shop:{MAI}", endpoint="shop", chat=Chat("user", MAI))
LINK = {"do": "link", "menu": "shop", "alias": "shop"}


def ready(*aliases: str) -> Line:
    line = platform()
    for alias in aliases:
        id = at_line(line).create(menu(name=alias))
        at_line(line).put_image(id, PICTURE, "image/png")
        at_line(line).add_alias(alias, id)
    return line


class Silent(ToLine):
    """A LINE that takes requests and never answers."""

    async def request(self, *args: Any, **more: Any) -> Response:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")


async def perform(line: Line, args: dict[str, Any], *, patience: float = 5.0, kind: type[ToLine] = ToLine) -> Result:
    clock, client = ManualClock(), kind(line.app)
    config = EndpointSettings(name="shop", token=TokenSettings(long_lived=line.token()), api=SECURE, api_data=SECURE)
    api = LineMenus(LineApi(client, token_source(config, client, clock), api=SECURE, api_data=SECURE))
    work = asyncio.ensure_future(MenuEffect(api, clock, patience=patience).perform(Call("menu", args, "k"), SESSION))
    while not work.done():
        await asyncio.sleep(0)
        if (due := clock.next_due) is not None:
            clock.turn_to(due)
    return work.result()


async def test_a_menu_is_linked_by_its_alias_and_unlinked() -> None:
    line = ready("shop")
    id = at_line(line).aliases["shop"]
    assert await perform(line, LINK) == Result(value=id)
    assert await perform(line, LINK) == Result(value=id)
    assert at_line(line).linked == {MAI: id}
    assert await perform(line, {"do": "unlink"}) == Result()
    assert at_line(line).linked == {}


@pytest.mark.parametrize("kind", ["server_error", "unavailable", "rate_limit"])
async def test_it_is_tried_again_while_line_is_busy(kind: str) -> None:
    line = ready("shop")
    line.simulator.faults.add(Fault(kind=kind, path="*/user/*", times=2))
    assert (await perform(line, LINK)).error == ""
    assert MAI in at_line(line).linked


async def test_when_line_stays_away_the_result_says_so() -> None:
    line = ready("shop")
    line.simulator.faults.add(Fault(kind="server_error", path="*/richmenu*", times=99))
    assert (await perform(line, LINK)).error != ""
    assert at_line(line).linked == {}


async def test_the_turn_does_not_wait_for_ever() -> None:
    assert (await perform(ready("shop"), LINK, patience=0.05, kind=Silent)).error == "LINE did not answer in time"


async def test_a_menu_that_is_not_at_line_yet() -> None:
    assert (await perform(ready(), LINK)).error == "LINE has no menu `shop` yet; run `noren line richmenu sync`"


async def test_a_menu_that_is_made_anew_this_moment_is_looked_up_again() -> None:
    line = ready("shop")
    line.simulator.faults.add(Fault(kind="not_found", path="*/user/*", times=1))
    assert (await perform(line, LINK)).error == ""


async def test_what_cannot_help_is_not_tried_again() -> None:
    line = ready("shop")
    line.simulator.faults.add(Fault(kind="unauthorized", path="*", times=99))
    assert "Authentication failed" in (await perform(line, LINK)).error
    assert len(line.simulator.journal.since(0, way="api")) == 1
