"""LINE's bad days, one row each: what stands in the chat, what is on record, what was billed, how often LINE was asked.

Every row plays the same scene: an answer that meets the fault, and a message after it. Both answers have to be in
the chat exactly once and in order, unless the row says that LINE never took the first.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from runtime.line.client import Limits
from runtime.settings import Settings, TokenSettings
from tests.line_platform import bot
from tests.world import KEN, World, world

pytestmark = pytest.mark.anyio

REPLY, PUSH = "/v2/bot/message/reply", "/v2/bot/message/push"
FLOWS = {
    "flows/echo.yaml": """flow: echo
start: [{keyword: later}]
steps:
  - delay: 60s
  - say: first
  - end
fallback:
  - say: "{{ input.text }}"
"""
}
CONFIG = "endpoints: {shop: {languages: [en], loading: 0, profile: false, session: {expire: 0}}}\n"
PATIENT, FAST = Limits(connect=10, read=10, total=20), Limits(connect=10, read=0.25, total=0.5)
GONE, SENT = "first was never taken", "first"
DAY = 24 * 3_600_000


@dataclass(frozen=True)
class Row:
    """One fault and its outcome. `first` and `after`: state, way and billed of the two deliveries."""

    kind: str
    first: tuple[str, str, int]
    chat: str = SENT
    after: tuple[str, str, int] = ("sent", "reply", 0)
    replies: int = 0
    pushes: int = 0
    times: int = 1
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def limits(self) -> Limits:
        """Short ones only for who waits in vain: on a busy machine LINE's stand-in takes its time, too."""
        return FAST if self.kind in ("hang_before", "hang_after", "slow_body") else PATIENT

    def __str__(self) -> str:
        extra = "".join(f" {name}={value}" for name, value in self.more.items())
        return f"{self.kind}{extra}" + (f" x{self.times}" if self.times > 1 else "")


ONCE = ("sent", "reply", 0)
BILLED = ("sent", "push", 1)

REPLIES = [
    Row("bad_request", ("failed", "reply", 0), GONE, replies=2),
    Row("unauthorized", ONCE, replies=3),
    Row("forbidden", ("failed", "reply", 0), GONE, replies=2),
    Row("not_found", ("failed", "reply", 0), GONE, replies=2),
    Row("rate_limit", ONCE, replies=3),
    Row("rate_limit", ONCE, replies=3, more={"headers": {"Retry-After": "7"}}),
    Row("rate_limit", ONCE, replies=5, times=3),
    Row("monthly_quota", ("merged", "reply", 0), replies=2),
    Row("server_error", ONCE, replies=3),
    Row("server_error", ONCE, replies=3, more={"accept": True}),
    Row("server_error", ONCE, replies=4, times=2),
    Row("server_error", ("unknown", "reply", 0), GONE, replies=13, times=12),
    Row("unavailable", ONCE, replies=3),
    Row("unavailable", ONCE, replies=3, more={"accept": True}),
    Row("status", ONCE, replies=3, more={"status": 504}),
    Row("status", ONCE, replies=3, more={"status": 408}),
    Row("status", ("failed", "reply", 0), GONE, replies=2, more={"status": 413}),
    Row("status", ("failed", "reply", 0), GONE, replies=2, more={"status": 302}),
    Row("reset_before", ONCE, replies=3),
    Row("reset_after", ONCE, replies=3),
    Row("reset_before", ONCE, replies=4, times=2),
    Row("reset_after", ONCE, replies=4, times=2),
    Row("hang_before", ONCE, replies=3),
    Row("hang_after", ONCE, replies=3),
    Row("hang_after", ONCE, replies=4, times=2),
    Row("expired_token", BILLED, replies=2, pushes=1),
    Row("used_token", BILLED, replies=2, pushes=1),
    Row("slow_body", ONCE, replies=2, more={"ms": 0}),
    Row("slow_body", ONCE, replies=3, more={"ms": 60_000}),
]
"""A reply that is unclear goes out again with the same token while that one lives, and never as a push."""

PUSHES = [
    Row("bad_request", ("failed", "push", 0), GONE, replies=1, pushes=1),
    Row("unauthorized", BILLED, replies=1, pushes=2),
    Row("forbidden", ("failed", "push", 0), GONE, replies=1, pushes=1),
    Row("not_found", ("failed", "push", 0), GONE, replies=1, pushes=1),
    Row("rate_limit", BILLED, replies=1, pushes=2),
    Row("rate_limit", BILLED, replies=1, pushes=4, times=3),
    Row("monthly_quota", ("merged", "push", 0), replies=1, pushes=1),
    Row("server_error", BILLED, replies=1, pushes=2),
    Row("server_error", BILLED, replies=1, pushes=2, more={"accept": True}),
    Row("unavailable", BILLED, replies=1, pushes=2),
    Row("unavailable", BILLED, replies=1, pushes=4, times=3, more={"accept": True}),
    Row("status", BILLED, GONE, replies=1, pushes=1, more={"status": 409}),
    Row("reset_before", BILLED, replies=1, pushes=2),
    Row("reset_after", BILLED, replies=1, pushes=2),
    Row("reset_after", BILLED, replies=1, pushes=4, times=3),
    Row("hang_before", BILLED, replies=1, pushes=2),
    Row("hang_after", BILLED, replies=1, pushes=2),
    Row("slow_body", BILLED, replies=1, pushes=1, more={"ms": 0}),
    Row("slow_body", BILLED, replies=1, pushes=2, more={"ms": 60_000}),
]
"""A push is repeated with its key until LINE has it; 409 says that it had."""


async def outcome(w: World, row: Row) -> None:
    """Whatever waits is waited for; then the row has to be true."""
    await w.say("after")
    await w.turn(120_000)
    assert w.texts() == ([row.chat] if row.chat == SENT else []) + ["after"]
    assert await w.sent() == [row.first, row.after]
    assert (w.count(REPLY), w.count(PUSH)) == (row.replies, row.pushes)
    assert await w.events("dead") == []
    assert await w.events("due") == []


@pytest.mark.parametrize("row", REPLIES, ids=str)
async def test_a_reply_meets(row: Row, tmp_path: Path) -> None:
    async with world(tmp_path, FLOWS, config=CONFIG, limits=row.limits) as w:
        w.fault(row.kind, REPLY, times=row.times, **row.more)
        await w.say("first")
        await outcome(w, row)
        assert w.account().billed(w.clock.now()) == row.first[2]


@pytest.mark.parametrize("row", PUSHES, ids=str)
async def test_a_push_meets(row: Row, tmp_path: Path) -> None:
    async with world(tmp_path, FLOWS, config=CONFIG, limits=row.limits) as w:
        await w.say("later")
        w.fault(row.kind, PUSH, times=row.times, **row.more)
        await w.turn(60_000)
        await outcome(w, row)
        assert w.account().billed(w.clock.now()) == (row.first[2] if row.chat == SENT else 0)


async def test_what_our_rules_did_not_foresee_is_told_with_its_shape_and_not_its_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "noren")
    async with world(tmp_path, FLOWS, config=CONFIG) as w:
        w.fault("bad_request", REPLY)
        await w.say("very private words")
    told = [record for record in caplog.records if "LINE refused what our rules allow" in record.getMessage()]
    assert len(told) == 1
    assert "very private words" not in caplog.text
    assert "very private words" not in str([vars(record) for record in caplog.records])


LONG = "x" * 5_001


@pytest.mark.parametrize(
    ("policy", "said"), [("repair", ["x" * 5_000, "x"]), ("fallback", ["something shorter"]), ("block", [])]
)
async def test_what_our_rules_foresee_never_reaches_line(policy: str, said: list[str], tmp_path: Path) -> None:
    files = {
        "flows/long.yaml": f"flow: long\nstart: [{{keyword: go}}]\nsteps:\n"
        f"  - line: {{type: text, text: {LONG}}}\n    alt: something shorter\n  - say: beside\n  - end\n"
        'fallback: [{say: "{{ input.text }}"}]\n'
    }
    config = CONFIG.replace("loading: 0", f"loading: 0, on_violation: {policy}")
    async with world(tmp_path, files, config=config) as w:
        await w.say("go")
        await w.say("after")
        assert w.texts() == [*said, "beside", "after"]
        statuses = {row.status for row in w.line.simulator.journal.since(0, way="api")}
        assert statuses == {200}, "LINE never saw what it would have refused"
        assert await w.sent() == [ONCE, ONCE]
        events = [await w.store.show_event(event["id"]) for event in await w.events()]
        broken = [row["violation"] for event in events for row in event["trace"] if "violation" in row]
        assert [one["severity"] for one in broken] == ["error"]


def stateless(settings: Settings) -> Settings:
    shop = settings.endpoints["shop"]
    token = TokenSettings(stateless=True, channel_id=bot().complete().channel_id)
    return replace(settings, endpoints={"shop": replace(shop, token=token)})


async def test_a_refused_token_that_can_be_renewed_is(tmp_path: Path) -> None:
    async with world(tmp_path, FLOWS, config=CONFIG, changes=stateless) as w:
        await w.say("first")
        await w.turn(60_000)
        w.fault("unauthorized", REPLY)
        await w.say("second")
        await w.say("third")
        assert w.texts() == ["first", "second", "third"]
        assert await w.sent() == [ONCE] * 3
        assert (w.count(REPLY), w.count("/oauth2/v3/token")) == (4, 2)


async def test_a_token_is_renewed_before_it_expires(tmp_path: Path) -> None:
    async with world(tmp_path, FLOWS, config=CONFIG, changes=stateless) as w:
        for n in range(6):
            await w.say(f"message {n}")
            await w.turn(10 * 60_000)
        assert w.texts() == [f"message {n}" for n in range(6)]
        assert {row.status for row in w.line.simulator.journal.since(0, path=REPLY)} == {200}
        assert w.count("/oauth2/v3/token") <= 6


async def test_a_token_service_that_is_away_holds_answers_up_and_loses_none(tmp_path: Path) -> None:
    async with world(tmp_path, FLOWS, config=CONFIG, changes=stateless) as w:
        w.fault("unavailable", "/oauth2/v3/token", times=2)
        await w.say("first")
        await w.say("after")
        assert w.texts() == []
        await w.turn(40_000)
        assert w.texts() == ["first", "after"]
        assert await w.sent() == [ONCE, ONCE]


async def test_an_outage_of_hours_keeps_everything_in_order(tmp_path: Path) -> None:
    async with world(tmp_path, FLOWS, config=CONFIG) as w:
        outage = w.fault("reset_before", "/v2/bot/*", times=None)
        await w.say("later")
        await w.turn(60_000)
        await w.turn(3 * 3_600_000)
        assert w.texts() == []
        w.line.simulator.faults.remove(outage.id)
        await w.turn(16 * 60_000)
        await w.say("after")
        assert w.texts() == ["first", "after"]
        assert await w.sent() == [BILLED, ONCE]


async def test_a_push_is_given_up_after_a_day(tmp_path: Path) -> None:
    async with world(tmp_path, FLOWS, config=CONFIG) as w:
        await w.say("later")
        w.fault("unavailable", PUSH, times=None)
        await w.turn(60_000)
        await w.turn(DAY + 3_600_000)
        [row] = await w.outbox()
        assert (row["state"], row["billed"]) == ("failed", 0)
        assert row["detail"].startswith("given up after 24 hours")
        w.line.simulator.faults.clear()
        await w.say("after")
        assert w.texts() == ["after"]


async def test_one_chat_with_trouble_holds_up_no_other(tmp_path: Path) -> None:
    async with world(tmp_path, FLOWS, config=CONFIG) as w:
        w.fault("rate_limit", REPLY, text="first", times=None)
        await w.say("first")
        await w.say("hello", user=KEN)
        assert w.texts(KEN) == ["hello"]
        assert w.texts() == []
