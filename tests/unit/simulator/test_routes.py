"""Every route, fault, event and property of the simulator is described in docs/reference/simulator.md."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from runtime.simulator.api.routes import ROUTES as LINE
from runtime.simulator.api.routes import find
from runtime.simulator.control.chats import EVENTS
from runtime.simulator.control.routes import ROUTES
from runtime.simulator.faults import FAULTS, Fault
from runtime.simulator.values import Bot, User
from runtime.simulator.written import WRITTEN

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "simulator.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("route", [f"{method} {path}" for method, path, _ in ROUTES])
def test_control_routes(route: str) -> None:
    assert f"`{route}`" in PAGE or f"`{route} " in PAGE


@pytest.mark.parametrize("route", [f"{method} {path}" for path, methods in LINE.items() for method in methods])
def test_routes_of_lines_api(route: str) -> None:
    assert f"`{route}`" in PAGE


def test_words() -> None:
    words = [*FAULTS, *EVENTS, *WRITTEN, *(f.name for kind in (Bot, User) for f in fields(kind))]
    words += [f.name for f in fields(Fault) if f.name not in ("id", "kind", "hits")]
    assert not [word for word in words if f"`{word}" not in PAGE]


def test_exact_paths_win_over_variables() -> None:
    found = find("/v2/bot/user/all/richmenu/menu")
    assert found == ("/v2/bot/user/all/richmenu/{richMenuId}", {"richMenuId": "menu"})
    assert find("/v2/bot/richmenu/list") == ("/v2/bot/richmenu/list", {})
    assert find("/v2/bot/nothing/here") is None
