"""Parts of a step that are worked out anew each time: texts, filled-in data, expressions; and their shapes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from runtime.errors import NorenError
from runtime.flow.expr import Expression, Template, compile_expression, compile_template
from runtime.flow.reading import LANGUAGE, NAME, Reading, Use, Worded, nearest
from runtime.flow.source import Node
from runtime.flow.texts import ANY
from runtime.flow.tongues import missing, tongue
from runtime.model import Place

if TYPE_CHECKING:
    from runtime.flow.state import State

KEY = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*)")
EACH = re.compile(rf"\s*({NAME.pattern})\s+in\s+(.+)", re.DOTALL)
WHOLE = re.compile(r"\s*\{\{(?:(?!\}\}).)*\}\}\s*", re.DOTALL)
NUMERIC = frozenset({"flex", "maxLines", "weight", "x", "y", "width", "height", "latitude", "longitude", "duration"})
"""Properties of LINE's messages that are numbers: an expression alone stays a number only there."""


class Phrase(Protocol):
    """Something the bot can say."""

    def text(self, state: State) -> str: ...


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with or without `{{ }}`."""

    template: Template

    def text(self, state: State) -> str:
        return self.template.text if self.template.static else self.template.render(state.scope())


@dataclass(frozen=True, slots=True)
class Keyed:
    """`$key`: a text of the language the user speaks."""

    key: str
    flow: str
    at: Place

    def text(self, state: State) -> str:
        variants = state.level.flows.texts.get(self.key, state.language, self.flow)
        if not variants:
            raise NorenError(f"there is no text `{self.key}`", at=self.at)
        one = variants[0] if len(variants) == 1 else variants[state.draw(len(variants))]
        return one.text if one.static else one.render(state.scope())


@dataclass(frozen=True, slots=True)
class Spoken:
    """One text per language, written on the spot."""

    by: Mapping[str, Phrase]

    def text(self, state: State) -> str:
        for language in (state.language, state.language.split("-")[0], *state.config.languages):
            if language in self.by:
                return self.by[language].text(state)
        return next(iter(self.by.values())).text(state)


@dataclass(frozen=True, slots=True)
class Provided:
    """One of several that is there only when something is true."""

    phrase: Phrase
    when: Expression

    def text(self, state: State) -> str:
        return self.phrase.text(state)


def _there(of: tuple[Phrase, ...], state: State) -> tuple[Phrase, ...]:
    return tuple(one for one in of if not isinstance(one, Provided) or one.when.value(state.scope()))


@dataclass(frozen=True, slots=True)
class Chance:
    """One of several, by chance."""

    of: tuple[Phrase, ...]

    def text(self, state: State) -> str:
        of = _there(self.of, state)
        return of[state.draw(len(of))].text(state) if of else ""


@dataclass(frozen=True, slots=True)
class Turns:
    """One after the other, each time the next."""

    of: tuple[Phrase, ...]
    name: str

    def text(self, state: State) -> str:
        of = _there(self.of, state)
        return of[state.tally("next", self.name) % len(of)].text(state) if of else ""


NOTHING = Filled(Template("", Place("")))


NOT_A_TEXT = {
    "nothing": "write the words behind the colon, or in quotes when they begin with a sign such as # or {",
    "list": "write {any: […]} for one of them by chance, {next: […]} for one after the other",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """The shape of a text: `$key`, a text with `{{ }}`, one per language, `{any: […]}` or `{next: […]}`."""

    variants: bool = True
    spoken: bool = True

    def read(self, node: Node, reading: Reading) -> Phrase:
        if node.kind == "map" and node.map:
            return self._mapping(node, reading)
        if node.kind not in ("text", "number", "bool"):
            reading.wrong(node, "a text", fix=NOT_A_TEXT.get(node.kind, ""))
            return NOTHING
        found = KEY.fullmatch(node.text)
        if found:
            reading.texts.append(Use(found[1], node.at, reading.path, reading.known))
            return Keyed(found[1], reading.flow, node.at)
        if self.spoken:
            reading.worded.append(Worded(reading.path, {ANY: (node,)}))
        return Filled(template(node, reading))

    def _mapping(self, node: Node, reading: Reading) -> Phrase:
        keys = list(node.map)
        if self.variants and keys in (["any"], ["next"]):
            name = f"{reading.flow}.{reading.path}"
            with reading.inside(keys[0]):
                parts = self._several(node.map[keys[0]], reading)
            return NOTHING if not parts else Chance(parts) if keys == ["any"] else Turns(parts, name)
        inner = Wording(self.variants, spoken=False)
        by: dict[str, Phrase] = {}
        for key, one in node.map.items():
            if one.kind == "nothing" and (bare := BARE.fullmatch(key)):
                message = f"a colon is missing behind `{bare[1]}`"
                reading.tell("unknown-key", node.key_at(key), message, fix=f"write {bare[1]}: {bare[2]}")
                continue
            if key in ("any", "next") and self.variants:
                fix = f"write {reading.languages[0]}: {{{key}: […]}}"
                message = f"`{key}` stands inside a language, not beside one"
                reading.tell("unknown-key", node.key_at(key), message, fix=fix)
                continue
            if not self.spoken or key not in reading.languages:
                self._no_language(key, node, reading)
            with reading.inside(key):
                by[key] = inner.read(one, reading)
        if self.spoken and not set(node.map) & set(reading.steps):
            self._lacking(node, reading)
            _written(node, reading)
        return Spoken(by)

    def _lacking(self, node: Node, reading: Reading) -> None:
        lacking = missing(node.map, reading.languages)
        if lacking:
            message = f"this has no text in {', '.join(lacking)}"
            reading.tell("text-missing", node.at, message, fix="translate it", severity="warning")

    def _several(self, node: Node, reading: Reading) -> tuple[Phrase, ...]:
        if node.kind != "list" or not node.items:
            reading.wrong(node, "a list of texts")
        return tuple(self._one_of(index, one, reading) for index, one in enumerate(node.items))

    def _one_of(self, index: int, node: Node, reading: Reading) -> Phrase:
        inner = Wording(variants=False, spoken=self.spoken)
        with reading.inside(index):
            if set(node.map) == {"if", "text"}:
                return Provided(inner.read(node.map["text"], reading), Formula().read(node.map["if"], reading))
            return inner.read(node, reading)

    def _no_language(self, key: str, node: Node, reading: Reading) -> None:
        """A key that is no language; `strict` when it may not even be another language."""
        if key in reading.steps:
            message = f"`{key}` is said in place of a text, not inside `say`"
            reading.tell("unknown-key", node.key_at(key), message, fix=f"take `say:` away: - {key}: …")
            return
        languages = reading.languages if self.spoken else ()
        known = [*languages, *(("any", "next") if self.variants else ())]
        close = tongue(key, languages)
        odd = not re.fullmatch(LANGUAGE, key) or bool(nearest(key, ("any", "next")))
        strict = not self.spoken or (odd and not close)
        told = f"; did you mean `{close}`?" if close else nearest(key, known)
        reading.tell(
            "unknown-key" if strict else "unknown-language",
            node.key_at(key),
            f"`{key}` is no language of this endpoint{told}",
            fix=f"write {close}: …" if close else f"known here: {', '.join(known if strict else languages)}",
            severity="error" if strict else "warning",
        )

    def schema(self) -> dict[str, Any]:
        scalar: dict[str, Any] = {"type": ["string", "number", "boolean"]}
        made = [scalar]
        if self.variants:
            one: dict[str, Any] = Wording(variants=False).schema()
            both = {"if": Formula().schema(), "text": one}
            provided = {"type": "object", "properties": both, "required": ["if", "text"], "additionalProperties": False}
            one = {"anyOf": [one, provided]}
            several = {"type": "array", "items": one, "minItems": 1}
            made += [
                {"type": "object", "properties": {k: several}, "required": [k], "additionalProperties": False}
                for k in ("any", "next")
            ]
        if self.spoken:
            inner = Wording(self.variants, spoken=False).schema()
            made.append({"type": "object", "patternProperties": {f"^(?!any$){LANGUAGE}$": inner}, "minProperties": 1})
            made[-1]["additionalProperties"] = False
        return {"anyOf": made} if len(made) > 1 else scalar


BARE = re.compile(rf"({LANGUAGE})\s*(?:：\s*|\s)(\S.*)", re.DOTALL)
"""A language and its text without a colon between them: `{en Hello, ja: …}`."""


def _written(node: Node, reading: Reading) -> None:
    """Remember texts by language for the translators' sheet; `$keys` have lines of their own there."""
    by: dict[str, tuple[Node, ...]] = {}
    for language, one in node.map.items():
        several = next((part.items for key, part in one.map.items() if key in ("any", "next")), [one])
        if all(part.kind in ("text", "number", "bool") and not KEY.fullmatch(part.text) for part in several):
            by[language] = tuple(several)
    if by and len(by) == len(node.map):
        reading.worded.append(Worded(reading.path, by))


def template(node: Node, reading: Reading) -> Template:
    """A text with `{{ }}`, its names checked."""
    made, findings = compile_template(node.text, node.at, reading.known)
    reading.found(findings)
    if made is None:
        return Template("", node.at)
    reading.used |= {name.partition(".")[0] for name in made.names}
    return made


def expression(node: Node, reading: Reading, source: str | None = None, at: Place | None = None) -> Expression:
    """A bare expression, its names checked."""
    made, findings = compile_expression(node.text if source is None else source, at or node.at, reading.known)
    reading.found(findings)
    if made is None:
        return Expression.constant(None, node.at)
    reading.used |= {name.partition(".")[0] for name in made.names}
    return made


@dataclass(frozen=True, slots=True)
class Plainly:
    """A text with `{{ }}` that is no wording: an address, a file, a number written as text."""

    def read(self, node: Node, reading: Reading) -> Template:
        if node.kind not in ("text", "number", "bool"):
            reading.wrong(node, "a text")
            return Template("", node.at)
        return template(node, reading)

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "number", "boolean"]}


@dataclass(frozen=True, slots=True)
class Formula:
    """The shape of a bare expression. `names`: what it may use beside the usual."""

    names: tuple[str, ...] = ()

    def read(self, node: Node, reading: Reading) -> Expression:
        if node.kind in ("number", "bool"):
            return Expression.constant(node.value, node.at)
        if node.kind != "text":
            reading.wrong(node, "an expression, such as seats >= 6")
            return Expression.constant(None, node.at)
        with reading.knowing(self.names):
            return expression(node, reading)

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "number", "boolean"]}


@dataclass(frozen=True, slots=True)
class Repeat:
    """`each: x in xs`: the parts of `what`, once per entry, with the entry under its name."""

    name: str
    over: Expression

    def entries(self, state: State) -> list[Any]:
        found = self.over.value(state.scope())
        if isinstance(found, Mapping):
            return list(found.values())
        return list(found)[:100] if isinstance(found, (list, tuple)) else []


def repeat(node: Node, reading: Reading) -> Repeat:
    """Read `x in xs`."""
    found = EACH.fullmatch(node.text)
    if not found:
        name, over = _each_meant(node.text.split())
        fix = f"write each: {name} in {over}"
        reading.tell("wrong-form", node.at, "expected `name in list`", fix=fix)
        return Repeat(name, Expression.constant([], node.at))
    at = Place(node.at.file, node.at.line, node.at.column + found.start(2))
    return Repeat(found[1], expression(node, reading, found[2], at))


def _each_meant(words: Sequence[str]) -> tuple[str, str]:
    """Name and list of an `each` that is not written as one: `p of goods`, `goods`."""
    if len(words) > 1 and NAME.fullmatch(words[0]):
        return words[0], words[-1]
    listed = words[0] if words else "items"
    return (listed[:-1] if NAME.fullmatch(listed[:-1]) else "item"), listed


@dataclass(frozen=True, slots=True)
class Plainish:
    """`name in list`, which `repeat` has read already."""

    def read(self, node: Node, reading: Reading) -> None:
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^\s*[A-Za-z_]\w*\s+in\s"}


@dataclass(frozen=True, slots=True)
class Fixed:
    """A part of filled-in data that never changes."""

    value: Any
