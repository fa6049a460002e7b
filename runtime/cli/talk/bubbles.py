"""Messages of a bot as lines of a terminal: texts, cards, numbered buttons, how they came and what they cost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import click

from runtime.cli.tables import columns, width
from runtime.cli.talk.flex import Taps, card, flex
from runtime.model import Data

BAR: Final = "▏"
NARROWEST: Final = 24
EMOJI: Final = "☺"
_BRACES: Final = re.compile(r"\{\{|\}\}|\{(\w{1,20})\}")
BILLED: Final = ("push", "multicast", "broadcast", "narrowcast", "pnp")


@dataclass(frozen=True, slots=True)
class Tap:
    """A button that can be tapped by what is typed: a number, or a letter where labels are numbers."""

    key: str
    label: str
    action: Data
    message: str
    index: int
    quick: bool

    @property
    def shown(self) -> str:
        return f"[{self.key}] {self.label or self.action.get('type', '')}"


def taps_of(entry: Data, before: int, letters: bool) -> list[Tap]:
    """The buttons of an entry of the chat; `before` is how many the turn had already."""
    return [
        Tap(
            key=key(before + number, letters),
            label=button["label"].replace("\n", " "),
            action=button["action"],
            message=entry["id"],
            index=button["index"],
            quick=button["place"] == "quick",
        )
        for number, button in enumerate(entry.get("buttons", ()), 1)
    ]


def numeric(entry: Data) -> bool:
    """Whether a button is labelled with a number: numbers that tap would then be mistaken for it."""
    return any(button["label"].strip().isdigit() for button in entry.get("buttons", ()))


def key(number: int, letters: bool) -> str:
    """1, 2, 3 …, or a, b, … z, aa, ab …"""
    if not letters:
        return str(number)
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(97 + rest) + text
    return text


def body(message: Data, taps: Sequence[Tap]) -> list[str]:
    """The lines of a message, as they are, without a frame."""
    shown = iter([tap.shown for tap in taps if not tap.quick])
    lines = [part for line in KINDS.get(str(message.get("type")), _other)(message, shown) for part in line.split("\n")]
    rest = [*shown, *(tap.shown for tap in taps if tap.quick)]
    return lines + (["   ".join(rest)] if rest else [])


# ── kinds of messages ─────────────────────────────────────────────────────────────────────────────────────────


def _text(message: Data, taps: Taps) -> Iterator[str]:
    yield str(message.get("text", ""))


def mentioned(message: Data) -> list[str]:
    """The ids of the people that a textV2 message mentions."""
    parts = (part.get("mentionee") or {} for part in (message.get("substitution") or {}).values())
    return [str(who["userId"]) for who in parts if who.get("userId")]


def spelled(message: Data, people: Data) -> str:
    """The words of a textV2 message: mentions as `@name`, by the names of `people`, LINE's emoji as one sign."""
    parts = message.get("substitution") or {}

    def one(found: re.Match[str]) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        part = parts.get(found[1]) or {}
        who = part.get("mentionee") or {}
        if part.get("type") == "emoji":
            return EMOJI
        return f"@{people.get(str(who.get('userId'))) or 'All'}" if who else found[0]

    return _BRACES.sub(one, str(message.get("text", "")))


def _sticker(message: Data, taps: Taps) -> Iterator[str]:
    yield f"(sticker {message.get('packageId')}/{message.get('stickerId')})"


def _media(message: Data, taps: Taps) -> Iterator[str]:
    seconds = f" {message['duration'] / 1000:.0f} s" if message.get("duration") else ""
    yield f"({message['type']}{seconds}) {message.get('originalContentUrl', '')}"


def _location(message: Data, taps: Taps) -> Iterator[str]:
    yield f"(location) {message.get('title', '')}, {message.get('address', '')}".rstrip(", ")
    yield f"https://www.google.com/maps?q={message.get('latitude')},{message.get('longitude')}"


def _template(message: Data, taps: Taps) -> Iterator[str]:
    template = message.get("template") or {}
    cards = template.get("columns") or []
    for number, one in enumerate(cards, 1):
        yield card(number, len(cards))
        yield from _card(one, taps)
    if not cards:
        yield from _card(template, taps)


def _card(part: Data, taps: Taps) -> Iterator[str]:
    """A template or one of its columns: picture, title, text, buttons; the default action is counted last."""
    picture = part.get("thumbnailImageUrl") or part.get("imageUrl")
    if picture:
        yield f"(image) {picture}"
    if part.get("title"):
        yield str(part["title"])
    if part.get("text"):
        yield str(part["text"])
    found = len(part.get("actions", ())) + ("action" in part) + ("defaultAction" in part)
    if labels := list(islice(taps, found)):
        yield "   ".join(labels)


def _imagemap(message: Data, taps: Taps) -> Iterator[str]:
    yield f"(imagemap) {message.get('baseUrl', '')}: {message.get('altText', '')}"
    if message.get("video"):
        yield f"(video) {message['video'].get('originalContentUrl', '')}"


def _coupon(message: Data, taps: Taps) -> Iterator[str]:
    yield f"(coupon) {message.get('couponId', '')}"


def _other(message: Data, taps: Taps) -> Iterator[str]:
    yield f"({message.get('type')})"


KINDS: Final[dict[str, Callable[[Data, Taps], Iterator[str]]]] = {
    "text": _text,
    "textV2": _text,
    "sticker": _sticker,
    "image": _media,
    "video": _media,
    "audio": _media,
    "location": _location,
    "template": _template,
    "imagemap": _imagemap,
    "flex": flex,
    "coupon": _coupon,
}


# ── frames ────────────────────────────────────────────────────────────────────────────────────────────────────


def bubble(entry: Data, taps: Sequence[Tap], name: str, screen: int, *, first: bool) -> list[str]:
    """A bot's message in its frame; `name` stands before the first of several."""
    own = str((entry["message"].get("sender") or {}).get("name") or name)
    margin = max(4, width(own)) + 1
    room = max(NARROWEST, screen - margin - 2)
    whole = body(entry["message"], taps) or [f"({entry['message'].get('type')})"]
    lines = [part for line in whole for part in wrapped(line, room)]
    lines[-1] += way(str(entry["via"]))
    heads = [click.style(own, fg="green", bold=True) + " " * (margin - width(own))] if first else [" " * margin]
    heads += [" " * margin] * (len(lines) - 1)
    bar = click.style(BAR, fg="green")
    return [f"{head}{bar}{lit(line)}" for head, line in zip(heads, lines, strict=True)]


def way(via: str) -> str:
    """How it came: replies are free, the rest is billed per recipient."""
    if via in BILLED:
        return click.style(f"  · {via}, billed", fg="yellow")
    return click.style(f"  · {via}", dim=True)


def lit(line: str) -> str:
    """Button keys stand out."""
    if not line.lstrip().startswith("["):
        return line
    head, sign, rest = line.partition("]")
    return click.style(head + sign, fg="cyan") + rest


def wrapped(line: str, room: int) -> list[str]:
    """Pieces of at most `room` columns: cut at a space where one is near, else between letters. Links stay whole."""
    pieces = []
    while width(line) > room and "://" not in line:
        cut = fitting(line, room)
        space = line.rfind(" ", cut * 2 // 3, cut + 1)
        at = space if space > 0 else cut
        pieces.append(line[:at].rstrip())
        line = line[at:].lstrip(" ")
    return [*pieces, line]


def fitting(line: str, room: int) -> int:
    """How many letters fit; marks stay with the letter they belong to. At least one."""
    used = 0
    for at, letter in enumerate(line):
        used += columns(letter)
        if used > room:
            return max(1, at)
    return len(line)


def trouble(exchange: dict[str, Any]) -> str:
    """A call LINE refused or a webhook that failed, in one line."""
    if exchange["way"] == "webhook":
        return f"webhook to the bot: {exchange['outcome']}" + (f" ({exchange['status']})" if exchange["status"] else "")
    answer = exchange["response"] if isinstance(exchange["response"], dict) else {}
    details = "; ".join(f"{d.get('property')}: {d.get('message')}" for d in answer.get("details", ()))
    words = f"{answer.get('message', '')} {details}".strip()
    return f"LINE refused {exchange['method']} {exchange['path']}: {exchange['status']} {words}".rstrip()
