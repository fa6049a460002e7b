"""A store of each kind, open, with one worker."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from runtime.store import Store, connect
from tests.store.values import WORKER


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    store = connect(store_url)
    await store.open()
    await store.join(WORKER)
    try:
        yield store
    finally:
        await store.close()
