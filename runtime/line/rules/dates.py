"""The dates of a datetime picker: `date` 1900-01-01 to 2100-12-31, `time` 00:00 to 23:59, `datetime` both with T.

https://developers.line.biz/en/reference/messaging-api/#datetime-picker-action
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

_FORMS = {
    "date": re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII),
    "time": re.compile(r"()()()([01]\d|2[0-3]):([0-5]\d)", re.ASCII),
    "datetime": re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):([0-5]\d)", re.ASCII),
}
KEYS = ("initial", "max", "min")

Hits = Sequence[tuple[tuple[str | int, ...], Any]]


def moment(mode: Any, value: Any) -> str | None:
    """The value in a form that can be compared, or None where it is not a value of that mode."""
    form = _FORMS.get(mode) if isinstance(mode, str) else None
    found = form.fullmatch(value) if form and isinstance(value, str) else None
    if not found or (found[1] and not _exists(found[1], found[2], found[3])):
        return None
    return str(value).upper()


def _exists(year: str, month: str, day: str) -> bool:
    try:
        return 1900 <= date(int(year), int(month), int(day)).year <= 2100
    except ValueError:
        return False


def _known(node: Any) -> bool:
    mode = node.get("mode")
    return isinstance(mode, str) and mode in _FORMS


def date_format(node: Any) -> Hits:
    """The values that are not written as their mode wants them."""
    if not _known(node):
        return ()
    values = ((key, node.get(key)) for key in KEYS)
    return [((k,), v) for k, v in values if isinstance(v, str) and moment(node["mode"], v) is None]


def _moments(node: Any) -> tuple[str | None, str | None, str | None]:
    mode = node.get("mode")
    return moment(mode, node.get("initial")), moment(mode, node.get("min")), moment(mode, node.get("max"))


def date_order(node: Any) -> Hits:
    """Whether the earliest choice is later than the latest."""
    _, low, high = _moments(node)
    return [((), node["min"])] if low and high and low > high else ()


def date_equal(node: Any) -> Hits:
    """Whether there is one choice only."""
    _, low, high = _moments(node)
    return [((), node["min"])] if low and low == high else ()


def date_initial(node: Any) -> Hits:
    """Whether the first shown value lies outside the choices."""
    start, low, high = _moments(node)
    outside = start and ((low and start < low) or (high and start > high))
    return [((), node["initial"])] if outside else ()
