"""One desk for all tests, each in a queue of its own; windows of agents, supervisors and admins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PICTURES
from tests.browser.desk.house import Caller, House, Room, house, prepared
from tests.browser.desk.seat import Seat, seated
from tests.browser.dev import ROOT
from tests.required import missing

Sit = Callable[..., Seat]


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    if not (ROOT / "runtime/desk/page/index.html").is_file():
        missing("browser", "the desk's page is not built; run `make assets`")
    with house(prepared(tmp_path_factory.mktemp("desk") / "bot")) as made:
        yield made


@pytest.fixture
def room(desk: House) -> Room:
    return desk.room()


@pytest.fixture
def sit(browser: Browser, desk: House, request: pytest.FixtureRequest) -> Iterator[Sit]:
    """Opens the desk in a browser of its own: `sit(room.agent("Aya"))`, `sit(None)` before anybody signed in.

    An agent is there and online. Afterwards there must have been no error and no request for code from elsewhere.
    """
    PICTURES.mkdir(exist_ok=True)
    seats: list[Seat] = []
    with ExitStack() as stack:

        def one(who: Caller | None, *, status: str = "online", of: str = desk.url, **how: Any) -> Seat:
            if who is not None and status:
                who.ask("PUT", "/presence", status=status)
            seats.append(stack.enter_context(seated(browser, of, PICTURES, who, **how)))
            if who is not None:
                expect(seats[-1].page.get_by_role("navigation").first).to_be_visible()
            return seats[-1]

        yield one
        if getattr(request.node, "failed_call", False):
            for number, seat in enumerate(seats):
                if not seat.page.is_closed():
                    seat.picture(f"failed-{request.node.name}-{number}")
    troubles = [trouble for seat in seats for trouble in seat.troubles if not (seat.shut_out and "401" in trouble)]
    assert not troubles
