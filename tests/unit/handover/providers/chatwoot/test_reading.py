from __future__ import annotations

from typing import Any

import pytest

from runtime.handover.providers.chatwoot import reading

AYA = {"id": 5, "name": "Aya", "email": "a@example.com", "type": "user"}


def hook(**changes: Any) -> dict[str, Any]:
    return {
        "event": "message_created", "id": 902, "content": "How can I help?", "content_type": "text",
        "content_attributes": {}, "message_type": "outgoing", "private": False, "source_id": None,
        "created_at": "2026-01-01T00:00:05.000Z", "sender": AYA, "attachments": [], **changes,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, "message"),
        ({"message_type": 1, "created_at": 1767225605}, "message"),
        ({"message_type": "incoming"}, None),
        ({"message_type": 0}, None),
        ({"message_type": "activity"}, None),
        ({"message_type": 2}, None),
        ({"source_id": "noren:5001"}, None),
        ({"private": True}, "note"),
        ({"private": True, "source_id": "noren:x.briefing"}, None),
        ({"message_type": "template", "content_type": "input_csat", "sender": None}, "survey"),
        ({"message_type": "template", "sender": None}, "system"),
        ({"sender": {"id": 2, "name": "Bot", "type": "agent_bot"}}, "system"),
        ({"sender": None, "content_attributes": {"automation_rule_id": 3}}, "system"),
        ({"content_attributes": {"deleted": True}}, "deleted"),
        ({"message_type": None}, None),
    ],
)
def test_what_a_message_is_to_us(changes: dict[str, Any], kind: str | None) -> None:
    found = reading.message_event(hook(**changes), "42", "case")
    assert (found.kind if found else None) == kind
    if found:
        assert (found.ref, found.case, found.at) == ("42", "case", 1767225605000)


def test_an_agents_name_and_picture_go_along() -> None:
    sender = {**AYA, "available_name": "Aya S.", "thumbnail": "https://chat.example/a.png"}
    found = reading.message_event(hook(sender=sender), "42", "")
    assert found is not None
    assert found.agent == {"id": "5", "name": "Aya S.", "icon": "https://chat.example/a.png"}
    unsafe = reading.message_event(hook(sender={**AYA, "thumbnail": "http://chat.example/a.png"}), "42", "")
    assert unsafe is not None
    assert "icon" not in unsafe.agent


def test_files_places_and_cards() -> None:
    attachments = [
        {"file_type": "image", "data_url": "https://chat.example/1", "file_size": 9},
        {"file_type": "location", "fallback_title": "Shop", "coordinates_lat": 1.5, "coordinates_long": 2.5},
    ]
    found = reading.message_event(hook(attachments=attachments), "42", "")
    assert found is not None
    assert [file["url"] for file in found.data["files"]] == ["https://chat.example/1"]
    assert found.data["text"] == "How can I help?\nShop https://maps.google.com/?q=1.5,2.5"
    cards = {
        "items": [{"title": "Bag", "description": "Red", "actions": [{"type": "link", "uri": "https://x.example"}]}]
    }
    found = reading.message_event(hook(content_type="cards", content_attributes=cards, content=None), "42", "")
    assert found is not None
    assert found.data["text"] == "Bag\nRed\nhttps://x.example"


def test_thirteen_choices_are_all_that_line_shows() -> None:
    items = {"items": [{"title": "x" * 30, "value": n} for n in range(20)]}
    found = reading.message_event(hook(content_type="input_select", content_attributes=items), "42", "")
    assert found is not None
    quick = found.data["quick"]
    assert (len(quick), len(quick[0]["label"]), len(quick[0]["text"])) == (13, 20, 30)


def test_how_a_conversation_stands() -> None:
    conversation = {
        "id": 42, "status": "snoozed", "snoozed_until": 1767312000, "updated_at": 1767225605.25,
        "meta": {"assignee": AYA},
    }  # fmt: skip
    assigned, status = reading.conversation_events(conversation, "case")
    assert (assigned.kind, assigned.agent["id"]) == ("assigned", "5")
    assert (status.data, status.at) == ({"status": "snoozed", "until": 1767312000000}, 1767225605250)
    assert reading.conversation_events({"id": 42, "status": "strange"}, "") == []


@pytest.mark.parametrize(
    ("value", "ms"), [(None, 0), ("", 0), ("soon", 0), (True, 0), (2, 2000), (0.5, 500), ("1970-01-01T00:00:01Z", 1000)]
)
def test_times_in_every_form(value: Any, ms: int) -> None:
    assert reading.moment(value) == ms
