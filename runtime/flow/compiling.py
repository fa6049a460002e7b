"""From nodes to steps: blocks, single steps, jumps, variables that something is put into."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any

from runtime.flow.expr import Expression
from runtime.flow.live import Formula
from runtime.flow.reading import COMMON, NAME, SYNONYMS, Reading, meant, nearest
from runtime.flow.shapes import Dict, Plain, Shape, Word, unknown
from runtime.flow.source import Node
from runtime.flow.tongues import by_language
from runtime.flow.tree import Block, Step, Target

FUNCTION = re.compile(r"[\w./-]+\.py:[A-Za-z_]\w*", re.ASCII)
SHARED_NAME = re.compile(rf"(?:session|profile)\.{NAME.pattern}")
COLON = re.compile(r"\s*[:：;；]\s*|\s+")
TARGET = re.compile(r"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Steps:
    """The shape of a block of steps: a list, or one step. With `say`, a text alone is said."""

    say: bool = False
    aside: bool = False

    def read(self, node: Node, reading: Reading) -> Block:
        if node.kind == "list":
            made = []
            for index, one in enumerate(node.items):
                with reading.inside(index):
                    made.append(self._one(one, reading))
            return reading.block(node, made, aside=self.aside)
        if node.kind == "nothing":
            reading.wrong(node, "steps", fix="write a list of steps, such as [end]")
            return reading.block(node, (), aside=self.aside)
        return reading.block(node, (self._one(node, reading),), aside=self.aside)

    def _one(self, node: Node, reading: Reading) -> Step | None:
        if self.say and node.kind == "text" and _glued(node.text, reading):
            _no_step(node, reading)
            return None
        if self.say and node.kind in ("text", "number", "bool") and not _bare(node.text, reading):
            return spoken(node, reading)
        if self.say and node.kind == "map" and node.map and not _verbs(node, reading):
            if by_language(node.map, reading.languages):
                return spoken(node, reading)
            if sentence(node, reading, ""):
                return None
        return step(node, reading)

    def schema(self) -> dict[str, Any]:
        made: list[dict[str, Any]] = [
            {"$ref": "#/$defs/step"},
            {"type": "array", "items": {"$ref": "#/$defs/" + ("said" if self.say else "step")}},
        ]
        return {"anyOf": [{"$ref": "#/$defs/wording"}, *made] if self.say else made}


def _bare(word: str, reading: Reading) -> bool:
    kind = reading.steps.get(word)
    return kind is not None and kind.BARE


def _glued(text: str, reading: Reading) -> bool:
    """`say:Hello`: for YAML that is a text, and guests would be told it."""
    verb, *rest = COLON.split(text, maxsplit=1)
    return bool(rest) and verb in reading.steps


def _verbs(node: Node, reading: Reading) -> list[str]:
    return [key for key in node.map if key in reading.steps or key in reading.later]


def spoken(node: Node, reading: Reading) -> Step:
    """A text alone, where steps may stand: a `say`."""
    kind = reading.steps["say"]
    return _made(kind, {"value": kind.VALUE.read(node, reading)}, node, reading)


def step(node: Node, reading: Reading) -> Step | None:
    """One step; None when it is none, which has been told."""
    if node.kind in ("text", "bool"):
        return _word(node, reading)
    if node.kind != "map" or not node.map:
        reading.wrong(node, "a step", fix="write a verb, such as `say: Hello`")
        return None
    verb = _verb(node, reading)
    if verb is None:
        reading.missed(node)
        return None
    kind = reading.steps[verb]
    with reading.owning(reading.path):
        values = _values(kind, verb, node, reading)
    return _made(kind, values, node, reading)


def _word(node: Node, reading: Reading) -> Step | None:
    if _bare(node.text, reading):
        return _made(reading.steps[node.text], {"value": None}, node, reading)
    if node.text in reading.steps:
        reading.tell("wrong-kind", node.at, f"`{node.text}` needs something to do", fix=f"write {node.text}: …")
    elif node.text in reading.later:
        _later(node.text, node, reading)
    else:
        _no_step(node, reading)
    return None


def _no_step(node: Node, reading: Reading) -> None:
    """A text where a step belongs: a verb without its colon, a misspelt `end`, or only words."""
    verb, _, rest = (part.strip() for part in COLON.sub("\0", node.text, count=1).partition("\0"))
    if rest and (verb in reading.steps or verb in COMMON):
        what = "a half-width colon and a space" if "：" in node.text else "a colon and a space"
        reading.tell("unknown-verb", node.at, f"behind `{verb}` {what} are missing", fix=f"write {verb}: {rest[:60]}")
        return
    known = nearest(node.text, [name for name, kind in reading.steps.items() if kind.BARE])
    fix = f"to say this text: - say: {node.text[:60]}"
    reading.tell("unknown-verb", node.at, f"`{node.text[:40]}` is no step{known}", fix="" if known else fix)


def _verb(node: Node, reading: Reading) -> str | None:
    """The key that says what the step does. Of several, the first that is nobody else's key."""
    found = [key for key in node.map if key in reading.steps]
    for verb in found:
        kind = reading.steps[verb]
        if all(other == verb or other in kind.KEYS or other in kind.ELSEWHERE for other in found):
            if close := _misspelt(verb, node, reading):
                first = next(iter(node.map))
                message = f"`{first}` is no step; did you mean `{close}`?"
                reading.tell("unknown-verb", node.key_at(first), message, fix=f"write {close}: …")
                return None
            return verb
    if found:
        reading.tell(
            "two-verbs",
            node.key_at(found[1]),
            f"one step does one thing, and this has {', '.join(f'`{verb}`' for verb in found)}",
            fix=f"make a step of its own of it: - {found[1]}: …",
        )
        return None
    later = [key for key in node.map if key in reading.later]
    if later:
        _later(later[0], node, reading)
        return None
    _no_verb(node, reading)
    return None


def _no_verb(node: Node, reading: Reading) -> None:
    """A mapping none of whose keys says what to do: a sentence, a misspelt verb, a key of another step."""
    if sentence(node, reading):
        return
    first = next((key for key in node.map if key not in COMMON), next(iter(node.map)))
    if first.startswith("-") and first.lstrip("-") in reading.steps:
        verb = first.lstrip("-")
        reading.tell("unknown-verb", node.key_at(first), "behind `-` a space is missing", fix=f"write - {verb}: …")
        return
    close = "" if owners(first, reading) else meant(first, [*reading.steps, *reading.later])
    message = f"`{first}` is no step" + (f"; did you mean `{close}`?" if close else "")
    fix = f"write {close}: …" if close else "begin the step with a verb such as say, ask or when"
    if {"if", "do"} <= node.map.keys():
        message, fix = "`if` belongs to a step and skips it; a branch is a `when`", "write when: in place of if:"
    elif verbs := owners(first, reading):
        message = f"`{first}` is no step of its own: it belongs to {' or '.join(f'`{verb}`' for verb in verbs[:3])}"
        fix = f"if it goes with the step above, take away its `- ` and line `{first}` up with that step's verb"
    reading.tell("unknown-verb", node.key_at(first), message, fix=fix)


def _misspelt(verb: str, node: Node, reading: Reading) -> str:
    """The verb meant by a first key that `verb` does not know, when it has all the other keys: `aks` with `say`."""
    first, *others = node.map
    kind = reading.steps[verb]
    if first in reading.steps or first in keys_of(kind) or first in COMMON:
        return ""
    close = meant(first, reading.steps)
    known = keys_of(reading.steps[close]) if close else {}
    return close if close != verb and verb in known and set(others) <= set(known) | set(COMMON) else ""


def sentence(node: Node, reading: Reading, before: str = "say: ") -> bool:
    """Whether a mapping was meant as a text with a colon in it; if so, it is told."""
    [(key, value), *more] = node.map.items()
    if more or value.kind not in ("text", "number", "bool") or not _wordy(key, reading):
        return False
    text = f"{key}: {value.text}"[:80].replace('"', "'")
    message = f"a text with a colon needs quotes: without them, `{key}` is a name and the rest its value"
    reading.tell("unknown-verb", node.key_at(key), message, fix=f'write - {before}"{text}"')
    return True


def _wordy(key: str, reading: Reading) -> bool:
    """Whether a key looks like the beginning of a sentence rather than like a misspelt word of the language."""
    known = [*reading.steps, *reading.later, *COMMON, *_all_keys(reading)]
    close = get_close_matches(key.lower(), known, n=1, cutoff=0.8)
    return not close and (" " in key or key[:1].isupper() or not key.isascii())


def _all_keys(reading: Reading) -> set[str]:
    return {key for kind in reading.steps.values() for key in kind.KEYS}


def owners(key: str, reading: Reading) -> list[str]:
    """Verbs that have a key of this name, when no other tool calls a verb like that."""
    if key in SYNONYMS and key != "then":
        return []
    return [verb for verb, kind in reading.steps.items() if key in kind.KEYS or key in kind.ELSEWHERE]


def _later(verb: str, node: Node, reading: Reading) -> None:
    reading.tell(
        "reserved-verb",
        node.key_at(verb),
        f"`{verb}` is part of the language but not of this version",
        fix="take the step out for now, or do it with a `call`",
    )


def _values(kind: type[Step], verb: str, node: Node, reading: Reading) -> dict[str, Any]:
    values: dict[str, Any] = kind.parts(node, reading)
    known = keys_of(kind)
    for key, one in node.map.items():
        if key == verb:
            with reading.inside(verb):
                values["value"] = _value(kind, one, reading)
        elif key in kind.ELSEWHERE:
            continue
        elif key not in known:
            if not _elsewhere(key, verb, node, known, reading):
                unknown(key, node, known, reading, f"`{verb}`")
        else:
            with reading.inside(key):
                values[field_of(key)] = known[key].read(one, reading)
    lacking = [key for key in kind.NEEDS if key not in node.map]
    meanings = {meant(key, known) for key in node.map if key not in known and key != verb} if lacking else ()
    for key in lacking:
        if key not in meanings:
            reading.tell("missing-key", node.at, f"`{verb}` needs `{key}`", fix=f"add {key}: …")
    return values


def _elsewhere(key: str, verb: str, node: Node, known: Mapping[str, Shape], reading: Reading) -> bool:
    """Whether a key belongs to other verbs; if so, it is told."""
    verbs = owners(key, reading)
    if meant(key, known) or not verbs or len(verbs) > 3:
        return False
    why = f"`{key}` belongs to {' or '.join(f'`{one}`' for one in verbs)}"
    fix = f"write {verbs[0]}: … in place of {verb}: …, or take it out"
    if key == "options" and "quick" in known:
        fix = "for buttons under a text write quick: […]"
    reading.tell("unknown-key", node.key_at(key), f"`{verb}` has no `{key}`", why=why, fix=fix)
    return True


def _value(kind: type[Step], node: Node, reading: Reading) -> Any:
    if node.kind == "nothing" and kind.BARE:
        return None
    return kind.VALUE.read(node, reading)


def common() -> dict[str, Shape]:
    """The keys of every step."""
    return {
        "id": Plain(r"[A-Za-z_][\w-]*", "an id (letters, digits, _ and -)"),
        "if": Formula(),
        "note": Plain(),
        "label": Plain(),
        "error": Steps(say=True),
    }


_keys: dict[type[Step], Mapping[str, Shape]] = {}


def keys_of(kind: type[Step]) -> Mapping[str, Shape]:
    """All keys that a step of this kind may have beside its verb."""
    return _keys.get(kind) or _keys.setdefault(kind, {**common(), **kind.KEYS, **kind.ELSEWHERE})


def field_of(key: str) -> str:
    """The field that holds a key; words of Python get a `_`."""
    return f"{key}_" if key in ("if", "else", "in", "from", "for", "is") else key


_known: dict[type[Step], frozenset[str]] = {}


def _fields(kind: type[Step]) -> frozenset[str]:
    return _known.get(kind) or _known.setdefault(kind, frozenset(one.name for one in fields(kind)))


def _made(kind: type[Step], values: dict[str, Any], node: Node, reading: Reading) -> Step:
    known, at = _fields(kind), node.at
    place = f"{at.file}:{at.line}" if at.line else at.file
    made = kind(
        flow=reading.flow,
        path=reading.path,
        at=at,
        row={"step": f"{reading.flow}.{reading.path}", "at": place, "do": kind.VERB},
        **{name: value for name, value in values.items() if name in known},
    )
    made = _identified(made, node, reading)
    made.verify(reading, node)
    reading.nodes[made.path] = made
    return made


def _identified(made: Step, node: Node, reading: Reading) -> Step:
    """The step with its id remembered. A question that has none is called like its variable, if nothing else is."""
    name = made.id or made.implicit_id
    taken = reading.ids.get(name)
    if not name or (taken and not made.id):
        return made
    if taken:
        where = reading.nodes[taken].at if taken in reading.nodes else made.at
        implied = taken in reading.nodes and reading.nodes[taken].implicit_id == name
        why = "a question without an id is called like its variable" if implied else ""
        reading.tell(
            "duplicate-id", node.key_at("id"), f"the id `{name}` is taken by line {where.line}", why=why,
            fix="give one of them another id",
        )  # fmt: skip
        return made
    reading.ids[name] = made.path
    object.__setattr__(made, "id", name)  # nobody has it yet, and a copy would cost as much as the step
    return made


@dataclass(frozen=True, slots=True)
class Jump:
    """The shape of a jump's target: a step's id, a section, a flow, or `flow.step`."""

    kind: str = "goto"

    def read(self, node: Node, reading: Reading) -> Target:
        if node.kind not in ("text", "number"):
            reading.wrong(node, "the id of a step, a section or a flow")
            return Target("", node.at, self.kind)
        return reading.target(node.text, node.at, self.kind)

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "number"]}


@dataclass(frozen=True, slots=True)
class Into:
    """The shape of a variable's name that something is put into."""

    def read(self, node: Node, reading: Reading) -> str:
        if node.kind != "text":
            reading.wrong(node, "the name of a variable")
            return ""
        check_into(node.text, node, reading)
        return node.text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^(?:{NAME.pattern}|{SHARED_NAME.pattern})$"}


def check_into(name: str, node: Node, reading: Reading, key: str = "") -> None:
    """Tell when nothing can be put into this name."""
    at = node.key_at(key) if key else node.at
    if SHARED_NAME.fullmatch(name):
        return
    if not NAME.fullmatch(name):
        split = re.fullmatch(rf"({NAME.pattern})\s*=\s*(\S.*)", name)
        fix = f"write {split[1]}: {split[2]}" if split else "write a name, session.name or profile.name"
        reading.tell("wrong-form", at, f"`{name}` cannot be a variable", fix=fix)
        return
    reading.variable(name, at)


@dataclass(frozen=True, slots=True)
class Save:
    """The shape of `save`: the name of a variable for the whole result, or variable → expression over it."""

    names: tuple[str, ...]

    def read(self, node: Node, reading: Reading) -> tuple[tuple[str, Expression | None], ...]:
        if node.kind != "map":
            return ((Into().read(node, reading), None),)
        made = []
        for key, one in node.map.items():
            check_into(key, node, reading, key)
            with reading.inside(key):
                made.append((key, Formula(self.names).read(one, reading)))
        return tuple(made)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [Into().schema(), Dict(Formula()).schema()]}


FUNCTION_NAME = Plain(FUNCTION.pattern, "a function, written file.py:function")
VARIABLE = Word()
