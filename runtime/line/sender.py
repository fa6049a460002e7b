"""The delivery policy: one `Delivery` in, one `Outcome` out. https://developers.line.biz/en/docs/messaging-api/

Reply first: free, but a reply token works once and is safe for a minute. Push last: billed per recipient, but
repeatable for 24 hours with its stored retry key.

                        reply                                   push (with retry key)
    200                 sent                                    sent, billed
    nothing was sent    retry, by push once the token is old    retry
    reset, time-out,    once more with the same token; a token  retry
      5xx                 LINE then calls invalid had arrived;
                          else unknown, never pushed
    invalid token       push, or hold with `late: button`       –
    409                 –                                       sent: it had arrived
    429 rate            retry                                   retry
    429 month's quota   held                                    held (`quota: hold`) or retry
    401                 retry: trouble with the token           retry
    other 4xx           failed, in LINE's words                 failed, in LINE's words

A delivery that turns from reply to push first comes back as `retry` via push, due at once, so that the turn is on
record before anything is pushed: whatever crashes in between, a stored `via: reply` has only ever been a reply.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from runtime.errors import ChannelError, Refused
from runtime.line.api import LineApi, Sent
from runtime.line.gaps import OnGap, is_gap, predicted, shape
from runtime.line.quota import Members, Quota
from runtime.log import Logger
from runtime.model import Delivery, Message, Outcome, Via
from runtime.ports import Clock
from runtime.settings import EndpointSettings

log = Logger("line.sender")

GUARANTEED = 60_000
"""Age in ms up to which LINE guarantees an unused reply token: an invalid one was used.
https://developers.line.biz/en/reference/messaging-api/#send-reply-message"""

LONGEST = 20 * 60_000
"""Age in ms after which no reply token works any more."""

RETRY_WINDOW = 24 * 3_600_000 - 60_000
"""How long LINE knows a retry key, in ms, less a margin: after that a repeat is a new message.
https://developers.line.biz/en/docs/messaging-api/retrying-api-request/"""

FIRST_WAIT, LONGEST_WAIT = 1_000, 15 * 60_000
MONTHLY = "monthly limit"
DOUBT = "may have arrived: "
"""Begins the detail of a reply that must not be taken for unsent at its next try."""

TURNED = "by push: "
"""Begins the detail of a reply that became a push."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One call of LINE's reply endpoint. `dead`: LINE knows no such unused token."""

    how: Literal["sent", "dead", "unsure", "unsent", "refused"]
    sent: Sent | None = None
    error: ChannelError | None = None


class Memory:
    """The last few thousand texts, so that a set cannot grow for ever."""

    def __init__(self, size: int = 4_096) -> None:
        self._size = size
        self._texts: dict[str, None] = {}

    def __contains__(self, text: object) -> bool:
        return text in self._texts

    def add(self, text: str) -> None:
        self._texts[text] = None
        if len(self._texts) > self._size:
            del self._texts[next(iter(self._texts))]


class Sender:
    """Sends deliveries of one endpoint, each one try at a time."""

    def __init__(
        self,
        api: LineApi,
        quota: Quota,
        members: Members,
        config: EndpointSettings,
        clock: Clock,
        *,
        on_gap: OnGap | None = None,
    ) -> None:
        self._api, self._quota, self._members = api, quota, members
        self._config, self._clock, self._on_gap = config, clock, on_gap
        self._spent = Memory()  # reply tokens that are gone
        self._doubtful = Memory()  # deliveries whose reply may have arrived
        self._turned = Memory()  # deliveries that are pushed from now on

    async def send(self, delivery: Delivery, *, again: bool) -> Outcome:
        """One try. `again` says that an earlier one may have reached LINE."""
        outcome = await self._route(delivery, again)
        if outcome.state != "sent":
            names = {"delivery": delivery.id, "via": outcome.via, "status": outcome.status, "line": outcome.request_id}
            if outcome.state == "retry" and not outcome.status:  # the connection's trouble; LINE's words may quote
                names["why"] = outcome.detail
            log.warning(f"delivery {outcome.state}", **names)
        return outcome

    async def _route(self, delivery: Delivery, again: bool) -> Outcome:
        if delivery.state == "suppressed":
            return Outcome(state="suppressed", via=delivery.via, detail=delivery.detail)
        if delivery.via == "push" or not delivery.reply_to or delivery.detail.startswith(TURNED):
            return await self._push(delivery, again)
        doubt = again or delivery.id in self._doubtful or delivery.detail.startswith(DOUBT)
        if doubt or (self._age(delivery) <= self._config.reply_within and delivery.reply_to not in self._spent):
            return await self._reply(delivery, delivery.reply_to, doubt)
        return await self._late(delivery, again)

    async def spend(self, token: str, messages: Sequence[Message]) -> bool:
        """Use a reply token for something else; true when LINE took it. The token is gone either way."""
        self._spent.add(token)
        tried = await self._try(token, messages)
        if tried.how == "unsure":
            tried = await self._try(token, messages)
            return tried.how in ("sent", "dead")
        return tried.how == "sent"

    # by reply

    async def _reply(self, delivery: Delivery, token: str, doubt: bool) -> Outcome:
        tried = await self._try(token, delivery.messages)
        if tried.how == "unsure":
            doubt = True
            tried = await self._try(token, delivery.messages)
        if doubt:
            self._doubtful.add(delivery.id)
        if tried.how == "sent" and tried.sent is not None:
            return _sent(tried.sent, "reply")
        if isinstance(tried.error, Refused) and tried.how == "refused":
            return self._refused(delivery, tried.error, "reply", DOUBT if doubt else "")
        if doubt:
            return self._doubted(delivery, tried)
        if tried.how == "dead":
            self._spent.add(token)
            return await self._late(delivery, False, _words(tried.error))
        return self._again_later(delivery, tried.error, "reply")

    def _doubted(self, delivery: Delivery, tried: Tried) -> Outcome:
        """An earlier reply may have arrived: never push, and say `sent` only when LINE proves it."""
        age = self._age(delivery)
        if tried.how == "dead" and age <= GUARANTEED:
            return Outcome(state="sent", detail="an earlier try had arrived", **_answered(tried.error))
        # Another try is harmless, since a token works once; it tells something only while LINE guarantees the token.
        useful = LONGEST if tried.how == "unsent" else GUARANTEED - backoff(delivery)
        if tried.how in ("unsent", "unsure") and age <= useful:
            return self._again_later(delivery, tried.error, "reply", DOUBT)
        return Outcome(state="unknown", detail=DOUBT + _words(tried.error), **_answered(tried.error))

    async def _late(self, delivery: Delivery, again: bool, why: str = "the reply token is too old") -> Outcome:
        """The token is of no use (any more), and nothing was sent with it.

        Also with `late: button`: when no button was shown in time, only a push keeps the answer from being lost.
        """
        if delivery.id in self._turned:
            return await self._push(delivery, again)
        self._turned.add(delivery.id)
        return Outcome(state="retry", via="push", due=self._clock.now(), detail=TURNED + why)

    async def _try(self, token: str, messages: Sequence[Message]) -> Tried:
        try:
            return Tried("sent", await self._api.reply(token, messages))
        except Refused as error:
            if error.status >= 500 or error.status == 408:
                return Tried("unsure", error=error)
            return Tried("dead" if _dead(error) else "refused", error=error)
        except ChannelError as error:
            return Tried("unsure" if error.sent else "unsent", error=error)

    # by push

    async def _push(self, delivery: Delivery, again: bool) -> Outcome:
        if delivery.chat.kind == "none" or not delivery.chat.id:
            return Outcome(state="failed", via="push", detail="there is no chat to push to")
        if (again or delivery.attempts) and self._too_late(delivery, self._clock.now()):
            return Outcome(state="failed", via="push", detail="not sent within 24 hours; a repeat could double it")
        known = await self._members.count(delivery.chat)
        count = 1 if known is None else known
        if self._config.quota == "hold" and not await self._quota.may_push(count):
            return Outcome(
                state="held", via="push", detail="the month's quota is used up; waits for a free reply token"
            )
        try:
            sent = await self._api.push(delivery.chat.id, delivery.messages, retry_key=delivery.retry_key)
        except Refused as error:
            if error.status >= 500 or error.status == 408:
                return self._again_later(delivery, error, "push")
            return self._refused(delivery, error, "push")
        except ChannelError as error:
            return self._again_later(delivery, error, "push")
        self._quota.spent(count)
        return _sent(sent, "push", count, "" if known is not None else "billed per member; their number is unknown")

    # in common

    def _refused(self, delivery: Delivery, error: Refused, via: Via, mark: str = "") -> Outcome:
        if error.status == 429 and MONTHLY in error.message.lower():
            self._quota.used_up()
            if self._config.quota == "hold" or via == "reply":
                return Outcome(state="held", via=via, detail=error.message, **_answered(error))
        if error.status in (401, 429):
            return self._again_later(delivery, error, via, mark)
        if self._on_gap is not None and is_gap(error) and not predicted(delivery, via):
            self._on_gap(delivery.endpoint, shape(delivery.messages), error.status, error.answer)
        return Outcome(state="failed", via=via, detail=error.message, **_answered(error))

    def _again_later(self, delivery: Delivery, error: ChannelError | None, via: Via, mark: str = "") -> Outcome:
        now = self._clock.now()
        asked = error.retry_after if isinstance(error, Refused) else 0
        due = now + max(backoff(delivery), round(asked * 1000))
        words = mark + _words(error)
        if via != delivery.via:
            words = TURNED + words
        if self._too_late(delivery, due):
            return Outcome(state="failed", via=via, detail=f"given up after 24 hours: {words}", **_answered(error))
        return Outcome(state="retry", via=via, due=due, detail=words, **_answered(error))

    def _age(self, delivery: Delivery) -> int:
        return self._clock.now() - delivery.received

    def _too_late(self, delivery: Delivery, when: int) -> bool:
        return when - (delivery.created or delivery.received or when) >= RETRY_WINDOW


def backoff(delivery: Delivery) -> int:
    """Milliseconds to wait after the next failure: doubling, with a fifth more or less by the delivery's id."""
    base = min(LONGEST_WAIT, FIRST_WAIT << min(delivery.attempts, 12))
    spread = zlib.crc32(f"{delivery.id}/{delivery.attempts}".encode()) / 0xFFFFFFFF
    return round(base * (0.8 + 0.4 * spread))


def _dead(error: Refused) -> bool:
    """Whether LINE refused the reply token, not the messages."""
    words = error.message.lower()
    return error.status == 400 and ("invalid reply token" in words or "replytoken" in words)


def _sent(sent: Sent, via: Via, billed: int = 0, note: str = "") -> Outcome:
    had = "an earlier try had arrived" if sent.status == 409 else ""
    return Outcome(
        state="sent",
        via=via,
        status=sent.status,
        detail=had or note,
        request_id=sent.request_id,
        message_ids=sent.ids,
        billed=billed,
    )


def _words(error: ChannelError | None) -> str:
    return error.message if error is not None else ""


def _answered(error: ChannelError | None) -> dict[str, Any]:
    """Status and request id of LINE's answer, when there was one."""
    return {"status": error.status, "request_id": error.request_id} if isinstance(error, Refused) else {}
