"""What a machine may lack: tests that need it are skipped with the reason, or fail where it has to be there."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(what: str, reason: str) -> NoReturn:
    """Skip with the reason, or fail when NOREN_REQUIRE (`postgres,editor,node,assets,browser`) names `what`."""
    if what in os.environ.get("NOREN_REQUIRE", "").split(","):
        pytest.fail(f"{what} is required here: {reason}")
    pytest.skip(reason)
