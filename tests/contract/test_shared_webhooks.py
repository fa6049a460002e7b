"""Bodies that LINE really sends: each is taken with its own signature, none with another, and nothing of it is lost."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from runtime.line.webhook import sign
from tests.line_platform import bot
from tests.world import World, world

pytestmark = [pytest.mark.anyio, pytest.mark.shared]

FLOWS = {
    "flows/echo.yaml": """flow: echo
start:
  - event: [follow, join, member_joined, beacon, account_link, membership, video_complete]
steps:
  - say: "{{ event.kind }}"
  - end
fallback:
  - say: "{{ input.text or input.kind }}"
"""
}
KINDS = {
    "message": "message",
    "messageEdited": "edited",
    "unsend": "unsend",
    "follow": "follow",
    "unfollow": "unfollow",
    "join": "join",
    "leave": "leave",
    "memberJoined": "member_joined",
    "memberLeft": "member_left",
    "postback": "postback",
    "videoPlayComplete": "video_complete",
    "beacon": "beacon",
    "accountLink": "account_link",
    "membership": "membership",
    "module": "module",
    "activated": "activated",
    "deactivated": "deactivated",
    "botSuspended": "bot_suspended",
    "botResumed": "bot_resumed",
    "delivery": "delivery",
}
"""What LINE calls it → what we call it; everything else is `unknown`."""


def bodies(shared: Path) -> dict[str, bytes]:
    found = {path.name: path.read_bytes() for path in sorted((shared / "line" / "webhooks").glob("*.json"))}
    assert len(found) > 40
    return found


def happened(body: bytes) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = json.loads(body)["events"]
    return events


def essence(event: dict[str, Any]) -> str:
    """What stays the same when an event is delivered again."""
    kept = {key: value for key, value in event.items() if key not in ("deliveryContext", "replyToken")}
    return json.dumps(kept, sort_keys=True)


async def post(w: World, http: aiohttp.ClientSession, body: bytes, signature: str | None) -> int:
    headers = {"x-line-signature": signature} if signature is not None else {}
    async with http.post(f"{w.url}/line/shop", data=body, headers=headers) as answer:
        return answer.status


async def stored(w: World) -> dict[str, tuple[str, str]]:
    """Essence of each stored event → its kind and state."""
    rows = [await w.store.show_event(event["id"]) for event in await w.events()]
    found = {essence(row["body"]["raw"]): (row["kind"], row["state"]) for row in rows if row["body"]["raw"]}
    taken_back = [row for row in rows if row["body"]["data"].get("erased")]
    return found | {
        f"erased {row['kind']} {row['body']['data']['id']}": (row["kind"], row["state"]) for row in taken_back
    }


async def test_every_body_is_taken_and_each_of_its_events_stored(shared: Path, tmp_path: Path) -> None:
    async with world(tmp_path, FLOWS, bots=(bot(open=True),)) as w, aiohttp.ClientSession() as http:
        secret = w.account().bot.channel_secret
        for name, body in bodies(shared).items():
            assert await post(w, http, body, sign(secret, body)) == 200, name
        await w.settle()
        found = await stored(w)
        every = [(name, event) for name, body in bodies(shared).items() for event in happened(body)]
        unsent = {event["unsend"]["messageId"] for _, event in every if event["type"] == "unsend"}
        table: Counter[tuple[str, str]] = Counter()
        for name, event in every:
            message = event.get("message", {}).get("id")
            key = f"erased {KINDS[event['type']]} {message}" if message in unsent else essence(event)
            assert key in found, f"{name}: an event of type {event.get('type')} is not in the store"
            kind, state = found[key]
            assert kind == KINDS.get(event["type"], "unknown"), name
            assert state == "done", name
            table[event["type"], kind] += 1
        print("\n" + "\n".join(f"{line:<20} → {kind:<16} {count:>3}" for (line, kind), count in sorted(table.items())))
        assert await w.events("dead") == []


async def test_a_body_posted_again_adds_nothing(shared: Path, tmp_path: Path) -> None:
    async with world(tmp_path, FLOWS, bots=(bot(open=True),)) as w, aiohttp.ClientSession() as http:
        secret = w.account().bot.channel_secret
        for _ in range(2):
            for name, body in bodies(shared).items():
                assert await post(w, http, body, sign(secret, body)) == 200, name
            await w.settle()
            count = len(await w.events())
            deliveries = len(await w.outbox())
        assert (len(await w.events()), len(await w.outbox())) == (count, deliveries)
        assert count == len({event["id"] for event in await w.events()})


@pytest.mark.parametrize("wrong", ["of another secret", "of another body", "none", "empty", "no base64", "not ascii"])
async def test_with_a_wrong_signature_nothing_is_stored(shared: Path, tmp_path: Path, wrong: str) -> None:
    signatures = {"none": None, "empty": "", "no base64": "???", "not ascii": "日本"}
    async with world(tmp_path, FLOWS) as w, aiohttp.ClientSession() as http:
        secret = w.account().bot.channel_secret
        for name, body in bodies(shared).items():
            signature = signatures.get(wrong, sign("another" if "secret" in wrong else secret, body + b" "))
            assert await post(w, http, body, signature) == 401, name
        assert await w.events() == []
        assert (await w.store.info(w.clock.now()))["rows"]["sessions"] == 0
