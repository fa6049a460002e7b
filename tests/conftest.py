"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Reference data that may stand beside the checkout: real messages, webhooks, LINE's OpenAPI."""
    if not SHARED.is_dir():
        pytest.skip("reference data is not beside this checkout (../shared)")
    return SHARED


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """A server on which tests may create databases; NOREN_TEST_POSTGRES overrides the local socket."""
    return os.environ.get("NOREN_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
