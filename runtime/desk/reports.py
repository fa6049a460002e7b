"""How it went: cases, times, opinions, and what LINE billed, by day, agent or queue."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.responses import Response

from runtime.desk.call import QUIET, Asked
from runtime.desk.house import DeskHouse
from runtime.errors import BadInput
from runtime.store.reports import TIMES, percentile

BY: Final = ("day", "agent", "queue")
DAYS: Final = 400
"""Longest report."""
SETTLED: Final = 2 * 86_400_000
"""Age in ms after which a day is not added up again."""
Sums = dict[str, Any]


class Reporter:
    """Adds days up; what is past is remembered."""

    def __init__(self, house: DeskHouse) -> None:
        self._house = house
        self._known: dict[tuple[int, int], Sums] = {}
        self.zone = zone_of(house)

    async def day(self, start: int, end: int) -> Sums:
        """From memory, else from the store's facts, else from the log."""
        settled = end < self._house.clock.now() - SETTLED
        if settled and (start, end) in self._known:
            return self._known[start, end]
        name = f"report {start} {end}"
        kept = await self._house.store.get(name) if settled else None
        found: Sums = kept[0] if kept else await self._house.store.report_day(start, end)
        if settled:
            self._known[start, end] = found
            if kept is None:
                await self._house.store.put(name, found, self._house.clock.now())
        return found

    async def report(self, first: int, last: int, by: str, queues: frozenset[str] | None) -> dict[str, Any]:
        """`totals` and a row for each day, agent or queue; only of these queues (None: of all)."""
        whole: dict[str, list[Sums]] = {}
        chats = handed = 0
        for start, end in days(first, last, self.zone):
            found = await self.day(start, end)
            chats, handed = chats + found["chats"], handed + found["handed"]
            for queue, agents in found["parts"].items():
                for agent, sums in agents.items() if queues is None or queue in queues else ():
                    key = {"day": date(start, self.zone), "agent": agent, "queue": queue}[by]
                    whole.setdefault(key, []).append(sums)
        every = [sums for parts in whole.values() for sums in parts]
        contained = 1 - min(handed, chats) / chats if chats else None
        totals = {**told(every), "containment": contained, "chats": chats}
        return {"totals": totals, "rows": [{"key": key, by: key, **told(whole[key])} for key in sorted(whole)]}


def told(parts: Sequence[Sums]) -> dict[str, Any]:
    """Sums as a report tells them."""
    histograms = {name: merged(part.get(name) or {} for part in parts) for name in TIMES}
    sums = {name: sum(int(part.get(name) or 0) for part in parts) for name in SUMS}
    line = {name: sums[name] for name in ("replies", "pushes", "units")}
    closed = sums["closed"]
    return {
        "opened": sums["opened"], "closed": closed,
        **{f"{name}_{label}": percentile(histograms[name], share) for name in TIMES for label, share in SHARES},
        "survey": {"n": sums["rated"], "avg": sums["stars"] / sums["rated"] if sums["rated"] else None},
        "line": {**line, "units_per_case": line["units"] / closed if closed else None},
    }  # fmt: skip


SUMS: Final = ("opened", "closed", "rated", "stars", "replies", "pushes", "units")
SHARES: Final = (("p50", 0.5), ("p90", 0.9))


def merged(histograms: Iterator[Mapping[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for histogram in histograms:
        for name, number in histogram.items():
            found[name] = found.get(name, 0) + number
    return found


def days(first: int, last: int, zone: datetime.tzinfo) -> Iterator[tuple[int, int]]:
    """Begin and end, in ms, of every day from that of `first` to that of `last`."""
    day = datetime.datetime.fromtimestamp(first / 1000, zone).date()
    until = datetime.datetime.fromtimestamp(last / 1000, zone).date()
    while day <= until:
        next_day = day + datetime.timedelta(days=1)
        yield _midnight(day, zone), _midnight(next_day, zone)
        day = next_day


def _midnight(day: datetime.date, zone: datetime.tzinfo) -> int:
    return round(datetime.datetime.combine(day, datetime.time(), zone).timestamp() * 1000)


def date(at: int, zone: datetime.tzinfo) -> str:
    return datetime.datetime.fromtimestamp(at / 1000, zone).date().isoformat()


def zone_of(house: DeskHouse) -> datetime.tzinfo:
    """Days begin where the first workstream's hours are."""
    stream = next(iter(house.settings.handover.workstreams.values()), None)
    try:
        return ZoneInfo(stream.hours.timezone if stream else "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return datetime.UTC


async def reports(asked: Asked) -> Any:
    """Whole days from that of `from` to that of `to` (ms); `by` day, agent or queue; `format=csv` for a table."""
    now, by, person = asked.house.clock.now(), asked.query("by", "day"), asked.person
    last = asked.number("to", now, 2**43)
    first = asked.number("from", max(0, last - 7 * 86_400_000), 2**43)
    if by not in BY or not 0 <= last - first <= DAYS * 86_400_000:
        raise BadInput(f"by: {', '.join(BY)}; from and to: at most {DAYS} days")
    queues = None if person.leads else person.queues
    found = await asked.house.reporter.report(first, last, by, queues)
    if queues is not None:  # of chats that had no case nobody can say whose queue they are
        found["totals"] |= {"containment": None, "chats": None}
    return table(found, by) if asked.query("format") == "csv" else found


def table(found: dict[str, Any], by: str) -> Response:
    """The rows as CSV. Names that a spreadsheet would take for formulas are only names."""
    out, rows = io.StringIO(), [flat(row) for row in found["rows"]]
    names = [by, *(name for name in (rows[0] if rows else {}) if name not in ("key", by))]
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([inert(row.get(name)) for name in names] for row in rows)
    headers = {**QUIET, "Content-Disposition": f'attachment; filename="report-{by}.csv"'}
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in row.items():
        found |= {f"{name}_{part}": v for part, v in value.items()} if isinstance(value, Mapping) else {name: value}
    return found


def inert(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
