"""What kinds of answers there are, and how each is understood."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from runtime.flow import answers
from runtime.flow.answers import Option
from runtime.flow.live import fill
from runtime.flow.source import Node
from runtime.flow.state import State
from runtime.flow.triggers import addressed
from runtime.flow.variables import Variable
from runtime.flow.words import fold
from runtime.model import Data, Event

if TYPE_CHECKING:
    from runtime.flow.steps.ask import Ask


class _Miss:
    """No answer; an answer may well be None."""


MISS = _Miss()

SKIP = frozenset(
    fold(word)
    for word in (
        *("skip", "pass", "no thanks", "スキップ", "とばす", "飛ばす", "パス", "ข้าม", "ข้ามไป"),
        *("跳過", "跳过", "略過", "略过", "lewati", "lewat", "skip aja"),
    )
)
EMAIL = re.compile(r"[^@\s<>()\[\],;:\"]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}")
PHONE = re.compile(r"\+?\d{7,15}")
URL = re.compile(r"(?:https?://)?[^\s/:@.]+(?:\.[^\s/:@.]+)+(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)
LABELS = {
    "date": {"ja": "日付を選ぶ", "th": "เลือกวันที่", "zh": "選擇日期", "id": "Pilih tanggal", "en": "Choose a date"},
    "time": {"ja": "時刻を選ぶ", "th": "เลือกเวลา", "zh": "選擇時間", "id": "Pilih jam", "en": "Choose a time"},
    "datetime": {
        "ja": "日時を選ぶ",
        "th": "เลือกวันและเวลา",
        "zh": "選擇日期與時間",
        "id": "Pilih waktu",
        "en": "Choose date and time",
    },
}

Reader = Callable[["Ask", State, str], Any]
"""The value of a text, or `MISS`."""


def _found(value: Any) -> Any:
    return MISS if value is None else value


def _text(ask: Ask, state: State, text: str) -> Any:
    return _found(answers.read_text(text))


def _yes_no(ask: Ask, state: State, text: str) -> Any:
    plain = {"true": True, "false": False}.get(text.strip().lower())
    return plain if plain is not None else _found(answers.read_yes_no(text, state.language))


def _choice(ask: Ask, state: State, text: str) -> Any:
    offers: Mapping[str, list[str]] = state.level.data.get("offers") or {}
    if not offers and ask.variable is not None:
        offers = {str(one): [str(one)] for one in ask.variable.of}
    if text in offers:
        return text
    options = [Option(value, words[0] if words else "", tuple(words[1:])) for value, words in offers.items()]
    return _found(answers.read_choice(text, options, state.language))


def _number(ask: Ask, state: State, text: str) -> Any:
    return _within(ask, state, _found(answers.read_number(text, state.language)))


def _whole(ask: Ask, state: State, text: str) -> Any:
    return _within(ask, state, _found(answers.read_number(text, state.language, integer=True)))


def _date(ask: Ask, state: State, text: str) -> Any:
    found = answers.read_date(text, state.language, state.scope()["today"])
    return MISS if found is None else _within(ask, state, date(found.year, found.month, found.day).isoformat())


def _time(ask: Ask, state: State, text: str) -> Any:
    return _within(ask, state, _found(answers.read_time(text)))


def _datetime(ask: Ask, state: State, text: str) -> Any:
    return _within(ask, state, _found(answers.read_datetime(text, state.language, state.scope()["today"])))


def _within(ask: Ask, state: State, value: Any) -> Any:
    """The value, if it lies between the bounds of the question and of its picker."""
    if value is MISS:
        return MISS
    for low, bound in _bounds(ask, state):
        try:
            if (value < bound) if low else (value > bound):
                return MISS
        except TypeError:
            continue
    return value


def _bounds(ask: Ask, state: State) -> list[tuple[bool, Any]]:
    """Lower (True) and upper (False) bounds; dates and times as ISO text."""
    found: list[tuple[bool, Any]] = []
    for low, own in ((True, ask.min), (False, ask.max)):
        if own is not None:
            found.append((low, own.value(state.scope())))
    if isinstance(ask.picker, dict):
        for low, key in ((True, "min"), (False, "max")):
            if key in ask.picker:
                found.append((low, fill(ask.picker[key], state)))
    return [(low, str(one) if not isinstance(one, (int, float)) else one) for low, one in found if one is not None]


def _regex(ask: Ask, state: State, text: str) -> Any:
    return _found(answers.read_regex(text, ask.pattern)) if ask.pattern is not None else MISS


def _email(ask: Ask, state: State, text: str) -> Any:
    plain = fold(text).strip("<>").removeprefix("mailto:")
    return plain if EMAIL.fullmatch(plain) and len(plain) <= 254 else MISS


def _phone(ask: Ask, state: State, text: str) -> Any:
    number = answers.read_number(re.sub(r"\D", "", text), "en") if not text.isascii() else None
    plain = re.sub(r"[\s().\-‐–ー－/]", "", str(number) if number and not re.search(r"\d", text) else _half(text))
    return plain if PHONE.fullmatch(plain) else MISS


def _half(text: str) -> str:
    """Digits of any script as 0–9, other full-width signs as half-width ones."""
    digits = "".join(str(int(char)) if char.isdecimal() else char for char in text)
    return digits.replace("＋", "+").replace("（", "(").replace("）", ")").strip()


def _url(ask: Ask, state: State, text: str) -> Any:
    plain = text.strip()
    if not URL.fullmatch(plain) or len(plain) > 2_000:
        return MISS
    return plain if plain.lower().startswith("http") else f"https://{plain}"


def _no_text(ask: Ask, state: State, text: str) -> Any:
    return MISS


READERS: dict[str, Reader] = {
    "text": _text,
    "yes_no": _yes_no,
    "choice": _choice,
    "number": _number,
    "int": _whole,
    "date": _date,
    "time": _time,
    "datetime": _datetime,
    "regex": _regex,
    "email": _email,
    "phone": _phone,
    "url": _url,
    "location": _no_text,
    "image": _no_text,
    "video": _no_text,
    "audio": _no_text,
    "file": _no_text,
    "sticker": _no_text,
    "data": _no_text,
    "any": _text,
}
"""By type of the question; those of messages that are no text read none."""

TAKEN: dict[str, tuple[str, ...]] = {
    "location": ("title", "address", "latitude", "longitude"),
    "image": ("id", "url", "preview", "content", "provider", "set"),
    "video": ("id", "url", "preview", "duration", "content", "provider"),
    "audio": ("id", "url", "duration", "content", "provider"),
    "file": ("id", "name", "size", "content"),
    "sticker": ("package", "sticker", "keywords", "text"),
}
"""What of such a message is kept as the answer."""

FITTING: dict[str, tuple[str, ...]] = {
    "int": ("int", "number", "choice"),
    "number": ("number", "int", "choice"),
    "bool": ("yes_no",),
    "date": ("date",),
    "time": ("time",),
    "datetime": ("datetime",),
    "choice": ("choice", "text"),
    "text": ("text", "choice", "regex", "email", "phone", "url", "date", "time", "datetime"),
    "map": ("location", "image", "video", "audio", "file", "sticker", "data", "regex", "any"),
}
"""Type of a declared variable → types of questions that give such a value."""

INFERRED = {"int": "int", "number": "number", "bool": "yes_no", "date": "date", "time": "time", "datetime": "datetime"}


def inferred(node: Node, variable: Variable | None) -> str:
    """The type of a question that names none: by its variable, else by whether its buttons give values."""
    if variable is not None and variable.declared and variable.type in (*INFERRED, "choice"):
        return INFERRED.get(variable.type, "choice")
    return "choice" if "options" in node.map or _gives_values(node) else "text"


def _gives_values(node: Node) -> bool:
    shown = [node.map[key] for key in ("buttons", "cards", "image_cards", "list", "confirm") if key in node.map]
    while shown:
        one = shown.pop()
        if one.kind == "map":
            if "value" in one.map:
                return True
            shown += one.map.values()
        elif one.kind == "list":
            shown += one.items
    return False


def answer(ask: Ask, state: State) -> Any:
    """The event as an answer to the question, or `MISS`."""
    event = state.event
    if event.kind == "postback":
        return _tapped(ask, state)
    kind = event.data.get("type", "text")
    if kind == "text":
        return READERS[ask.type](ask, state, addressed(event))
    if ask.type == kind or ask.type == "any":
        return {key: event.data[key] for key in TAKEN.get(kind, ()) if key in event.data}
    return MISS


def _tapped(ask: Ask, state: State) -> Any:
    data = state.event.data
    values: Mapping[str, Any] = data.get("values") or {}
    if "ask" in values:
        for key in ("date", "time", "datetime"):
            if data.get(key):
                return READERS[ask.type](ask, state, str(data[key]))
        if "answer" in values:
            text = str(values["answer"])
            return READERS[ask.type](ask, state, text) if text else None
    if ask.type in ("data", "any"):
        return dict(values) or str(data.get("data", ""))
    return MISS


def fits(variable: Variable, value: Any) -> bool:
    """Whether the variable can hold the answer."""
    try:
        variable.take(value)
    except ValueError:
        return False
    return True


def counts(event: Event) -> bool:
    """Whether an event that is no answer is a wrong answer; a tap on something else is only something else."""
    return event.kind == "message" or "ask" in (event.data.get("values") or {})


def skips(state: State) -> bool:
    """Whether the user says that they would rather not answer."""
    return state.event.kind == "message" and fold(addressed(state.event)) in SKIP


def stale(ask: Ask, state: State) -> bool:
    """Whether this is a tap on a button of another question."""
    values = state.event.data.get("values") or {}
    return state.event.kind == "postback" and "ask" in values and values["ask"] != ask.name


def picker(ask: Ask, state: State) -> list[Data]:
    """The quick reply that opens LINE's date and time picker."""
    if not ask.picker:
        return []
    parts = ask.picker if isinstance(ask.picker, dict) else {}
    made: dict[str, Any] = {"label": LABELS[ask.type].get(state.language.split("-")[0], LABELS[ask.type]["en"])}
    if "label" in parts:
        made["label"] = parts["label"].text(state)
    made |= {key: fill(parts[key], state) for key in ("initial", "min", "max") if key in parts}
    return [{**made, "pick": ask.type, "ask": ask.name}]
