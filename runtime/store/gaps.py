"""Rule gaps: what LINE refused although the message rules allowed it.

A gap is known by LINE's answer and the form of the messages; how long their texts were is kept of its first
time only, so that one missing rule is one row however often it is met.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from runtime.model import Data
from runtime.store import codec
from runtime.store.lanes import Op

COLUMNS = ("id", "endpoint", "status", "times", "first", "last", "answer", "shape")
KEEP = f"""INSERT INTO gaps ({", ".join(COLUMNS)}) VALUES (?, ?, ?, 1, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET times = gaps.times + 1, last = excluded.last"""
LIST = f"SELECT {', '.join(COLUMNS)} FROM gaps ORDER BY last DESC LIMIT ?"
FORGET = "DELETE FROM gaps WHERE id = ?"

_length = re.compile(r"text\(\d+\)")


def gap_id(shape: Any, status: int, answer: Data) -> str:
    """The same for every meeting of one gap."""
    form = _length.sub("text", codec.text(shape))
    return hashlib.sha256(f"{status}\0{codec.text(answer)}\0{form}".encode("utf-8", "replace")).hexdigest()[:16]


def keep(endpoint: str, shape: Any, status: int, answer: Data, now: int) -> Op[None]:
    known = gap_id(shape, status, answer)
    yield KEEP, (known, endpoint, status, now, now, codec.text(answer), codec.text(shape))


def listed(limit: int) -> Op[list[dict[str, Any]]]:
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in (yield LIST, (limit,))]
    return [{**row, "answer": codec.loads(row["answer"]), "shape": codec.loads(row["shape"])} for row in rows]


def forget(id: str) -> Op[None]:
    yield FORGET, (id,)
