"""`python -m benchmarks [EVENTS]`: the table of docs/explanation/performance.md, measured now.

The server runs on one core, users and LINE's API on another. Every figure is CPU or wall time of this run, and
what counts are the ratios: shared machines differ in speed from one minute to the next, ratios much less.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import rows
from benchmarks.load import SECRET, TOKEN, Stub, StubBook, post_all, request, webhook
from benchmarks.process import LOAD_CPU, Server, free_port, start

CONNECTIONS = 32
USERS = 2_000
ROUNDS = 5
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
    table(await throughput(count, api, book))
    await idle(api, book)
    await growth(api, book, count // 2)
    await memory(api, book)


async def throughput(count: int, api: str, book: StubBook) -> list[dict[str, Figure]]:
    """The three servers in turn, round after round, so that each ratio is between neighbours in time."""
    return [
        {
            "bare": await reference("bare", count, api, book, round_),
            "echo": await reference("echo", count // 4, api, book, round_),
            "turn": await noren(count, api, book, round_),
        }
        for round_ in range(ROUNDS)
    ]


async def reference(name: str, count: int, api: str, book: StubBook, round_: int) -> Figure:
    port = free_port()
    server = await start(["benchmarks.servers", name, str(port), api], port, "/")
    try:
        return await measured(name, server, count, book, answers=name == "echo", base=10**9 * (round_ + 1))
    finally:
        server.stop()


async def noren(count: int, api: str, book: StubBook, round_: int) -> Figure:
    async with bot(api) as folder, serving(folder) as server:
        return await measured("turn", server, count, book, answers=True, base=10**9 * (round_ + 1))


@contextlib.asynccontextmanager
async def bot(api: str, *, flows: int = 1, prefill: int = 0) -> AsyncIterator[Path]:
    """The folder of a small bot with so many flows, its store filled with so many sessions."""
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
        yield folder
    finally:
        shutil.rmtree(folder)


@contextlib.asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[Server]:
    """`noren serve` of that folder, pinned to the server's core."""
    port = free_port()
    server = await start(["runtime", "serve", "--port", str(port), "--root", str(folder)], port, "/readyz", folder)
    try:
        yield server
    finally:
        server.stop()


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


def table(rounds: list[dict[str, Figure]]) -> None:
    """Medians of the rounds; the ratios are medians of the rounds' ratios."""
    print("| server, one core, 32 connections | CPU µs/event | events/s | cost ÷ bare route | throughput ÷ SDK echo |")
    print("|---|---|---|---|---|")
    names = {
        "bare": "Starlette route: HMAC and decode, nothing stored or sent",
        "echo": "FastAPI echo of the SDK: nothing stored, reply sent",
        "turn": "Noren: durable turn, flow, check, reply sent, recorded",
    }
    for name, words in names.items():
        micros = statistics.median(r[name].micros for r in rounds)
        rate = statistics.median(r[name].rate for r in rounds)
        cost = statistics.median(r[name].micros / r["bare"].micros for r in rounds)
        speed = statistics.median(r[name].rate / r["echo"].rate for r in rounds)
        print(f"| {words} | {micros:.0f} | {rate:,.0f} | {cost:.1f} | {speed:.1f} |")
    print()


async def idle(api: str, book: StubBook) -> None:
    """One message at a time: from the webhook's first byte to the reply's arrival, above a round trip to the stub."""
    times, trips = [], []
    async with bot(api) as folder, serving(folder) as server:
        for n in range(400):
            book.expect(1)
            begun = time.perf_counter()
            await post_all(server.port, [request("/line/shop", webhook(n, 50, base=10**11))], 1)
            await asyncio.wait_for(book.enough.wait(), 10)
            times.append((book.arrivals[0] - begun) * 1000)
    for n in range(300):
        begun = time.perf_counter()
        await post_all(int(api.rpartition(":")[2]), [request("/v2/bot/message/reply", webhook(n, 50))], 1)
        trips.append((time.perf_counter() - begun) * 1000)
    answers = sorted(times[100:])
    quick, trip = statistics.median(answers), statistics.median(trips)
    print(
        f"Idle answer p50 {quick:.2f} ms, p99 {answers[int(len(answers) * 0.99)]:.2f} ms; a round trip to the stub "
        f"{trip:.2f} ms; p50 above it {quick - trip:.2f} ms\n"
    )


async def growth(api: str, book: StubBook, count: int) -> None:
    """Cost per turn with few and many stored sessions, with few and many flows; pairs in turn, medians."""
    print("| what grows | from | to | CPU µs/event | ratio |")
    print("|---|---|---|---|---|")
    await grown("stored sessions", {n: {"prefill": n} for n in (10_000, 1_000_000)}, api, book, count)
    await grown("flows loaded", {n: {"flows": n} for n in (1, 1_000)}, api, book, count)
    print()


async def grown(name: str, sizes: dict[int, dict[str, int]], api: str, book: StubBook, count: int) -> None:
    async with contextlib.AsyncExitStack() as stack:
        folders = {n: await stack.enter_async_context(bot(api, **options)) for n, options in sizes.items()}
        costs: dict[int, list[float]] = {n: [] for n in sizes}
        for round_ in range(ROUNDS):
            for n, folder in folders.items():
                async with serving(folder) as server:
                    figure = await measured("turn", server, count, book, answers=True, base=10**9 * (round_ + 50))
                costs[n].append(figure.micros)
    low, high = (statistics.median(found) for found in costs.values())
    small, large = sizes
    print(f"| {name} | {small:,} | {large:,} | {low:.0f} → {high:.0f} | {high / low:.2f} |")


async def memory(api: str, book: StubBook) -> None:
    """Memory after a hundred thousand different users, and the time from start to ready."""
    async with bot(api) as folder, serving(folder) as server:
        before = server.memory()
        work = [request("/line/shop", webhook(n, 100_000, base=10**12)) for n in range(100_000)]
        book.expect(len(work))
        await post_all(server.port, work, CONNECTIONS)
        await asyncio.wait_for(book.enough.wait(), 300)
        after = server.memory()
    print(
        f"Memory {before:.0f} MB at start, {after:.0f} MB after 100,000 sessions; "
        f"ready {server.ready_after:.2f} s after start"
    )


if __name__ == "__main__":
    asyncio.run(main())
