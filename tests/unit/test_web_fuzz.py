"""Anything at all at the door, under the right signature: answered, and what was taken is in the store."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.errors import BadBody
from runtime.line import webhook
from tests.asgi import ask
from tests.line_platform import CLUB, KEN, MAI, bot
from tests.world import World, world

FLOWS = {
    "flows/all.yaml": """flow: all
start:
  - event: [follow, join, member_joined, beacon, account_link, membership, video_complete, edited]
  - postback: {go: all}
steps:
  - say: "{{ event.kind }} {{ input.data }}"
  - ask: more
    type: any
    say: And?
  - end
fallback:
  - say: "{{ input.text or input.kind }}"
"""
}
CONFIG = "endpoints: {shop: {languages: [en], loading: 0, media: {wait: 1s}}}\nworker: {attempts: 1}\n"
NOW = 1_800_000_000_000
PLACES = [
    {"type": "user", "userId": MAI},
    {"type": "group", "groupId": CLUB, "userId": KEN},
    {"type": "group", "groupId": CLUB},
    {"type": "room", "roomId": "R" + "1" * 32},
    {},
]
OWN: list[dict[str, Any]] = [
    {"type": "message", "message": {"id": "1", "type": "text", "text": "hello @bot", "quoteToken": "q",
     "emojis": [{"index": 0, "length": 5, "productId": "5ac1", "emojiId": "001"}],
     "mention": {"mentionees": [{"index": 6, "length": 4, "type": "user", "userId": MAI, "isSelf": True}]}}},
    {"type": "message", "message": {"id": "2", "type": "sticker", "packageId": "1", "stickerId": "2", "text": "a"}},
    {"type": "message", "message": {"id": "3", "type": "image", "contentProvider": {"type": "line"},
     "imageSet": {"id": "s", "index": 1, "total": 2}}},
    {"type": "message", "message": {"id": "4", "type": "location", "latitude": 1.5, "longitude": 2, "title": "x"}},
    {"type": "message", "message": {"id": "5", "type": "file", "fileName": "a.pdf", "fileSize": 10}},
    {"type": "postback", "postback": {"data": "go=all&ask=all.more&answer=1", "params": {"date": "2026-12-31"}}},
    {"type": "follow", "follow": {"isUnblocked": False}},
    {"type": "unsend", "unsend": {"messageId": "1"}},
    {"type": "memberJoined", "joined": {"members": [{"type": "user", "userId": KEN}]}},
    {"type": "beacon", "beacon": {"hwid": "d41d8cd98f", "type": "enter", "dm": "00ff"}},
    {"type": "accountLink", "link": {"result": "ok", "nonce": "n"}},
    {"type": "membership", "membership": {"type": "joined", "membershipId": 7}},
    {"type": "videoPlayComplete", "videoPlayComplete": {"trackingId": "t"}},
    {"type": "module", "module": {"type": "attached", "botId": "U" + "2" * 32, "scopes": ["message:send"]}},
    {"type": "deactivated"},
    {"type": "activated", "chatControl": {"expireAt": NOW}},
    {"type": "greatNewFeature", "greatNewFeature": {"a": 1}},
]  # fmt: skip

ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.sampled_from(["", "\0", "\ud800", "text", "user", "standby", MAI, CLUB, "x" * 6_000, -1, 10**30, 1e308]),
)
JSON = st.recursive(
    ATOMS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def events(draw: Any) -> Any:
    """An event of LINE's, with some of its parts replaced, dropped or doubled."""
    event = {
        "mode": draw(st.sampled_from(["active", "active", "standby"])),
        "timestamp": NOW,
        "webhookEventId": draw(st.text("0123456789ABCDEF", min_size=4, max_size=26)),
        "deliveryContext": {"isRedelivery": draw(st.booleans())},
        "replyToken": draw(st.text("abcdef", min_size=4, max_size=8)),
        "source": draw(st.sampled_from(PLACES)),
        **draw(st.sampled_from(OWN)),
    }
    event = copy.deepcopy(event)
    for _ in range(draw(st.integers(0, 4))):
        spoil(event, draw)
    return event


def spoil(event: dict[str, Any], draw: Any) -> None:
    """One change somewhere in the event."""
    node: Any = event
    while isinstance(node, dict) and node:
        key = draw(st.sampled_from(sorted(node)))
        inner = node[key]
        if not isinstance(inner, dict) or draw(st.booleans()):
            if draw(st.booleans()):
                node[key] = draw(JSON)
            else:
                del node[key]
            return
        node = inner


def encoded(value: Any) -> bytes:
    """As JSON, also what UTF-8 cannot say."""
    return json.dumps(value).encode()


@dataclass
class Door:
    """A running bot that is spoken to in-process; its own loop, so that one world serves all examples."""

    runner: asyncio.Runner
    world: World

    def post(self, body: bytes) -> tuple[int, set[str], set[str]]:
        """Status; ids that should be stored; ids that are missing in the store."""
        return self.runner.run(self._post(body))

    async def _post(self, body: bytes) -> tuple[int, set[str], set[str]]:
        w = self.world
        settings = w.runtime.settings.endpoints["shop"]
        signed = {"x-line-signature": webhook.sign(settings.channel_secret, body)}
        answer = await ask(w.runtime.asgi, "POST", "/line/shop", body, signed)
        expected: set[str] = set()
        with suppress(BadBody):
            expected = {event.id for event in webhook.parse(body, settings, w.clock.now())}
        await w.pass_time(lambda: not w.busy, step=500)
        missing = set()
        for id in expected:
            row = await w.store.show_event(id)
            if row["state"] not in ("done", "due"):
                missing.add(f"{id} is {row['state']}: {row['error']}")
        return answer.status, expected, missing


async def opened(made: AbstractAsyncContextManager[World]) -> World:
    w = await made.__aenter__()
    w.line.simulator.acts.invite(w.account(), CLUB)
    return w


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with asyncio.Runner() as runner:
        made = world(tmp_path_factory.mktemp("door"), FLOWS, config=CONFIG, bots=(bot(open=True),))
        yield Door(runner, runner.run(opened(made)))
        runner.run(made.__aexit__(None, None, None))


def holds(door: Door, body: bytes) -> None:
    status, expected, missing = door.post(body)
    assert status in (200, 400)
    assert bool(expected) <= (status == 200)
    assert not missing


SLOWLY = settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SLOWLY
@given(body=st.binary(max_size=200))
def test_any_bytes(door: Door, body: bytes) -> None:
    holds(door, body)


@SLOWLY
@given(
    value=JSON | st.fixed_dictionaries({"events": JSON}) | st.fixed_dictionaries({"events": st.lists(JSON, max_size=4)})
)
def test_any_json(door: Door, value: Any) -> None:
    holds(door, encoded(value))


@SLOWLY
@given(items=st.lists(events(), min_size=1, max_size=4))
def test_any_events_near_those_of_line(door: Door, items: list[Any]) -> None:
    holds(door, encoded({"destination": "U" + "0" * 32, "events": items}))


@SLOWLY
@given(item=events(), at=st.floats(0, 1), junk=st.binary(max_size=4), gone=st.integers(0, 8))
def test_any_damaged_body(door: Door, item: Any, at: float, junk: bytes, gone: int) -> None:
    body = encoded({"destination": "U" + "0" * 32, "events": [item]})
    place = int(at * len(body))
    holds(door, body[:place] + junk + body[place + gone :])


@SLOWLY
@given(item=events(), times=st.integers(2, 3))
def test_the_same_event_again_is_stored_once(door: Door, item: Any, times: int) -> None:
    body = encoded({"events": [item]})
    before = door.runner.run(count(door))
    holds(door, body)
    once = door.runner.run(count(door))
    for _ in range(times):
        holds(door, body)
    assert door.runner.run(count(door)) == once
    assert once - before <= 1


async def count(door: Door) -> int:
    info = await door.world.store.info(door.world.clock.now())
    timers = [row for row in await door.world.store.list_events("due", None, 10_000) if row["kind"] == "timer"]
    return int(info["rows"]["inbox"]) - len(timers)
