"""The delivery policy against a small real LINE: every answer, every break, and what the user got."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from runtime.line.api import LineApi
from runtime.line.client import Client
from runtime.line.quota import Members, Quota
from runtime.line.sender import RETRY_WINDOW, Memory, Sender, backoff
from runtime.line.tokens import Fixed
from runtime.model import Chat, Delivery, Outcome
from runtime.settings import EndpointSettings
from tests.clock import ManualClock
from tests.unit.line.servers import refusing
from tests.unit.line.stub import StubLine, line

pytestmark = pytest.mark.anyio
NOW = 1_800_000_000_000
USER = Chat("user", "U" + "a" * 32)
GROUP = Chat("group", "C" + "b" * 32)
INVALID = "400:Invalid reply token"
RATE = "429:The API rate limit has been exceeded. Try again later."
MONTH = "429:You have reached your monthly limit."

REPLY = Delivery(
    id="01H/0",
    session="shop:U",
    endpoint="shop",
    chat=USER,
    messages=({"type": "text", "text": "hello"},),
    via="reply",
    reply_to="token-1",
    received=NOW,
    retry_key="123e4567-e89b-12d3-a456-426614174000",
    created=NOW,
)
PUSH = replace(REPLY, via="push", reply_to=None)


@dataclass(slots=True)
class Desk:
    """A sender with its LINE, its clock and the gaps it reported."""

    sender: Sender
    line: StubLine
    clock: ManualClock
    gaps: list[tuple[Any, ...]] = field(default_factory=list)


def sender(api: LineApi, clock: ManualClock, config: EndpointSettings, gaps: list[tuple[Any, ...]]) -> Sender:
    on_gap = lambda *gap: gaps.append(gap)  # noqa: E731
    return Sender(api, Quota(api, clock), Members(api, clock), config, clock, on_gap=on_gap)


@contextlib.asynccontextmanager
async def desk(stub: StubLine | None = None, **config: Any) -> AsyncIterator[Desk]:
    stub = stub or StubLine()
    clock, gaps = ManualClock(NOW), []  # type: ignore[var-annotated]
    async with line(stub) as api:
        yield Desk(sender(api, clock, EndpointSettings(**config), gaps), stub, clock, gaps)


@dataclass(frozen=True, slots=True)
class Case:
    """What LINE does, in order → what `send` says, the calls made, and how often the user got the message."""

    faults: tuple[str, ...]
    state: str
    calls: str
    got: int
    delivery: Delivery = REPLY
    again: bool = False
    age: int = 0
    via: str = "reply"
    status: int = 0
    gap: bool = False
    used: bool = False
    config: dict[str, Any] = field(default_factory=dict)


ACTION = {"type": "message", "label": "x", "text": "y"}
R, P = "reply ", "push "
LATE = {"late": "button"}
CASES = {
    # the reply token's way
    "answered": Case((), "sent", R, 1, status=200),
    "400 unpredicted": Case(("400:The request body has 1 error(s)",), "failed", R, 0, status=400, gap=True),
    "413": Case(("413:too large",), "failed", R, 0, status=413, gap=True),
    "401": Case(("401:Authentication failed.",), "retry", R, 0, status=401),
    "403": Case(("403:Access to this API is not available",), "failed", R, 0, status=403),
    "404": Case(("404:Not found",), "failed", R, 0, status=404),
    "429 rate": Case((RATE,), "retry", R, 0, status=429),
    "429 quota": Case((MONTH,), "held", R, 0, status=429),
    "500, then fine": Case(("500:x",), "sent", R * 2, 1, status=200),
    "500 twice": Case(("500:x", "503:x"), "retry", R * 2, 0, status=503),
    "503, then 429": Case(("503:x", RATE), "retry", R * 2, 0, status=429),
    "reset before accept": Case(("reset before",), "sent", R * 2, 1, status=200),
    "reset after accept": Case(("reset after",), "sent", R * 2, 1, status=400),
    "500 twice, the token's last second": Case(("500:x",) * 2, "unknown", R * 2, 0, again=True, age=59_500, status=500),
    "reset twice before": Case(("reset before",) * 2, "retry", R * 2, 0),
    "reset after, then before": Case(("reset after", "reset before"), "retry", R * 2, 1),
    "time-out before accept": Case(("time-out before",), "sent", R * 2, 1, status=200),
    "time-out after accept": Case(("time-out after",), "sent", R * 2, 1, status=400),
    "slow body": Case(("slow body",), "sent", R * 2, 1, status=400),
    "used token": Case((), "retry", R, 0, used=True, via="push"),
    "used token, button": Case((), "retry", R, 0, used=True, via="push", config=LATE),
    "invalid token": Case((INVALID,), "retry", R, 0, via="push"),
    "old token": Case((), "retry", "", 0, age=50_001, via="push"),
    "old token, button": Case((), "retry", "", 0, age=50_001, via="push", config=LATE),
    "token of the last moment": Case((), "sent", R, 1, age=50_000, status=200),
    # a reply that may have arrived before a crash
    "again, had arrived": Case((), "sent", R, 0, again=True, used=True, status=400),
    "again, had not arrived": Case((), "sent", R, 1, again=True, status=200),
    "again, old, had not arrived": Case((), "sent", R, 1, again=True, age=90_000, status=200),
    "again, old, invalid": Case((), "unknown", R, 0, again=True, used=True, age=90_000, status=400),
    "again, 500 twice": Case(("500:x", "500:x"), "retry", R * 2, 0, again=True, status=500),
    # push
    "pushed": Case((), "sent", P, 1, PUSH, via="push", status=200),
    "push 400": Case(("400:The request body has 1 error(s)",), "failed", P, 0, PUSH, via="push", status=400, gap=True),
    "push to nobody": Case(("400:Failed to send messages",), "failed", P, 0, PUSH, via="push", status=400),
    "push 401": Case(("401:no",), "retry", P, 0, PUSH, via="push", status=401),
    "push 404": Case(("404:Not found",), "failed", P, 0, PUSH, via="push", status=404),
    "push 409": Case(("409:The retry key is already accepted",), "sent", P, 0, PUSH, via="push", status=409),
    "push 429 rate": Case((RATE,), "retry", P, 0, PUSH, via="push", status=429),
    "push 429 quota": Case((MONTH,), "held", P, 0, PUSH, via="push", status=429),
    "push 429 quota, push on": Case((MONTH,), "retry", P, 0, PUSH, via="push", status=429, config={"quota": "push"}),
    "push 500": Case(("500:x",), "retry", P, 0, PUSH, via="push", status=500),
    "push 503": Case(("503:x",), "retry", P, 0, PUSH, via="push", status=503),
    # the connection was kept from reading the quota: one that dies is replaced at once, the retry key makes it safe
    "push reset before": Case(("reset before",), "sent", P * 2, 1, PUSH, via="push", status=200),
    "push reset after": Case(("reset after",), "sent", P * 2, 1, PUSH, via="push", status=409),
    "push reset twice before": Case(("reset before",) * 2, "retry", P * 2, 0, PUSH, via="push"),
    "push reset after, then before": Case(("reset after", "reset before"), "retry", P * 2, 1, PUSH, via="push"),
    "push time-out before": Case(("time-out before",), "retry", P, 0, PUSH, via="push"),
    "push time-out after": Case(("time-out after",), "retry", P, 1, PUSH, via="push"),
    "push slow body": Case(("slow body",), "retry", P, 1, PUSH, via="push"),
    "push nowhere": Case((), "failed", "", 0, replace(PUSH, chat=Chat("none", "")), via="push"),
    "suppressed": Case((), "suppressed", "", 0, replace(REPLY, state="suppressed")),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_policy(case: Case) -> None:
    stub = StubLine(faults=list(case.faults), used={"token-1"} if case.used else set())
    async with desk(stub, **case.config) as d:
        d.clock.turn(case.age)
        outcome = await d.sender.send(case.delivery, again=case.again)
        assert (outcome.state, outcome.via, outcome.status) == (case.state, case.via, case.status), outcome
        assert "".join(f"{call} " for call in stub.sends) == case.calls
        assert len(stub.delivered) == case.got
        assert len(d.gaps) == case.gap
        assert bool(outcome.due) == (case.state == "retry")
        assert outcome.billed == (case.state == "sent" and case.via == "push")


async def test_sent_tells_ids_and_request() -> None:
    async with desk() as d:
        outcome = await d.sender.send(REPLY, again=False)
        assert outcome == Outcome(
            state="sent", via="reply", status=200, request_id="request-1", message_ids=("id-0",), billed=0
        )


async def test_a_push_is_repeated_with_the_same_key_until_it_is_known_to_have_arrived() -> None:
    stub = StubLine(faults=["time-out after", "500:x"])
    async with desk(stub) as d:
        delivery, states = PUSH, []
        while not states or states[-1] == "retry":
            outcome = await d.sender.send(delivery, again=False)
            states.append(outcome.state)
            d.clock.turn(max(0, outcome.due - d.clock.now()))
            delivery = replace(delivery, attempts=delivery.attempts + 1, detail=outcome.detail)
        assert states == ["retry", "retry", "sent"]
        assert (len(stub.delivered), outcome.status, outcome.message_ids) == (1, 409, ("id-0",))
        assert {b"X-Line-Retry-Key: 123e4567-e89b-12d3-a456-426614174000" in head for head in stub.heads[2:]} == {True}


async def test_a_push_is_given_up_after_a_day() -> None:
    async with desk(StubLine(faults=["500:x"])) as d:
        d.clock.turn(RETRY_WINDOW - 500)
        outcome = await d.sender.send(replace(PUSH, attempts=20), again=False)
        assert (outcome.state, outcome.detail) == ("failed", "given up after 24 hours: x")
        d.clock.turn(500)
        outcome = await d.sender.send(replace(PUSH, attempts=20), again=False)
        assert (outcome.state, len(d.line.sends)) == ("failed", 1)
        assert (await d.sender.send(PUSH, again=False)).state == "sent", "a first try cannot double anything"


async def test_rate_limit_waits_as_long_as_line_says() -> None:
    async with desk(StubLine(faults=[RATE])) as d:
        outcome = await d.sender.send(PUSH, again=False)
        assert outcome.due == NOW + 7_000


async def test_a_dead_token_goes_by_push_at_the_next_try() -> None:
    async with desk(StubLine(used={"token-1"})) as d:
        first = await d.sender.send(REPLY, again=False)
        assert (first.state, first.via, first.due) == ("retry", "push", NOW)
        d.line.faults = ["500:x"]
        stored = replace(REPLY, attempts=1, detail=first.detail)
        other = sender(d.sender._api, d.clock, EndpointSettings(), [])  # another process, which has only the store
        second = await other.send(stored, again=False)
        assert (second.state, second.via, second.detail) == ("retry", "push", "by push: x")
        stored = replace(REPLY, attempts=2, detail=second.detail)
        assert (await other.send(stored, again=True)).state == "sent"
        assert d.line.sends == ["reply", "push", "push"]


async def test_a_store_that_forgets_the_way_does_not_turn_in_circles() -> None:
    async with desk(StubLine(used={"token-1"})) as d:
        await d.sender.send(REPLY, again=False)
        outcome = await d.sender.send(replace(REPLY, attempts=1), again=False)
        assert (outcome.state, outcome.via, d.line.sends) == ("sent", "push", ["reply", "push"])


async def test_nobody_listens() -> None:
    """Nothing was sent: the same token again while it is young, push when it is not."""
    clock, client = ManualClock(NOW), Client()
    refused = sender(LineApi(client, Fixed("t"), api=refusing()), clock, EndpointSettings(), [])
    outcome = await refused.send(REPLY, again=False)
    assert (outcome.state, outcome.via) == ("retry", "reply")
    assert outcome.detail.startswith("cannot connect to 127.0.0.1")
    assert 800 <= outcome.due - NOW <= 1_200
    clock.turn(60_000)
    outcome = await refused.send(REPLY, again=False)
    assert (outcome.state, outcome.via) == ("retry", "push")
    outcome = await refused.send(PUSH, again=False)
    assert (outcome.state, outcome.via) == ("retry", "push")
    await client.close()


async def test_a_doubtful_reply_stays_doubtful_through_a_refused_connection() -> None:
    clock, client = ManualClock(NOW), Client()
    away = LineApi(client, Fixed("t"), api=refusing())
    outcome = await sender(away, clock, EndpointSettings(), []).send(REPLY, again=True)
    assert (outcome.state, outcome.via) == ("retry", "reply")
    assert outcome.detail.startswith("may have arrived: ")
    stored = replace(REPLY, attempts=1, detail=outcome.detail)
    async with desk(StubLine(used={"token-1"})) as other_process:
        assert (await other_process.sender.send(stored, again=False)).state == "sent"
        assert other_process.line.sends == ["reply"]
    clock.turn(21 * 60_000)
    outcome = await sender(away, clock, EndpointSettings(), []).send(stored, again=False)
    assert outcome.state == "unknown"
    await client.close()


async def test_groups_are_billed_by_member() -> None:
    stub = StubLine(answers={f"/v2/bot/group/{GROUP.id}/members/count": (200, {"count": 5})})
    async with desk(stub) as d:
        push = replace(PUSH, chat=GROUP)
        for _ in range(2):
            outcome = await d.sender.send(replace(push, retry_key=PUSH.retry_key[:-1] + str(_)), again=False)
            assert (outcome.billed, outcome.detail) == (5, "")
        assert sum(call.endswith("/count") for call in stub.calls) == 1
        outcome = await d.sender.send(replace(PUSH, chat=Chat("room", "R1"), retry_key="k"), again=False)
        assert (outcome.billed, outcome.detail) == (1, "billed per member; their number is unknown")


async def test_nothing_is_pushed_beyond_the_quota() -> None:
    stub = StubLine(quota={"type": "limited", "value": 10}, consumption=9)
    async with desk(stub) as d:
        assert (await d.sender.send(PUSH, again=False)).state == "sent"
        second = replace(PUSH, retry_key="another")
        assert (await d.sender.send(second, again=False)).state == "held"
        assert len(stub.delivered) == 1
        assert (await d.sender.send(REPLY, again=False)).state == "sent", "replies are free"


async def test_pushing_stops_when_line_says_the_month_is_used_up() -> None:
    async with desk(StubLine(faults=[MONTH])) as d:
        for _ in range(3):
            assert (await d.sender.send(PUSH, again=False)).state == "held"
        assert d.line.sends == ["push"]
        d.clock.turn(300_000)  # the quota is read anew, and there is none any more
        assert (await d.sender.send(PUSH, again=False)).state == "sent"


async def test_what_our_rules_refuse_too_is_no_gap() -> None:
    stub = StubLine()
    stub.faults = ["400:The request body has 1 error(s)"]
    async with desk(stub) as d:
        outcome = await d.sender.send(replace(REPLY, messages=({"type": "text", "text": ""},)), again=False)
        assert (outcome.state, d.gaps) == ("failed", [])


async def test_a_gap_tells_the_shape_and_nothing_that_was_said() -> None:
    stub = StubLine(faults=["400:The request body has 1 error(s)"])
    async with desk(stub) as d:
        message = {
            "type": "template",
            "altText": "秘密😀",
            "template": {"type": "confirm", "text": "?", "actions": [ACTION, ACTION]},
        }
        outcome = await d.sender.send(replace(REPLY, messages=(message,)), again=False)
        assert outcome.detail == "The request body has 1 error(s)"
        shown = {"type": "message", "label": "text(1)", "text": "text(1)"}
        assert d.gaps == [
            (
                "shop",
                [
                    {
                        "type": "template",
                        "altText": "text(4)",
                        "template": {"type": "confirm", "text": "text(1)", "actions": [shown, shown]},
                    }
                ],
                400,
                {"message": "The request body has 1 error(s)"},
            )
        ]


@pytest.mark.parametrize(
    ("faults", "taken", "calls"),
    [((), True, 1), ((INVALID,), False, 1), (("reset after",), True, 2), (("reset before",), True, 2),
     (("500:x", "500:x"), False, 2), (("404:Not found",), False, 1)],
)  # fmt: skip
async def test_a_token_spent_on_something_else_is_not_used_for_the_answer(
    faults: tuple[str, ...], taken: bool, calls: int
) -> None:
    async with desk(StubLine(faults=list(faults))) as d:
        assert await d.sender.spend("token-1", [{"type": "text", "text": "wait"}]) is taken
        assert len(d.line.sends) == calls
        outcome = await d.sender.send(REPLY, again=False)
        assert (outcome.state, outcome.via, len(d.line.sends)) == ("retry", "push", calls)


def test_backoff_grows_and_is_the_same_for_the_same_delivery() -> None:
    waits = [backoff(replace(PUSH, attempts=n)) for n in range(30)]
    assert waits == [backoff(replace(PUSH, attempts=n)) for n in range(30)]
    assert all(800 * 2**n <= waits[n] <= 1_200 * 2**n for n in range(9))
    assert max(waits) <= 15 * 60_000 * 1.2
    assert backoff(PUSH) != backoff(replace(PUSH, id="01J/0"))


def test_memory_keeps_the_last() -> None:
    memory = Memory(2)
    for text in "abc":
        memory.add(text)
    assert ["a" in memory, "b" in memory, "c" in memory] == [False, True, True]
