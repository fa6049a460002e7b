"""Web Push: what concerns somebody reaches their browser although no desk is open there.

The server's key is made once (RFC 8292), messages are encrypted for one browser (RFC 8291), and addresses of private
networks are refused by the guard of `http` steps: browsers choose them.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from runtime.desk.call import Asked
from runtime.desk.doors import Person
from runtime.errors import BadInput, CallError
from runtime.fetch import Fetcher
from runtime.log import Logger
from runtime.model import Event
from runtime.ports import Clock
from runtime.store.store import Store

log = Logger("desk.push")

NAME: Final = "push"
LINES: Final = 500
KIND: Final = "push"
EACH: Final = 10
"""Browsers of one person."""
LIVES: Final = 3_600
"""Seconds for which a push service keeps what cannot be delivered; older news are none."""
VALID: Final = 12 * 3_600
SHOWN: Final = 120
PATIENCE: Final = 10
GONE: Final = (404, 410)
WANTED: Final = "Web Push needs the desk's extra: pip install 'noren[desk]'"


@dataclass(frozen=True, slots=True)
class News:
    """What one person is told; `case` lets a later one take the place of an earlier one."""

    agent: str
    case: str
    title: str
    body: str
    queue: str
    holder: str
    asked: bool = False
    """Whether the case is offered to them: then it is their business, whatever its queue is."""


def news_of(lines: Sequence[Mapping[str, Any]]) -> list[News]:
    """Offers to the one they are made to, words of users to those who have their case, mentions."""
    found = []
    for line in lines:
        row, data = line["case"], line["data"]
        if row is None:
            continue
        subject = str(row["subject"] or row["queue"])

        def news(agent: Any, title: str, body: Any, row: Mapping[str, Any] = row, **more: Any) -> News:
            return News(str(agent or ""), row["id"], title, str(body or ""), row["queue"], row["agent"], **more)

        if line["type"] == "offer.made":
            found.append(news(data.get("agent"), f"→ {subject}", row["queue"], asked=True))
        elif line["type"] == "message.received" and row["agent"]:
            found.append(news(row["agent"], subject, data.get("text") or data.get("kind")))
        elif line["type"] == "note.added" and isinstance(data.get("mentions"), list | tuple):
            found += [news(agent, f"@ {subject}", data.get("text")) for agent in data["mentions"]]
    return [one for one in found if one.agent]


Here = Callable[[str], Awaitable[bool]]
"""Whether somebody has a desk open."""
Lives = Callable[[str], Awaitable[bool]]
"""Whether a ticket is still somebody's."""


class Pusher:
    """Sends news to browsers. `here` tells who has a desk open and hears of it there.

    A browser hears as long as the sign-in lives with which it asked for news: who is signed out reads nothing more.
    """

    def __init__(self, store: Store, clock: Clock, key: Path, fetcher: Fetcher, here: Here, lives: Lives) -> None:
        self._store, self._clock, self._path, self._fetcher, self._here = store, clock, key, fetcher, here
        self._lives = lives
        self._key: Any = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.subject = "mailto:desk@localhost"

    @property
    def key(self) -> str:
        """The server's public key as browsers want it; empty without the extra."""
        try:
            from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
        except ImportError:
            return ""
        point = self._private().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64.urlsafe_b64encode(point).rstrip(b"=").decode()

    async def look(self, now: int) -> None:
        """Tell what is new in the log. What fails is not told again: it is old news then."""
        while True:
            news: list[News] = []

            def decide(lines: list[dict[str, Any]], memory: Any, found: list[News] = news) -> tuple[list[Event], Any]:
                found[:] = news_of(lines)
                return [], None

            read = await self._store.follow(NAME, decide, LINES, now)
            for one in {(one.agent, one.case): one for one in news}.values():
                self._tell(one)
            if read < LINES:
                return

    def _tell(self, news: News) -> None:
        task = asyncio.create_task(self._told(news), name="desk-push")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def idle(self) -> None:
        """When everything was told."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _told(self, news: News) -> None:
        if await self._here(news.agent):
            return
        agent = await self._store.agent(news.agent)
        if agent is None or agent["state"] != "active" or agent["body"].get("notifications") is False:
            return
        leads = agent["role"] in ("supervisor", "admin")
        queues = agent["body"].get("queues") or ()
        if not (news.asked or leads or news.holder == news.agent or news.queue in queues):
            return  # mentioned in a case that is none of their business
        said = {"title": news.title[:SHOWN], "body": news.body[:SHOWN], "case": news.case}
        for row in await self._store.items(KIND):
            if row["owner"] == news.agent and not await self._lives(str(row["body"].get("ticket") or "")):
                await self._store.drop_item(row["id"])
            elif row["owner"] == news.agent:
                await self._send(row["id"], row["body"], json.dumps(said, ensure_ascii=False).encode())

    async def _send(self, id: str, browser: Mapping[str, Any], said: bytes) -> None:
        url = str(browser["endpoint"])
        try:
            sealed = await asyncio.to_thread(self._sealed, browser, said)
            async with asyncio.timeout(PATIENCE):
                answer = await self._fetcher.request("POST", url, headers=self._headers(url), body=sealed)
        except (CallError, TimeoutError, ValueError) as error:
            log.warning("a browser was not reached", why=getattr(error, "message", type(error).__name__))
            return
        if answer["status"] in GONE:
            await self._store.drop_item(id)
        elif answer["status"] >= 400:
            log.warning("a push service refused", status=answer["status"])

    def _sealed(self, browser: Mapping[str, Any], said: bytes) -> bytes:
        import http_ece  # type: ignore[import-untyped]  # it has no types
        from cryptography.hazmat.primitives.asymmetric import ec

        once, keys = ec.generate_private_key(ec.SECP256R1()), browser["keys"]
        sealed: bytes = http_ece.encrypt(
            said, private_key=once, dh=plain(keys["p256dh"]), auth_secret=plain(keys["auth"]), version="aes128gcm"
        )
        return sealed

    def _headers(self, url: str) -> dict[str, str]:
        import jwt

        where = urlsplit(url)
        claims = {"aud": f"{where.scheme}://{where.netloc}", "exp": self._clock.now() // 1000 + VALID}
        token = jwt.encode({**claims, "sub": self.subject}, self._private(), algorithm="ES256")
        return {
            "Authorization": f"vapid t={token}, k={self.key}", "TTL": str(LIVES), "Urgency": "high",
            "Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream",
        }  # fmt: skip

    def _private(self) -> Any:
        if self._key is None:
            from cryptography.hazmat.primitives.serialization import load_pem_private_key

            self._key = load_pem_private_key(kept(self._path), None)
        return self._key


def kept(path: Path) -> bytes:
    """The private key in PEM, made once; written whole before it gets its name, with no rights for others."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    if not path.is_file():
        path.parent.mkdir(exist_ok=True, parents=True)
        made = ec.generate_private_key(ec.SECP256R1())
        mine = path.with_name(f".{secrets.token_hex(8)}")
        with os.fdopen(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        with contextlib.suppress(FileExistsError):
            os.link(mine, path)
        mine.unlink()
    return path.read_bytes()


def plain(text: Any) -> bytes:
    """Base64 of either alphabet as bytes. Raises `ValueError`."""
    return base64.urlsafe_b64decode(str(text).replace("+", "-").replace("/", "_").encode() + b"==")


def checked(given: Any) -> dict[str, Any]:
    """A browser's subscription. Raises `BadInput` for what cannot be one."""
    found = given if isinstance(given, dict) else {}
    endpoint, keys = found.get("endpoint"), found.get("keys") or {}
    if not isinstance(endpoint, str) or len(endpoint) > 2_000 or urlsplit(endpoint).scheme not in ("https", "http"):
        raise BadInput("subscription: an endpoint with an https address")
    try:
        point, auth = plain(keys["p256dh"]), plain(keys["auth"])
    except (TypeError, KeyError, ValueError):
        raise BadInput("subscription: keys p256dh and auth") from None
    if len(point) != 65 or point[0] != 4 or len(auth) != 16:
        raise BadInput("subscription: keys p256dh (65 bytes) and auth (16 bytes)")
    return {"endpoint": endpoint, "keys": {"p256dh": keys["p256dh"], "auth": keys["auth"]}}


async def subscribe(asked: Asked) -> Any:
    """This browser hears of what concerns its person."""
    given, store = await asked.body(), asked.house.store
    body = checked(given.get("subscription"))
    if urlsplit(body["endpoint"]).scheme != "https" and not asked.house.settings.http.allow_private:
        raise BadInput("subscription: an endpoint with an https address")
    mine = [row for row in await store.items(KIND) if row["owner"] == asked.person.id]
    id = _id(asked, body["endpoint"])
    for row in sorted(mine, key=lambda row: int(row["changed"]))[: max(0, len(mine) - EACH + 1)]:
        if row["id"] != id:
            await store.drop_item(row["id"])
    kept = {**body, "ticket": asked.person.ticket}
    await store.put_item(id, KIND, asked.person.id, kept, asked.house.clock.now())
    return {}


async def carried(store: Store, person: Person, ticket: str, now: int) -> None:
    """The browser goes on under another ticket; so do its news."""
    for row in await store.items(KIND):
        if row["owner"] == person.id and row["body"].get("ticket") == person.ticket:
            await store.put_item(row["id"], KIND, person.id, {**row["body"], "ticket": ticket}, now)


async def unsubscribe(asked: Asked) -> Any:
    """This browser (`endpoint`), or every one of this person, hears nothing any more."""
    given, store = await asked.body(), asked.house.store
    named = str(given.get("endpoint") or "")
    for row in await store.items(KIND):
        if row["owner"] == asked.person.id and named in ("", row["body"].get("endpoint")):
            await store.drop_item(row["id"])
    return {}


def _id(asked: Asked, endpoint: str) -> str:
    return "push." + hashlib.sha256(f"{asked.person.id}\0{endpoint}".encode()).hexdigest()[:24]
