"""`--update`: what the bot says now, written into the tests; comments and everything else stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from runtime.transcript.diff import Pairs
from runtime.transcript.heard import Wanted
from runtime.transcript.play import Answered, Outcome
from runtime.transcript.words import Words
from runtime.transcript.written import block, flow, item, part

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
COMMENT = re.compile(r"[ \t]+#[^\n]*")


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of the file and what stands there from now on."""

    start: int
    end: int
    text: str


def update(root: Path, outcomes: Sequence[Outcome]) -> list[tuple[str, int]]:
    """Write tests anew that differ; (file, number of places) of each that was changed.

    Where a test is played in several languages, only texts that have a `$key` are written: any other would be
    right in one language alone.
    """
    done = []
    for file, group in groupby(outcomes, lambda one: one.script.file):
        played = [one for one in group if one.flows is not None]
        path = root / file
        count = _rewrite(path, played) if any(not one.passed for one in played) else 0
        if count:
            done.append((file, count))
    return done


def _rewrite(path: Path, outcomes: Sequence[Outcome]) -> int:
    text = path.read_text(encoding="utf-8")
    chat = _chat(text)
    by_line: dict[int, list[list[Edit]]] = {}
    for outcome in outcomes:
        lines = outcome.script.lines
        for answered in outcome.answered:
            first = next(n for n, line in enumerate(lines) if line is answered.lines[0])
            edits = [] if answered.right else _edits(text, chat[first : first + len(answered.lines)], answered, outcome)
            by_line.setdefault(first, []).append(edits)
    chosen = [edits for _, several in sorted(by_line.items()) for edits in _agreed(several)]
    for edit in sorted((one for edits in chosen for one in edits), key=lambda one: -one.start):
        text = text[: edit.start] + edit.text + text[edit.end :]
    if chosen:
        path.write_text(text, encoding="utf-8")
    return len(chosen)


def _agreed(several: list[list[Edit]]) -> Iterator[list[Edit]]:
    """The edits of one place, if all languages that ask for any ask for the same, and none is right as it is."""
    wanted = [edits for edits in several if edits]
    if wanted and len(wanted) == len(several) and all(edits == wanted[0] for edits in wanted):
        yield wanted[0]


def _chat(text: str) -> list[Any]:
    """The entries of `chat` as YAML nodes, which know where they end."""
    root: Any = yaml.compose(text, Loader=LOADER)
    return next((value.value for key, value in root.value if key.value == "chat"), [])


def _edits(text: str, entries: Sequence[Any], answered: Answered, outcome: Outcome) -> list[Edit]:
    several = len(outcome.script.given.languages) > 1
    assert outcome.flows is not None
    words = Words(outcome.flows, outcome.language)
    nodes = [node for entry in entries for node in _items(entry)]
    flat = [node for entry in entries if getattr(entry.value[0][1], "flow_style", False) for node in _items(entry)]
    wanted = [one for line in answered.lines for one in line.value]
    if several and not all(_keyed(written(None, said, words)) for said in answered.said):
        return []
    if len(wanted) == len(answered.said):
        return [
            Edit(
                node.start_mark.index,
                end(text, node),
                (flow if node in flat else block)(written(one, said, words if several or _key(one) else None)),
            )
            for node, one, said in zip(nodes, wanted, answered.said, strict=True)
            if not one.fits(said, words)
        ]
    return [*_whole(text, entries[0], nodes, answered.pairs, words if several else None), *_gone(text, entries[1:])]


def _key(wanted: Wanted) -> bool:
    pattern = wanted.parts.get("text")
    return bool(pattern is not None and pattern.key)


def _keyed(value: Any) -> bool:
    """Whether no text of a value belongs to one language."""
    if isinstance(value, dict):
        return all(_keyed(one) for one in value.values())
    if isinstance(value, list):
        return all(_keyed(one) for one in value)
    return not isinstance(value, str) or value.startswith("$") or value in ("date", "time", "datetime")


def written(wanted: Wanted | None, said: Any, words: Words | None) -> Any:
    """A message in the words of the expectation it takes the place of: the same parts, as they are now."""
    if wanted is None or list(wanted.parts) == ["text"] or said.message.get("type") != _type(wanted, said):
        return item(said, words)
    parts = {name: part(name, said, words) for name in wanted.parts}
    if isinstance(wanted.parts.get("cards"), int):
        parts["cards"] = len(parts["cards"])
    return parts


def _type(wanted: Wanted, said: Any) -> str:
    """The type that an expectation names, else whatever was said."""
    kinds = ("flex", "image", "video", "audio", "sticker", "location", "imagemap", "coupon")
    return next((name for name in kinds if name in wanted.parts), str(said.message.get("type")))


def _items(entry: Any) -> list[Any]:
    """The nodes of the single messages of a `bot` entry."""
    value = entry.value[0][1]
    return list(value.value) if isinstance(value, yaml.SequenceNode) else [value]


def _whole(text: str, entry: Any, nodes: list[Any], pairs: Pairs, words: Words | None) -> list[Edit]:
    """All messages of an entry anew; those that were right keep their words, and what takes a place its comment."""
    key, value = entry.value[0]
    left = iter(nodes)
    made = []
    for wanted, said in _replaced(pairs):
        node = next(left) if wanted is not None else None
        if said is None:
            continue
        kept = node is not None and (wanted, said) in pairs
        new = text[node.start_mark.index : end(text, node)] if kept and node else block(written(wanted, said, words))
        made.append(new + (_comment(text, end(text, node)) if node else ""))
    pad = "\n" + " " * (key.start_mark.column + 2) + "- "
    body = " []" if not made else f" {made[0]}" if len(made) == 1 else pad + pad.join(made)
    tail = _comment(text, end(text, value))
    own = isinstance(value, yaml.SequenceNode) and value.flow_style
    return [Edit(key.end_mark.index + 1, end(text, value) + len(tail), body + (tail if own else ""))]


def _replaced(pairs: Pairs) -> Iterator[tuple[Wanted | None, Any]]:
    """The pairs, with what was said instead beside what was wanted."""
    gone: list[Wanted] = []
    for wanted, said in pairs:
        if wanted is not None and said is None:
            gone.append(wanted)
        elif wanted is None and gone:
            yield gone.pop(0), said
        else:
            yield from ((one, None) for one in gone)
            gone = []
            yield wanted, said
    yield from ((one, None) for one in gone)


def _gone(text: str, entries: Sequence[Any]) -> list[Edit]:
    """Further `bot` entries, whose messages the first one tells now."""
    found = []
    for entry in entries:
        start = text.rindex("\n", 0, entry.start_mark.index)
        stop = end(text, entry.value[0][1])
        found.append(Edit(start, stop + len(_comment(text, stop)), ""))
    return found


def _comment(text: str, at: int) -> str:
    found = COMMENT.match(text, at)
    return found[0] if found else ""


def end(text: str, node: Any) -> int:
    """Where the text of a node ends; what YAML counts to a block (comments, empty lines) is not of it."""
    stop = int(node.end_mark.index)
    if isinstance(node, yaml.ScalarNode):
        return len(text[:stop].rstrip()) if node.style in ("|", ">") else stop
    if node.flow_style or not node.value:
        return stop
    last = node.value[-1]
    return end(text, last[1] if isinstance(node, yaml.MappingNode) else last)
