"""A process that is killed at any instant loses nothing it promised and breaks nothing it left."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from runtime.store import connect
from tests.store.values import NOW, WORKER, delivery, settle, turn

pytestmark = pytest.mark.faults

ROOT = Path(__file__).resolve().parents[2]
KILLS = 12

WRITER = """
    import asyncio, sys
    from runtime.store import connect
    from tests.store.values import NOW, delivery, event, settle, turn

    async def lane(store, worker, user, first):
        n = first
        while True:
            name = f"{user}-{n}"
            claims = await store.accept([event(name, user, at=NOW + n)], worker=worker, now=NOW + n)
            print("accepted", name, flush=True)
            claim = claims[0] if claims else await store.claim(worker, NOW + n)
            while claim is not None:
                if claim.event is None:
                    ids = [one.id for one in claim.deliveries]
                    claim = await settle(store, claim, now=NOW + n)
                    print("settled", *ids, flush=True)
                else:
                    said = delivery(f"{claim.event.id}/0", claim.session.key.partition(":")[2])
                    claim = await store.commit(turn(claim, deliveries=(said,)), worker=worker, now=NOW + n)
            n += 1

    async def main(url, worker, first):
        store = connect(url)
        await store.open()
        await store.join(worker)
        print("ready", flush=True)
        await asyncio.gather(*(lane(store, "worker-1", f"U{n}", first) for n in range(8)))

    asyncio.run(main(sys.argv[1], "worker-1", int(sys.argv[2])))
    """


def run_and_kill(url: str, first: int, after: int) -> list[list[str]]:
    """Let a writer go on for some lines of its report, then kill it; the whole lines it wrote."""
    writer = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITER), url, str(first)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    assert writer.stdout is not None
    lines = [writer.stdout.readline() for _ in range(after)]
    writer.kill()
    lines += writer.stdout.readlines()
    writer.wait()
    writer.stdout.close()
    assert lines[0] == "ready\n", "the store did not open after the last kill"
    return [line.split() for line in lines if line.endswith("\n")]


def test_what_was_promised_before_a_kill_is_kept(store_url: str) -> None:
    chance = random.Random(7)
    promised: set[str] = set()
    settled: set[str] = set()
    for round in range(KILLS):
        for what, *ids in run_and_kill(store_url, round * 100_000, chance.randint(2, 400)):
            (promised if what == "accepted" else settled).update(ids)
        if store_url.startswith("sqlite"):
            assert healthy(store_url)
    rows = asyncio.run(everything(store_url))
    kept = {row["id"]: row["state"] for row in rows["events"]}
    assert promised <= set(kept), "an accepted event is gone"
    assert set(kept.values()) == {"done"}
    sent = {row["id"]: row["state"] for row in rows["outbox"]}
    assert set(sent) == {f"{name}/0" for name in kept}, "each event was worked exactly once"
    assert {sent[name] for name in settled} <= {"sent"}
    assert len(promised) > KILLS


def healthy(url: str) -> bool:
    base = sqlite3.connect(url.removeprefix("sqlite:///"))
    try:
        return [row[0] for row in base.execute("PRAGMA integrity_check")] == ["ok"]
    finally:
        base.close()


async def everything(url: str) -> dict[str, list[dict[str, str]]]:
    """All events and deliveries, after a last worker has ended what was left."""
    store = connect(url)
    await store.open()
    await store.join(WORKER)
    late = NOW + 10_000_000
    while claim := await store.claim(WORKER, late):
        while claim is not None:
            if claim.event is None:
                claim = await settle(store, claim, now=late)
            else:
                said = delivery(f"{claim.event.id}/0", claim.session.key.partition(":")[2])
                claim = await store.commit(turn(claim, deliveries=(said,)), worker=WORKER, now=late)
    found = {"events": await store.list_events(limit=10**6), "outbox": await store.list_outbox(limit=10**6)}
    await store.close()
    return found
