"""Notifications reach a browser, encrypted for it alone; a real push service in small, a real decryption."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import http_ece  # type: ignore[import-untyped]  # it has no types
import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from runtime.desk.push import EACH, checked, kept
from runtime.errors import BadInput
from tests.unit.desk.test_attendance import stream
from tests.unit.desk.test_desk import Desk, desk
from tests.unit.desk.test_shelves import colleague
from tests.unit.handover.house import offered
from tests.unit.handover.test_whole import CONFIG, FILES
from tests.world import World, world

pytestmark = pytest.mark.anyio

NEAR = CONFIG + "http: {allow_private: [127.0.0.1]}\n"


def web64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Browser:
    """Somebody's browser, and the push service it has chosen."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = bytes(range(16))
        self.got: list[tuple[dict[str, Any], Any]] = []
        self.status, self.url = 201, ""

    async def take(self, request: web.Request) -> web.Response:
        sealed = await request.read()
        said = http_ece.decrypt(sealed, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        self.got.append((json.loads(said), request.headers.copy()))
        return web.Response(status=self.status)

    def subscription(self) -> dict[str, Any]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": self.url, "keys": {"p256dh": web64(point), "auth": web64(self.auth)}}


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    one, app = Browser(), web.Application()
    app.router.add_post("/push/{id}", one.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    one.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/push/x"  # type: ignore[attr-defined]
    try:
        yield one
    finally:
        await runner.cleanup()


async def told(w: World) -> None:
    assert w.runtime.desk is not None
    assert w.runtime.desk.clerk is not None
    await w.runtime.desk.clerk.look()
    await w.runtime.desk.clerk.pusher.idle()


async def subscribed(w: World, aya: Desk, one: Browser, who: Desk) -> str:
    made = await colleague(w, aya, who, queues=["general"])
    await who.ask("POST", "/push", subscription=one.subscription())
    await who.ask("PUT", "/presence", status="online")
    return str(made["id"])


async def test_an_offer_and_a_users_words_reach_who_they_concern(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=NEAR) as w, desk(w) as aya, desk(w, admin=False) as ben, browser() as b:
        agent = await subscribed(w, aya, b, ben)
        await w.say("help")
        await offered(w)
        await told(w)
        [(offer, headers)] = b.got
        assert (offer["title"], offer["body"]) == ("→ Mai", "general")
        token = headers["Authorization"].removeprefix("vapid t=").partition(",")[0]
        point = ec.EllipticCurvePublicKey.from_encoded_point(
            ec.SECP256R1(), base64.urlsafe_b64decode((await ben.ask("GET", "/me"))["push"]["key"] + "==")
        )
        claims = jwt.decode(token, point, ["ES256"], options={"verify_aud": False, "verify_exp": False})
        assert claims["aud"] == b.url.removesuffix("/push/x")
        assert headers["TTL"] == "3600"
        [case] = (await ben.ask("GET", "/cases?view=offers"))["cases"]
        await ben.ask("POST", f"/cases/{case['id']}/acts", do="accept", offer=case["offer"]["id"])
        await w.say("where is it?")
        await told(w)
        assert b.got[-1][0] == {"title": "Mai", "body": "where is it?", "case": case["id"]}
        await aya.ask("POST", f"/cases/{case['id']}/acts", do="note", text="look", mentions=[agent])
        await told(w)
        assert b.got[-1][0]["body"] == "look"


async def test_who_has_a_desk_open_or_wants_none_is_not_pushed(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=NEAR) as w, desk(w) as aya, desk(w, admin=False) as ben, browser() as b:
        await subscribed(w, aya, b, ben)
        async with stream(ben):
            await w.say("help")
            await offered(w)
            await told(w)
        assert b.got == []
        await ben.ask("PATCH", "/me", notifications=False)
        [case] = (await ben.ask("GET", "/cases?view=offers"))["cases"]
        await ben.ask("POST", f"/cases/{case['id']}/acts", do="accept", offer=case["offer"]["id"])
        await w.say("hello?")
        await told(w)
        assert b.got == []


async def test_a_browser_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=NEAR) as w, desk(w) as aya, desk(w, admin=False) as ben, browser() as b:
        await subscribed(w, aya, b, ben)
        b.status = 410
        await w.say("help")
        await offered(w)
        await told(w)
        assert await w.store.items("push") == []


async def test_addresses_of_private_networks_are_refused(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, browser() as b:
        await aya.ask("POST", "/push", subscription=b.subscription(), expect=400)
        inside = {**b.subscription(), "endpoint": b.url.replace("http:", "https:")}
        await aya.ask("POST", "/push", subscription=inside)
        me = (await aya.ask("GET", "/me"))["agent"]["id"]
        await w.store.put_agent(me, "aya@example.com", "admin", {"name": "Aya", "queues": ["general"]}, 1)
        await w.store.present(me, "online", w.clock.now())
        await w.say("help")
        await offered(w)
        await told(w)
        assert b.got == []
        assert len(await w.store.items("push")) == 1


async def test_one_person_has_so_many_browsers_and_can_leave_them(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, browser() as b:
        for number in range(EACH + 3):
            one = {**b.subscription(), "endpoint": f"https://push.example/{number}"}
            await aya.ask("POST", "/push", subscription=one)
            w.clock.turn(1)
        assert len(await w.store.items("push")) == EACH
        await aya.ask("DELETE", "/push", endpoint=f"https://push.example/{EACH}")
        assert len(await w.store.items("push")) == EACH - 1
        await aya.ask("DELETE", "/push")
        assert await w.store.items("push") == []


@pytest.mark.parametrize(
    "given",
    [None, {}, {"endpoint": "javascript:1"}, {"endpoint": "https://x.example", "keys": {"p256dh": "AA", "auth": "AA"}}],
)
def test_what_is_no_subscription_is_refused(given: Any) -> None:
    with pytest.raises(BadInput):
        checked(given)


def test_the_servers_key_is_made_once_and_for_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "push.key"
    assert kept(path) == kept(path)
    assert path.stat().st_mode & 0o77 == 0
