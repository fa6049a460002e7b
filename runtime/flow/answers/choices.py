"""Which of the offered choices somebody means."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from runtime.flow.answers import choice_words as words
from runtime.flow.answers.numbers import LANGUAGES, digits, edge_words, read_number
from runtime.flow.answers.yes_no import base, entries
from runtime.text import fold

MAX_CHARS = 200


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: the value it stands for, what its button says, and other words for it."""

    value: str
    label: str = ""
    also: tuple[str, ...] = ()

    def words(self) -> tuple[str, ...]:
        return tuple(each for each in (self.label, self.value, *self.also) if each)


def read_choice(text: str, options: Sequence[Option], language: str = "en") -> str | None:
    """The value of the one option a text means: by its words, its number in the list, or an unambiguous beginning."""
    plain = digits(fold(text)) if len(text) <= MAX_CHARS else ""
    if not plain:
        return None
    known = [[digits(fold(word)) for word in option.words()] for option in options]
    tags = tuple(dict.fromkeys((base(language), *LANGUAGES)))
    wordings = [plain, *(each for tag in tags for each in _wordings(plain, tag))]
    for wording in dict.fromkeys(wordings):
        found = _only(index for index, each in enumerate(known) if wording in each)
        if found is not None:
            return options[found].value
    index = _by_number(text, plain, known, tags)
    if index is None:
        index = next(
            (found for each in dict.fromkeys(wordings) if (found := _beginning(each, known)) is not None), None
        )
    return None if index is None else options[index].value


def _only(found: Iterable[int]) -> int | None:
    """The one index that fits; None when none or several do."""
    all_found = list(found)
    return all_found[0] if len(all_found) == 1 else None


def _by_number(text: str, plain: str, known: Sequence[Sequence[str]], tags: Sequence[str]) -> int | None:
    """A label that is the same number in other words (二 for 2), or a place in the list (2番, the second, last).

    Where labels are numbers themselves, a number means the label; a place that is another option then is unclear.
    """
    figures = [[_figure(word, tags[0]) for word in each] for each in known]
    numeric = any(figure is not None for each in figures for figure in each)
    value = read_number(text, tags[0])
    labelled = None
    if value is not None and numeric:
        labelled = _only(index for index, each in enumerate(figures) if value in each)
    place = next((found for tag in tags if (found := _place(plain, tag)) is not None), None)
    if place is None and not numeric and value is not None and _bare(plain, tags):
        place = int(value)
    if place is None:
        return labelled
    index = len(known) - 1 if place == -1 else place - 1
    if not 0 <= index < len(known):
        return labelled
    return index if labelled in (None, index) else None


@functools.lru_cache(4_096)
def _figure(word: str, tag: str) -> float | None:
    """The number a label is; remembered, as labels are offered again and again."""
    return read_number(word, tag)


def _bare(plain: str, tags: Sequence[str]) -> bool:
    """Whether a number stands for itself: digits, or words for it and no counter (3人 is no third choice)."""
    return bool(re.fullmatch(r"\d{1,2}", plain)) or any(plain in _numerals(tag) for tag in tags)


@functools.cache
def _numerals(tag: str) -> frozenset[str]:
    return frozenset(fold(each) for each in entries(words.NUMERALS.get(tag, "")))


def _place(plain: str, tag: str) -> int | None:
    """2 for 2番目, the second, ข้อสอง, yang kedua; -1 for the last; None for anything else."""
    for wording in (plain, *_wordings(plain, tag)):
        if wording in _ordinals(tag):
            return _ordinals(tag)[wording]
        for pattern in words.PLACES.get(tag, ()):
            if found := re.fullmatch(pattern, wording):
                value = read_number(found[1], tag, integer=True)
                if value is not None and 1 <= value <= 99:
                    return int(value)
    return None


@functools.cache
def _ordinals(tag: str) -> dict[str, int]:
    return {fold(word): place for place, each in words.ORDINALS.get(tag, {}).items() for word in entries(each)}


def _beginning(plain: str, known: Sequence[Sequence[str]]) -> int | None:
    """The one option that begins with the text, of which at least two Latin letters or one other sign are there."""
    if not plain or (plain.isascii() and (len(plain) < 2 or plain.isdecimal())):
        return None
    return _only(index for index, each in enumerate(known) if any(word.startswith(plain) for word in each))


def _wordings(plain: str, tag: str) -> list[str]:
    """The text with less and less politeness around it."""
    before, after = _edges(tag)
    found, todo = [plain], [plain]
    while todo:
        now = todo.pop(0)
        for shorter in (_cut(now, after, tail=True), _cut(now, before, tail=False)):
            if shorter and shorter not in found and len(found) < 20:
                found.append(shorter)
                todo.append(shorter)
    return found[1:]


@functools.cache
def _edges(tag: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return edge_words(words.BEFORE.get(tag, "")), edge_words(words.AFTER.get(tag, ""))


def _cut(text: str, edges: Sequence[str], *, tail: bool) -> str:
    for word in edges:
        rest = text.removesuffix(word) if tail else text.removeprefix(word)
        touching = ((rest[-1:] + word[:1]) if tail else (word[-1:] + rest[:1])) if rest != text else ""
        if rest and touching and not re.fullmatch(r"[a-z0-9]{2}", touching):
            return rest.strip(" ,.、。:")
    return ""
