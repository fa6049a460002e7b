"""What kinds of answers there are, and how each is understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from runtime.flow import answers
from runtime.flow.answers import Option, read_text
from runtime.flow.filling import fill
from runtime.flow.source import Node
from runtime.flow.state import State
from runtime.flow.triggers import addressed
from runtime.flow.variables import Variable, jsonable
from runtime.model import Data, Event
from runtime.text import fold, utf16

if TYPE_CHECKING:
    from runtime.flow.steps.ask import Ask


class _Miss:
    """No answer; an answer may well be None."""


MISS = _Miss()

SKIP = frozenset(
    fold(word)
    for word in (
        *(
            "skip",
            "pass",
            "no thanks",
            "スキップ",
            "とばす",
            "飛ばす",
            "パス",
            "スキップします",
            "スキップで",
            "パスで",
            "飛ばして",
        ),
        *("ข้าม", "ข้ามไป", "ข้ามค่ะ", "ข้ามครับ", "ขอข้าม", "ขอข้ามค่ะ", "ขอข้ามครับ", "ข้ามเลย", "ข้ามไปเลย"),
        *("跳過", "跳过", "略過", "略过", "跳過吧", "先跳過", "略過吧"),
        *("lewati", "lewat", "lewati saja", "lewati aja", "lewatkan", "skip aja", "skip saja", "skip dulu"),
    )
)
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
"""The value of a text, or None."""


def _yes_no(ask: Ask, state: State, text: str) -> Any:
    plain = {"true": True, "false": False}.get(text.strip().lower())
    return plain if plain is not None else answers.read_yes_no(text, state.language)


def _choice(ask: Ask, state: State, text: str) -> Any:
    offers: Mapping[str, list[str]] = state.level.data.get("offers") or {}
    if not offers and ask.options is not None:
        offers = ask.options.offers(state)
    if not offers and ask.variable is not None:
        offers = {str(one): [str(one)] for one in ask.variable.of}
    if text in offers:
        return text
    options = [Option(value, words[0] if words else "", tuple(words[1:])) for value, words in offers.items()]
    return answers.read_choice(text, options, state.language)


def _date(ask: Ask, state: State, text: str) -> Any:
    found = answers.read_date(text, state.language, state.moment.day_of())
    return None if found is None else date(found.year, found.month, found.day).isoformat()


def _money(ask: Ask, state: State, text: str) -> Any:
    found = answers.read_money(text, state.language, ask.currency)
    return None if found is None else {"amount": found[0], "currency": found[1]}


def _no_text(ask: Ask, state: State, text: str) -> Any:
    return None


READERS: dict[str, Reader] = {
    "text": lambda ask, state, text: read_text(text),
    "yes_no": _yes_no,
    "choice": _choice,
    "number": lambda ask, state, text: answers.read_number(text, state.language),
    "int": lambda ask, state, text: answers.read_number(text, state.language, integer=True),
    "money": _money,
    "percentage": lambda ask, state, text: answers.read_percentage(text, state.language),
    "age": lambda ask, state, text: answers.read_age(text, state.language),
    "temperature": lambda ask, state, text: answers.read_temperature(text, state.language, ask.unit or "c"),
    "date": _date,
    "time": lambda ask, state, text: answers.read_time(text),
    "datetime": lambda ask, state, text: answers.read_datetime(text, state.language, state.moment.day_of()),
    "duration": lambda ask, state, text: answers.read_duration(text, state.language, ask.unit),
    "regex": lambda ask, state, text: answers.read_regex(text, ask.pattern) if ask.pattern is not None else None,
    "email": lambda ask, state, text: answers.read_email(text),
    "phone": lambda ask, state, text: answers.read_phone(text),
    "url": lambda ask, state, text: answers.read_url(text),
    "location": _no_text,
    "image": _no_text,
    "video": _no_text,
    "audio": _no_text,
    "file": _no_text,
    "sticker": _no_text,
    "data": _no_text,
    "any": lambda ask, state, text: read_text(text),
}
"""By type of the question; those of messages that are no text read none."""

UNITS = {"temperature": ("c", "f"), "duration": ("s", "m", "h", "d")}
"""Units a number alone may have, by type of the question."""


def read(ask: Ask, state: State, text: str) -> Any:
    """The value of a text between the question's bounds, or `MISS`."""
    found = ask.understood(state, text)
    return MISS if found is None else _within(ask, state, found)


def _within(ask: Ask, state: State, value: Any) -> Any:
    """The value, if it lies between the bounds of the question and of its picker."""
    size = value["amount"] if ask.type == "money" else utf16(value) if ask.type == "text" else value
    for low, bound in _bounds(ask, state):
        try:
            if (size < bound) if low else (size > bound):
                return MISS
        except TypeError:
            continue
    return value


def _bounds(ask: Ask, state: State) -> list[tuple[bool, Any]]:
    """Lower (True) and upper (False) bounds; dates and times as ISO text, durations in milliseconds."""
    found: list[tuple[bool, Any]] = []
    for low, own in ((True, ask.min), (False, ask.max)):
        if own is not None:
            found.append((low, own.value(state.scope())))
    if isinstance(ask.picker, dict):
        for low, key in ((True, "min"), (False, "max")):
            if key in ask.picker:
                found.append((low, fill(ask.picker[key], state)))
    plain = [(low, jsonable(one)) for low, one in found if one is not None]
    return [(low, str(one) if not isinstance(one, (int, float)) else one) for low, one in plain]


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
    "int": ("int", "age", "duration", "number", "percentage", "choice"),
    "number": ("number", "int", "percentage", "age", "temperature", "duration", "choice"),
    "bool": ("yes_no",),
    "date": ("date",),
    "time": ("time",),
    "datetime": ("datetime",),
    "choice": ("choice", "text"),
    "text": ("text", "choice", "regex", "email", "phone", "url", "date", "time", "datetime"),
    "map": ("location", "image", "video", "audio", "file", "sticker", "data", "money", "regex", "any"),
}
"""Type of a declared variable → types of questions that give such a value."""

INFERRED = {"int": "int", "number": "number", "bool": "yes_no", "date": "date", "time": "time", "datetime": "datetime"}


def inferred(node: Node, variable: Variable | None) -> str:
    """The type of a question that names none: by its variable, else by whether its buttons give values."""
    if variable is not None and variable.declared and variable.type in (*INFERRED, "choice"):
        return INFERRED.get(variable.type, "choice")
    return "choice" if "options" in node.map or gives_values(node) else "text"


def gives_values(node: Node) -> bool:
    """Whether the buttons of a question stand for answers."""
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
        return read(ask, state, addressed(event))
    if ask.type == kind or ask.type == "any":
        return {key: event.data[key] for key in TAKEN.get(kind, ()) if key in event.data}
    return MISS


def _tapped(ask: Ask, state: State) -> Any:
    data = state.event.data
    values: Mapping[str, Any] = data.get("values") or {}
    if "ask" in values:
        for key in ("date", "time", "datetime"):
            if data.get(key):
                return read(ask, state, str(data[key]))
        if "answer" in values:
            text = str(values["answer"])
            return read(ask, state, text) if text else None
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


def skips(state: State, words: frozenset[str] = frozenset()) -> bool:
    """Whether the user says that they would rather not answer, in words of every language or the question's own."""
    return state.event.kind == "message" and fold(addressed(state.event)) in (SKIP | words)


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
