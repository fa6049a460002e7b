"""What a picture of a flow writes on its nodes: texts in one language, conditions, buttons, triggers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.flow.expr import Expression, Template
from runtime.flow.live import Chance, Filled, Fixed, Keyed, Spoken, Turns
from runtime.flow.shapes import UNITS
from runtime.flow.steps.ask import Ask
from runtime.flow.steps.buttons import Button
from runtime.flow.steps.rate import SCALES, Rate
from runtime.flow.steps.say import Saying
from runtime.flow.texts import Texts
from runtime.flow.tree import Step
from runtime.flow.triggers import Trigger

LONGEST = 160
"""Characters of a text that a node keeps."""
FILLED = re.compile(r"\{\{-?\s*(.*?)\s*(?:\|(?!\|).*?)?-?\}\}", re.DOTALL)
TAPS = {"camera": "camera", "camera_roll": "album", "location": "location"}


@dataclass(frozen=True, slots=True)
class Words:
    """Texts of a bot in the language of the picture."""

    texts: Texts
    language: str
    flow: str

    def of(self, part: Any) -> str:
        """Any compiled text, expression or plain value as a person would read it."""
        if isinstance(part, Keyed):
            found = self.texts.get(part.key, self.language, self.flow)
            return brief(found[0].text) if found else f"${part.key}"
        if isinstance(part, Filled):
            return brief(part.template.text)
        if isinstance(part, (Chance, Turns)):
            return f"{self.of(part.of[0])} (1 of {len(part.of)})"
        if isinstance(part, Spoken):
            chosen = part.by.get(self.language) or next(iter(part.by.values()))
            return self.of(chosen)
        return self._plain(part)

    def _plain(self, part: Any) -> str:
        if isinstance(part, Template):
            return brief(part.text)
        if isinstance(part, Expression):
            return brief(part.source)
        if isinstance(part, Fixed):
            return brief(str(part.value))
        return brief(part) if isinstance(part, str) else ""

    def button(self, button: Button) -> str:
        parts = button.parts
        label = parts.get("label") or parts.get("text") or parts.get("value")
        return self.of(label) or next((word for key, word in TAPS.items() if key in parts), "…")

    def said(self, step: Saying) -> tuple[list[str], list[str]]:
        """Texts and buttons of something that is said."""
        value, name = step.value, step.VERB
        buttons = [self.button(one) for one in step.quick]
        lines = [self.of(getattr(step, "text", None) or (value if name == "say" else None))]
        if isinstance(value, tuple) and all(isinstance(one, Button) for one in value):
            buttons = [*(self.button(one) for one in value), *buttons]
        elif isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], tuple):
            more, taps = self._cards(name, *value)
            lines, buttons = [*lines, *more], [*taps, *buttons]
        elif isinstance(value, Mapping) and name != "say":
            lines.append(self._mapping(value))
            buttons = [*(self.button(one) for one in value.get("buttons", ())), *buttons]
        if not any(lines):
            lines = [self.of(step.alt) or f"{name.replace('_', ' ')} {self.of(value)}".strip()]
        return [line for line in lines if line], buttons

    def _cards(self, name: str, each: Any, cards: tuple[Any, ...]) -> tuple[list[str], list[str]]:
        taps = [self.button(one) for card in cards for one in card.get("buttons", ())]
        if each is not None:
            return [f"{name.replace('_', ' ')}: one for each {each.name} in {brief(each.over.source)}"], taps
        titles = [self.of(card.get("title") or card.get("text")) for card in cards]
        return [f"{name.replace('_', ' ')}: {', '.join(filter(None, titles)) or len(cards)}"], taps

    def _mapping(self, value: Mapping[str, Any]) -> str:
        return next((text for key in ("title", "text", "url", "both") if (text := self.of(value.get(key)))), "")

    def question(self, step: Ask) -> tuple[list[str], list[str]]:
        """The wording of a question and what can be tapped."""
        lines: list[str] = []
        taps: list[str] = []
        for one in step.said:
            texts, buttons = self.said(one)
            lines, taps = [*lines, *texts], [*taps, *buttons]
        scores = [step.face(one) for one in SCALES[step.scale]] if isinstance(step, Rate) and step.buttons else []
        return lines, [*scores, *taps, *self._options(step), *self._picker(step)]

    def _options(self, step: Ask) -> Iterator[str]:
        if step.options is None:
            return
        if step.options.each is not None:
            yield f"each of {brief(step.options.each.over.source)}"
            return
        for one in step.options.of:
            yield self.of(one.label) if one.label is not None else self.of(one.value)

    def _picker(self, step: Ask) -> Iterator[str]:
        if step.picker:
            label = step.picker.get("label") if isinstance(step.picker, Mapping) else None
            yield f"{self.of(label) or step.type} ▾"

    def trigger(self, trigger: Trigger) -> str:
        """The conditions of a trigger in a line."""
        return " and ".join(f"{name}: {_wanted(wanted)}" for name, wanted in trigger.conditions.items())


def _wanted(wanted: Any) -> str:
    if isinstance(wanted, re.Pattern):
        return str(wanted.pattern)
    if isinstance(wanted, Expression):
        return brief(wanted.source)
    if isinstance(wanted, Mapping):
        return "&".join(f"{key}={value}" for key, value in wanted.items())
    if isinstance(wanted, (tuple, list)):
        return _few([_wanted(one) for one in wanted])
    return "yes" if wanted is True else "no" if wanted is False else str(wanted)


def _few(words: list[str], most: int = 5) -> str:
    more = f" +{len(words) - most}" if len(words) > most else ""
    return ", ".join(word.strip("*") or "*" for word in words[:most]) + more


def brief(text: str) -> str:
    """One line, names in ‹ › for what is filled in, not too long."""
    one = " ".join(FILLED.sub(r"‹\1›", text).split())
    return one if len(one) <= LONGEST else one[: LONGEST - 1].rstrip() + "…"


def span(ms: int) -> str:
    """`10m` of 600000."""
    unit = next((name for name in ("w", "d", "h", "m", "s") if ms % UNITS[name] == 0 and ms >= UNITS[name]), "ms")
    return f"{ms // UNITS[unit]}{unit}"


def spoken_first(steps: Iterable[Step], words: Words) -> str:
    """What a block of hints says first."""
    for step in steps:
        if isinstance(step, Saying):
            lines, _ = words.said(step)
            return lines[0] if lines else ""
    return ""
