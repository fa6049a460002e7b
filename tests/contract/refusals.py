"""Requests that LINE refuses: for each operation those answers other than success that its OpenAPI describes."""

from __future__ import annotations

from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from tests.line_platform import CLUB, MAI, Line

TEXT: Final = [{"type": "text", "text": "hi"}]
NOBODY: Final = "U" + "0" * 32
SENDING: Final[dict[str, dict[str, Any]]] = {
    "/v2/bot/message/reply": {"replyToken": "used", "messages": TEXT},
    "/v2/bot/message/push": {"to": MAI, "messages": TEXT},
    "/v2/bot/message/multicast": {"to": [MAI], "messages": TEXT},
    "/v2/bot/message/narrowcast": {"messages": TEXT},
    "/v2/bot/message/broadcast": {"messages": TEXT},
}
REFUSED: Final[tuple[tuple[str, str, Any], ...]] = (
    ("POST", "/v2/bot/message/reply", {"replyToken": "used", "messages": TEXT}),
    *(("POST", path, {**body, "messages": []}) for path, body in SENDING.items()),
    ("POST", f"/v2/bot/group/{CLUB}/leave", None),
    ("POST", "/v2/bot/group/none/leave", None),
    ("POST", "/v2/bot/richmenu/alias", {"richMenuAliasId": "a", "richMenuId": "none"}),
    ("POST", "/v2/bot/richmenu/alias/b", {"richMenuId": "none"}),
    ("DELETE", "/v2/bot/richmenu/alias/b", None),
    ("GET", "/v2/bot/membership/subscription/none", None),
    ("GET", f"/v2/bot/membership/subscription/{NOBODY}", None),
    ("GET", "/v2/bot/membership/none/users/ids", None),
    ("GET", "/v2/bot/membership/3/users/ids?limit=0", None),
    ("GET", "/v2/bot/membership/9/users/ids", None),
    ("GET", "/v2/bot/coupon?limit=0", None),
    ("POST", "/v2/bot/coupon", {}),
    ("GET", "/v2/bot/coupon/none", None),
    ("PUT", "/v2/bot/coupon/none/close", None),
    ("POST", "/v2/bot/chat/loading/start", {"chatId": CLUB}),
    ("POST", "/v2/bot/chat/markAsRead", {"markAsReadToken": "none"}),
)
TOLD: Final = (
    ("POST", "/v2/bot/richmenu/alias/a"),
    ("DELETE", "/v2/bot/richmenu/alias/a"),
    ("GET", "/v2/bot/coupon/a"),
    ("PUT", "/v2/bot/coupon/a/close"),
)


async def refused(line: Line) -> None:
    """Make every one of these requests; none may succeed."""
    for method, path, body in REFUSED:
        answer = await line.api(method, path, body)
        assert answer.status >= 400, (method, path, answer.raw)
    assert (await line.api("GET", "/v2/bot/membership/list", bot="kiosk")).status == 404  # it sells none
    await closed_twice(line)
    await only_when_told(line)
    form = {"content_type": "application/x-www-form-urlencoded"}
    assert (await line.api("POST", "/v2/oauth/accessToken", b"grant_type=none", bot="", **form)).status == 400
    for path, body in SENDING.items():
        await sent_in_bad_weather(line, path, body)


async def closed_twice(line: Line) -> None:
    """A coupon that is over already."""
    id = next(iter(line.simulator.platform.account("shop").coupons))
    assert (await line.api("PUT", f"/v2/bot/coupon/{id}/close")).status == 410


async def only_when_told(line: Line) -> None:
    """What the simulator answers only when a fault says so: it knows no phone numbers and takes any id for one."""
    told = {"kind": "status", "status": 422, "message": "Not found", "path": "/bot/pnp/*"}
    await line.control("POST", "/faults", **told)
    assert (await line.api("POST", "/bot/pnp/push", {"to": "b" * 64, "messages": TEXT})).status == 422
    for method, path in TOLD:
        await line.control("POST", "/faults", kind="bad_request", path=path)
        assert (await line.api(method, path)).status == 400


async def sent_in_bad_weather(line: Line, path: str, body: Any) -> None:
    """A repeated key, no quota left, no right to do it."""
    key = str(uuid5(NAMESPACE_URL, path))
    if not path.endswith("reply"):
        assert (await line.api("POST", path, body, x_line_retry_key=key)).status < 300
        assert (await line.api("POST", path, body, x_line_retry_key=key)).status == 409
    for kind, status in (("rate_limit", 429), ("monthly_quota", 429), ("forbidden", 403)):
        await line.control("POST", "/faults", kind=kind, path=path)
        assert (await line.api("POST", path, body)).status == status
