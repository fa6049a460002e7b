"""What we send: as LINE's published description wants it, and as the simulated platform understands it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from runtime.line.channel import LineChannel, line_channel
from runtime.line.client import Client
from runtime.model import Chat, Event, Output, Session
from runtime.settings import EndpointSettings, TokenSettings
from tests.line_platform import CLUB, HOOK, MAI, START, Line, Turned, bot, line_platform
from tests.openapi import validator
from tests.unit.line.stub import StubLine, line

pytestmark = pytest.mark.anyio
USER, GROUP = Chat("user", MAI), Chat("group", CLUB)
TEXT = [{"type": "text", "text": "hello"}]
KEY = "123e4567-e89b-12d3-a456-426614174000"


@dataclass(slots=True)
class Desk:
    channel: LineChannel
    line: Line
    clock: Turned

    async def event(self, chat: Chat = USER) -> Event:
        """Mai writes; the event with its reply token."""
        raw = await self.line.say("hello", chat=chat.id, user=MAI)
        return Event(
            id=raw["webhookEventId"], session=f"shop:{chat.id}", endpoint="shop", kind="message", at=raw["timestamp"],
            due=raw["timestamp"], chat=chat, user=MAI, reply_to=raw["replyToken"], received=self.clock.now(),
        )  # fmt: skip


@contextlib.asynccontextmanager
async def desk(token: TokenSettings | None = None, **settings: Any) -> AsyncIterator[Desk]:
    clock, client, account = Turned(), Client(), bot(webhook_url=HOOK, **settings)
    async with line_platform(account, clock=clock) as line:
        kept = line.simulator.platform.account("shop").bot
        config = EndpointSettings(
            name="shop", channel_secret=kept.channel_secret, api=line.url, api_data=line.url,
            token=(token and replace(token, channel_id=kept.channel_id)) or TokenSettings(long_lived=line.token()),
        )  # fmt: skip
        try:
            yield Desk(line_channel(config, client, clock, links=str), line, clock)
        finally:
            await client.close()


def session(chat: Chat = USER) -> Session:
    return Session(key=f"shop:{chat.id}", endpoint="shop", chat=chat)


async def test_one_answer_by_reply_the_rest_by_push() -> None:
    async with desk() as d:
        event = await d.event()
        outputs = [Output(kind="text", text=str(n)) for n in range(7)]
        rendered = [(output, d.channel.render(output, session())) for output in outputs]
        messages, broken = d.channel.check(rendered, USER)
        sent = [await d.channel.send(m, again=False) for m in d.channel.pack(messages, event, session(), START)]
        assert [(o.state, o.via, len(o.message_ids), o.billed) for o in sent] == [
            ("sent", "reply", 5, 0),
            ("sent", "push", 2, 1),
        ]
        assert all(o.request_id for o in sent)
        assert broken == []


async def test_an_answer_that_had_arrived_is_not_sent_twice() -> None:
    async with desk() as d:
        for event in (await d.event(), replace(await d.event(), reply_to=None)):
            (delivery,) = d.channel.pack(TEXT, event, session(), START)
            first = await d.channel.send(delivery, again=False)
            second = await d.channel.send(delivery, again=True)
            assert (first.state, second.state, second.detail) == ("sent", "sent", "an earlier try had arrived")


async def test_a_token_that_died_at_line_becomes_a_push() -> None:
    async with desk() as d:
        event = await d.event()
        d.clock.turn(30 * 60_000)
        (delivery,) = d.channel.pack(TEXT, replace(event, received=d.clock.now()), session(), d.clock.now())
        outcome = await d.channel.send(delivery, again=False)
        assert (outcome.state, outcome.via) == ("retry", "push")
        outcome = await d.channel.send(replace(delivery, attempts=1, detail=outcome.detail), again=False)
        assert (outcome.state, outcome.via, outcome.billed) == ("sent", "push", 1)


async def test_the_quota_is_kept() -> None:
    async with desk(quota=1) as d:
        event = replace(await d.event(), reply_to=None)
        states = []
        for _ in range(2):
            (delivery,) = d.channel.pack(TEXT, event, session(), START)
            states.append((await d.channel.send(delivery, again=False)).state)
        assert states == ["sent", "held"]


async def test_groups_pay_by_member() -> None:
    async with desk() as d:
        d.line.simulator.acts.invite(d.line.simulator.platform.account("shop"), CLUB)
        event = replace(await d.event(GROUP), reply_to=None)
        (delivery,) = d.channel.pack(TEXT, event, session(GROUP), START)
        assert (await d.channel.send(delivery, again=False)).billed == 2


async def test_stateless_tokens_work_and_are_renewed() -> None:
    async with desk(TokenSettings(stateless=True)) as d:
        for _ in range(3):
            event = await d.event()
            (delivery,) = d.channel.pack(TEXT, event, session(), d.clock.now())
            assert (await d.channel.send(delivery, again=False)).state == "sent"
            d.clock.turn(16 * 60_000)


async def test_the_button_and_the_dots() -> None:
    async with desk() as d:
        event = await d.event()
        await d.channel.cue(event)
        assert await d.channel.button(event, "A moment", "Show it")
        assert (await d.channel.enrich(event, session())).profile["name"] == "Mai"


def operation(paths: dict[str, Any], method: str, called: str) -> dict[str, Any]:
    """The operation of the description that a call is, exact paths before those with parameters."""
    for path in sorted(paths, key=lambda p: p.count("{")):
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), called):
            found: dict[str, Any] = paths[path][method.lower()]
            return found
    raise AssertionError(f"LINE has no {method} {called}")


async def test_every_call_is_one_of_lines(shared: Path) -> None:
    """Each method of the API against the paths, header parameters and body schemas that LINE publishes."""
    stub = StubLine()
    async with line(stub) as api:
        calls = [
            api.reply("t" * 32, TEXT, silent=True),
            api.push(MAI, TEXT, retry_key=KEY),
            api.multicast([MAI], TEXT, retry_key=KEY),
            *(api.validate(TEXT, via) for via in ("reply", "push")),
            api.loading(MAI),
            api.mark_as_read("token"),
            api.profile(MAI),
            api.member_profile(GROUP, MAI),
            api.member_profile(Chat("room", "R" + "a" * 32), MAI),
            api.group_summary(CLUB),
            api.member_count(GROUP),
            api.quota(),
            api.consumption(),
            api.bot_info(),
            api.transcoding("1"),
        ]
        for call in calls:
            with contextlib.suppress(Exception):
                await call
        async with api.content("1"), api.content("1", preview=True):
            pass
    paths = yaml.safe_load((shared / "line/openapi/messaging-api.yml").read_text(encoding="utf-8"))["paths"]
    assert len(stub.calls) == len(calls) + 2
    for head, called, body in zip(stub.heads, stub.calls, stub.bodies, strict=True):
        found = operation(paths, head.split(b" ")[0].decode(), called)
        taken = {p["name"].lower() for p in found.get("parameters", ()) if p["in"] == "header"}
        assert ("x-line-retry-key" in head.decode().lower()) == ("x-line-retry-key" in taken), called
        if "requestBody" in found:
            schema = found["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
            validator(shared, schema).validate(body)
        else:
            assert body == ""
