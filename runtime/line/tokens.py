"""Channel access tokens: given once, or issued by LINE and renewed before they expire.

https://developers.line.biz/en/docs/basics/channel-access-token/. Renewal is single-flight; while the old token is
still valid nobody waits for it, and a failed renewal leaves the old one in use.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

import msgspec

from runtime.errors import ChannelError, SettingsError
from runtime.line.client import Client
from runtime.log import Logger
from runtime.ports import Clock
from runtime.settings import EndpointSettings

log = Logger("line.tokens")

LIFE = 4 * 3_600_000
"""Life asked for a v2.1 token, in milliseconds. LINE allows 30 living tokens per channel, so that a short life lets
many processes come and go; a quarter of it is left when the renewal begins, to outlast an outage."""

PATIENCE = 30_000
"""Milliseconds between two tries to renew a token that is still valid."""

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class TokenSource(Protocol):
    """Where the access token comes from."""

    async def token(self) -> str:
        """A valid token. Raises `ChannelError` (`sent` is False: the caller's own request was not begun)."""

    async def renew(self, refused: str) -> str:
        """Another token in place of one that LINE refused; the same one where nothing can be renewed."""


class Fixed:
    """A long-lived token from the LINE Developers console."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self) -> str:
        return self._token

    async def renew(self, refused: str) -> str:
        return self._token


class Issued:
    """Tokens issued by LINE on demand; subclasses say how to ask."""

    path = ""

    def __init__(self, client: Client, clock: Clock, api: str) -> None:
        self._client = client
        self._clock = clock
        self._url = api.rstrip("/") + self.path
        self._token = ""
        self._asked = 0
        self._expires = 0
        self._renew_at = 0
        self._running: asyncio.Task[str] | None = None

    def form(self, now: int) -> Mapping[str, str]:
        """The form that asks LINE for a token at `now`."""
        raise ChannelError("this kind of token cannot be issued")

    async def token(self) -> str:
        now = self._clock.now()
        if now < self._renew_at:
            return self._token
        renewal = self._renewal()
        if now < self._expires:
            return self._token
        return await asyncio.shield(renewal)

    async def renew(self, refused: str) -> str:
        now = self._clock.now()
        if now < self._expires and (refused != self._token or now - self._asked < PATIENCE):
            return self._token  # renewed just now; one more would be refused for the same reason
        self._expires = self._renew_at = 0
        return await asyncio.shield(self._renewal())

    def _renewal(self) -> asyncio.Task[str]:
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._issue())
            self._running.add_done_callback(_noted)
        return self._running

    async def _issue(self) -> str:
        now = self._clock.now()
        self._renew_at = min(self._expires, now + PATIENCE)
        try:
            token, life = await self._ask(now)
        except ChannelError as error:
            raise ChannelError(f"no access token: {error.message}") from None
        self._token, self._asked, self._expires = token, now, now + life
        self._renew_at = now + life * 3 // 4
        log.info("access token issued", path=self.path, minutes=life // 60_000)
        return token

    async def _ask(self, now: int) -> tuple[str, int]:
        body = urlencode(self.form(now)).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await self._client.request("POST", self._url, headers, body)
        if answer.status != 200:
            raise ChannelError(f"LINE answered {answer.status}: {_reason(answer.body)}")
        return _issued(answer.body)


class Stateless(Issued):
    """Tokens of 15 minutes from channel id and secret; any number may live at once."""

    path = "/oauth2/v3/token"

    def __init__(self, client: Client, clock: Clock, api: str, channel: str, secret: str) -> None:
        super().__init__(client, clock, api)
        self._channel, self._secret = channel, secret

    def form(self, now: int) -> Mapping[str, str]:
        return {"grant_type": "client_credentials", "client_id": self._channel, "client_secret": self._secret}


class Assertion(Issued):
    """v2.1 tokens: a JWT signed with the private key whose public half is registered for the channel.

    https://developers.line.biz/en/docs/messaging-api/generate-json-web-token/
    """

    path = "/oauth2/v2.1/token"

    def __init__(self, client: Client, clock: Clock, api: str, channel: str, key: Any, kid: str) -> None:
        super().__init__(client, clock, api)
        self._channel, self._key, self._kid = channel, key, kid

    def form(self, now: int) -> Mapping[str, str]:
        import jwt

        claims = {
            "iss": self._channel,
            "sub": self._channel,
            "aud": "https://api.line.me/",
            "exp": now // 1000 + 29 * 60,  # LINE takes at most 30 minutes
            "token_exp": LIFE // 1000,
        }
        signed = jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self._kid})
        return {"grant_type": "client_credentials", "client_assertion_type": ASSERTION, "client_assertion": signed}


def token_source(config: EndpointSettings, client: Client, clock: Clock) -> TokenSource:
    """The source an endpoint's settings ask for. Raises `SettingsError` that names the setting and the way out."""
    token = config.token
    given = [name for name in SOURCES if getattr(token, name)]
    at = f"endpoints.{config.name}"
    if not given:
        raise SettingsError(
            f"{at}: no access token; set access_token, or token.key_file with token.channel_id and token.key_id, "
            "or token.stateless with token.channel_id"
        )
    if len(given) > 1:
        raise SettingsError(f"{at}.token: {' and '.join(given)} are set; keep one of them")
    return SOURCES[given[0]](config, client, clock, at)


def _fixed(config: EndpointSettings, client: Client, clock: Clock, at: str) -> TokenSource:
    token = config.token.long_lived.strip()
    if not _plain(token):
        raise SettingsError(f"{at}.access_token: has characters no token has; copy it again from the LINE console")
    return Fixed(token)


def _stateless(config: EndpointSettings, client: Client, clock: Clock, at: str) -> TokenSource:
    channel, secret = config.token.channel_id, config.channel_secret
    if not channel or not secret:
        raise SettingsError(f"{at}.token: stateless tokens need token.channel_id and channel_secret")
    return Stateless(client, clock, config.api, channel, secret)


def _assertion(config: EndpointSettings, client: Client, clock: Clock, at: str) -> TokenSource:
    if not config.token.channel_id:
        raise SettingsError(f"{at}.token: v2.1 tokens need token.channel_id")
    key, kid = _private_key(Path(config.token.key_file), f"{at}.token.key_file")
    kid = config.token.key_id or kid
    if not kid:
        raise SettingsError(f"{at}.token.key_id: missing; LINE showed it when the public key was registered")
    return Assertion(client, clock, config.api, config.token.channel_id, key, kid)


SOURCES = {"long_lived": _fixed, "key_file": _assertion, "stateless": _stateless}
"""Setting that asks for it → how it is made."""


def _private_key(path: Path, at: str) -> tuple[Any, str]:
    """An RSA private key from a JWK or PEM file, and the JWK's `kid` if it has one."""
    try:
        import cryptography.hazmat.primitives.serialization as serialization
        from jwt.algorithms import RSAAlgorithm
    except ImportError:
        raise SettingsError(f'{at}: v2.1 tokens need two more packages: pip install "noren[jwt]"') from None
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{at}: cannot read {path}: {error.strerror}") from None
    try:
        if not data.lstrip().startswith(b"{"):
            return serialization.load_pem_private_key(data, password=None), ""
        jwk = json.loads(data)
        jwk = jwk.get("privateKey", jwk)
        key = RSAAlgorithm.from_jwk(jwk)
        if not hasattr(key, "private_numbers"):
            raise ValueError("the public half")
        return key, str(jwk.get("kid", ""))
    except Exception:  # each library has its own errors, and their texts may quote the key
        raise SettingsError(f"{at}: {path} is no RSA private key in JWK or PEM form") from None


def _plain(token: str) -> bool:
    return bool(token) and token.isascii() and token.isprintable() and " " not in token


def _issued(body: bytes) -> tuple[str, int]:
    """Token and life in milliseconds of LINE's answer."""
    try:
        answer = msgspec.json.decode(body)
        token, life = answer["access_token"], int(answer["expires_in"]) * 1000
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError):
        raise ChannelError("LINE's answer holds no access token") from None
    if not _plain(str(token)):
        raise ChannelError("LINE's answer holds no usable access token")
    return str(token), life


def _reason(body: bytes) -> str:
    """`error_description` or `message` of an OAuth error body."""
    try:
        answer = msgspec.json.decode(body)
    except msgspec.MsgspecError:
        return "no reason given"
    found = [answer.get(k) for k in ("error_description", "error", "message")] if isinstance(answer, dict) else []
    return next((str(f) for f in found if f), "no reason given")


def _noted(task: asyncio.Task[str]) -> None:
    """Log a renewal that failed, so that one nobody waited for is not lost."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.warning("access token not renewed", reason=str(error))
