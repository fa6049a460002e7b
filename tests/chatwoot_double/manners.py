"""What the double takes: fields its controllers permit, bodies they can read, tokens and what each may call."""

from __future__ import annotations

import re
from typing import Any

from tests.chatwoot_double.state import Refusal

FOR_BOTS = (
    ("POST", "conversations"),
    ("PATCH", r"conversations/\d+"),
    ("PUT", r"conversations/\d+"),
    ("POST", r"conversations/\d+/(toggle_status|toggle_priority|custom_attributes|messages|assignments)"),
)
"""What an agent bot's token may call: nothing that only reads is among it."""

CONTACT = frozenset((
    "name", "identifier", "email", "phone_number", "avatar", "avatar_url", "blocked", "additional_attributes",
    "custom_attributes", "inbox_id", "source_id",
))  # fmt: skip
PERMITTED: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("POST", r"contacts/filter", frozenset(("payload",))),
    ("POST", r"contacts", CONTACT),
    ("PUT", r"contacts/\d+", CONTACT),
    ("POST", r"contacts/\d+/contact_inboxes", frozenset(("inbox_id", "source_id"))),
    ("POST", r"actions/contact_merge", frozenset(("base_contact_id", "mergee_contact_id"))),
    ("POST", r"conversations", frozenset((
        "source_id", "inbox_id", "contact_id", "status", "assignee_id", "team_id", "custom_attributes",
        "additional_attributes", "message", "snoozed_until", "priority",
    ))),
    ("POST", r"conversations/\d+/messages", frozenset((
        "content", "message_type", "private", "source_id", "content_type", "content_attributes", "attachments[]",
        "echo_id", "template_params", "campaign_id", "cc_emails", "bcc_emails", "to_emails", "external_created_at",
    ))),
    ("PATCH", r"conversations/\d+/messages/\d+", frozenset(("status", "external_error"))),
    ("POST", r"conversations/\d+/toggle_status", frozenset(("status", "snoozed_until"))),
    ("POST", r"conversations/\d+/assignments", frozenset(("assignee_id", "assignee_type", "team_id"))),
    ("POST", r"conversations/\d+/toggle_priority", frozenset(("priority",))),
    ("POST", r"conversations/\d+/labels", frozenset(("labels",))),
    ("POST", r"conversations/\d+/custom_attributes", frozenset(("custom_attributes",))),
    ("POST", r"conversations/\d+/toggle_typing_status", frozenset(("typing_status", "is_private"))),
    ("PATCH", r"csat_survey/\w+", frozenset(("message",))),
)  # fmt: skip
"""Other fields are left out in silence, as Rails does: whoever sends one hears nothing of it."""
NEEDED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("POST", r"contacts/filter", ("payload",)),
    ("POST", r"contacts/\d+/contact_inboxes", ("inbox_id",)),
    ("POST", r"conversations/\d+/labels", ("labels",)),
    ("POST", r"conversations/\d+/custom_attributes", ("custom_attributes",)),
    ("PATCH", r"conversations/\d+/messages/\d+", ("status",)),
    ("PATCH", r"csat_survey/\w+", ("message",)),
)
PRIORITIES = (None, "low", "medium", "high", "urgent")


def permitted(method: str, path: str, body: dict[str, Any], strange: list[str]) -> dict[str, Any]:
    """The body without what nobody asked for; `strange` hears of that. Raises `Refusal`."""
    for verb, pattern, names in NEEDED:
        if verb == method and re.fullmatch(pattern, path):
            for name in names:
                if name not in body:
                    raise Refusal(400, {"error": f"param is missing or the value is empty: {name}"})
    for verb, pattern, known in PERMITTED:
        if verb == method and re.fullmatch(pattern, path):
            strange += [f"{method} {path}: {name}" for name in body if name not in known]
            return {name: value for name, value in body.items() if name in known}
    strange += [f"{method} {path}: {name}" for name in body]
    return body


def for_bots(method: str, path: str) -> bool:
    return any(verb == method and re.fullmatch(pattern, path) for verb, pattern in FOR_BOTS)


def filtered(body: dict[str, Any]) -> str:
    """The value a filter of contacts looks for. Raises `Refusal` for one that the server could not read."""
    rows = body.get("payload")
    if not isinstance(rows, list) or len(rows) != 1 or not isinstance(rows[0], dict):
        raise Refusal(422, {"error": "Invalid query operator"})
    (one,) = rows
    if one.get("attribute_key") not in ("identifier", "name", "email", "phone_number"):
        raise Refusal(422, {"error": f"Invalid attribute key - [{one.get('attribute_key')}]"})
    if one.get("filter_operator") != "equal_to":
        raise Refusal(422, {"error": f"Invalid operator - {one.get('filter_operator')}"})
    values = one.get("values")
    if not isinstance(values, list) or not values:
        raise Refusal(422, {"error": "Invalid value"})
    return str(values[0]).casefold()


def rating(body: dict[str, Any]) -> dict[str, Any]:
    """The answer to a survey. Raises `Refusal`."""
    message = body.get("message")
    given = message.get("submitted_values") if isinstance(message, dict) else None
    answer = given.get("csat_survey_response") if isinstance(given, dict) else None
    if not isinstance(answer, dict):
        raise Refusal(400, {"error": "param is missing or the value is empty: submitted_values"})
    if answer.get("rating") not in (1, 2, 3, 4, 5):
        raise Refusal(422, {"message": "Rating is not included in the list", "attributes": ["rating"]})
    return dict(answer)
