"""Which cases have which label, so that cases of a rare one are found among very many, in the order of a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from runtime.model import Case, Noted
from runtime.store import codec
from runtime.store.lanes import Op

PUT: Final = """INSERT INTO labelled (case_id, label, case_opened, case_changed) VALUES (?, ?, ?, ?)
  ON CONFLICT (case_id, label) DO UPDATE SET case_changed = excluded.case_changed"""
DROP: Final = "DELETE FROM labelled WHERE case_id = ?"
DROP_OF_SESSION: Final = "DELETE FROM labelled WHERE case_id IN (SELECT id FROM cases WHERE session = ?)"

HAS: Final = "EXISTS (SELECT 1 FROM labelled WHERE case_id = id AND label = ?)"
FIRST: Final = "labelled CROSS JOIN cases"
"""From the label to its cases: SQLite keeps the order of a CROSS JOIN."""
MEET: Final = "label = ? AND cases.id = case_id"
ORDERS: Final = {"newest": "case_changed DESC, case_id DESC", "oldest": "case_opened, case_id"}
"""How a list is sorted that begins with the label, by its index."""


def kept(case: Case, notes: Sequence[Noted], now: int) -> Op[None]:
    """The labels of a case that changes now. That they are others than before, a line of the log says."""
    told = (note for note in notes if note.type == "case.changed" and note.case == case.id)
    if any("labels" in note.data.get("values", ()) for note in told):
        yield DROP, (case.id,)
    if case.labels:
        yield PUT, [(case.id, codec.plain(label), case.opened, now) for label in dict.fromkeys(case.labels)]
