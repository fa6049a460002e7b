"""Channel access tokens. https://developers.line.biz/en/reference/messaging-api/#channel-access-token"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

from runtime.errors import BadInput
from runtime.simulator import answers
from runtime.simulator.account import Account
from runtime.simulator.answers import Refusal
from runtime.simulator.api.call import ApiCall
from runtime.simulator.values import Answer

ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
AUDIENCE: Final = "https://api.line.me/"
MONTH: Final = 30 * 86_400
HALF_HOUR: Final = 1_800
STATELESS: Final = 900

BAD_REQUEST: Final = answers.oauth(400, "invalid_request", "some parameters missed or invalid")
BAD_CLIENT: Final = answers.oauth(400, "invalid_client", "Invalid client_id or client_secret")
BAD_ASSERTION: Final = answers.oauth(400, "invalid_client", "Invalid client_assertion")
NO_KEY: Final = answers.oauth(400, "invalid_request", "Cannot find channel key that satisfies the conditions")
FULL: Final = answers.oauth(400, "invalid_request", "The maximum number of access tokens has already been issued")
BAD_TOKEN: Final = answers.oauth(400, "invalid_request", "access token invalid")


def issue_short(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#issue-shortlived-channel-access-token"""
    _credentials_grant(call)
    return _issue(call, _by_secret(call), "short", MONTH, key=False)


def issue_by_assertion(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#issue-channel-access-token-v2-1"""
    _credentials_grant(call)
    account, claims = _by_assertion(call, call.data)
    if call.platform.access.full(account.bot.name, call.now()):
        raise Refusal(FULL)
    life = claims.get("token_exp", MONTH)
    if not isinstance(life, int) or not 0 < life <= MONTH:
        raise Refusal(BAD_REQUEST)
    return _issue(call, account, "v2.1", life, key=True)


def issue_stateless(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#issue-stateless-channel-access-token"""
    _credentials_grant(call)
    account = _by_assertion(call, call.data)[0] if "client_assertion" in call.data else _by_secret(call)
    return _issue(call, account, "stateless", STATELESS, key=False)


def _credentials_grant(call: ApiCall) -> None:
    if call.data.get("grant_type") != "client_credentials":
        raise Refusal(BAD_REQUEST)


def _issue(call: ApiCall, account: Account, kind: str, seconds: int, *, key: bool) -> Answer:
    token, key_id = call.platform.access.issue(account.bot.name, kind, call.now() + seconds * 1_000)
    issued: dict[str, Any] = {"access_token": token, "token_type": "Bearer", "expires_in": seconds}
    return Answer(200, {**issued, "key_id": key_id} if key else issued)


def _by_secret(call: ApiCall) -> Account:
    account = call.platform.by_channel(call.data.get("client_id", ""))
    secret = call.data.get("client_secret", "")
    if account is None or not hmac.compare_digest(account.bot.channel_secret.encode(), secret.encode()):
        raise Refusal(BAD_CLIENT)
    return account


def _by_assertion(call: ApiCall, fields: Mapping[str, str]) -> tuple[Account, Mapping[str, Any]]:
    """Who signed the assertion, and its claims; the signature counts where the channel registered a key."""
    if fields.get("client_assertion_type") != ASSERTION:
        raise Refusal(BAD_REQUEST)
    text = fields.get("client_assertion", "")
    head, claims = _part(text, 0), _part(text, 1)
    account = call.platform.by_channel(str(claims.get("iss", "")))
    if account is None or claims.get("sub") != claims["iss"] or claims.get("aud") != AUDIENCE:
        raise Refusal(BAD_ASSERTION)
    expires, now = claims.get("exp"), call.now() / 1_000
    if not isinstance(expires, (int, float)) or not now < expires <= now + HALF_HOUR + 60:
        raise Refusal(BAD_ASSERTION)
    if account.bot.keys:
        _check_signature(text, account.bot.keys.get(str(head.get("kid", ""))))
    return account, claims


def _part(text: str, index: int) -> dict[str, Any]:
    try:
        piece = text.split(".")[index]
        found = json.loads(base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4)))
    except (IndexError, ValueError, binascii.Error):
        raise Refusal(BAD_ASSERTION) from None
    if not isinstance(found, dict):
        raise Refusal(BAD_ASSERTION)
    return found


def _check_signature(text: str, key: Mapping[str, Any] | None) -> None:
    if key is None:
        raise Refusal(NO_KEY)
    try:
        import jwt  # an optional extra: only bots with registered keys need it
    except ImportError:
        raise BadInput("checking signed assertions needs PyJWT: install noren[jwt]") from None
    try:
        options: Any = {"verify_exp": False, "verify_aud": False, "verify_iat": False}
        jwt.decode(text, jwt.PyJWK(dict(key), "RS256").key, algorithms=["RS256"], options=options)
    except jwt.PyJWTError:
        raise Refusal(BAD_ASSERTION) from None


def key_ids(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#get-all-valid-channel-access-token-key-ids-v2-1"""
    account, _ = _by_assertion(call, call.query)
    return Answer(200, {"kids": call.platform.access.key_ids(account.bot.name, call.now())})


def verify(kinds: tuple[str, ...], scope: str) -> Any:
    """https://developers.line.biz/en/reference/messaging-api/#verify-channel-access-token"""

    def operation(call: ApiCall) -> Answer:
        token = call.data.get("access_token") or call.query.get("access_token", "")
        access = call.platform.access.get(token, call.now())
        if access is None or access.kind not in kinds:
            raise Refusal(BAD_TOKEN)
        left = 10**9 if access.expires is None else (access.expires - call.now()) // 1_000
        channel = call.platform.account(access.bot).bot.channel_id
        return Answer(200, {"client_id": channel, "expires_in": left, "scope": scope})

    return operation


def revoke(call: ApiCall) -> Answer:
    """An unknown token is no error: https://developers.line.biz/en/reference/messaging-api/#revoke-channel-access-token"""
    if not call.data.get("access_token"):
        raise Refusal(BAD_REQUEST)
    call.platform.access.revoke(call.data["access_token"], ("short", "long"))
    return Answer()


def revoke_by_secret(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#revoke-channel-access-token-v2-1"""
    account = _by_secret(call)
    token = call.data.get("access_token", "")
    access = call.platform.access.get(token, call.now())
    if access and access.bot == account.bot.name:
        call.platform.access.revoke(token, ("v2.1",))
    return Answer()
