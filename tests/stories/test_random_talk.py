"""Guests who do what they like: whatever they say, tap and send, the sample shop never breaks."""

from __future__ import annotations

import asyncio
import csv
import itertools
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.errors import BadInput
from runtime.simulator.ids import steady
from runtime.simulator.taps import tap
from runtime.simulator.values import Group, User
from tests.line_platform import bot
from tests.world import World, world

ROOT = Path(__file__).resolve().parents[2]
SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000


def spoken() -> list[str]:
    """Every short text of the shop, as people write or tap it, and what they say beside."""
    words = [
        "cancel",
        "stop",
        "hi",
        "3",
        "-1",
        "999999999999",
        "yes",
        "no",
        "tomorrow",
        "7pm",
        "2027-02-30",
        "{{ 1/0 }}",
    ]
    for path in sorted((ROOT / "flows" / "texts").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            words += [
                text for row in csv.DictReader(file) for key, text in row.items() if key != "key" and len(text) < 30
            ]
    return sorted(set(words))


TEXTS = (
    st.sampled_from(spoken()) | st.text(min_size=1, max_size=40) | st.sampled_from(["\0", "​", "🙂" * 900, "x" * 4_999])
)
POSTBACKS = ["", "go=menu", "go=booking", "answer=7&ask=booking.guests", "noren=answer", "{}"]
ACTS = st.one_of(
    st.tuples(st.just("say"), TEXTS),
    st.tuples(st.just("tap"), st.integers(0, 12)),
    st.tuples(st.just("tap"), st.integers(0, 12)),
    st.tuples(st.just("pick"), st.sampled_from(["2027-01-23", "2027-12-31", "19:30", "2027-01-23T19:30"])),
    st.tuples(st.just("send"), st.sampled_from(["sticker", "image", "video", "audio", "file", "location"])),
    st.tuples(st.just("wait"), st.sampled_from([SECOND, 5 * MINUTE, 40 * MINUTE, 2 * DAY])),
    st.tuples(st.just("postback"), st.sampled_from(POSTBACKS)),
    st.tuples(st.just("event"), st.sampled_from(["follow", "unsend", "beacon", "account_link"])),
)  # fmt: skip
SENT = {
    "file": {"name": "a.pdf"},
    "location": {"latitude": 35.0, "longitude": 139.0},
    "audio": {"duration": 1_000},
    "video": {"duration": 1_000},
}
OWN = {
    "beacon": {"beacon": {"hwid": "d41d8cd98f", "type": "enter"}},
    "account_link": {"link": {"result": "ok", "nonce": "n"}},
}


class Shop:
    """The sample bot for all examples, each with a guest of its own."""

    def __init__(self, runner: asyncio.Runner, w: World) -> None:
        self.runner, self.w, self.numbers = runner, w, itertools.count()

    def visit(self, language: str, group: bool, acts: list[tuple[str, Any]]) -> None:
        self.runner.run(self._visit(language, group, acts))

    async def _visit(self, language: str, group: bool, acts: list[tuple[str, Any]]) -> None:
        w, number = self.w, next(self.numbers)
        people = w.line.simulator.platform.people
        user = people.add_user(User(id=steady("U", f"guest:{number}"), name=f"Guest {number}", language=language)).id
        chat = user
        if group:
            chat = people.add_group(
                Group(id=steady("C", f"club:{number}"), kind="group", name="Club", members=(user,))
            ).id
            w.line.simulator.acts.invite(w.account(), chat)
        seen = w.line.simulator.journal.count
        for kind, what in acts:
            with suppress(BadInput):  # what LINE's app would not let anybody do
                await self._act(kind, what, user, chat)
            await w.settle()
        await w.turn(31 * MINUTE)
        await self._sound(chat, seen)

    async def _act(self, kind: str, what: Any, user: str, chat: str) -> None:
        w, acts, account = self.w, self.w.line.simulator.acts, self.w.account()
        if kind == "say":
            mention = [{"to": "bot", "index": 0, "length": 4}] if chat != user else []
            text = f"@bot {what}" if mention else what
            acts.send(account, chat, {"type": "text", "text": text, **({"mention": mention} if mention else {})}, user)
        elif kind == "tap":
            tap(acts, account, chat, {"index": what, "user": user})
        elif kind == "pick":
            tap(acts, account, chat, {"index": 0, "user": user, "value": what})
        elif kind == "send":
            acts.send(account, chat, {"type": what, **SENT.get(what, {})}, user)
        elif kind == "wait":
            await w.turn(what)
        elif kind == "postback":
            acts.platform.emit(account, "postback", {"postback": {"data": what}}, chat=chat, user=user)
        elif what == "follow":
            acts.follow(account, user)
        elif what == "unsend":
            mine = [said for said in w.said(chat) if said.who == user and said.via == "user"]
            acts.unsend(mine[-1].id) if mine else None
        else:
            acts.platform.emit(account, what, OWN[what], chat=chat, user=user)

    async def _sound(self, chat: str, seen: int) -> None:
        """Nothing parked, nothing refused, nothing stuck, and the session can be read."""
        w = self.w
        assert await w.events("dead") == []
        assert await w.outbox("failed") == []
        counts = await w.store.counts(w.clock.now())
        assert (counts["backlog"], counts["at_work"], counts["deliveries"].get("waiting", 0)) == (0, 0, 0)
        session = await w.store.load_session(f"shop:{chat}")
        if session is not None:
            flows = w.runtime.house.endpoints["shop"].book.current.flows
            assert session.cursor is None or session.cursor.flow in flows
            assert len(session.stack) <= 20
        refused = [row for row in w.line.simulator.journal.since(seen, way="api") if row.status >= 400]
        assert [
            (row.path, row.answered) for row in refused if "/message/" in row.path and "/content" not in row.path
        ] == []


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    secret = bot().complete().channel_secret
    config = (ROOT / "noren.yaml").read_text(encoding="utf-8").replace("simulated-secret", secret)
    folder = tmp_path_factory.mktemp("talk")
    with asyncio.Runner() as runner:
        made: AbstractAsyncContextManager[World] = world(ROOT, {}, config=config, store=f"sqlite:///{folder}/shop.db")
        yield Shop(runner, runner.run(made.__aenter__()))
        runner.run(made.__aexit__(None, None, None))


@settings(deadline=None, max_examples=40)
@given(
    language=st.sampled_from(["ja", "th", "zh-TW", "id", "en", "de", ""]),
    group=st.booleans(),
    acts=st.lists(ACTS, min_size=3, max_size=20),
)
def test_nothing_a_guest_does_breaks_the_shop(
    shop: Shop, language: str, group: bool, acts: list[tuple[str, Any]]
) -> None:
    shop.visit(language, group, acts)
