"""LINE's published descriptions, for the tests that hold answers against them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.openapi import Described


@pytest.fixture(scope="session")
def described(shared: Path) -> list[Described]:
    return [Described(shared / "line" / "openapi" / name) for name in ("messaging-api.yml", "channel-access-token.yml")]
