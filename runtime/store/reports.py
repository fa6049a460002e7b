"""What happened on a day, added up so that days can be added to weeks: counts, and times as histograms.

A histogram's classes grow by 5 %, so that a percentile is right to 2.5 %, whatever is added to what.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from runtime.store import codec
from runtime.store.lanes import Op

STEP: Final = math.log(1.05)

OPENED: Final = "SELECT queue, agent, count(*) FROM cases WHERE opened >= ? AND opened < ? GROUP BY queue, agent"
ENDED: Final = """SELECT queue, agent, state, opened, queued, assigned, replied, ended FROM cases
  WHERE ended >= ? AND ended < ?"""
OVER: Final = ("closed", "wrap_up", "offline")
RATED: Final = "SELECT queue, agent, data FROM notes WHERE type = 'survey.answered' AND at >= ? AND at < ?"
SENT: Final = """SELECT n.queue, n.agent, o.via, count(*), sum(o.billed) FROM
  (SELECT DISTINCT event, queue, agent FROM notes
   WHERE type = 'message.sent' AND at >= ? AND at < ? AND case_id <> '') n
  JOIN outbox o ON o.event = n.event WHERE o.state = 'sent' GROUP BY n.queue, n.agent, o.via"""
CHATS: Final = """SELECT count(DISTINCT session) FROM transcript WHERE seq >= ? AND seq <= ?
  AND who = 'user' AND at >= ? AND at < ?"""
NEAR: Final = "SELECT seq, at FROM transcript WHERE seq >= ? ORDER BY seq LIMIT 1"
LAST: Final = "SELECT coalesce(max(seq), 0) FROM transcript"
SLACK: Final = 2_000
"""Lines by which those of different chats may stand in another order than they happened."""
HANDED: Final = "SELECT count(DISTINCT session) FROM cases WHERE opened >= ? AND opened < ?"

TIMES: Final = ("wait", "first_reply", "handle", "resolve")


def bucket(ms: int) -> str:
    """The class of a time; zero has one of its own."""
    return str(round(math.log(ms) / STEP)) if ms > 0 else "-"


def time_of(bucket: str) -> int:
    return 0 if bucket == "-" else round(math.exp(int(bucket) * STEP))


def day(start: int, end: int) -> Op[dict[str, Any]]:
    """`parts`: queue → agent → sums; `chats`: how many had words of the user, `handed`: how many got a case."""
    parts: dict[str, dict[str, dict[str, Any]]] = {}

    def part(queue: str, agent: str) -> dict[str, Any]:
        return parts.setdefault(queue, {}).setdefault(agent, {})

    for queue, agent, number in (yield OPENED, (start, end)):
        add(part(queue, agent), "opened", int(number))
    for queue, agent, state, opened, queued, assigned, replied, ended in (yield ENDED, (start, end)):
        if state not in OVER:
            continue
        found = part(queue, agent)
        add(found, "closed", 1)
        for name, ms in times(opened, queued, assigned, replied, ended).items():
            add(found.setdefault(name, {}), bucket(ms), 1)
    for queue, agent, data in (yield RATED, (start, end)):
        rating = codec.loads(data).get("rating")
        if isinstance(rating, int):
            add(part(queue, agent), "rated", 1)
            add(part(queue, agent), "stars", rating)
    for queue, agent, via, number, billed in (yield SENT, (start, end)):
        found = part(queue, agent)
        add(found, "replies" if via == "reply" else "pushes", int(number))
        add(found, "units", int(billed or 0))
    first, last = (yield from _place(start)), (yield from _place(end))
    [(chats,)] = yield CHATS, (max(0, first - SLACK), last + SLACK, start, end)
    [(handed,)] = yield HANDED, (start, end)
    return {"parts": parts, "chats": int(chats), "handed": int(handed)}


def _place(at: int) -> Op[int]:
    """About where in the transcript a moment stands: its lines grow with time, but have no index by it."""
    [(high,)] = yield LAST, ()
    low, high = 0, int(high) + 1
    while low < high:
        middle = (low + high) // 2
        found = yield NEAR, (middle,)
        if found and found[0][1] < at:
            low = int(found[0][0]) + 1
        else:
            high = middle
    return low


def times(opened: int, queued: int, assigned: int, replied: int, ended: int) -> dict[str, int]:
    """What a case took, in ms; what never happened is left out."""
    found = {"resolve": ended - opened}
    if assigned:
        found |= {"wait": assigned - (queued or opened), "handle": ended - assigned}
    if replied:
        found["first_reply"] = replied - opened
    return {name: max(0, ms) for name, ms in found.items()}


def add(sums: dict[str, Any], name: str, number: int) -> None:
    sums[name] = int(sums.get(name, 0)) + number


def percentile(histogram: Mapping[str, int], share: float) -> int | None:
    """The time that this share of all stays under, in ms; None: there were none."""
    total, seen = sum(histogram.values()), 0
    for name in sorted(histogram, key=time_of):
        seen += histogram[name]
        if seen >= share * total:
            return time_of(name)
    return None
