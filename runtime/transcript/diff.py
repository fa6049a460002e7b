"""What was expected beside what the bot said, in lines a person reads at a glance.

= "Hello"                       as expected
- $seats_hint "From 1 to 8."    expected, and not said
+ "How many people?" [1] [2]    said, and not expected
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import msgspec

from runtime.model import Message
from runtime.simulator.values import Said
from runtime.transcript.heard import Wanted, cards, flex_texts, own_buttons, pickers, quick, texts
from runtime.transcript.words import Pattern, Words, quoted

Pairs: TypeAlias = "tuple[tuple[Wanted | None, Said | None], ...]"
"""In order: what was wanted and what was said; None where there is no other."""

MOST = 400
"""Characters of a line."""


def aligned(wanted: Sequence[Wanted], said: Sequence[Said], words: Words) -> Pairs:
    """The longest match in order, as `diff` makes it."""
    fits = [[one.fits(heard, words) for heard in said] for one in wanted]
    best = [[0] * (len(said) + 1) for _ in range(len(wanted) + 1)]
    for i in reversed(range(len(wanted))):
        for j in reversed(range(len(said))):
            skip = max(best[i + 1][j], best[i][j + 1])
            best[i][j] = max(skip, best[i + 1][j + 1] + 1) if fits[i][j] else skip
    pairs: list[tuple[Wanted | None, Said | None]] = []
    i = j = 0
    while i < len(wanted) or j < len(said):
        if i < len(wanted) and j < len(said) and fits[i][j] and best[i][j] == best[i + 1][j + 1] + 1:
            pairs.append((wanted[i], said[j]))
            i, j = i + 1, j + 1
        elif i < len(wanted) and (j == len(said) or best[i + 1][j] >= best[i][j + 1]):
            pairs.append((wanted[i], None))
            i += 1
        else:
            pairs.append((None, said[j]))
            j += 1
    return tuple(pairs)


def headline(pairs: Pairs) -> str:
    missing = any(said is None for _, said in pairs)
    more = any(wanted is None for wanted, _ in pairs)
    if not any(said for _, said in pairs):
        return "the bot said nothing"
    if missing and more:
        return "the bot said something else"
    return "the bot said less" if missing else "the bot said more"


def lines(pairs: Pairs, words: Words) -> Iterator[str]:
    """One line for each message; where one took the place of another, what of it differs."""
    for index, (wanted, said) in enumerate(pairs):
        if wanted is not None and said is not None:
            yield f"= {told(said)}"
        elif wanted is not None:
            yield f"- {hoped(wanted, words)}"
        elif said is not None:
            yield f"+ {told(said)}"
            if index and (before := pairs[index - 1][0]) is not None and pairs[index - 1][1] is None:
                yield from difference(before, said, words)


def difference(wanted: Wanted, said: Said, words: Words) -> Iterator[str]:
    """A caret below the first character that differs, or the names of the parts that do."""
    lacks = wanted.lacks(said, words)
    if list(wanted.parts) != ["text"]:
        if len(lacks) < len(wanted.parts):
            yield f"? not so: {', '.join(lacks)}"
        return
    pattern, heard = words.own(wanted.parts["text"]), texts(said.message)
    if pattern.regex is None and not pattern.key and heard:
        hoped_for, found = quoted(pattern.source), quoted(heard[0])
        same = next((n for n, (a, b) in enumerate(zip(hoped_for, found, strict=False)) if a != b), 0)
        if same > 1:
            yield f"? {' ' * sum(map(_cells, found[:same]))}^"


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def hoped(wanted: Wanted, words: Words) -> str:
    """What was expected, as a test writes it."""
    if list(wanted.parts) == ["text"]:
        return cut(words.shown(wanted.parts["text"]))
    inner = ", ".join(f"{name}: {_value(value, words)}" for name, value in wanted.parts.items())
    return cut(f"{{{inner}}}")


def _value(value: Any, words: Words) -> str:
    if isinstance(value, Pattern):
        return words.shown(value)
    if isinstance(value, tuple):
        return f"[{', '.join(_value(one, words) for one in value)}]"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def told(said: Said) -> str:
    """A message as a person sees it: its words, then [buttons] and (quick replies)."""
    message = said.message
    parts = [_body(message)]
    parts += [f"[{button.label}]" for button in own_buttons(message)]
    parts += [f"({button.label})" for button in quick(message)]
    parts += [f"<{one.get('mode')}>" for one in pickers(message)]
    return cut(" ".join(part for part in parts if part) + (" — by push" if said.via == "push" else ""))


def _body(message: Message) -> str:
    kind = str(message.get("type"))
    found = texts(message)
    if kind in ("text", "textV2"):
        return quoted(found[0]) if found else kind
    if titles := cards(message):
        return f"{len(titles)} cards: {', '.join(titles)}"
    if kind == "flex":
        inner = " · ".join(flex_texts(message.get("contents")))
        return f"flex {quoted(found[0] if found else '')} {inner}"
    if kind == "sticker":
        return f"sticker {message.get('packageId')}/{message.get('stickerId')}"
    if kind == "location":
        return f"location {quoted(str(message.get('title', '')))}"
    address = str(message.get("originalContentUrl") or message.get("baseUrl") or "")
    return f"{kind} {quoted(found[0]) if found else address}".rstrip()


def cut(text: str) -> str:
    return text if len(text) <= MOST else text[: MOST - 1] + "…"
