"""The LINE channel as the pipeline uses it, over a real connection to a small LINE."""

from __future__ import annotations

import contextlib
import random
import re
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from runtime.errors import SettingsError
from runtime.line.channel import ANSWER, LineChannel, line_channel, retry_key, with_quick_last
from runtime.line.client import Client
from runtime.line.content import Contents
from runtime.model import Chat, Control, Event, Message, Output, Session
from runtime.settings import EndpointSettings
from tests.clock import ManualClock
from tests.openapi import validator
from tests.unit.line.servers import serving
from tests.unit.line.stub import StubLine

pytestmark = pytest.mark.anyio
NOW = 1_800_000_000_000
USER = Chat("user", "U" + "a" * 32)
GROUP = Chat("group", "C" + "b" * 32)
SESSION = Session(key="shop:U", endpoint="shop", chat=USER, control=Control(epoch=3))
EVENT = Event(
    id="01H",
    session="shop:U",
    endpoint="shop",
    kind="message",
    at=NOW,
    due=NOW,
    chat=USER,
    user=USER.id,
    text="hi",
    reply_to="token-1",
    received=NOW,
)


@dataclass(slots=True)
class Desk:
    channel: LineChannel
    line: StubLine
    clock: ManualClock
    contents: Contents


@contextlib.asynccontextmanager
async def desk(tmp: Path, stub: StubLine | None = None, **config: Any) -> AsyncIterator[Desk]:
    stub, clock, client = stub or StubLine(), ManualClock(NOW), Client()
    contents = Contents(tmp, "shop")
    async with serving(stub.script) as server:
        settings = EndpointSettings(name="shop", access_token="t", api=server.url, api_data=server.url, **config)
        settings = replace(settings, token=replace(settings.token, long_lived="t"))
        links = lambda path: f"https://bot.example/media/{path}"  # noqa: E731
        try:
            yield Desk(line_channel(settings, client, clock, links=links, contents=contents), stub, clock, contents)
        finally:
            await client.close()


def text(words: str) -> Message:
    return {"type": "text", "text": words}


def texts(count: int) -> list[Message]:
    return [text(str(n)) for n in range(count)]


async def test_an_output_goes_from_render_to_the_user(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        output = Output(kind="image", data={"url": "media/a.jpg"}, quick=({"label": "ok"},))
        messages, violations = d.channel.check([(output, d.channel.render(output, SESSION))], USER)
        (delivery,) = d.channel.pack(messages, EVENT, SESSION, d.clock.now())
        outcome = await d.channel.send(delivery, again=False)
        assert (outcome.state, outcome.via, violations) == ("sent", "reply", [])
        assert d.line.delivered[0]["messages"][0]["originalContentUrl"] == "https://bot.example/media/media/a.jpg"


async def test_mentions_depend_on_the_chat(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        output = Output(kind="text", text="{a}", data={"mentions": {"a": {"user": "U1", "name": "Mai"}}})
        assert d.channel.render(output, SESSION) == [text("Mai")]
        assert d.channel.render(output, replace(SESSION, chat=GROUP))[0]["type"] == "textV2"


QUICK = {"items": [{"type": "action", "action": {"type": "message", "label": "a", "text": "a"}}]}


@pytest.mark.parametrize(
    ("given", "quick"),
    [
        ([], []),
        ([None, None], [None, None]),
        ([None, "a"], [None, "a"]),
        (["a", None], [None, "a"]),
        (["a", "b", None, None], [None, None, None, "b"]),
        (["a", "b"], [None, "b"]),
    ],
)
def test_quick_replies_move_to_the_last_message(given: list[str | None], quick: list[str | None]) -> None:
    messages = [text("x") | ({"quickReply": q} if q else {}) for q in given]
    before = [dict(m) for m in messages]
    assert [m.get("quickReply") for m in with_quick_last(messages)] == quick
    assert messages == before


@pytest.mark.parametrize(("policy", "sent"), [("repair", ["https://a.example"]), ("fallback", [None]), ("block", [])])
async def test_broken_messages_follow_the_policy(tmp_path: Path, policy: str, sent: list[str | None]) -> None:
    async with desk(tmp_path, on_violation=policy) as d:
        button = {"label": "A label that is much too long", "link": "https://a.example"}
        output = Output(kind="buttons", text="Which?", data={"buttons": [button]})
        messages, violations = d.channel.check([(output, d.channel.render(output, SESSION))], USER)
        uris = [m["template"]["actions"][0]["uri"] if "template" in m else None for m in messages]
        assert (uris, len(violations)) == (sent, 1)


async def test_packs_five_at_a_time_first_by_reply(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        made = d.channel.pack(texts(11), EVENT, SESSION, NOW + 50_000)
        assert [(m.id, m.via, m.reply_to, len(m.messages), m.state) for m in made] == [
            ("01H/0", "reply", "token-1", 5, "waiting"),
            ("01H/1", "push", None, 5, "waiting"),
            ("01H/2", "push", None, 1, "waiting"),
        ]
        first = made[0]
        assert (first.session, first.endpoint, first.chat, first.epoch) == ("shop:U", "shop", USER, 3)
        assert (first.received, first.created) == (NOW, NOW + 50_000)
        assert len({str(uuid.UUID(m.retry_key)) for m in made}) == 3
        assert d.channel.pack([], EVENT, SESSION, NOW) == []


@pytest.mark.parametrize(
    ("late", "event", "expected"),
    [
        ("push", replace(EVENT, received=NOW - 50_001), ("push", "waiting")),
        ("button", replace(EVENT, received=NOW - 50_001), ("push", "waiting")),
        ("button", EVENT, ("reply", "waiting")),
        ("button", replace(EVENT, reply_to=None), ("push", "waiting")),
        ("push", replace(EVENT, reply_to=None), ("push", "waiting")),
    ],
)
async def test_what_comes_too_late(tmp_path: Path, late: str, event: Event, expected: tuple[str, str]) -> None:
    async with desk(tmp_path, late=late) as d:
        (delivery,) = d.channel.pack(texts(1), event, SESSION, NOW)
        assert ((delivery.via, delivery.state), delivery.reply_to is None) == (expected, expected[0] == "push")


async def test_nothing_is_sent_while_another_module_has_the_chat(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        standby = replace(EVENT, standby=True)
        assert d.channel.pack(texts(1), standby, SESSION, NOW) == []
        assert await d.channel.button(standby, "a", "b") is False
        await d.channel.cue(standby)
        assert await d.channel.keep_content(standby) is standby
        assert d.line.calls == []


async def test_the_chat_of_an_event_without_one_is_the_sessions(tmp_path: Path) -> None:
    async with desk(tmp_path) as d:
        (delivery,) = d.channel.pack(texts(1), replace(EVENT, chat=Chat("none", ""), reply_to=None), SESSION, NOW)
        assert delivery.chat == USER


async def test_a_button_spends_the_token(tmp_path: Path, shared: Path) -> None:
    async with desk(tmp_path) as d:
        assert await d.channel.button(EVENT, "A moment", "Show me the answer, please") is True
        (body,) = d.line.bodies
        validator(shared, "ReplyMessageRequest").validate(body)
        (item,) = body["messages"][0]["quickReply"]["items"]
        assert (item["action"]["data"], item["action"]["label"]) == (ANSWER, "Show me the answer, ")
        assert await d.channel.button(replace(EVENT, reply_to=None), "a", "b") is False
        (delivery,) = d.channel.pack(texts(1), EVENT, SESSION, NOW)
        outcome = await d.channel.send(delivery, again=False)
        assert (outcome.state, outcome.via, d.line.sends) == ("retry", "push", ["reply"])


@pytest.mark.parametrize(("chat", "calls"), [(USER, 1), (GROUP, 0), (Chat("none", ""), 0)])
async def test_dots_are_shown_one_to_one(tmp_path: Path, chat: Chat, calls: int) -> None:
    """And cost nothing when LINE does not show them."""
    async with desk(tmp_path) as d:
        await d.channel.cue(replace(EVENT, chat=chat))
        assert d.line.calls == ["/v2/bot/chat/loading/start"] * calls
        assert d.line.bodies == [{"chatId": USER.id, "loadingSeconds": 30}] * calls


async def test_profiles_and_content_come_from_line(tmp_path: Path) -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 64
    stub = StubLine(answers={f"/v2/bot/profile/{USER.id}": (200, {"displayName": "Mai", "language": "th"})})
    stub.files["/v2/bot/message/1/content"] = png
    async with desk(tmp_path, stub) as d:
        assert (await d.channel.enrich(EVENT, SESSION)).profile["name"] == "Mai"
        event = replace(EVENT, data={"type": "image", "id": "1", "provider": "line"})
        kept = await d.channel.keep_content(event)
        assert (kept.data["content"]["type"], kept.data["content"]["size"]) == ("image/png", len(png))
        assert d.contents.find("1")
        await d.channel.forget(["1", "2"])
        assert d.contents.find("1") is None


async def test_without_a_place_to_keep_it_content_stays_at_line() -> None:
    client = Client()
    settings = EndpointSettings(name="shop")
    settings = replace(settings, token=replace(settings.token, long_lived="t"))
    channel = line_channel(settings, client, ManualClock(), links=str)
    event = replace(EVENT, data={"type": "image", "id": "1"})
    assert await channel.keep_content(event) is event
    await channel.forget(["1"])
    await client.close()


@pytest.mark.parametrize("name", ["api", "api_data"])
async def test_addresses_are_checked_at_the_start(name: str) -> None:
    settings = EndpointSettings(name="shop", **{name: "api.line.me"})
    with pytest.raises(SettingsError, match=f"endpoints.shop.{name}: not an encoded http"):
        line_channel(settings, Client(), ManualClock(), links=str)


def test_retry_keys_never_come_again_whatever_a_function_does_to_chance() -> None:
    keys = []
    for _ in range(50):
        random.seed(1)
        keys.append(retry_key())
    assert len(set(keys)) == 50
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", key) for key in keys)
