"""Finding what was said: full text in every language, also those that write without spaces.

Words are cut before they are indexed: letters of scripts without spaces (Japanese, Chinese, Thai, Lao, Khmer,
Burmese) become overlapping pairs, everything else whole words. A query is cut the same way and asks for the
pairs one behind the other, so that 予約 and 予約変更 find what they should, in SQLite and PostgreSQL alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from runtime.store import codec
from runtime.store.cases import SHOWN
from runtime.store.lanes import Op
from runtime.text import clean

Found = list[dict[str, Any]]

SPACELESS: Final = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Burmese, Khmer
    "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # kana and ideographs
    "\U00020000-\U0003ffff"
)
RUN: Final = re.compile(rf"[{SPACELESS}]+|[^\W{SPACELESS}]+", re.UNICODE)
DENSE: Final = re.compile(rf"[{SPACELESS}]")
LONGEST: Final = 20_000
"""Characters of one text that are indexed."""
MOST: Final = 12
"""Words of a query."""

INDEXED: Final = "words indexed"
"""The fact that says up to which line of the log words were taken."""
NEW: Final = """SELECT n.seq, n.type, n.data, c.subject FROM notes n LEFT JOIN cases c ON c.id = n.case_id
  WHERE n.seq > ? AND n.type IN ('message.received', 'message.sent', 'note.added', 'case.requested', 'case.changed')
  ORDER BY n.seq LIMIT ?"""
NAMING: Final = ("case.requested", "case.changed")
"""Lines under which the name of a case is found."""
MARK: Final = "ª"
"""Begins each piece of a name, so that names and what was said are looked for apart, in one index. Cleaned texts and
queries never have this letter: NFKC makes an a of it."""
NEWEST: Final = "SELECT coalesce(max(seq), 0) FROM notes WHERE seq > ? AND seq <= ?"
ADD: Final = "INSERT INTO found ({rowid}, body) VALUES (?, {indexed})"
DROP: Final = "DELETE FROM found WHERE {rowid} = ?"
_SHOW_LINE: Final = "SELECT n.seq, n.session, n.case_id, n.queue, n.agent, n.at, n.type, n.actor, n.data FROM"
_SHOW_CASE: Final = "SELECT DISTINCT n.case_id FROM"
ALL: Final = "({latest}) AS f JOIN notes n ON n.seq = f.place"
"""The latest are picked before anything is read of them: a common word stands in very many lines."""
AMONG: Final = 5_000
RECENT: Final = f"""(SELECT {{rowid}} AS place FROM
  (SELECT {{rowid}}, body FROM found ORDER BY {{rowid}} DESC LIMIT {AMONG}) AS found
  WHERE {{matches}} ORDER BY {{rowid}} DESC LIMIT ?) AS f JOIN notes n ON n.seq = f.place"""
"""The same among the latest lines alone: an index of words gives all lines of a word, however common it is."""
LOOK: Final = f"{_SHOW_LINE} {ALL} ORDER BY n.seq DESC"
LOOK_FIRST: Final = f"{_SHOW_LINE} {RECENT} ORDER BY n.seq DESC"
NAMES: Final = f"{_SHOW_CASE} {ALL}"
NAMES_FIRST: Final = f"{_SHOW_CASE} {RECENT}"
NAMED: Final = f"SELECT {', '.join(SHOWN)}, body FROM cases WHERE id IN ({{}}) ORDER BY changed DESC LIMIT ?"
FIRST: Final = "INSERT INTO facts (name, value, at) VALUES (?, '0', 0) ON CONFLICT (name) DO NOTHING"
FACT: Final = "SELECT value FROM facts WHERE name = ? {lock}"
"""Locked: of several processes that look at once, one takes the words and the others find nothing new."""
KEEP: Final = """INSERT INTO facts (name, value, at) VALUES (?, ?, ?)
  ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at"""


def cut(text: str) -> list[list[str]]:
    """The words of a text, each as its pieces: pairs of letters, or the whole word."""
    return [_pieces(run) for run in RUN.findall(clean(text).casefold())]


def _pieces(run: str) -> list[str]:
    if not DENSE.match(run) or len(run) == 1:
        return [run]
    return [run[at : at + 2] for at in range(len(run) - 1)]


def indexable(text: str, mark: str = "") -> str:
    """The text as it goes into the index: every pair, and the last letter, with which no pair begins."""
    parts: list[str] = []
    for pieces in cut(text[:LONGEST]):
        parts += [f"{mark}{piece}" for piece in pieces]
        if len(pieces[-1]) == 2 and DENSE.match(pieces[-1]):
            parts.append(f"{mark}{pieces[-1][1]}")
    return " ".join(parts)


def query(kind: str, text: str, mark: str = "") -> str:
    """What the database is asked for; empty: nothing can be looked for. `kind`: sqlite or postgresql."""
    words = [[f"{mark}{piece}" for piece in pieces] for pieces in cut(text)[:MOST]]
    return (_sqlite if kind == "sqlite" else _postgres)(words) if words else ""


def _sqlite(words: Sequence[Sequence[str]]) -> str:
    asked = []
    for pieces in words:
        phrase = " ".join(piece.replace('"', "") for piece in pieces)
        asked.append(f'"{phrase}"*')
    return " AND ".join(asked)


def _postgres(words: Sequence[Sequence[str]]) -> str:
    asked = []
    for pieces in words:
        quoted = ["'" + piece.replace("'", "").replace("\\", "") + "'" for piece in pieces]
        asked.append("(" + " <-> ".join([*quoted[:-1], f"{quoted[-1]}:*"]) + ")")
    return " & ".join(asked)


def said(data: dict[str, Any]) -> str:
    """What a line of the log says in words."""
    parts = [data.get("text")]
    for message in data.get("messages") or ():
        if isinstance(message, dict):
            parts += [message.get("text"), message.get("alt")]
    message = data.get("message")
    if isinstance(message, dict):
        parts += [message.get(key) for key in ("title", "address", "name", "keywords")]
    words = [" ".join(map(str, part)) if isinstance(part, list) else part for part in parts]
    return " ".join(str(word) for word in words if word)


def index(most: int, now: int) -> Op[int]:
    """Take the words of new lines of the log; how many lines were looked at."""
    yield FIRST, (INDEXED,)
    [(value,)] = yield FACT, (INDEXED,)
    after = int(codec.loads(value))
    rows = yield NEW, (after, most)
    bodies = [(seq, _body(type, data, subject)) for seq, type, data, subject in rows]
    if added := [(seq, body) for seq, body in bodies if body]:
        yield DROP, [(seq,) for seq, _ in added]
        yield ADD, added
    last = rows[-1][0] if len(rows) == most else None
    if last is None:
        [(last,)] = yield NEWEST, (after, 2**62)
    if last > after:
        yield KEEP, (INDEXED, codec.text(int(last)), now)
    return len(rows)


def _body(type: str, data: str, subject: str | None) -> str:
    return indexable(subject or "", MARK) if type in NAMING else indexable(said(codec.loads(data)))


def messages(asked: str, limit: int, first: bool = False) -> Op[Found]:
    """Lines of the log that say this, newest first; `asked` is what `query` made. `first`: the latest alone, if they
    are enough."""
    names = ("seq", "session", "case_id", "queue", "agent", "at", "type", "actor", "data")
    rows = codec.many((yield LOOK_FIRST, (asked, limit)), names) if first else []
    if len(rows) < limit:
        rows = codec.many((yield LOOK, (asked, limit)), names)
    return [{**row, "actor": codec.loads(row["actor"]), "data": codec.loads(row["data"])} for row in rows]


def names(asked: str, limit: int, first: bool = False) -> Op[list[str]]:
    """Ids of the latest cases whose name has these words, or words that begin so; `asked` is what `query` made."""
    rows = (yield NAMES_FIRST, (asked, limit)) if first else ()
    if len(rows) < limit:
        rows = yield NAMES, (asked, limit)
    return [case for (case,) in rows]


def named(asked: str, limit: int, first: bool = False) -> Op[Found]:
    """Cases of people who are called so, the latest first."""
    ids = yield from names(asked, limit, first)
    if not ids:
        return []
    marks = ", ".join("?" * len(ids))
    rows = codec.many((yield NAMED.format(marks), (*ids, limit)), (*SHOWN, "body"))
    return [{**row, "body": codec.loads(row["body"])} for row in rows]
