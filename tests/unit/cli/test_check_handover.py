"""What `noren check` and the start of a bot say of handovers; further examples are on the page of findings."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from runtime.cli.check import everything
from runtime.errors import SettingsError
from runtime.model import Finding
from runtime.project import open_project
from runtime.store import connect
from tests.world import write

SETTINGS = """
endpoints: {shop: {languages: [en]}}
handover:
  queues: {general: {}, orders: {}}
  workstreams:
    support: {queues: [general]}
"""
FLOW = "flow: help\nstart: [{keyword: help}]\nsteps:\n"


def findings(root: Path, steps: str, settings: str = SETTINGS, **more: str) -> dict[str, Finding]:
    write(root, {"noren.yaml": settings, "flows/help.yaml": FLOW + steps, **more})
    return {one.code: one for one in everything(root)[0]}


def test_a_copilot_that_there_is_is_reached(tmp_path: Path) -> None:
    helper = {"flows/helper.yaml": "flow: helper\nsteps: [say: Be kind.]\n"}
    assert findings(tmp_path, "  - handover: {queue: general, copilot: helper}\n", **helper) == {}
    settings = SETTINGS.replace("queues: [general]", "queues: [general], copilot: helper")
    assert findings(tmp_path, "  - handover: general\n", settings, **helper) == {}


def test_a_copilot_that_there_is_not_is_told_where_it_stands(tmp_path: Path) -> None:
    found = findings(tmp_path, "  - handover: {queue: general, copilot: helpr}\n")["dangling-run"]
    assert (found.at.file, found.at.line, found.at.column) == ("flows/help.yaml", 4, 41)
    settings = SETTINGS.replace("queues: [general]", "queues: [general], copilot: helpr")
    found = findings(tmp_path, "  - handover: general\n", settings)["dangling-run"]
    assert (found.at.file, found.at.line) == ("noren.yaml", 6)


def test_variables_that_are_shown_have_to_be_there(tmp_path: Path) -> None:
    found = findings(tmp_path, "  - handover: {show: [topic]}\n")["undefined-variable"]
    assert (found.at.line, found.at.column) == (4, 23)


@pytest.mark.parametrize("said", ["  - say: Welcome back!\n", "    completed: [{say: Welcome back!}]\n"])
def test_what_is_said_after_an_eager_end_is_billed(tmp_path: Path, said: str) -> None:
    found = findings(tmp_path, f"  - handover: general\n    eager: true\n{said}")
    assert found["billed-push"].severity == "hint"
    assert "eager" in found["billed-push"].fix
    assert "billed-push" not in findings(tmp_path, f"  - handover: general\n{said}")


def test_inactivity_is_fine_while_people_have_the_chat(tmp_path: Path) -> None:
    steps = "  - handover: general\n    queued: [{inactivity: 5m}]\n    inactive: {after: 10m, do: [{say: There?}]}\n"
    assert "idle-inactivity" not in findings(tmp_path, steps)


def test_names_that_are_worked_out_are_not_judged(tmp_path: Path) -> None:
    assert findings(tmp_path, '  - handover: {queue: "{{ profile.queue }}"}\n') == {}


def test_a_provider_elsewhere_needs_no_workstream(tmp_path: Path) -> None:
    settings = """
endpoints: {shop: {languages: [en]}}
handover:
  default: ours
  providers: {ours: {type: webhook, url: "${URL}", secret: "${SECRET}"}}
"""
    assert findings(tmp_path, "  - handover\n", settings) == {}


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ('{week: {mon: "18:00-09:00"}}', "noren.yaml:6:49: handover.workstreams.support.hours.week.mon: "),
        ("{timezone: Tokio}", "hours.timezone: "),
        ('{holidays: {"2027-02-30": closed}}', "write dates as 2027-01-01"),
        ("{holidays: nowhere.yaml}", "there is no file nowhere.yaml in the bot's folder"),
        ("{holidays: ../outside.yaml}", "there is no file ../outside.yaml in the bot's folder"),
        ("{holidays: odd.yaml}", "odd.yaml holds no mapping"),
        ("{outside: transfer}", "`transfer` needs a queue to go to"),
    ],
)
def test_a_bot_with_hours_that_nobody_can_read_does_not_start(tmp_path: Path, hours: str, said: str) -> None:
    settings = SETTINGS.replace("queues: [general]", f"queues: [general], hours: {hours}")
    (tmp_path.parent / "outside.yaml").write_text("2027-01-01: closed\n", encoding="utf-8")
    write(tmp_path, {"noren.yaml": settings, "odd.yaml": "[2027-01-01]\n"})
    with pytest.raises(SettingsError) as caught:
        open_project(tmp_path)
    assert said in str(caught.value)


def test_a_rule_that_cannot_be_read_stops_the_start_too(tmp_path: Path) -> None:
    settings = SETTINGS.replace("[general]}", '[{queue: orders, when: "topic ="}, general]}')
    write(tmp_path, {"noren.yaml": settings})
    with pytest.raises(SettingsError, match="a single = compares nothing"):
        open_project(tmp_path)


def test_a_file_of_holidays_is_read(tmp_path: Path) -> None:
    settings = SETTINGS.replace("queues: [general]", "queues: [general], hours: {holidays: days/jp.yaml}")
    write(tmp_path, {"noren.yaml": settings, "days/jp.yaml": "2027-01-01: closed New Year\n"})
    hours = open_project(tmp_path).settings.handover.workstreams["support"].hours
    assert hours.holidays == {"2027-01-01": "closed New Year"}


def test_queues_in_which_nobody_works_are_told_once_there_are_agents(tmp_path: Path) -> None:
    steps = "  - handover: general\n"
    assert findings(tmp_path, steps) == {}

    async def staff() -> None:
        store = connect("sqlite:///noren.db", tmp_path)
        await store.open()
        assert await store.agents() == []
        await store.put_agent("aya", "aya@example.com", "agent", {"name": "Aya", "queues": ["general"]}, 1)
        await store.close()

    asyncio.run(staff())
    found = findings(tmp_path, steps)
    assert set(found) == {"queue-without-agents"}
    assert (found["queue-without-agents"].at.line, "orders" in found["queue-without-agents"].message) == (4, True)


def test_a_misspelt_variable_of_the_context_is_told(tmp_path: Path) -> None:
    settings = SETTINGS.replace("queues: [general]}", "queues: [general], context: [dya]}")
    steps = "  - {ask: day, say: Which day?}\n  - handover: general\n"
    found = findings(tmp_path, steps, settings)["undefined-variable"]
    assert (found.at.file, found.at.line, found.fix) == ("noren.yaml", 6, "write day")
    assert "undefined-variable" not in findings(tmp_path, steps, settings.replace("dya", "seats")), "a system's own"


MEMBERS = SETTINGS.replace("languages: [en]", "languages: [en], groups: GROUPS, session: {per: PER}")


@pytest.mark.parametrize(
    ("groups", "per", "steps", "told"),
    [
        ("all", "member", "  - handover: general\n", True),
        ("mention", "member", "  - handover: general\n", True),
        ("off", "member", "  - handover: general\n", False),
        ("all", "chat", "  - handover: general\n", False),
        ("all", "member", "  - handover: general\n    if: not chat.group\n", False),
        ("all", "member", "  - handover: general\n    if: not input.text\n", True),
        ("all", "member", "  - handover: general\n    failed: [{say: Write to us alone.}]\n", False),
    ],
)
def test_members_with_conversations_of_their_own_cannot_ask_for_people(
    tmp_path: Path, groups: str, per: str, steps: str, told: bool
) -> None:
    found = findings(tmp_path, steps, MEMBERS.replace("GROUPS", groups).replace("PER", per))
    assert ("member-handover" in found) == told
    if told:
        assert (found["member-handover"].at.line, found["member-handover"].severity) == (4, "warning")
        assert "session: {per: chat}" in found["member-handover"].fix


def test_a_handover_inside_a_handover_opens_nothing(tmp_path: Path) -> None:
    found = findings(tmp_path, "  - handover: general\n    queued: [{handover: orders}]\n")
    assert (found["handover-again"].at.line, found["handover-again"].severity) == (5, "warning")
    after = "  - handover: general\n    failed: [{handover: orders}]\n"
    assert "handover-again" not in findings(tmp_path, after)
