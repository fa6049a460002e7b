"""Lists of the desk over 100,000 stored cases: `python -m benchmarks.desk_store [CASES] [STORE]`.

Queue, search, customer panel and report as the desk asks for them, in SQLite, and in PostgreSQL when its address is
given. Median and slowest of 20 calls, in milliseconds.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from runtime import store as stores
from runtime.model import Case
from runtime.store import cases, codec
from runtime.store.lanes import Op
from runtime.store.listing import LIVE, CaseFilter
from runtime.store.store import Store

CALLS = 20
DAY = 86_400_000
NOW = 1_800_000_000_000
OPEN = 2_000
"""Cases of all that are not closed yet."""
QUEUES = tuple(f"queue{number}" for number in range(8))
AGENTS = tuple(f"agent{number}" for number in range(40))
WORDS = ("予約を変更したいです", "where is my parcel", "สวัสดีครับ ขอสอบถาม", "我想修改訂單", "refund please")


def case(number: int, count: int) -> tuple[Case, str]:
    """One case and its session; the last ones are open."""
    live, at = number >= count - OPEN, NOW - (count - number) * 60_000
    state: Any = LIVE[1 + number // 8 % 4] if live else "closed"
    held = state in ("assigned", "active", "closed")
    ended, labels = (0 if live else at + 600_000), (("vip",) if number % 50 == 0 else ())
    made = Case(
        id=f"case{number:08d}", workstream="support", state=state, queue=QUEUES[number % 8], opened=at, queued=at,
        agent=AGENTS[number % 40] if held else "", assigned=at + 20_000 if held else 0, subject=f"Guest {number}",
        since=at, replied=at + 40_000 if held else 0, ended=ended, labels=labels,
    )  # fmt: skip
    return made, f"shop:U{number % (count // 4 + 1):032x}"


def filled(count: int, first: int, last: int) -> Op[None]:
    """Cases, and three lines of the log and of the transcript for each."""
    rows, notes, lines = [], [], []
    for number in range(first, last):
        one, key = case(number, count)
        rows.append(
            (one.id, key, "shop", "user", key[5:], key[5:], one.state, one.workstream, one.provider, one.queue,
             one.agent, 2, one.opened, one.queued, one.assigned, one.replied, one.ended, one.since, one.since, 0,
             "", one.subject, "", 0, 1, codec.text(one))
        )  # fmt: skip
        for step, type in enumerate(("case.requested", "message.received", "message.sent")):
            said = {"text": f"{WORDS[number % 5]} {number}"}
            at, event, text = one.opened + step * 1_000, f"e{number}.{step}", codec.text(said)
            notes.append((key, "shop", one.id, one.queue, one.agent, event, type, at, 1, "public", "{}", text))
            lines.append((key, at, ("user", "bot", "agent")[step], "text", said["text"], text, event, ""))
    yield cases.PUT_CASE, rows
    yield cases.ADD_NOTE, notes
    yield ADD_ENTRY, lines


ADD_ENTRY = """INSERT INTO transcript (session, at, who, kind, text, data, event, message)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""


async def fill(store: Store, count: int) -> None:
    for first in range(0, count, 2_000):
        await store._base.write(filled, count, first, min(count, first + 2_000))
    while await store.index_words(5_000, NOW):
        pass


def asked(store: Store, count: int) -> Iterator[tuple[str, Callable[[], Awaitable[Any]]]]:
    """What people at the desk look at."""
    key, some = f"shop:U{7:032x}", ("queue1", "queue2")
    yield "queue, all", lambda: store.list_cases(CaseFilter(states=("queued", "offered"), order="urgent"), 50)
    yield (
        "queue, of two",
        lambda: store.list_cases(
            CaseFilter(states=("queued", "offered"), queues=some, mine="agent1", order="urgent"), 50
        ),
    )
    yield "mine", lambda: store.list_cases(CaseFilter(states=("assigned", "active"), agent="agent1", mine="agent1"), 50)
    yield "all open", lambda: store.list_cases(CaseFilter(states=(*LIVE, "wrap_up")), 50)
    yield "closed, newest", lambda: store.list_cases(CaseFilter(states=("closed",)), 50)
    yield (
        "closed, of two queues",
        lambda: store.list_cases(CaseFilter(states=("closed",), queues=some, mine="agent1"), 50),
    )
    yield "closed, with a label", lambda: store.list_cases(CaseFilter(states=("closed",), label="vip"), 50)
    yield "closed, called so", lambda: store.list_cases(CaseFilter(states=("closed",), words="Guest 4711"), 50)
    yield "counts", lambda: store.count_cases("agent1", None)
    for text in ("予約", "parcel 4711", "Guest 4711", "สวัสดี", "a"):
        yield f"search {text}", lambda text=text: store.find(text, 30)  # type: ignore[misc]
    yield "panel: case", lambda: store.show_case("case00000007")
    yield "panel: earlier", lambda: store.earlier(key)
    yield "panel: timeline", lambda: store.timeline(key, (2**53, 2**53), 60)
    yield "panel: opinion", lambda: store.survey_of("case00000007")
    yield "view of a turn", lambda: store.desk_view(f"case{count - 5:08d}", NOW)
    yield "chats of the bot", lambda: store.list_chats("bot", "", 50)
    yield "report of a day", lambda: store.report_day(NOW - 2 * DAY, NOW - DAY)


async def measure(store: Store, count: int) -> float:
    worst = 0.0
    for name, call in asked(store, count):
        times = []
        for _ in range(CALLS):
            begun = time.perf_counter()
            await call()
            times.append((time.perf_counter() - begun) * 1000)
        middle = statistics.median(times)
        worst = max(worst, middle)
        print(f"  {name:24} p50 {middle:7.2f} ms   max {max(times):7.2f} ms", flush=True)
    return worst


async def main(count: int, url: str) -> None:
    store = stores.connect(url)
    await store.open()
    try:
        begun = time.perf_counter()
        await fill(store, count)
        print(f"{store.kind}: {count} cases written in {time.perf_counter() - begun:.0f} s")
        if store.kind == "postgresql":
            await store.vacuum()
        print(f"slowest median {await measure(store, count):.1f} ms")
    finally:
        await store.close()


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(wanted, sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/desk.db"))
