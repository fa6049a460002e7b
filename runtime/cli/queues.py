"""`noren queues`: where cases wait, and why a case goes where it goes."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from runtime.cli.project import open_project
from runtime.cli.stores import address, file_of, store_options, work
from runtime.cli.tables import Column, as_json, field, format_option, listed, table, when
from runtime.clock import SystemClock
from runtime.desk.elsewhere import standing
from runtime.errors import BadInput
from runtime.flow.expr import Expression
from runtime.flow.filters import plain_text
from runtime.handover import routing
from runtime.handover.distribution import Agent, Waiting
from runtime.handover.hours import calendar
from runtime.handover.reasons import reasons
from runtime.handover.routing import queues_of, skills_of, workstream_of
from runtime.handover.verify import known_queues, nearest
from runtime.model import Case, Place, Session
from runtime.project import FILE
from runtime.settings.handover import HandoverSettings, QueueSettings
from runtime.store.store import Store

UNHEARD = 60_000
"""Shown as the whole of a wait that is shorter than this, in ms."""


@click.group()
def queues() -> None:
    """Queues: who waits in them, who works in them, and why a case went there.

    \b
    Example:
      noren queues list
      noren queues explain --vars topic=order
    """


@queues.command("list")
@store_options
@format_option
def list_(root: Path, dev: bool, form: str) -> None:
    """List the queues with their agents, who waits, and their hours.

    \b
    Example:
      noren queues list --format json
    """
    people = open_project(root, lenient=True).settings.handover
    now = SystemClock().now()

    async def job(store: Store) -> list[dict[str, Any]]:
        seen, agents = await store.desk_view("", now), await store.agents()
        return [_queue(name, people, seen, agents, now) for name in known_queues(people) or ("default",)]

    listed(work(root, dev, job), COLUMNS, form, "no queues")


def _queue(
    name: str, people: HandoverSettings, seen: Mapping[str, Any], agents: Sequence[Mapping[str, Any]], now: int
) -> dict[str, Any]:
    length, oldest = seen["queues"].get(name, (0, 0))
    mine = [one for one in agents if one["state"] == "active" and name in (one["body"].get("queues") or ())]
    streams = {key: one for key, one in people.workstreams.items() if name in queues_of(people, one)}
    busy = set(seen["busy"])
    return {
        "queue": name,
        "title": people.queues.get(name, QueueSettings()).title,
        "waiting": length,
        "oldest": oldest,
        "agents": [str(one["body"].get("name") or one["id"]) for one in mine],
        "online": sum(one["status"] == "online" for one in mine),
        "free": sum(one["status"] == "online" and one["id"] not in busy for one in mine),
        "workstreams": list(streams),
        "open": {key: _open(one.hours, now) for key, one in streams.items()},
    }


def _open(hours: Any, now: int) -> str:
    found = calendar(hours)
    if found.open(now):
        closes = found.next_close(now)
        return f"until {found.written(closes)}" if closes is not None else "always"
    opens = found.next_open(now)
    return f"closed, opens {found.written(opens)}" if opens is not None else "closed"


COLUMNS: tuple[Column, ...] = (
    field("queue"),
    field("waiting"),
    ("longest", lambda row: span(row["oldest"]) if row["waiting"] else "-"),
    ("agents", lambda row: f"{row['online']} online, {row['free']} free of {len(row['agents'])}"),
    ("hours", lambda row: "; ".join(f"{name}: {said}" for name, said in row["open"].items()) or "no workstream"),
)


def span(ms: int) -> str:
    """`45 s`, `12 min`, `3 h`."""
    if ms < UNHEARD:
        return f"{ms // 1000} s"
    return f"{ms // 60_000} min" if ms < 120 * 60_000 else f"{ms // 3_600_000} h"


@queues.command()
@store_options
@format_option
def providers(root: Path, dev: bool, form: str) -> None:
    """List where people work elsewhere, and whether they answer there. Exit code 1 when one does not.

    \b
    Example:
      noren queues providers
    """
    settings, now = open_project(root, lenient=True).settings, SystemClock().now()
    found = work(root, dev, lambda store: standing(settings, store, now))
    rows = [{"provider": name, "since": 0, "why": "", **one} for name, one in found.items()]
    listed(rows, PROVIDERS, form, "no providers but the desk")
    sys.exit(0 if all(row["up"] for row in rows) else 1)


PROVIDERS: tuple[Column, ...] = (
    field("provider"),
    ("answers", lambda row: "yes" if row["up"] else f"no, since {when(row['since'])}"),
    field("waiting"),
    field("parked"),
    field("why"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be explained: a case as it would stand, and what rules may ask about it."""

    case: Case
    facts: Mapping[str, Any]
    named: bool = False
    before: str = ""


@queues.command()
@store_options
@click.argument("case", required=False)
@click.option("--vars", "given", multiple=True, metavar="NAME=VALUE", help="A variable of the case; may be repeated.")
@click.option("--workstream", default="", help="The workstream; the first otherwise.")
@click.option("--language", default="", help="The user's language.")
@format_option
def explain(
    root: Path, dev: bool, case: str | None, given: tuple[str, ...], workstream: str, language: str, form: str
) -> None:
    """Say why a case goes to its queue: every rule with its verdict, who may take it, and why others may not.

    Without CASE, a case is made up of --vars; the store, if there is one, tells who is there.

    \b
    Example:
      noren queues explain 01KB2Q8VJ5.case
      noren queues explain --vars topic=order --language ja
    """
    people = open_project(root, lenient=True).settings.handover
    if workstream and workstream not in people.workstreams:
        close = nearest(workstream, people.workstreams)
        raise BadInput(f"there is no workstream {workstream}" + (f"; did you mean {close}?" if close else ""))
    made = Case(id="", workstream=workstream, language=language, context=dict(map(_pair, given)))
    now = SystemClock().now()

    async def job(store: Store) -> dict[str, Any]:
        asked = await _stored(store, case, made) if case else Question(made, routing.facts_of(made, {}, {}))
        return _answer(asked, people, await store.desk_view("", now), await store.agents(), now)

    path = file_of(address(root, dev), root)
    if not case and path is not None and not path.is_file():
        nobody: dict[str, Any] = {"queues": {}, "busy": [], "loads": {}}
        answer = _answer(Question(made, routing.facts_of(made, {}, {})), people, nobody, (), now)
    else:
        answer = work(root, dev, job)
    click.echo(as_json(answer) if form == "json" else "\n".join(_told(answer)))


def _pair(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise BadInput(f"--vars {text}: write NAME=VALUE")
    plain = value.strip()
    return name.strip(), {"true": True, "false": False}.get(plain, int(plain) if plain.isdecimal() else plain)


async def _stored(store: Store, name: str, made: Case) -> Question:
    """A case of the store, with the given variables in front. Raises `BadInput`."""
    row, found = await store.show_case(name), await store.load_case(name)
    if row is None or found is None:
        raise BadInput(f"there is no case {name}; the desk and `noren sessions show` name them")
    session = await store.load_session(row["session"])
    notes = await store.notes_of(row["session"], 0, 100_000)
    routed = [one for one in notes if one["type"] == "case.routed" and one["case_id"] == name]
    context = {**found.context, **made.context}
    case = replace(found, context=context, workstream=made.workstream or found.workstream)
    chat = {"chat": session.chat.kind} if isinstance(session, Session) else {}
    profile = session.profile if session is not None else {}
    before = next((one["agent"] for one in await store.cases_of(row["session"]) if one["id"] != name), "")
    return Question(case, routing.facts_of(case, profile, chat), named=bool(found.queue) and not routed, before=before)


def _answer(
    asked: Question, people: HandoverSettings, seen: Mapping[str, Any], agents: Sequence[Mapping[str, Any]], now: int
) -> dict[str, Any]:
    name, stream = workstream_of(people, asked.case.workstream)
    routed = routing.route(people, stream, asked.facts, _holds)
    queue = asked.case.queue if asked.case.queue and asked.case.state not in ("closed",) else routed.queue
    case = replace(asked.case, queue=queue)
    waiting = Waiting(
        case=case.id, queue=queue, since=case.queued or now, priority=case.priority, skills=skills_of(people, case),
        language=case.language, wanted=str(case.plan.get("wanted") or asked.before),
        named=str(case.plan.get("named") or ""), declined=case.declined, asked=case.since, units=case.units,
        rules=stream.distribution,
    )  # fmt: skip
    staff = [_agent(row, seen["loads"]) for row in agents if row["state"] == "active"]
    why = reasons(waiting, staff, now)
    return {
        "case": case.id,
        "state": case.state if case.id else "",
        "workstream": name,
        "named": asked.named,
        "rules": [
            {"queue": rule.queue, "when": rule.when, "verdict": _verdict(number, routed)}
            for number, rule in enumerate(stream.queues)
        ],
        "queue": queue,
        "now": routed.queue,
        "agent": case.agent,
        "asked": case.offer.agent if case.offer else "",
        "method": stream.distribution.method,
        "offer": stream.distribution.offer,
        "agents": [
            {"id": row["id"], "name": str(row["body"].get("name") or row["id"]), "why": why[row["id"]]}
            for row in agents
            if row["id"] in why
        ],
        "facts": {key: plain_text(value) for key, value in asked.facts.items() if key not in ("profile", "session")},
    }


def _holds(when: str, facts: Mapping[str, Any]) -> bool:
    return bool(Expression(when, Place(FILE)).value(facts))


def _agent(row: Mapping[str, Any], loads: Mapping[str, int]) -> Agent:
    body = row["body"]
    return Agent(
        id=row["id"],
        queues=frozenset(body.get("queues") or ()),
        skills=frozenset(body.get("skills") or ()),
        languages=frozenset(body.get("languages") or ()),
        online=row["status"] == "online",
        capacity=int(body.get("capacity") or 5),
        load=int(loads.get(row["id"], 0)),
    )


def _verdict(number: int, routed: routing.Routed) -> str:
    if number >= len(routed.tried):
        return "not asked"
    tried = routed.tried[number]
    return "takes it" if tried.held else f"cannot be worked out: {tried.error}" if tried.error else "no"


def _told(answer: Mapping[str, Any]) -> list[str]:
    lines = [f"case {answer['case']}: {answer['state']} in {answer['queue']}"] if answer["case"] else []
    lines.append(f"rules of {answer['workstream']}:")
    rows = [[f"  {n}.", r["queue"], r["when"] or "(always)", r["verdict"]] for n, r in enumerate(answer["rules"], 1)]
    lines += table(rows) if rows else ["  none: the last queue takes every case"]
    if answer["named"]:
        lines.append(f"the step asked for the queue {answer['queue']} by name: no rule was asked")
    held = any(row["verdict"] == "takes it" for row in answer["rules"])
    lines.append(f"queue now: {answer['now']}" + ("" if held else ", the last one, because no rule takes it"))
    if answer["agent"] or answer["asked"]:
        lines.append(f"{answer['agent'] or answer['asked']} {'has it' if answer['agent'] else 'is asked'}")
    lines.append(f"who may take it ({answer['offer']}, {answer['method']}):")
    people = [[f"  {one['name']}", WORDS.get(one["why"], f"no: {one['why']}")] for one in answer["agents"]]
    return lines + (table(people) if people else ["  nobody: there is no agent yet"])


WORDS = {"": "may take it", "next": "is asked first"}
