"""Search: what was said, and whose case it was."""

from __future__ import annotations

from typing import Any, Final

from runtime.desk.call import Asked
from runtime.desk.casework import shown
from runtime.desk.doors import Person
from runtime.errors import BadInput
from runtime.store.search import said

AROUND: Final = 160
"""Characters of an excerpt."""
SPARE: Final = 5
"""How many times more is looked for than is shown, because some of it is of other queues."""


async def search(asked: Asked) -> Any:
    """Lines of the log and cases, as far as they are this person's business."""
    text, person = asked.query("q"), asked.person
    if not text.strip() or len(text) > 200:
        raise BadInput("q: 1 to 200 characters")
    limit = asked.number("limit", 30, 200)
    lines, cases = await asked.house.store.find(text, limit * (1 if person.leads else SPARE))
    return {
        "messages": [
            {
                "case": line["case_id"], "session": line["session"], "at": line["at"], "seq": line["seq"],
                "by": line["actor"], "internal": line["type"] == "note.added", "excerpt": excerpt(line["data"], text),
            }
            for line in lines if person.sees(line["queue"], line["agent"])
        ][:limit],
        "cases": await shown(asked.house, [row for row in cases if person.sees(row["queue"], row["agent"])][:limit]),
        "people": people(cases, person)[:limit],
    }  # fmt: skip


def people(cases: list[dict[str, Any]], person: Person) -> list[dict[str, Any]]:
    """Whose cases these are, each once, the latest first."""
    found: dict[str, dict[str, Any]] = {}
    for row in cases:
        if person.sees(row["queue"], row["agent"]):
            found.setdefault(row["session"], {"session": row["session"], "name": row["subject"], "case": row["id"]})
    return list(found.values())


def excerpt(data: dict[str, Any], text: str) -> str:
    """The words around what was looked for."""
    words = said(data)
    at = max(0, words.casefold().find(text.split()[0].casefold()) - AROUND // 3)
    shown = words[at : at + AROUND]
    return ("…" if at else "") + shown + ("…" if len(words) > at + AROUND else "")
