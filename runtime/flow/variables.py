"""Variables of a flow: their types, what may be put into them, and how they are kept.

What a session keeps is plain JSON: a date is `2026-12-05`, a time `19:00`, a moment `2026-12-05T19:00` in the
endpoint's time zone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from runtime.flow.filters import plain_text
from runtime.flow.moments import Moment, read_moment
from runtime.model import Place
from runtime.text import utf16

MAX_SIZE = 64_000
"""Characters of JSON that one variable may hold; a session is written with every turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    name: str
    type: str = "any"
    min: Any = None
    max: Any = None
    of: tuple[Any, ...] = ()
    default: Any = None
    keep: str = "session"
    at: Place = Place("")
    declared: bool = True

    def take(self, value: Any) -> Any:
        """The value as it is kept. Raises `ValueError` that says what this variable takes."""
        plain = jsonable(value)
        if plain is None:
            return None
        try:
            taken = TYPES[self.type](plain)
        except (ValueError, TypeError, OverflowError):
            raise ValueError(f"`{self.name}` takes {WORDS[self.type]}, not {called(plain)}") from None
        taken = next((one for one in self.of if plain_text(one) == plain_text(taken)), taken)
        self._judge(taken)
        if isinstance(taken, (list, dict, str)) and len(json.dumps(taken, ensure_ascii=False)) > MAX_SIZE:
            raise ValueError(f"`{self.name}` would hold more than {MAX_SIZE} characters")
        return taken

    def _judge(self, value: Any) -> None:
        size = utf16(value) if self.type == "text" else len(value) if self.type == "list" else value
        if self.of and value not in self.of:
            raise ValueError(f"`{self.name}` takes one of {', '.join(map(str, self.of))}")
        if self.min is not None and size < self.min:
            raise ValueError(f"`{self.name}` takes {self._measure()} at least {self.min}")
        if self.max is not None and size > self.max:
            raise ValueError(f"`{self.name}` takes {self._measure()} at most {self.max}")

    def _measure(self) -> str:
        return {"text": "a text of length", "list": "a list of length"}.get(self.type, WORDS[self.type])


def jsonable(value: Any) -> Any:
    """The value as plain JSON; a date or time in its ISO form. Raises `ValueError` for anything else."""
    if value is None or isinstance(value, (str, int, bool)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise ValueError("this is no number that can be kept")
        return value
    if isinstance(value, date):
        return str(read_moment(value))
    if isinstance(value, timedelta):
        return round(value.total_seconds() * 1000)
    if isinstance(value, time):
        return value.isoformat(timespec="minutes" if not value.second else "seconds")
    if isinstance(value, Mapping):
        return {str(key): jsonable(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)) or hasattr(value, "__next__"):
        return [jsonable(one) for one in value]
    raise ValueError("this cannot be kept in a variable")


def _text(value: Any) -> str:
    if isinstance(value, (list, dict)):
        raise ValueError
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _whole(value: Any) -> int:
    if isinstance(value, (bool, list, dict)):
        raise ValueError
    number = float(value) if not isinstance(value, int) else value
    if number != int(number):
        raise ValueError
    return int(number)


def _number(value: Any) -> int | float:
    if isinstance(value, (bool, list, dict)):
        raise ValueError
    if isinstance(value, (int, float)):
        return value
    number = float(value)
    if not abs(number) < 1e300:
        raise ValueError
    return int(number) if number == int(number) else number


def _bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    known = {"true": True, "false": False}
    if str(value).lower() not in known:
        raise ValueError
    return known[str(value).lower()]


def _date(value: Any) -> str:
    text = _text(value)
    return (datetime.fromisoformat(text).date() if len(text) > 10 else date.fromisoformat(text)).isoformat()


def _time(value: Any) -> str:
    return str(jsonable(time.fromisoformat(_text(value))))


def _datetime(value: Any) -> str:
    return str(Moment.fromisoformat(_text(value)))


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError
    return value


def _map(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError
    return value


def _choice(value: Any) -> Any:
    """Its own form is found in `Variable.take`: `2` may have come as a text."""
    if isinstance(value, (list, dict)):
        raise ValueError
    return value


def _any(value: Any) -> Any:
    return value


TYPES: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "int": _whole,
    "number": _number,
    "bool": _bool,
    "date": _date,
    "time": _time,
    "datetime": _datetime,
    "list": _list,
    "map": _map,
    "choice": _choice,
    "any": _any,
}

WORDS = {
    "text": "a text",
    "int": "a whole number",
    "number": "a number",
    "bool": "true or false",
    "date": "a date (2026-12-05)",
    "time": "a time (19:00)",
    "datetime": "a date with time (2026-12-05T19:00)",
    "list": "a list",
    "map": "a map",
    "choice": "one of its choices",
    "any": "anything",
}

RANGED = frozenset({"text", "int", "number", "date", "time", "datetime", "list"})
"""Types that know `min` and `max`; for texts and lists these are lengths."""


def called(value: Any) -> str:
    """What a person would call this value."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    names = {str: "a text", int: "a number", float: "a number", list: "a list", dict: "a map"}
    return names.get(type(value), "something else")
