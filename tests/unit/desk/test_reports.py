"""How it went, as numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.desk.reports import inert
from runtime.store.reports import bucket, percentile, time_of
from tests.unit.desk.test_desk import Desk, desk
from tests.unit.desk.test_shelves import colleague
from tests.unit.handover.test_whole import CONFIG, FILES
from tests.world import KEN, World, world

pytestmark = pytest.mark.anyio

SURVEY = CONFIG.replace("timers:", "survey: {when: resolved}\n      timers:")
DAY = 86_400_000


async def one_case(w: World, aya: Desk) -> None:
    """Ten seconds of waiting, twenty more to the first answer, a minute more to the end, four stars."""
    await w.say("help")
    await w.turn(10_000)
    [case] = (await aya.ask("GET", "/cases?view=queue"))["cases"]
    await aya.ask("POST", f"/cases/{case['id']}/acts", do="claim")
    await w.turn(20_000)
    await aya.ask("POST", f"/cases/{case['id']}/reply", messages=[{"text": "Hello"}])
    await w.turn(60_000)
    await w.say("thanks")
    await aya.ask("POST", f"/cases/{case['id']}/acts", do="resolve")
    await w.settle()
    await w.tap("★★★★")


def near(value: int, wanted: int) -> bool:
    return abs(value - wanted) <= wanted * 0.03


async def test_times_opinions_and_costs_are_added_up(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=SURVEY) as w, desk(w) as aya:
        await one_case(w, aya)
        await w.say("nothing of people", user=KEN)
        now = w.clock.now()
        found = await aya.ask("GET", f"/reports?from={now - DAY}&to={now}&by=queue")
        totals = found["totals"]
        assert (totals["opened"], totals["closed"]) == (1, 1)
        assert near(totals["wait_p50"], 10_000)
        assert near(totals["first_reply_p50"], 30_000)
        assert near(totals["handle_p90"], 80_000)
        assert near(totals["resolve_p50"], 90_000)
        assert totals["survey"] == {"n": 1, "avg": 4.0}
        assert totals["containment"] == 0.5
        line = totals["line"]
        assert line["replies"] + line["pushes"] == 3, "the request, the answer, and the question how it was"
        assert line["units"] == line["pushes"] == line["units_per_case"]
        assert [row["queue"] for row in found["rows"]] == ["general"]
        me = (await aya.ask("GET", "/me"))["agent"]["id"]
        by_agent = await aya.ask("GET", f"/reports?from={now - DAY}&to={now}&by=agent")
        assert {row["agent"]: row["closed"] for row in by_agent["rows"] if row["closed"]} == {me: 1}


async def test_past_days_are_remembered_and_stay_the_same(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=SURVEY) as w, desk(w) as aya:
        await one_case(w, aya)
        then = w.clock.now()
        w.clock.turn(4 * DAY)
        path = f"/reports?from={then - DAY}&to={then + DAY}&by=day"
        first = await aya.ask("GET", path)
        assert w.runtime.desk is not None
        w.runtime.desk.reporter._known.clear()
        assert await aya.ask("GET", path) == first, "from the store"
        assert await aya.ask("GET", path) == first, "from memory"
        assert [row["closed"] for row in first["rows"]] == [1]


async def test_agents_see_their_queues_only(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=SURVEY) as w, desk(w) as aya, desk(w, admin=False) as ben:
        await colleague(w, aya, ben, queues=["orders"])
        await one_case(w, aya)
        totals = (await ben.ask("GET", "/reports"))["totals"]
        assert (totals["opened"], totals["containment"]) == (0, None)
        for query in ("by=week", "from=9&to=1", "from=x", f"from=0&to={500 * DAY}"):
            await aya.ask("GET", f"/reports?{query}", expect=400)


async def test_a_table_for_spreadsheets(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=SURVEY) as w, desk(w) as aya:
        await one_case(w, aya)
        async with aya.client.get(f"{w.url}/desk/api/reports?by=queue&format=csv") as answer:
            head, row, *_ = (await answer.text()).splitlines()
            assert head.startswith("queue,opened,closed,wait_p50,wait_p90")
            assert row.startswith("general,1,1,")
            assert answer.headers["content-disposition"] == 'attachment; filename="report-queue.csv"'


def test_names_are_no_formulas() -> None:
    assert [inert(value) for value in ("=1+1", "@x", "-2", "plain", 7)] == ["'=1+1", "'@x", "'-2", "plain", 7]


def test_percentiles_are_right_to_a_few_percent() -> None:
    histogram: dict[str, int] = {}
    for ms in range(0, 100_001, 100):
        histogram[bucket(ms)] = histogram.get(bucket(ms), 0) + 1
    assert percentile({}, 0.5) is None
    assert time_of(bucket(0)) == 0
    for share in (0.5, 0.9):
        found = percentile(histogram, share)
        assert found is not None
        assert abs(found - 100_000 * share) < 100_000 * share * 0.05
