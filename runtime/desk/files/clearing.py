"""Files go when nobody needs them any more: with the last chat that holds them, and with what users sent before.

Rows go first, then files: a process that dies between leaves files that the next `sweep` finds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from runtime.desk.files.keeping import Files
from runtime.line.content import Contents
from runtime.store.store import Store

DRAFT: Final = 2 * 86_400_000
"""For how long, in ms, a file that an agent put into an answer may wait to be sent."""
SOME: Final = 500


async def clear(store: Store, files: Files, tokens: Sequence[str]) -> int:
    """Delete those of these files that nobody holds any more; how many."""
    gone = await store.unneeded_files(tokens) if tokens else []
    for token in gone:
        await asyncio.to_thread(files.drop, token)
    return len(gone)


async def sweep(store: Store, files: Files, contents: Contents, before: int, now: int) -> int:
    """Delete what agents sent before and nobody holds, and contents of users whose rows are let go; how many."""
    old, count = await asyncio.to_thread(files.older, min(before, now - DRAFT)), 0
    for start in range(0, len(old), SOME):
        count += await clear(store, files, old[start : start + SOME])
    while erased := await store.erased_media(SOME):
        for token, _ in erased:
            count += await asyncio.to_thread(contents.drop, token)
        await store.forget_media([token for token, _ in erased])
    return count
