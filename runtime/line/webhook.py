"""What LINE posts: its signature checked, its body taken apart into events.

https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/
https://developers.line.biz/en/reference/messaging-api/#webhooks
"""

from __future__ import annotations

import binascii
import functools
import hmac
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import msgspec

from runtime.errors import BadBody, Unverified
from runtime.line import events
from runtime.log import Logger
from runtime.model import Event
from runtime.settings import EndpointSettings

DEEPEST = 64  # levels below an event that are kept as structure; what lies deeper is kept as its JSON text
LONGEST = 300  # digits of a number that is kept as a number
DUMMY_TOKENS = frozenset({"0" * 32, "f" * 32})
DUMMY_USER = "Udeadbeefdeadbeefdeadbeefdeadbeef"

log = Logger("line.webhook")

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]|-?[0-9][0-9.eE+-]*', re.DOTALL)
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\.", re.DOTALL
)


def sign(secret: str, body: bytes) -> str:
    """The `x-line-signature` of a body: base64 of its HMAC-SHA256 under the channel secret."""
    return _signature(secret, body).decode("ascii")


def verify(secret: str, body: bytes, signature: str | None) -> None:
    """Raise `Unverified` unless the signature is that of exactly these bytes.

    An endpoint without a channel secret verifies nothing: anybody could sign with an empty key.
    https://developers.line.biz/en/reference/messaging-api/#signature-validation
    """
    if not secret:
        raise Unverified("This endpoint has no channel_secret; set it to accept webhooks.")
    if not signature:
        raise Unverified("The x-line-signature header is missing; only LINE posts to this address.")
    # As bytes: compare_digest refuses text with non-ASCII characters, which any client may send in a header.
    if not hmac.compare_digest(_signature(secret, body), signature.encode("utf-8", "replace")):
        raise Unverified


def _signature(secret: str, body: bytes) -> bytes:
    keyed = _keyed(secret).copy()
    keyed.update(body)
    return binascii.b2a_base64(keyed.digest(), newline=False)


@functools.lru_cache(maxsize=256)
def _keyed(secret: str) -> hmac.HMAC:
    """The half of the work that is the same for every body of a channel.

    `hmac.digest` would do it all in one call, but lets other threads run meanwhile, which costs more than the call.
    """
    return hmac.new(secret.encode("utf-8"), digestmod="sha256")


def parse(body: bytes, endpoint: EndpointSettings, received: int) -> list[Event]:
    """The events of a webhook body, in order; `received` is the time in ms at which it came.

    Raises `BadBody` when it is none. Every item of `events` becomes one `Event`, an odd one of kind `unknown`,
    except the two fakes that LINE's console once sent to test an address.
    """
    items, destination = _envelope(body)
    if not items:
        return []
    odd: list[str] = []
    found = [_one(item, endpoint, destination, received, odd) for item in items if not _dummy(item)]
    if odd:
        log.warning("odd events kept as unknown", endpoint=endpoint.name, number=len(odd), first=odd[0])
    return _counted(found)


def _envelope(body: bytes) -> tuple[list[Any], str]:
    data = _decode(body)
    if not isinstance(data, dict):
        raise BadBody("A webhook body is a JSON object with a list `events`; this is another JSON value.")
    items = data.get("events")
    if not isinstance(items, list):
        raise BadBody("A webhook body has a list `events`; this one has none.")
    destination = data.get("destination")
    return items, destination if isinstance(destination, str) else ""


def _decode(body: bytes) -> Any:
    try:
        data = msgspec.json.decode(body)
        if body.count(b"{") + body.count(b"[") <= DEEPEST or _shallow(data, DEEPEST + 2):
            return data
    except (ValueError, RecursionError):
        pass
    try:
        return msgspec.json.decode(_tame(body))
    except (ValueError, RecursionError):
        raise BadBody("This is no JSON in UTF-8.") from None


def _shallow(value: Any, left: int) -> bool:
    if left < 0:
        return False
    if isinstance(value, dict):
        return all(_shallow(inner, left - 1) for inner in value.values())
    return not isinstance(value, list) or all(_shallow(inner, left - 1) for inner in value)


def _tame(body: bytes) -> bytes:
    """The same JSON with what no store could keep written as text: lone surrogates, endless numbers and nesting.

    One such value in one event must not lose the others of the body.
    """
    parts: list[bytes] = []
    depth = done = deep = 0
    body = body.decode("utf-8", "replace").encode("utf-8")
    for found in _TOKEN.finditer(body):
        token = found[0]
        start, end = found.span()
        depth += (token in b"[{") - (token in b"]}")
        if token in b"[{" and depth == DEEPEST + 3:
            parts.append(body[done:start])
            done = deep = start
        elif token in b"]}" and depth == DEEPEST + 2:
            parts.append(_quoted(body[deep:end]))
            done = end
        elif depth < DEEPEST + 3 and token not in b"[{]}":
            parts += (body[done:start], _scalar(token))
            done = end
    return b"".join(parts) + body[done:]


def _scalar(token: bytes) -> bytes:
    if token.startswith(b'"'):
        return _ESCAPE.sub(_whole, token) if b"\\u" in token else token
    # A float beyond 1e308 is infinite, which JSON cannot say.
    return _quoted(token) if len(token) > LONGEST or abs(_float(token)) == float("inf") else token


def _float(token: bytes) -> float:
    try:
        return float(token)
    except ValueError:
        return 0.0  # malformed; the decoder says so


def _whole(found: re.Match[bytes]) -> bytes:
    escape = found[0]
    return b"\\ufffd" if len(escape) == 6 and escape[2:3] in b"dD" else escape


def _quoted(source: bytes) -> bytes:
    return msgspec.json.encode(source.decode("utf-8", "replace"))


def _dummy(item: Any) -> bool:
    """Whether it is one of the two fake events that the console's Verify button sent until about 2020."""
    if not isinstance(item, dict):
        return False
    token, source = item.get("replyToken"), item.get("source")
    if isinstance(token, str) and token in DUMMY_TOKENS:
        return True
    return isinstance(source, dict) and source.get("userId") == DUMMY_USER


def _one(item: Any, endpoint: EndpointSettings, destination: str, received: int, odd: list[str]) -> Event:
    """The event of an item; what is odd about it is added to `odd`."""
    if not isinstance(item, dict):
        odd.append("no object")
        return events.unknown({"event": item}, endpoint, received)
    try:
        return events.normal(item, endpoint, destination, received)
    except events.Odd as error:
        odd.append(str(error))
        return events.unknown(item, endpoint, received)


def _counted(found: list[Event]) -> list[Event]:
    """Twins of one body that have no id of LINE's are numbered: both are kept, and a redelivery has the same ids.

    Events under one id of LINE's are the store's to tell apart.
    """
    if len(found) < 2 or len({event.id for event in found}) == len(found):
        return found
    times: Counter[str] = Counter()
    kept = []
    for event in found:
        times[event.id] += 1
        again = times[event.id] > 1 and event.id.startswith(events.DERIVED)
        kept.append(replace(event, id=f"{event.id}-{times[event.id]}") if again else event)
    return kept
