"""Webhooks on their way to the bots: signed, in order, with LINE's time-out and redelivery.

https://developers.line.biz/en/docs/messaging-api/receiving-messages/
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

import aiohttp
import msgspec

from runtime.simulator.account import Account, stamp
from runtime.simulator.clock import PlatformClock
from runtime.simulator.events import body, redelivered
from runtime.simulator.journal import Journal
from runtime.simulator.platform import Platform
from runtime.simulator.values import Bot, Missing

KEEP: Final = 20_000


class Post(Protocol):
    """Sends a webhook and says the status of the answer; connection trouble raises `OSError`."""

    async def __call__(self, url: str, data: bytes, headers: Mapping[str, str]) -> int: ...


@dataclass(frozen=True, slots=True)
class Tried:
    """How one delivery went. `reason` in LINE's words: https://developers.line.biz/en/docs/messaging-api/check-webhook-error-statistics/"""

    reason: str
    status: int
    detail: str

    @property
    def ok(self) -> bool:
        return self.reason == "OK"


@dataclass(frozen=True, slots=True)
class Hook:
    """One event that was or will be sent. `state`: queued, held, off (no webhook set), delivered, failed."""

    bot: str
    chat: str
    event: dict[str, Any]
    state: str = "queued"
    tries: int = 0
    last: Tried | None = None

    @property
    def id(self) -> str:
        return str(self.event["webhookEventId"])

    def plain(self) -> dict[str, Any]:
        last = {"reason": self.last.reason, "status": self.last.status, "detail": self.last.detail} if self.last else {}
        seen = {"id": self.id, "bot": self.bot, "chat": self.chat, "state": self.state, "tries": self.tries}
        return {**seen, "last": last, "event": self.event}


class Http:
    """Posts over one pool of connections, made at the first use."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, url: str, data: bytes, headers: Mapping[str, str]) -> int:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=100)
            self._session = aiohttp.ClientSession(connector=connector, auto_decompress=False)
        try:
            async with self._session.post(url, data=data, headers=headers, allow_redirects=False) as answer:
                await answer.read()
                return answer.status
        except aiohttp.ClientConnectorError as error:
            raise ConnectionRefusedError(error.os_error.strerror or "Connection failed") from None
        except aiohttp.ClientError as error:
            raise ConnectionResetError(type(error).__name__) from None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def signature(secret: str, data: bytes) -> str:
    """https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/"""
    return base64.b64encode(hmac.digest(secret.encode(), data, hashlib.sha256)).decode()


class Hooks:
    """Lanes of events, one per chat: each event is sent when the one before it was answered or given up."""

    def __init__(self, platform: Platform, clock: PlatformClock, journal: Journal, post: Post) -> None:
        self._platform = platform
        self._clock = clock
        self._journal = journal
        self._post = post
        self._known: OrderedDict[str, Hook] = OrderedDict()
        self._lanes: dict[tuple[str, str], deque[str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._later: set[asyncio.Task[None]] = set()
        self._encode: Callable[[Any], bytes] = msgspec.json.Encoder().encode

    # ── in ────────────────────────────────────────────────────────────────────────────────────────────────

    def put(self, account: Account, chat: str, event: dict[str, Any]) -> None:
        """Take an event over. It is sent at once, held, or (with no webhook set) only remembered."""
        bot = account.bot
        silent = not bot.webhook_url or not bot.webhook or (bot.suspended and event["type"] != "botSuspended")
        hook = Hook(bot.name, chat, event, "off" if silent else "held" if bot.hold else "queued")
        self._known[hook.id] = hook
        if len(self._known) > KEEP:
            self._known.popitem(last=False)
        if hook.state == "queued":
            self._queue(hook)

    def _queue(self, hook: Hook) -> None:
        account = self._platform.accounts.get(hook.bot)
        together = account is not None and account.bot.batch > 1
        key = (hook.bot, "" if together else hook.chat)
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = deque([hook.id])
            self._start(self._run(key, lane), self._tasks)
        else:
            lane.append(hook.id)

    def _start(self, work: Any, group: set[asyncio.Task[None]]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        group.add(task)
        task.add_done_callback(group.discard)

    # ── out ───────────────────────────────────────────────────────────────────────────────────────────────

    async def _run(self, key: tuple[str, str], lane: deque[str]) -> None:
        try:
            while lane:
                account = self._platform.accounts.get(key[0])
                size = account.bot.batch if account else 1
                ids = [lane.popleft() for _ in range(min(size, len(lane)))]
                if account:
                    await self._deliver(account, [self._known[id] for id in ids if id in self._known])
        finally:
            if self._lanes.get(key) is lane:
                del self._lanes[key]

    async def _deliver(self, account: Account, hooks: Sequence[Hook]) -> None:
        for _ in range(account.bot.copies):
            tried = await self._try(account, [hook.event for hook in hooks])
        hooks = [self._settle(hook, tried) for hook in hooks]
        if not tried.ok and account.bot.redelivery:
            self._start(self._again(account, hooks), self._later)

    def _settle(self, hook: Hook, tried: Tried) -> Hook:
        state = "delivered" if tried.ok else "failed"
        hook = replace(hook, state=state, tries=hook.tries + 1, last=tried)
        if hook.id in self._known:
            self._known[hook.id] = hook
        return hook

    async def _again(self, account: Account, hooks: Sequence[Hook]) -> None:
        """Redelivery: https://developers.line.biz/en/docs/messaging-api/receiving-messages/#webhook-redelivery"""
        for _ in range(account.bot.redelivery_times):
            await self._clock.sleep_until(self._clock.now() + account.bot.redelivery_every)
            if not account.bot.redelivery or self._platform.accounts.get(account.bot.name) is not account:
                return
            tried = await self._try(account, [redelivered(hook.event) for hook in hooks])
            hooks = [self._settle(hook, tried) for hook in hooks]
            if tried.ok:
                return

    async def _try(self, account: Account, events: list[dict[str, Any]]) -> Tried:
        now, bot = self._clock.now(), account.bot
        for event in events:
            if isinstance(event.get("replyToken"), str):
                self._platform.replies.delivered(event["replyToken"], now)
        data = self._encode(body(bot, events))
        begun = time.perf_counter()
        tried = await self._send(bot, bot.webhook_url, data)
        ms = (time.perf_counter() - begun) * 1000
        note = (tried.status, tried.reason, "", ms, data, tried.detail.encode())
        self._journal.add(now, "webhook", bot.name, "POST", bot.webhook_url, *note)
        self._platform.feed.publish("webhook", {"bot": bot.name, "status": tried.status, "reason": tried.reason})
        return tried

    async def _send(self, bot: Bot, url: str, data: bytes) -> Tried:
        headers = {
            "content-type": "application/json; charset=utf-8",
            "user-agent": "LineBotWebhook/2.0",
            "x-line-signature": signature(bot.channel_secret, data),
        }
        try:
            status = await self._clock.within(bot.timeout, self._post(url, data, headers))
        except TimeoutError:
            return Tried("REQUEST_TIMEOUT", 0, "Request timeout")
        except ConnectionRefusedError as error:
            return Tried("COULD_NOT_CONNECT", 0, str(error) or "Connection failed")
        except OSError as error:
            return Tried("UNCLASSIFIED", 0, str(error) or "Session closed unexpectedly")
        if 200 <= status < 300:
            return Tried("OK", status, str(status))
        return Tried("ERROR_STATUS_CODE", status, str(status))

    # ── control ───────────────────────────────────────────────────────────────────────────────────────────

    async def test(self, account: Account, url: str) -> dict[str, Any]:
        """A signed webhook with no events: https://developers.line.biz/en/reference/messaging-api/#test-webhook-endpoint"""
        data = self._encode(body(account.bot, []))
        tried = await self._send(account.bot, url, data)
        self._journal.add(
            self._clock.now(), "webhook", account.bot.name, "POST", url, tried.status, tried.reason, "", 0.0, data, b""
        )
        said = {"success": tried.ok, "timestamp": stamp(self._clock.now()), "statusCode": tried.status}
        return {**said, "reason": tried.reason, "detail": tried.detail}

    def get(self, id: str) -> Hook:
        """Raises `Missing`."""
        if id not in self._known:
            raise Missing(f"no event {id}")
        return self._known[id]

    def of(self, bot: str, state: str = "", limit: int = 500) -> list[Hook]:
        found = [h for h in self._known.values() if h.bot == bot and (not state or h.state == state)]
        return found[-limit:]

    def last(self, bot: str, chat: str = "") -> list[str]:
        """The id of the last event that was sent to a bot, from one chat or any; none when there is none."""
        sent = (h for h in reversed(self._known.values()) if h.bot == bot and h.tries and (not chat or h.chat == chat))
        return [hook.id for hook in sent][:1]

    async def redeliver(self, ids: Sequence[str], *, again: bool = True) -> list[Hook]:
        """Send events once more, all in one body; `again` marks them as redelivered, else they are duplicates."""
        hooks = [self.get(id) for id in ids]
        account = self._platform.account(hooks[0].bot)
        events = [redelivered(h.event) if again else h.event for h in hooks]
        tried = await self._try(account, events)
        return [self._settle(hook, tried) for hook in hooks]

    async def release(self, account: Account, ids: Sequence[str], batch: int) -> list[Hook]:
        """Send held events in the given order (all, as they happened, when none is named), `batch` in a body."""
        hooks = [self.get(id) for id in ids] if ids else self.of(account.bot.name, "held", KEEP)
        for first in range(0, len(hooks), batch):
            await self._deliver(account, hooks[first : first + batch])
        return [self.get(hook.id) for hook in hooks]

    async def idle(self) -> None:
        """Return when everything queued was sent once; redeliveries that are due later are not waited for."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def close(self) -> None:
        """Drop what is still to be sent."""
        tasks = [*self._tasks, *self._later]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if isinstance(self._post, Http):
            await self._post.close()

    def forget(self) -> None:
        """Drop all events, sent and unsent."""
        for task in (*self._tasks, *self._later):
            task.cancel()
        self._lanes.clear()  # a task that never began does not clear its own
        self._known.clear()
