"""What every test may use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import postgres

# How fast a machine makes examples says nothing about what is tested.
settings.register_profile("noren", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("noren")

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
    """A server on which tests may create databases."""
    return postgres.address()


@pytest.fixture(scope="session")
def postgres_database(postgres_url: str) -> Iterator[str]:
    """A database of this run alone; skipped with the reason when no server answers."""
    yield from postgres.database(postgres_url)


@pytest.fixture
def postgres_schema(postgres_database: str) -> Iterator[str]:
    """A store address on PostgreSQL that nothing was ever written to."""
    yield from postgres.schema(postgres_database)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/noren.db"
    url: str = request.getfixturevalue("postgres_schema")
    return url
