"""Rules of automation: something happens in a case, a condition holds, and acts follow.

Rules read the log. What a rule did never sets off another one, and each case has only so many runs an hour, so that
rules cannot chase each other. Every line is read once, whatever dies in between: see `runtime.store.following`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from runtime.desk.house import chat_of
from runtime.handover.case.machine import KIND
from runtime.handover.routing import Judge
from runtime.log import Logger
from runtime.model import Event
from runtime.store.store import Store

log = Logger("desk")

NAME: Final = "rules"
LINES: Final = 500
RUNS: Final = 20
"""Runs of rules one case may have within an hour."""
HOUR: Final = 3_600_000
HIDDEN: Final = frozenset(("body", "reserved", "reserved_until"))


@dataclass(frozen=True, slots=True)
class Rule:
    """`on` are types of the log; `when` an expression over `case`, `event` and the case's context."""

    id: str
    title: str
    on: frozenset[str]
    when: str
    acts: tuple[Mapping[str, Any], ...]


class Automation:
    """Runs rules. `judge` works conditions out."""

    def __init__(self, store: Store, judge: Judge) -> None:
        self._store, self._judge = store, judge
        self._told: set[str] = set()

    async def look(self, now: int) -> int:
        """Take what is new in the log; how many events came of it."""
        rows = await self._store.items("rule")
        rules = [rule_of(row) for row in rows if row["body"].get("enabled", True)]
        made = 0

        def decide(lines: list[dict[str, Any]], memory: Any) -> tuple[list[Event], Any]:
            nonlocal made
            events, kept = self.decide(rules, lines, memory, now)
            made += len(events)
            return events, kept

        while await self._store.follow(NAME, decide, LINES, now) == LINES:
            pass
        return made

    def decide(
        self, rules: Sequence[Rule], lines: Sequence[Mapping[str, Any]], memory: Any, now: int
    ) -> tuple[list[Event], dict[str, Any]]:
        """Events of the rules that hold, and how often rules ran by case; called inside the transaction."""
        runs = {case: held for case, held in (memory or {}).items() if now - held[0] < HOUR}
        events: list[Event] = []
        for line in lines:
            if line["actor"].get("kind") == "rule" or line["type"] == "ignored" or line["case"] is None:
                continue
            for rule in rules:
                if line["type"] in rule.on and self._holds(rule, line):
                    begun, count = runs.get(line["case_id"], (now, 0))
                    if count >= RUNS:
                        log.warning("a rule did not run: too many runs for this case", rule=rule.id)
                        continue
                    runs[line["case_id"]] = (begun, count + 1)
                    events += events_of(rule, line, now)
        return events, runs

    def _holds(self, rule: Rule, line: Mapping[str, Any]) -> bool:
        if not rule.when.strip():
            return True
        try:
            return self._judge(rule.when, facts(line))
        except Exception as error:  # an expression somebody wrote: the others go on
            if rule.id not in self._told:
                self._told.add(rule.id)
                log.warning("the condition of a rule cannot be worked out", rule=rule.id, why=type(error).__name__)
            return False


def rule_of(row: Mapping[str, Any]) -> Rule:
    body = row["body"]
    return Rule(
        id=row["id"],
        title=str(body.get("title") or ""),
        on=frozenset(map(str, body.get("on") or ())),
        when=str(body.get("when") or ""),
        acts=tuple(body.get("acts") or ()),
    )


def facts(line: Mapping[str, Any]) -> dict[str, Any]:
    """What conditions may ask about."""
    row = line["case"]
    body = row["body"]
    case = {**{name: value for name, value in body.items() if name not in ("token", "token_at")}, **_plain(row)}
    event = {"type": line["type"], "at": line["at"], "actor": line["actor"], **line["data"], "data": line["data"]}
    context = body.get("context")
    return {**(context if isinstance(context, Mapping) else {}), "case": case, "event": {**event, "type": line["type"]}}


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in HIDDEN}


def events_of(rule: Rule, line: Mapping[str, Any], now: int) -> list[Event]:
    """The acts of a rule; their ids follow from rule and line, so that they come once."""
    row = line["case"]
    actor = {"kind": "rule", "id": rule.id, "name": rule.title}
    chat = chat_of(row["session"])
    return [
        Event(
            id=f"rule.{rule.id}.{line['seq']}.{number}", session=row["session"], endpoint=row["endpoint"], kind=KIND,
            at=now, due=now, chat=chat, data={**act, "actor": actor, "case": row["id"]},
        )
        for number, act in enumerate(rule.acts)
    ]  # fmt: skip
