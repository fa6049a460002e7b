"""Whatever is sent to the simulator, it answers; it never breaks."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.simulator.api.routes import ROUTES as LINE
from runtime.simulator.control.routes import ROUTES
from tests.line_platform import CLUB, KEN, MAI, bot, platform

WORDS = (
    *(
        "to",
        "messages",
        "replyToken",
        "type",
        "text",
        "userIds",
        "richMenuId",
        "richMenuAliasId",
        "operations",
        "limit",
    ),
    *("endpoint", "size", "areas", "kind", "chat", "count", "mention", "emojis", "quote", "set", "data", "preparing"),
    *(
        "value",
        "index",
        "label",
        "menu",
        "message",
        "user",
        "users",
        "members",
        "bot",
        "event",
        "params",
        "path",
        "times",
    ),
    *(
        "template",
        "contents",
        "actions",
        "columns",
        "quickReply",
        "items",
        "action",
        "body",
        "header",
        "altUri",
        "name",
    ),
)
ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**6),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.sampled_from([MAI, KEN, CLUB, "text", "image", "video", "flex", "template", "reply", "shop", "link", "x" * 300]),
    st.sampled_from(["beacon", "membership", "raw", "activated", "delay", "status", "postback", "module"]),
)
JSON = st.recursive(
    ATOMS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=12,
)
TEXT = {"type": "text", "text": "hi"}
VALID: list[dict[str, Any]] = [
    {"to": MAI, "messages": [TEXT], "customAggregationUnits": ["x"], "replyToken": "x"},
    {"to": [MAI], "messages": [TEXT], "limit": {"max": 3}, "recipient": {}, "filter": {}},
    {"userIds": [MAI], "richMenuId": "x", "richMenuAliasId": "x"},
    {"operations": [{"type": "link", "from": "a", "to": "b"}]},
    {"to": "a" * 64, "templateKey": "key", "body": {}},
    {"type": "text", "text": "@Ken", "mention": [{"to": KEN}], "emojis": [], "quote": "1", "user": MAI},
    {"type": "image", "count": 2, "set": {}, "url": "https://e.com", "preview": "https://e.com", "preparing": 1},
    {"type": "file", "name": "x", "data": "YWJj", "content_type": "text/plain", "preparing": True},
    {"type": "sticker", "package": "1", "sticker": "2", "resource": "STATIC", "keywords": ["x"]},
    {"type": "location", "latitude": 1, "longitude": 2, "title": "x"},
    {"type": "raw", "message": {"type": "x"}},
    {"kind": "beacon", "chat": MAI, "hwid": "x", "type": "enter", "dm": "x"},
    {"kind": "account_link", "chat": MAI, "nonce": "x", "result": "ok", "link_token": "x"},
    {"kind": "membership", "chat": MAI, "id": 1, "type": "joined"},
    {"kind": "module", "type": "attached", "scopes": [], "bot": "x"},
    {"kind": "postback", "chat": CLUB, "data": "x", "params": {}, "user": MAI},
    {"kind": "raw", "chat": MAI, "event": {"type": "x", "replyToken": "x", "webhookEventId": "y"}},
    {
        "kind": "status",
        "status": 500,
        "body": {},
        "headers": {},
        "times": 1,
        "skip": 1,
        "ms": 1,
        "path": "*",
        "text": "x",
    },
    {"name": "new", "webhook_url": "http://bot.test", "quota": 1, "keys": {}, "batch": 2, "billed": 1},
    {"name": "new", "id": MAI, "language": "th", "members": [MAI], "kind": "room", "bot": "shop", "users": [KEN]},
    {"events": ["x"], "batch": 1, "duplicate": True},
    {"state": "gone", "preparing": 1},
    {"text": "x", "label": "x", "index": 0, "message": "x", "menu": True, "value": "x"},
]


KEYS = {
    "/messages": "type",
    "/message/": "messages",
    "/events": "kind",
    "/tap": "label",
    "/faults": "times",
    "/bots": "quota",
}
KEYS |= {"/users": "name", "/groups": "members", "/webhooks": "events", "/content": "state", "{message}": "text"}


@st.composite
def nearly(draw: st.DrawFn, path: str = "") -> dict[str, Any]:
    """A body that would do for the route, with a property or two of it changed."""
    key = next((key for end, key in KEYS.items() if end in path), "")
    body = dict(draw(st.sampled_from([valid for valid in VALID if not key or key in valid])))
    for name in draw(st.lists(st.sampled_from(sorted(body)), max_size=2)):
        body[name] = draw(JSON)
    return body


BODIES = st.dictionaries(st.sampled_from(WORDS), JSON, max_size=6)
PARAMS = {"bot": "shop", "user": MAI, "userId": MAI, "chat": MAI, "group": CLUB, "groupId": CLUB, "roomId": CLUB}
QUERIES = st.sampled_from(
    ["", "?limit=0", "?limit=x&after=-1", "?start=%00&date=1", "?wait=0&after=9999", "?state=%F0"]
)


def filled(path: str) -> str:
    for name, value in PARAMS.items():
        path = path.replace(f"{{{name}}}", value)
    return path


@pytest.mark.parametrize("route", [(m, p) for p, methods in LINE.items() for m in methods], ids=" ".join)
@settings(max_examples=10, deadline=None)
@given(data=st.data(), query=QUERIES)
def test_lines_api(route: tuple[str, str], data: st.DataObject, query: str) -> None:
    body = data.draw(nearly(route[1]) | BODIES)

    async def ask() -> None:
        line = platform(bot())
        answer = await line.api(route[0], filled(route[1]) + query, body)
        assert answer.status != 500, answer.raw

    anyio.run(ask)


QUIET = ("/stream", "/clock")


@pytest.mark.parametrize("route", [(m, p) for m, p, _ in ROUTES if p not in QUIET], ids=" ".join)
@settings(max_examples=15, deadline=None)
@given(data=st.data(), query=QUERIES)
def test_the_control_api(route: tuple[str, str], data: st.DataObject, query: str) -> None:
    body = data.draw(nearly(route[1]) | BODIES)

    async def ask() -> None:
        line = platform(bot())
        said = line.simulator.acts.send(line.simulator.platform.account("shop"), MAI, {"type": "image"})[0]
        path = filled(route[1]).replace("{message}", said.id)
        answer = await line.asked(route[0], path + query, **body)
        assert answer.status < 500, answer.raw

    anyio.run(ask)


@settings(max_examples=100, deadline=None)
@given(message=JSON, tap=BODIES)
def test_tapping_what_a_bot_sent(message: Any, tap: Any) -> None:
    """Even messages that no rule let through are walked without breaking."""

    async def ask() -> None:
        line = platform(bot(), check=lambda request, via, to: None)
        body = {"to": MAI, "messages": [message if isinstance(message, dict) else {"type": "text"}]}
        await line.api("POST", "/v2/bot/message/push", body)
        assert (await line.asked("GET", f"/bots/shop/chats/{MAI}")).status < 500
        assert (await line.asked("POST", f"/bots/shop/chats/{MAI}/tap", **tap)).status < 500

    anyio.run(ask)
