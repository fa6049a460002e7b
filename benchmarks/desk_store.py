"""Lists of the desk over 100,000 stored cases: `python -m benchmarks.desk_store [CASES] [STORE]`.

Queue, search, customer panel and report as the desk asks for them, in SQLite, and in PostgreSQL when its address is
given. Quickest, median and slowest of 20 calls, in milliseconds: beside other work on the machine, the quickest says
most. What was said is drawn from vocabularies in which few words
are common and most are rare, as in languages; a store that has cases already is measured as it is.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from runtime import store as stores
from runtime.model import Case, Chat, Control, Session
from runtime.store import cases, codec, lanes
from runtime.store.lanes import Op
from runtime.store.listing import LIVE, WORKED, CaseFilter
from runtime.store.store import Store

CALLS = 20
AIM = 50
"""Milliseconds."""
DAY = 86_400_000
NOW = 1_800_000_000_000
WAITS = ("queued", "offered")
CLOSED = ("closed",)
OPEN_STATES = (*LIVE, "wrap_up")
OPEN = 2_000
"""Cases of all that are not closed yet."""
QUEUES = tuple(f"queue{number}" for number in range(8))
AGENTS = tuple(f"agent{number}" for number in range(40))
CONTACTS = 4
"""Cases of one customer, on average."""
WORDS = ("予約を変更したいです", "where is my parcel", "สวัสดีครับ ขอสอบถาม", "我想修改訂單", "refund please")
SIGNS = (
    [chr(sign) for sign in range(0x4E00, 0x4E00 + 2_000)],
    [chr(sign) for sign in range(0x3041, 0x3094)],
    [chr(sign) for sign in range(0x0E01, 0x0E2F)],
    ["".join(chr(97 + (number * step) % 26) for step in (1, 3, 7, 11)) for number in range(6_000)],
)
"""Kanji, kana, Thai letters, words between spaces."""
RARE = "\u9fa0"
"""A kanji that a handful of lines have, the oldest among them."""


def sentence(chance: random.Random) -> str:
    """What somebody may have written: the nth sign of a script comes about 1/n as often as the first."""
    signs = SIGNS[chance.choice((0, 1, 2, 3, 3))]
    drawn = [signs[int(len(signs) ** chance.random()) - 1] for _ in range(chance.randint(3, 14))]
    return (" " if len(drawn[0]) > 1 else "").join(drawn)


def labels(number: int) -> tuple[str, ...]:
    """Half of all cases have a common one, one in fifty another, a few of the oldest a third."""
    found = [name for name, each in (("order", 2), ("vip", 50), ("recall", 20_000)) if number % each == 1]
    return tuple(found)


def case(number: int, count: int) -> tuple[Case, str]:
    """One case and its session; the last ones are open."""
    live, at = number >= count - OPEN, NOW - (count - number) * 60_000
    state: Any = LIVE[1 + number // 8 % 4] if live else "closed"
    held = state in ("assigned", "active", "closed")
    ended = 0 if live else at + 600_000
    made = Case(
        id=f"case{number:08d}", workstream="support", state=state, queue=QUEUES[number % 8], opened=at, queued=at,
        agent=AGENTS[number % 40] if held else "", assigned=at + 20_000 if held else 0, subject=f"Guest {number}",
        since=at, replied=at + 40_000 if held else 0, ended=ended, labels=labels(number),
    )  # fmt: skip
    return made, contact(number, count)


def contact(number: int, count: int) -> str:
    return f"shop:U{number % (count // CONTACTS + 1):032x}"


def filled(count: int, first: int, last: int) -> Op[None]:
    """Cases, and three lines of the log and of the transcript for each."""
    rows, notes, lines, chance = [], [], [], random.Random(first)
    for number in range(first, last):
        one, key = case(number, count)
        rows.append(
            (one.id, key, "shop", "user", key[5:], key[5:], one.state, one.workstream, one.provider, one.queue,
             one.agent, 2, one.opened, one.queued, one.assigned, one.replied, one.ended, one.since, one.since, 0,
             "", one.subject, "", 0, 1, codec.text(one))
        )  # fmt: skip
        for step, type in enumerate(("case.requested", "message.received", "message.sent")):
            said = {"text": f"{sentence(chance)} {WORDS[number % 5] if not number % 7 else ''} {number}"}
            if number % 30_000 == 11:
                said["text"] += f" {RARE}語"
            at, event, text = one.opened + step * 1_000, f"e{number}.{step}", codec.text(said)
            notes.append((key, "shop", one.id, one.queue, one.agent, event, type, at, 1, "public", "{}", text))
            lines.append((key, at, ("user", "bot", "agent")[step], "text", said["text"], text, event, ""))
    yield cases.PUT_CASE, rows
    yield cases.ADD_NOTE, notes
    yield ADD_ENTRY, lines


ADD_ENTRY = """INSERT INTO transcript (session, at, who, kind, text, data, event, message)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
LONG = f"shop:C{1:032x}"
"""A group whose one case goes on and on."""
LINES = 20_000
"""Lines of it."""


def talkative(first: int, last: int) -> Op[None]:
    """Lines of the group, of transcript and log."""
    lines, notes = [], []
    for number in range(first, last):
        at, event, text = NOW - DAY - (LINES - number) * 500, f"g{number}", codec.text({"text": f"line {number}"})
        lines.append((LONG, at, "user", "text", f"line {number}", text, event, ""))
        type = "message.received" if number % 10 else "case.changed"
        notes.append((LONG, "shop", "", QUEUES[0], "", event, type, at, 1, "public", "{}", text))
    yield ADD_ENTRY, lines
    yield cases.ADD_NOTE, notes


def people(first: int, last: int, count: int) -> Op[None]:
    """Sessions of the customers; the bot has most of their chats."""
    rows = []
    for number in range(first, last):
        key, owner = contact(number, count), "human" if number % 10 == 3 else "bot"
        one = Session(
            key=key, endpoint="shop", chat=Chat("user", key[5:]), contact=key[5:], control=Control(owner=owner),
            profile={"name": f"Guest {number}", "picture": f"https://example.com/{number}.jpg"}, started=1, seen=2,
        )  # fmt: skip
        rows.append((key, "shop", key[5:], 1, 1, 2, codec.state_of(one)))
    yield lanes.BEGIN, rows


async def fill(store: Store, count: int) -> None:
    base, step = store._base, 2_000
    for first in range(0, LINES, step):
        await base.write(talkative, first, first + step)
    for first in range(0, count // CONTACTS + 1, step):
        await base.write(people, first, min(count // CONTACTS + 1, first + step), count)
    for first in range(0, count, step):
        await base.write(filled, count, first, min(count, first + step))
    while await store.index_words(5_000, NOW):
        pass


Calls = Iterator[tuple[str, Callable[[], Awaitable[Any]]]]


def asked(store: Store, count: int) -> Calls:
    """What people at the desk look at."""
    yield from listed(store, count)
    yield from searched(store)
    yield from looked_at(store, count)


def listed(store: Store, count: int) -> Calls:
    some, deep = ("queue1", "queue2"), NOW - count * 9 // 10 * 60_000
    lists = {
        "queue, all": CaseFilter(states=WAITS, order="urgent"),
        "queue, of two": CaseFilter(states=WAITS, queues=some, mine="agent1", order="urgent"),
        "queue, a label": CaseFilter(states=WAITS, label="recall", order="urgent"),
        "mine": CaseFilter(states=WORKED, agent="agent1", mine="agent1"),
        "all open": CaseFilter(states=OPEN_STATES),
        "all open, oldest": CaseFilter(states=OPEN_STATES, order="oldest"),
        "all open, of two queues": CaseFilter(states=OPEN_STATES, queues=some, mine="agent1"),
        "all open, rare label": CaseFilter(states=OPEN_STATES, label="recall"),
        "closed, newest": CaseFilter(states=CLOSED),
        "closed, oldest": CaseFilter(states=CLOSED, order="oldest"),
        "closed, deep": CaseFilter(states=CLOSED, before=deep),
        "closed, of two queues": CaseFilter(states=CLOSED, queues=some, mine="agent1"),
        "closed, of two, deep": CaseFilter(states=CLOSED, queues=some, mine="agent1", before=deep),
        "closed, of two, oldest": CaseFilter(states=CLOSED, queues=some, mine="agent1", order="oldest"),
        "closed, common label": CaseFilter(states=CLOSED, label="order"),
        "closed, a label": CaseFilter(states=CLOSED, label="vip"),
        "closed, rare label": CaseFilter(states=CLOSED, label="recall"),
        "closed, no such label": CaseFilter(states=CLOSED, label="nothing"),
        "closed, a label, of two": CaseFilter(states=CLOSED, label="recall", queues=some, mine="agent1"),
        "closed, of a priority": CaseFilter(states=CLOSED, priority="urgent"),
        "closed, of an agent": CaseFilter(states=CLOSED, agent="agent1"),
        "closed, called so": CaseFilter(states=CLOSED, words="Guest 4711"),
        "closed, called like all": CaseFilter(states=CLOSED, words="Guest"),
        "closed, called like none": CaseFilter(states=CLOSED, words="nobody"),
    }
    for name, where in lists.items():
        yield name, lambda where=where: store.list_cases(where, 50)  # type: ignore[misc]  # bound early
    yield "counts", lambda: store.count_cases("agent1", None)
    yield "counts, of two queues", lambda: store.count_cases("agent1", some)
    yield "labels", lambda: store.labels(lambda queue, agent: True)


def searched(store: Store) -> Calls:
    asked = ("予約", "予", SIGNS[0][0], SIGNS[0][900], SIGNS[0][1990], RARE, "語", "の", "ส", "ฮ", "สวัสดี", "a", "z",
             "r", "parcel", "parcel 4711", "Guest", "Guest 4711", "4711", "nothing at all")  # fmt: skip
    for text in asked:
        yield f"search {text}", lambda text=text: store.find(text, 30)  # type: ignore[misc]  # bound early


def looked_at(store: Store, count: int) -> Calls:
    key, end = contact(7, count), NOW - DAY
    yield "panel: case", lambda: store.show_case("case00000007")
    yield "panel: session", lambda: store.load_session(key)
    yield "panel: earlier", lambda: store.earlier(key)
    yield "panel: timeline", lambda: store.timeline(key, 2**53, 60)
    yield "panel: long timeline", lambda: store.timeline(LONG, 2**53, 60)
    yield "panel: long, deep", lambda: store.timeline(LONG, end - LINES * 400, 60)
    yield "panel: opinion", lambda: store.survey_of("case00000007")
    yield "faces of a list", lambda: store.faces([contact(number, count) for number in range(50)])
    yield "view of a turn", lambda: store.desk_view(f"case{count - 5:08d}", NOW)
    yield "chats of the bot", lambda: store.list_chats("bot", "", 50)
    yield "chats called so", lambda: store.list_chats("bot", "guest 4711", 50)
    yield "chats that pause", lambda: store.list_chats("paused", "", 50)
    yield "report of a day", lambda: store.report_day(end - DAY, end)


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
        slow = "   <<" if middle > AIM else ""
        print(f"  {name:26} min {min(times):7.2f}   p50 {middle:7.2f}   max {max(times):7.2f} ms{slow}", flush=True)
    return worst


async def main(count: int, url: str) -> None:
    store = stores.connect(url)
    await store.open()
    try:
        if await store.show_case("case00000000") is None:
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
