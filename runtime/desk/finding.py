"""Search: what was said, and whose case it was."""

from __future__ import annotations

from typing import Any, Final

from runtime.desk.call import Asked
from runtime.desk.casework import shown
from runtime.errors import BadInput
from runtime.store.search import said

AROUND: Final = 160
"""Characters of an excerpt."""
SPARE: Final = 5
"""How many times more is looked for than is shown, because some of it is of other queues."""
DEEPEST: Final = 20_000
"""Lines that are looked at for one search."""
Rows = list[dict[str, Any]]


async def search(asked: Asked) -> Any:
    """Lines of the log and cases, as far as they are this person's business."""
    text = asked.query("q")
    if not text.strip() or len(text) > 200:
        raise BadInput("q: 1 to 200 characters")
    limit = asked.number("limit", 30, 200)
    lines, cases = await theirs(asked, text, limit)
    return {
        "messages": [
            {
                "case": line["case_id"], "session": line["session"], "at": line["at"], "seq": line["seq"],
                "by": line["actor"], "internal": line["type"] == "note.added", "excerpt": excerpt(line["data"], text),
            }
            for line in lines[:limit]
        ],
        "cases": await shown(asked.house, cases[:limit]),
        "people": people(cases)[:limit],
    }  # fmt: skip


async def theirs(asked: Asked, text: str, limit: int) -> tuple[Rows, Rows]:
    """Lines and cases this person may see; it is looked further where most of what is found is of other queues."""
    person, most = asked.person, limit * (1 if asked.person.leads else SPARE)
    while True:
        lines, cases = await asked.house.store.find(text, most)
        seen = [[row for row in rows if person.sees(row["queue"], row["agent"])] for rows in (lines, cases)]
        wanting = any(len(rows) == most and len(own) < limit for rows, own in zip((lines, cases), seen, strict=True))
        if person.leads or not wanting or most >= DEEPEST:
            return seen[0], seen[1]
        most *= 8


def people(cases: Rows) -> Rows:
    """Whose cases these are, each once, the latest first."""
    found: dict[str, dict[str, Any]] = {}
    for row in cases:
        found.setdefault(row["session"], {"session": row["session"], "name": row["subject"], "case": row["id"]})
    return list(found.values())


def excerpt(data: dict[str, Any], text: str) -> str:
    """The words around what was looked for."""
    words = said(data)
    at = max(0, words.casefold().find(text.split()[0].casefold()) - AROUND // 3)
    shown = words[at : at + AROUND]
    return ("…" if at else "") + shown + ("…" if len(words) > at + AROUND else "")
