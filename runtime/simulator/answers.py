"""LINE's own words for what it refuses.

https://developers.line.biz/en/reference/messaging-api/#error-responses
Texts LINE has published or that were seen in logs are taken over; for the few nobody has published (retry key
on an endpoint without one, unsupported method, broken quote token) the wording is ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from runtime.errors import NorenError
from runtime.simulator.values import Answer


class Refusal(NorenError):
    """The API refuses the request; never leaves the simulator."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.status}")
        self.answer = answer


def error(status: int, message: str, *, headers: tuple[tuple[str, str], ...] = (), **more: Any) -> Answer:
    """An error answer in the Messaging API's form."""
    return Answer(status, {"message": message, **more}, headers)


def details(*items: tuple[str, str]) -> Answer:
    """The answer to a body whose properties break a rule; items are (property, message)."""
    listed = [{"message": message, "property": name} for name, message in items]
    return error(400, f"The request body has {len(items)} error(s)", details=listed)


def oauth(status: int, code: str, text: str) -> Answer:
    """An error answer in the form of the token endpoints."""
    return Answer(status, {"error": code, "error_description": text})


def invalid_property(name: str, place: str = "line: -, column: -") -> Answer:
    return error(400, f"The property, {name}, in the request body is invalid ({place})")


def invalid_parameter(name: str) -> Answer:
    return error(400, f"The value for the '{name}' parameter is invalid")


UNAUTHORIZED: Final = error(
    401, "Authentication failed. Confirm that the access token in the authorization header is valid."
)
NOT_FOUND: Final = error(404, "Not found")
CONTENT_NOT_FOUND: Final = error(404, "not found")
GONE: Final = error(410, "The content is gone")
PREPARING: Final = Answer(202, b"", (), "application/octet-stream")
TOO_LARGE: Final = error(413, "Request body is too large. The maximum size is 2 MB.")
UNSUPPORTED_TYPE: Final = error(415, "The content-type isn't supported")
RATE_LIMIT: Final = error(429, "The API rate limit has been exceeded. Try again later.")
MONTHLY_LIMIT: Final = error(429, "You have reached your monthly limit.")
SERVER_ERROR: Final = error(500, "Internal Server Error")
UNAVAILABLE: Final = error(503, "Service Unavailable")
INVALID_REPLY_TOKEN: Final = error(400, "Invalid reply token")
FAILED_TO_SEND: Final = error(400, "Failed to send messages")
INVALID_START: Final = error(400, "Invalid start param")
NOT_ALLOWED: Final = error(403, "Access to this API is not available for your account")
RETRY_KEY_UNSUPPORTED: Final = error(400, "The retry key is not supported by this API")
RETRY_KEY_INVALID: Final = error(400, "The value for the 'X-Line-Retry-Key' header is invalid")
INVALID_QUOTE: Final = error(400, "Invalid quote token")
INVALID_READ: Final = error(
    400, "Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook."
)


def method_not_allowed(allowed: Mapping[str, Any]) -> Answer:
    return error(405, "Method Not Allowed", headers=(("allow", ", ".join(sorted(allowed))),))


def already_accepted(request_id: str, sent: tuple[Any, ...]) -> Answer:
    """https://developers.line.biz/en/docs/messaging-api/retrying-api-request/#response"""
    more = {"sentMessages": list(sent)} if sent else {}
    headers = (("x-line-accepted-request-id", request_id),)
    return error(409, "The retry key is already accepted", headers=headers, **more)
