"""Lists that people at the desk look at: cases by all that can be asked, and what happened in a chat."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from runtime.store import cases as cases_
from runtime.store import codec
from runtime.store import labels as labels_
from runtime.store.cases import SHOWN
from runtime.store.lanes import Op

Found = list[dict[str, Any]]
Sees = Callable[[str, str], bool]
"""Whether somebody may see what is of this queue and agent."""

LIVE: Final = ("requested", "queued", "offered", "assigned", "active", "waiting", "snoozed")
WORKED: Final = ("assigned", "active", "waiting", "snoozed", "wrap_up")

ORDERS: Final = {
    "urgent": "urgency, queued, id",
    "newest": "changed DESC, id DESC",
    "oldest": "opened, id",
}
AT_WORK: Final = frozenset((*LIVE, "wrap_up"))
"""States of which there are few cases, compared with those that are over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What is looked for. `queues`: only those (None: all), or of the agent `mine`; `before`: changed earlier;
    `words`: called so, of which `DeskStore.list_cases` makes `ids`."""

    states: tuple[str, ...] = ()
    queues: tuple[str, ...] | None = None
    mine: str = ""
    queue: str = ""
    agent: str = ""
    offered: str = ""
    label: str = ""
    priority: str = ""
    endpoint: str = ""
    words: str = ""
    ids: tuple[str, ...] = ()
    before: int = 0
    order: str = "newest"


def cases(where: CaseFilter, limit: int) -> Op[Found]:
    """Cases with their bodies, in the order that was asked for."""
    if where.queues is None or where.order != "newest" or _by_label(where):
        return (yield from _page(where, limit))
    found: dict[str, dict[str, Any]] = {}
    for part in _apart(where):
        found |= {row["id"]: row for row in (yield from _page(part, limit))}
    return sorted(found.values(), key=lambda row: (row["changed"], row["id"]), reverse=True)[:limit]


def _apart(where: CaseFilter) -> Iterator[CaseFilter]:
    """A filter for each queue and one for the agent's own: each finds the latest by an index, all together do not."""
    assert where.queues is not None
    for queue in where.queues:
        if where.queue in ("", queue):
            yield replace(where, queues=None, queue=queue)
    if where.agent in ("", where.mine):
        yield replace(where, queues=None, agent=where.mine)


def _page(where: CaseFilter, limit: int) -> Op[Found]:
    sql, args = statement(where)
    rows = codec.many((yield sql, (*args, limit)), (*SHOWN, "body"))
    return [{**row, "body": codec.loads(row["body"])} for row in rows]


def statement(where: CaseFilter) -> tuple[str, list[Any]]:
    """The SQL of a filter, and its values but for the limit."""
    parts, args = _conditions(where)
    order, rows, first = ORDERS[where.order], "cases", []
    if where.ids:  # looked up first; the limit keeps databases from beginning with the states
        rows = f"(SELECT * FROM cases WHERE id IN ({_marks(where.ids)}) LIMIT {len(where.ids)}) AS c"
        first = list(where.ids)
    elif _by_label(where):
        order, rows, parts = labels_.ORDERS[where.order], labels_.FIRST, [labels_.MEET, *parts]
        first = [where.label]
    elif where.order == "oldest" and len(where.states) > 1:
        order = "opened + 0, id"  # PostgreSQL would begin with the oldest of all, which are over
    sql = f"SELECT {', '.join(SHOWN)}, body FROM {rows} WHERE {' AND '.join(parts) or '1 = 1'} ORDER BY {order} LIMIT ?"
    return sql, [*first, *args]


def _by_label(where: CaseFilter) -> bool:
    """Whether cases are found by their label: among those that are over, which are very many."""
    return bool(
        where.label and not where.ids and where.order in labels_.ORDERS and not AT_WORK.issuperset(where.states)
    )


def _conditions(where: CaseFilter) -> tuple[list[str], list[Any]]:
    parts: list[str] = []
    args: list[Any] = []
    if where.states:
        parts.append(f"state IN ({_marks(where.states)})")
        args += where.states
    if where.queues is not None:
        parts.append(f"(queue IN ({_marks(where.queues)}) OR agent = ?)" if where.queues else "agent = ?")
        args += [*where.queues, where.mine]
    equal = {
        "queue": where.queue, "agent": where.agent, "reserved": where.offered, "endpoint": where.endpoint,
        "urgency": cases_.URGENCY.get(where.priority) if where.priority else "",
    }  # fmt: skip
    for column, value in equal.items():
        if value != "":
            parts.append(f"{column} = ?")
            args.append(value)
    if where.label and not _by_label(where):
        parts.append(labels_.HAS)
        args.append(where.label)
    if where.before:
        parts.append("case_changed < ?" if _by_label(where) else "changed < ?")
        args.append(where.before)
    return parts, args


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


COUNTS: Final = f"""SELECT queue, state, agent, count(*) FROM cases
  WHERE state IN ({", ".join(f"'{state}'" for state in (*LIVE, "wrap_up", "offline"))}) GROUP BY queue, state, agent"""
OFFERED: Final = "SELECT count(*) FROM cases WHERE reserved = ? AND state = 'offered'"


def counts(agent: str, queues: Sequence[str] | None) -> Op[dict[str, Any]]:
    found: dict[str, Any] = {"mine": 0, "waiting": 0, "offline": 0, "all": 0, "queue": {}}
    for queue, state, holder, number in (yield COUNTS, ()):
        if queues is not None and queue not in queues and holder != agent:
            continue
        if state in ("queued", "offered"):
            found["queue"][queue] = found["queue"].get(queue, 0) + int(number)
            found["waiting"] += int(number)
        elif state == "offline":
            found["offline"] += int(number)
        if holder == agent and state in WORKED:
            found["mine"] += int(number)
        if state in LIVE:
            found["all"] += int(number)
    [(offers,)] = yield OFFERED, (agent,)
    return {**found, "offers": int(offers)}


OF_IDS: Final = f"SELECT {', '.join(SHOWN)}, body FROM cases WHERE id IN ({{}})"
EARLIER: Final = f"SELECT {', '.join(SHOWN)}, body FROM cases WHERE session = ? ORDER BY opened DESC LIMIT ?"
SURVEY: Final = """SELECT type, at, data FROM notes
  WHERE case_id = ? AND type IN ('survey.answered', 'survey.commented') ORDER BY seq"""


def of_ids(ids: Sequence[str]) -> Op[dict[str, dict[str, Any]]]:
    """Id → case with its body."""
    rows = codec.many((yield OF_IDS.format(_marks(ids)), tuple(ids)), (*SHOWN, "body")) if ids else []
    return {row["id"]: {**row, "body": codec.loads(row["body"])} for row in rows}


def earlier(session: str, limit: int) -> Op[Found]:
    """Cases of a chat with their bodies, newest first."""
    rows = codec.many((yield EARLIER, (session, limit)), (*SHOWN, "body"))
    return [{**row, "body": codec.loads(row["body"])} for row in rows]


def survey(case: str) -> Op[dict[str, Any] | None]:
    """What the user thought of a case: `rating`, `text`, `at`; None: nothing was answered."""
    found: dict[str, Any] = {}
    for type, at, data in (yield SURVEY, (case,)):
        told = codec.loads(data)
        if type == "survey.answered":
            found |= {"rating": told.get("rating"), "at": at}
        else:
            found["text"] = str(told.get("text") or "")
    return found or None


LABELLED: Final = "SELECT queue, agent, data FROM notes WHERE type = 'case.changed' ORDER BY at DESC LIMIT 500"


def labels(sees: Sees) -> Op[list[str]]:
    """Labels that were given lately where one may look, each once, the newest first."""
    found: dict[str, None] = {}
    for queue, agent, data in (yield LABELLED, ()):
        values = codec.loads(data).get("values") or {}
        found |= dict.fromkeys(map(str, values.get("labels") or ()) if sees(queue, agent) else ())
    return list(found)
