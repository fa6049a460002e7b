"""Signatures, bodies, and that no event of a body is ever lost."""

from __future__ import annotations

import csv
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.errors import BadBody, Unverified
from runtime.line import webhook
from runtime.model import Event
from runtime.settings import EndpointSettings

DATA = Path(__file__).resolve().parents[2] / "data" / "webhooks"
SHOP = EndpointSettings(name="shop", channel_secret="a secret")
NOW = 1_763_700_000_000

VECTORS = [
    (
        "8c570fa6dd201bb328f1c1eac23a96d8",
        b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}',
        "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=",
    ),
    ("channel_secret", b"bodybodybodybody", "/gg9a+LvFevTH1sd7XCQycD7tsWclCsInj7MhBHxN7k="),
    ("SECRET", b"{}", "3q8QXTAGaey18yL8FWTqdVlbMr6hcuNvM4tefa0o9nA="),
    ("test_secret", b'{"hello":"world"}', "t7Hn4ZDHqs6e+wdvI5TyQIvzie0DmMUmuXEBqyyE/tM="),
    ("ひみつ", "お茶🍵\n".encode(), "mfCc+u/Axl64qjJKXZREYjr0DE3AxdlZUzT6VMOUAQs="),
    ("a secret", b"", "M8cu51Y+5If6i8ELfVRTTmyhB7nLFLcolNVdVivZbvE="),
]


def body(*events: Any, **more: Any) -> bytes:
    return json.dumps({"destination": "Ubot", "events": list(events), **more}, ensure_ascii=False).encode()


def parse(data: bytes) -> list[Event]:
    return webhook.parse(data, SHOP, NOW)


def text(said: str = "hi", **more: Any) -> dict[str, Any]:
    return {
        "type": "message",
        "timestamp": 1_763_600_000_000,
        "source": {"type": "user", "userId": "Uana"},
        "webhookEventId": "01K9A7N0RENTEST00000000001",
        "message": {"id": "1", "type": "text", "text": said},
        **more,
    }


# signature


@pytest.mark.parametrize(("secret", "data", "signature"), VECTORS)
def test_the_signature_is_that_of_the_vector(secret: str, data: bytes, signature: str) -> None:
    assert webhook.sign(secret, data) == signature
    webhook.verify(secret, data, signature)


@pytest.mark.parametrize(
    "signature",
    [None, "", "x", "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs", "é" * 44, "\udcff", "あ", "=" * 10_000],
)
def test_a_wrong_signature_is_refused_whatever_its_characters(signature: str | None) -> None:
    secret, data, _ = VECTORS[0]
    with pytest.raises(Unverified) as caught:
        webhook.verify(secret, data, signature)
    assert secret not in str(caught.value)
    assert not signature or signature == "x" or signature not in str(caught.value)


def test_the_signature_is_that_of_the_bytes_not_of_their_meaning() -> None:
    signature = webhook.sign("s", b'{"events":[]}')
    with pytest.raises(Unverified):
        webhook.verify("s", b'{"events": []}', signature)


def test_an_endpoint_without_a_secret_verifies_nothing() -> None:
    with pytest.raises(Unverified, match="channel_secret"):
        webhook.verify("", b"{}", webhook.sign("", b"{}"))


@given(st.text(min_size=1), st.binary(), st.text())
def test_only_the_right_signature_passes(secret: str, data: bytes, other: str) -> None:
    right = webhook.sign(secret, data)
    webhook.verify(secret, data, right)
    if other != right:
        with pytest.raises(Unverified):
            webhook.verify(secret, data, other)


# body


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"{",
        b"null",
        b"[]",
        b'"events"',
        b"{}",
        b'{"events":null}',
        b'{"events":{}}',
        b'{"events":"no"}',
        b'{"events":[}',
        b'{"events":[NaN]}',
        b'{"events":[{"a" 1}]}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"events":[' + b"[" * 100_000,
        b'{"events":["' + b'\\"' * 100_000,
        b'{"events":["\\',
    ],
)
def test_what_is_no_webhook_body_is_refused(data: bytes) -> None:
    with pytest.raises(BadBody) as caught:
        parse(data)
    assert len(str(caught.value)) < 100


def test_no_events_are_fine() -> None:
    assert parse((DATA / "empty.json").read_bytes()) == []
    assert parse(b'{"events":[]}') == []


def test_the_fakes_of_the_old_console_are_skipped() -> None:
    assert parse((DATA / "console.json").read_bytes()) == []
    assert [event.text for event in parse(body(text("a", replyToken="0" * 32), text("b")))] == ["b"]


def test_one_odd_event_never_fails_the_others() -> None:
    data = (DATA / "odd.json").read_bytes()
    items = json.loads(data)["events"]
    found = parse(data)
    assert len(found) == len(items)
    assert (found[0].text, found[-1].text) == ("before", "after")
    kinds = Counter(event.kind for event in found)
    assert kinds == {"message": 6, "unknown": 14, "follow": 1}
    for event, item in zip(found, items, strict=True):
        assert event.raw == (item if isinstance(item, dict) else {"event": item})
        assert event.id
    assert len({event.id for event in found}) == len(items)


def test_odd_events_are_one_line_in_the_log_without_their_content(caplog: pytest.LogCaptureFixture) -> None:
    parse(body(*[None] * 1_000, text(message={"type": "text", "text": ["private"]})))
    (record,) = caplog.records
    assert vars(record)["fields"] == {"endpoint": "shop", "number": 1_001, "first": "no object"}
    assert "private" not in record.getMessage()


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        (b'"\\ud83d"', "\ufffd"),
        (b'"a\\udf75b\\uD83C\\uDF75"', "a\ufffdb🍵"),
        (b'"\\\\ud83d"', "\\ud83d"),
        (b'"\xff"', "\ufffd"),
        (b"1e999", "1e999"),
        (b"9" * 5000, "9" * 5000),
        (b"[" * 5000 + b"]" * 5000, None),
        (b'{"a":' * 900 + b'"]}"' + b"}" * 900, None),
    ],
)
def test_a_value_that_no_store_could_keep_costs_no_event(source: bytes, kept: str | None) -> None:
    before, after = json.dumps(text("before")).encode(), json.dumps(text("after")).encode()
    odd = json.dumps(text("odd", extra="@", webhookEventId="")).encode().replace(b'"@"', source)
    found = parse(b'{"events":[' + b",".join([before, odd, after]) + b"]}")
    assert [event.text for event in found] == ["before", "odd", "after"]
    assert kept is None or found[1].raw["extra"] == kept
    assert json.loads(json.dumps(found[1].raw)) == found[1].raw


def test_what_lies_too_deep_is_kept_as_its_text() -> None:
    deep = "[" * 300 + '"]\\"[", 1' + "]" * 300
    value = parse(body(text()).replace(b'"hi"', b'"hi","more":' + deep.encode()))[0].raw["message"]["more"]
    for _ in range(62):
        (value,) = value
    assert value == deep[62:-62]


# ids


def test_an_event_is_known_by_lines_id_and_otherwise_by_its_content() -> None:
    plain = text(webhookEventId="made-up", deliveryContext={"isRedelivery": False})
    again = plain | {"deliveryContext": {"isRedelivery": True}}
    first, second, other = (parse(body(item))[0] for item in (plain, again, plain | {"timestamp": 5}))
    assert parse(body(text()))[0].id == "01K9A7N0RENTEST00000000001"
    assert first.id == second.id != other.id
    assert (first.redelivery, second.redelivery) == (False, True)
    elsewhere = webhook.parse(body(plain), EndpointSettings(name="other"), NOW)[0]
    assert elsewhere.id != first.id


def test_events_under_one_id_of_lines_keep_it_for_the_store_to_tell_apart() -> None:
    assert [event.id for event in parse(body(text("a"), text("b"), text("a")))] == ["01K9A7N0RENTEST00000000001"] * 3


def test_twins_without_an_id_are_counted() -> None:
    twin = text(webhookEventId=None)
    ids = [event.id for event in parse(body(twin, twin, twin))]
    assert len(set(ids)) == 3
    assert ids[0] == parse(body(twin))[0].id
    assert ids == [event.id for event in parse(body(twin, twin, twin))]


# real bodies


def test_every_real_body_gives_all_its_events(shared: Path) -> None:
    folder = shared / "line" / "webhooks"
    listed = {
        row["file"]: int(row["n_events"]) for row in csv.DictReader((folder / "manifest.csv").read_text().splitlines())
    }
    kinds: Counter[str] = Counter()
    for name, number in listed.items():
        found = parse((folder / name).read_bytes())
        assert len({(event.id, json.dumps(event.raw)) for event in found}) == number, name
        kinds.update(event.kind for event in found)
    print(dict(kinds.most_common()))
    assert set(kinds) == {
        *("message", "edited", "unsend", "follow", "unfollow", "join", "leave", "member_joined", "member_left"),
        *("postback", "video_complete", "beacon", "account_link", "membership", "module", "activated", "deactivated"),
        *("bot_suspended", "bot_resumed", "delivery", "unknown"),
    }


# anything

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
BODIES = [json.loads(path.read_bytes()) for path in sorted(DATA.glob("*.json"))]
ITEMS = [item for one in BODIES for item in one["events"]]


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """An own example event with one value somewhere in it replaced, removed, or added."""
    item = json.loads(json.dumps(draw(st.sampled_from(ITEMS))))
    places = [(item, key) for key in item] if isinstance(item, dict) else []
    for inner, key in places:
        value = inner[key]
        places += (
            [(value, k) for k in (value if isinstance(value, dict) else range(len(value)))]
            if isinstance(value, dict | list)
            else []
        )
    if not places:
        return draw(JSON)
    inner, key = draw(st.sampled_from(places))
    if draw(st.booleans()):
        inner[key] = draw(JSON)
    else:
        del inner[key]
    return item


def holds(data: bytes) -> None:
    """`BadBody`, or as many events as the body has items, each of which a store can keep."""
    try:
        found = parse(data)
    except BadBody:
        return
    items = json.loads(data)["events"]
    assert len(found) == len([item for item in items if not webhook._dummy(item)])
    for event in found:
        assert event.id
        assert event.session.startswith("shop:")
        assert len(event.session) < 1_000
        assert isinstance(event.text, str)
        assert "\0" not in event.id + event.session + event.text + event.user + (event.reply_to or "")
        assert 0 <= event.due == event.at < 2**53
        json.dumps([event.data, event.raw])
        (event.text + json.dumps(event.data, ensure_ascii=False)).encode()


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_any_json_is_events_or_refused(value: Any) -> None:
    holds(json.dumps(value).encode())


@settings(max_examples=300, deadline=None)
@given(st.lists(JSON, max_size=5))
def test_any_items_are_all_kept(items: list[Any]) -> None:
    assert len(parse(json.dumps({"events": items}).encode())) == len(items)


@settings(max_examples=500, deadline=None)
@given(st.lists(mutated(), min_size=1, max_size=4))
def test_any_mutated_event_is_kept(items: list[Any]) -> None:
    holds(json.dumps({"destination": "Ubot", "events": items}).encode())


@settings(max_examples=300, deadline=None)
@given(st.binary() | st.sampled_from(BODIES).map(lambda one: json.dumps(one).encode()), st.data())
def test_any_bytes_are_events_or_refused(data: bytes, draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(data)))
    broken = data[:at] + draw.draw(st.binary(max_size=3)) + data[at + draw.draw(st.integers(0, 3)) :]
    try:
        found = parse(broken)
    except BadBody:
        return
    assert all(isinstance(event, Event) and event.id for event in found)


def test_a_usual_body_costs_little() -> None:
    data = body(text("お茶を三つください。" * 20, replyToken="a" * 32, deliveryContext={"isRedelivery": False}))
    signature = webhook.sign("a secret", data)
    best = min(_cost(data, signature) for _ in range(5))
    assert best < 150, f"{best:.1f} µs; about 10 on an idle machine"


def _cost(data: bytes, signature: str) -> float:
    start = time.process_time()
    for _ in range(500):
        webhook.verify("a secret", data, signature)
        webhook.parse(data, SHOP, NOW)
    return (time.process_time() - start) / 500 * 1e6
