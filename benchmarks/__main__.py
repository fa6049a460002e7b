"""`python -m benchmarks [EVENTS]`: the table of docs/explanation/performance.md, measured now.

The server runs on one core, users and LINE's API on another. Every figure is CPU or wall time of this run, and
what counts are the ratios: shared machines differ in speed from one minute to the next, ratios much less.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import rows
from benchmarks.load import SECRET, TOKEN, Stub, StubBook, post_all, request, webhook
from benchmarks.process import LOAD_CPU, Server, free_port, start

CONNECTIONS = 32
USERS = 2_000
ROUNDS = 3
CONFIG = """store: {store}
log_level: warning
endpoints:
  shop:
    channel_secret: {secret}
    access_token: {token}
    languages: [en]
    profile: false
    api: {api}
    api_data: {api}
"""
FLOW = """flow: echo{n}
start:
  - keyword: [{word}]
steps:
  - say: "{{{{ input.text }}}} to you, friend number {{{{ 1 + 1 }}}}"
"""


@dataclass
class Figure:
    """One measured row."""

    name: str
    micros: float
    rate: float


async def main() -> None:
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {LOAD_CPU})
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    book = StubBook()
    stub_port = free_port()
    await (await asyncio.get_running_loop().create_server(lambda: Stub(book), "127.0.0.1", stub_port)).start_serving()
    api = f"http://127.0.0.1:{stub_port}"
    bare, echo, turn = await throughput(count, api, book)
    table(bare, echo, turn)
    await idle(api, book)
    await growth(api, book, count // 2)
    await memory(api, book)


async def throughput(count: int, api: str, book: StubBook) -> tuple[Figure, Figure, Figure]:
    """The three servers in turn, several rounds; medians."""
    found: dict[str, list[Figure]] = {}
    for round_ in range(ROUNDS):
        for name in ("bare", "echo"):
            found.setdefault(name, []).append(await reference(name, count if name == "bare" else count // 4, api, book, round_))
        found.setdefault("turn", []).append(await noren(count, api, book, round_))
    bare, echo, turn = (median(found[name]) for name in ("bare", "echo", "turn"))
    return bare, echo, turn


async def reference(name: str, count: int, api: str, book: StubBook, round_: int) -> Figure:
    port = free_port()
    server = await start(["benchmarks.servers", name, str(port), api], port, "/")
    try:
        return await measured(name, server, count, book, answers=name == "echo", base=10**9 * (round_ + 1))
    finally:
        server.stop()


async def noren(count: int, api: str, book: StubBook, round_: int) -> Figure:
    async def one(server: Server) -> Figure:
        return await measured("turn", server, count, book, answers=True, base=10**9 * (round_ + 1))

    return await with_noren(api, one)


async def with_noren(
    api: str, use: Callable[[Server], Awaitable[rows.T]], *, flows: int = 1, prefill: int = 0
) -> rows.T:
    """Serve a small bot from a folder of its own while `use` measures it."""
    folder = Path(tempfile.mkdtemp(prefix="noren-bench-"))
    try:
        (folder / "flows").mkdir()
        store = f"sqlite:///{folder}/bench.db"
        (folder / "noren.yaml").write_text(CONFIG.format(store=store, secret=SECRET, token=TOKEN, api=api))
        for n in range(flows):
            word = "hello" if n == 0 else f"word{n}"
            (folder / "flows" / f"echo{n}.yaml").write_text(FLOW.format(n=n, word=word))
        if prefill:
            await rows.prefill(store, prefill)
        port = free_port()
        server = await start(["runtime", "serve", "--port", str(port), "--root", str(folder)], port, "/readyz", folder)
        try:
            return await use(server)
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


async def measured(name: str, server: Server, count: int, book: StubBook, *, answers: bool, base: int) -> Figure:
    """CPU µs and events per second from the first byte posted to the last answer at LINE's side."""
    warm = [request("/line/shop", webhook(n, USERS, base=base)) for n in range(500)]
    book.expect(len(warm))
    await post_all(server.port, warm, CONNECTIONS)
    if answers:
        await asyncio.wait_for(book.enough.wait(), 60)
    work = [request("/line/shop", webhook(n, USERS, base=base + 10**6)) for n in range(count)]
    book.expect(count)
    cpu, begun = server.cpu(), time.perf_counter()
    await post_all(server.port, work, CONNECTIONS)
    if answers:
        await asyncio.wait_for(book.enough.wait(), 300)
    return Figure(name, (server.cpu() - cpu) / count * 1e6, count / (time.perf_counter() - begun))


def median(figures: list[Figure]) -> Figure:
    return Figure(
        figures[0].name,
        statistics.median(f.micros for f in figures),
        statistics.median(f.rate for f in figures),
    )


def table(bare: Figure, echo: Figure, turn: Figure) -> None:
    print("| server, one core, 32 connections | CPU µs/event | events/s | cost ÷ bare route | throughput ÷ SDK echo |")
    print("|---|---|---|---|---|")
    names = {
        "bare": "Starlette route: HMAC and decode, nothing stored or sent",
        "echo": "FastAPI echo of the SDK: nothing stored, reply sent",
        "turn": "Noren: durable turn, flow, check, reply sent, recorded",
    }
    for f in (bare, echo, turn):
        print(f"| {names[f.name]} | {f.micros:.0f} | {f.rate:,.0f} | {f.micros / bare.micros:.1f} | {f.rate / echo.rate:.1f} |")
    print()


async def idle(api: str, book: StubBook) -> None:
    """One message at a time: from the webhook's first byte to the reply's arrival, above a round trip to the stub."""

    async def one(server: Server) -> list[float]:
        times = []
        for n in range(400):
            book.expect(1)
            begun = time.perf_counter()
            await post_all(server.port, [request("/line/shop", webhook(n, 50, base=10**11))], 1)
            await asyncio.wait_for(book.enough.wait(), 10)
            times.append((book.arrivals[0] - begun) * 1000)
        return times[100:]

    answers = await with_noren(api, one)
    port, round_trips = int(api.rpartition(":")[2]), []
    for n in range(300):
        begun = time.perf_counter()
        await post_all(port, [request("/v2/bot/message/reply", webhook(n, 50))], 1)
        round_trips.append((time.perf_counter() - begun) * 1000)
    quick, trip = statistics.median(answers), statistics.median(round_trips)
    print(f"Idle answer p50 {quick:.2f} ms, p99 {sorted(answers)[int(len(answers) * 0.99)]:.2f} ms; "
          f"a round trip to the stub {trip:.2f} ms; above it {quick - trip:.2f} ms\n")  # fmt: skip


async def growth(api: str, book: StubBook, count: int) -> None:
    """Cost per turn with few and many stored sessions, with few and many flows; pairs in turn, medians."""
    print("| what grows | from | to | CPU µs/event | ratio |")
    print("|---|---|---|---|---|")
    for name, small, large, options in (
        ("stored sessions", 10_000, 1_000_000, "prefill"),
        ("flows loaded", 1, 1_000, "flows"),
    ):
        costs: dict[int, list[float]] = {small: [], large: []}
        for round_ in range(ROUNDS):
            for size in (small, large):

                async def one(server: Server, round_: int = round_) -> Figure:
                    return await measured("turn", server, count, book, answers=True, base=10**9 * (round_ + 50))

                costs[size].append((await with_noren(api, one, **{options: size})).micros)
        low, high = statistics.median(costs[small]), statistics.median(costs[large])
        print(f"| {name} | {small:,} | {large:,} | {low:.0f} → {high:.0f} | {high / low:.2f} |")
    print()


async def memory(api: str, book: StubBook) -> None:
    """Memory after a hundred thousand different users, and the time from start to ready."""

    async def one(server: Server) -> tuple[float, float, float]:
        before = server.memory()
        work = [request("/line/shop", webhook(n, 100_000, base=10**12)) for n in range(100_000)]
        book.expect(len(work))
        await post_all(server.port, work, CONNECTIONS)
        await asyncio.wait_for(book.enough.wait(), 300)
        return before, server.memory(), server.ready_after

    before, after, ready = await with_noren(api, one)
    print(f"Memory {before:.0f} MB at start, {after:.0f} MB after 100,000 sessions; ready {ready:.2f} s after start")


if __name__ == "__main__":
    asyncio.run(main())
