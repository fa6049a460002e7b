"""Tokens against a server that issues them as LINE does."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from runtime.errors import ChannelError, SettingsError
from runtime.line.client import Client
from runtime.line.tokens import Fixed, TokenSource, token_source
from runtime.settings import EndpointSettings, TokenSettings
from tests.clock import ManualClock
from tests.unit.line.servers import Talk, refusing, serving

pytestmark = pytest.mark.anyio
NOW = 1_800_000_000_000


class Issuer:
    """LINE's token endpoint: counts, waits when told, answers with token-1, token-2 …"""

    def __init__(self, life: int = 900) -> None:
        self.life = life
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self.status = "200 OK"
        self.body: Any = None
        self.go = asyncio.Event()
        self.go.set()

    async def script(self, talk: Talk) -> None:
        while True:
            head, body = await talk.request()
            self.forms.append((head.split(b" ")[1].decode(), parse_qs(body.decode())))
            await self.go.wait()
            answer = {"access_token": f"token-{len(self.forms)}", "expires_in": self.life, "token_type": "Bearer"}
            await talk.answer(json.dumps(answer if self.body is None else self.body).encode(), self.status)


@contextlib.asynccontextmanager
async def issued(**token: Any) -> AsyncIterator[tuple[TokenSource, Issuer, ManualClock]]:
    issuer, clock, client = Issuer(), ManualClock(NOW), Client()
    async with serving(issuer.script) as server:
        config = EndpointSettings(
            name="shop", channel_secret="s3cret", api=server.url, token=TokenSettings(channel_id="1650", **token)
        )
        try:
            yield token_source(config, client, clock), issuer, clock
        finally:
            await client.close()


async def test_a_long_lived_token_is_always_the_same() -> None:
    config = EndpointSettings(name="shop", token=TokenSettings(long_lived=" abc\n"))
    source = token_source(config, Client(), ManualClock())
    assert isinstance(source, Fixed)
    assert (await source.token(), await source.renew("abc")) == ("abc", "abc")


async def test_stateless_tokens_are_issued_once_for_all_who_wait() -> None:
    async with issued(stateless=True) as (source, issuer, _clock):
        issuer.go.clear()
        waiting = [asyncio.create_task(source.token()) for _ in range(20)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        issuer.go.set()
        got = await asyncio.gather(*waiting[1:])
        assert set(got) == {"token-1"}
        assert issuer.forms == [
            (
                "/oauth2/v3/token",
                {"grant_type": ["client_credentials"], "client_id": ["1650"], "client_secret": ["s3cret"]},
            )
        ]


async def test_renewal_begins_early_and_nobody_waits_for_it() -> None:
    async with issued(stateless=True) as (source, issuer, clock):
        await source.token()
        clock.turn(674_000)
        assert (await source.token(), len(issuer.forms)) == ("token-1", 1)
        clock.turn(2_000)
        issuer.go.clear()
        assert await source.token() == "token-1"
        issuer.go.set()
        await source._running  # type: ignore[attr-defined]
        assert (await source.token(), len(issuer.forms)) == ("token-2", 2)


async def test_a_failed_renewal_leaves_the_old_token_while_it_lasts() -> None:
    async with issued(stateless=True) as (source, issuer, clock):
        await source.token()
        issuer.status, issuer.body = "500 Oops", {"message": "later"}
        clock.turn(700_000)
        assert await source.token() == "token-1"
        with contextlib.suppress(ChannelError):
            await source._running  # type: ignore[attr-defined]
        assert (await source.token(), len(issuer.forms)) == ("token-1", 2), "not tried again at once"
        clock.turn(30_000)
        assert await source.token() == "token-1"
        clock.turn(200_000)
        with pytest.raises(ChannelError, match="no access token: LINE answered 500: later") as caught:
            await source.token()
        assert not caught.value.sent, "the message was not sent, whatever became of the token's request"
        issuer.status, issuer.body = "200 OK", None
        assert (await source.token()).startswith("token-")


async def test_a_refused_token_is_renewed_once_for_all() -> None:
    async with issued(stateless=True) as (source, issuer, clock):
        await source.token()
        assert await source.renew("token-1") == "token-1", "just issued: a newer one would fare no better"
        clock.turn(60_000)
        assert await asyncio.gather(*[source.renew("token-1") for _ in range(5)]) == ["token-2"] * 5
        assert await source.renew("token-1") == "token-2"
        assert len(issuer.forms) == 2


@pytest.mark.parametrize("body", [{"token": 1}, [], {"access_token": "a\r\nb", "expires_in": 9}, {"access_token": "a"}])
async def test_an_answer_without_a_usable_token(body: Any) -> None:
    async with issued(stateless=True) as (source, issuer, _):
        issuer.body = body
        with pytest.raises(ChannelError, match="no access token: LINE's answer holds no"):
            await source.token()


async def test_nobody_listens() -> None:
    config = EndpointSettings(
        name="a", channel_secret="s", api=refusing(), token=TokenSettings(channel_id="1", stateless=True)
    )
    client = Client()
    with pytest.raises(ChannelError, match="no access token: cannot connect"):
        await token_source(config, client, ManualClock()).token()
    await client.close()


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwk(key: rsa.RSAPrivateKey) -> dict[str, Any]:
    made: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(key, as_dict=True)
    return made


def pem(key: rsa.RSAPrivateKey) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


@pytest.mark.parametrize("form", ["pem", "jwk", "jwk with kid", "console"])
async def test_a_signed_assertion_earns_a_token(form: str, key: rsa.RSAPrivateKey, tmp_path: Path) -> None:
    file = tmp_path / "private.key"
    contents = {
        "pem": pem(key),
        "jwk": json.dumps(jwk(key)).encode(),
        "jwk with kid": json.dumps({**jwk(key), "kid": "kid-1"}).encode(),
        "console": json.dumps({"privateKey": jwk(key)}).encode(),
    }
    file.write_bytes(contents[form])
    kid = "" if form == "jwk with kid" else "kid-1"
    async with issued(key_file=str(file), key_id=kid) as (source, issuer, _):
        assert await source.token() == "token-1"
        path, sent = issuer.forms[0]
    assert path == "/oauth2/v2.1/token"
    assert sent["grant_type"] == ["client_credentials"]
    assert sent["client_assertion_type"] == ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"]
    assertion = sent["client_assertion"][0]
    assert jwt.get_unverified_header(assertion) == {"alg": "RS256", "typ": "JWT", "kid": "kid-1"}
    options: Any = {"verify_exp": False}
    claims = jwt.decode(assertion, key.public_key(), ["RS256"], options, audience="https://api.line.me/")
    assert claims == {
        "iss": "1650",
        "sub": "1650",
        "aud": "https://api.line.me/",
        "exp": NOW // 1000 + 1740,
        "token_exp": 14_400,
    }


@pytest.mark.parametrize(
    ("token", "secret", "words"),
    [
        ({}, "s", "endpoints.shop: no access token; set access_token"),
        ({"long_lived": "a", "stateless": True}, "s", "long_lived and stateless are set; keep one"),
        ({"long_lived": "a\r\nb"}, "s", "endpoints.shop.access_token: has characters"),
        ({"long_lived": "  "}, "s", "endpoints.shop.access_token: has characters"),
        ({"stateless": True}, "s", "need token.channel_id and channel_secret"),
        ({"stateless": True, "channel_id": "1"}, "", "need token.channel_id and channel_secret"),
        ({"key_file": "x.key"}, "s", "v2.1 tokens need token.channel_id"),
        ({"key_file": "x.key", "channel_id": "1"}, "s", "endpoints.shop.token.key_file: cannot read x.key: No such"),
    ],
)
async def test_unusable_settings_name_the_way_out(token: dict[str, Any], secret: str, words: str) -> None:
    config = EndpointSettings(name="shop", channel_secret=secret, token=TokenSettings(**token))
    with pytest.raises(SettingsError, match=words.replace(".", r"\.")):
        token_source(config, Client(), ManualClock())


async def test_key_files_that_hold_no_private_key(key: rsa.RSAPrivateKey, tmp_path: Path) -> None:
    public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    for content in (b"", b"{", b"nonsense", json.dumps(public).encode(), b'{"kty":"EC"}'):
        file = tmp_path / "k"
        file.write_bytes(content)
        config = EndpointSettings(name="shop", token=TokenSettings(channel_id="1", key_id="k", key_file=str(file)))
        with pytest.raises(SettingsError, match="is no RSA private key in JWK or PEM form"):
            token_source(config, Client(), ManualClock())


async def test_a_key_without_its_id(key: rsa.RSAPrivateKey, tmp_path: Path) -> None:
    file = tmp_path / "k.pem"
    file.write_bytes(pem(key))
    config = EndpointSettings(name="shop", token=TokenSettings(channel_id="1", key_file=str(file)))
    with pytest.raises(SettingsError, match=r"endpoints\.shop\.token\.key_id: missing"):
        token_source(config, Client(), ManualClock())


WITHOUT_JWT = """
import sys
sys.modules["jwt"] = None
from runtime.line.tokens import token_source
from runtime.settings import EndpointSettings, TokenSettings
token_source(EndpointSettings(name="shop", token=TokenSettings(channel_id="1", key_id="k", key_file=__file__)), 0, 0)
"""


async def test_missing_packages_are_named() -> None:
    code = WITHOUT_JWT.replace("__file__", repr(__file__))
    command = [sys.executable, "-c", code]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    assert done.stderr.strip().endswith(
        'SettingsError: endpoints.shop.token.key_file: v2.1 tokens need two more packages: pip install "noren[jwt]"'
    )
