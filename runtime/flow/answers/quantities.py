"""Quantities with their units: money, percentages, ages, temperatures, lengths of time."""

from __future__ import annotations

import functools
import re

from runtime.flow.answers import quantity_words as words
from runtime.flow.answers.numbers import Number, digits, edge_words, fractions, read_number
from runtime.flow.answers.yes_no import base, entries
from runtime.text import fold

MAX_CHARS = 80
OLDEST = 150
LONGEST = 36_525 * words.DAY
_FIRST = re.compile(r"-?\d[\d.,]*")
_LATIN = re.compile(r"[a-z]")


def _plain(text: str) -> str:
    """The text with digits as 0–9 and halves as decimals; empty when it is too long to be a quantity."""
    plain = digits(fold(text)) if len(text) <= MAX_CHARS else ""
    return _mark(text, plain)


def _mark(text: str, plain: str) -> str:
    """`fold` takes signs off the edges that mean something here, such as a currency's."""
    bare = digits(text.strip().casefold().replace("％", "%").replace("￥", "¥").replace("＄", "$"))
    return bare if plain and any(sign in bare for sign in "%¥฿$€£₩₱₫°") else plain


def _without(text: str, table: str) -> str | None:
    """The text without the first word of a table that stands in it as a word; None when there is none."""
    for word in edge_words(table):
        at = text.find(word)
        while at >= 0:
            before, after = text[:at], text[at + len(word) :]
            if not _joined(before[-1:], word[:1]) and not _joined(word[-1:], after[:1]):
                return f"{before.strip()} {after.strip()}".strip()
            at = text.find(word, at + 1)
    return None


def _joined(left: str, right: str) -> bool:
    return bool(_LATIN.match(left) and _LATIN.match(right))


# money


def read_money(text: str, language: str = "en", currency: str = "") -> tuple[Number, str] | None:
    """Amount and currency (ISO 4217). A number alone is money only where `currency` says of what."""
    plain = _plain(text)
    if not plain:
        return None
    home = currency or _home(language)
    codes = sorted(words.CURRENCIES, key=lambda code: (-_longest(code, plain), code != home))
    code = next((one for one in codes if _longest(one, plain)), "")
    rest = _without(plain, words.CURRENCIES[code]) if code else None
    amount = read_number(rest, language) if rest else None
    if amount is None:
        amount = read_number(plain, language)
    if amount is None or amount < 0 or not (code or currency):
        return None
    return amount, code or currency


def _home(language: str) -> str:
    tag = language.lower().replace("_", "-")
    return words.HOME.get(tag, words.HOME.get(base(language), ""))


def _longest(code: str, plain: str) -> int:
    """Length of the longest word of a currency in the text; 0 when there is none."""
    table = edge_words_raw(words.CURRENCIES[code])
    return max((len(word) for word in table if word in plain and _without(plain, word) is not None), default=0)


@functools.cache
def edge_words_raw(table: str) -> tuple[str, ...]:
    return tuple(one.casefold() for one in entries(table))


# percentages, ages, degrees


def read_percentage(text: str, language: str = "en") -> Number | None:
    """25 for 25%, 百分之二十五, 2割5分, ร้อยละ 25; a number alone is one too."""
    plain = _plain(text)
    if not plain:
        return None
    if plain in edge_words(words.HALVES):
        return 50
    if found := re.fullmatch(r"(\S+?)割(?:(\S+?)分)?(?:です|引き)?", plain):
        tens, ones = (read_number(part, "ja") if part else 0 for part in found.groups())
        return None if tens is None or ones is None else tens * 10 + ones
    rest = _without(plain, words.PERCENT)
    return read_number(plain if rest is None else rest, language)


def read_age(text: str, language: str = "en") -> int | None:
    """Whole years, 0 to 150."""
    plain = _plain(text)
    if plain.removesuffix("です") in ("はたち", "二十歳"):
        return 20
    for _ in range(4):
        value = read_number(plain, language, integer=True) if plain else None
        if value is not None:
            return int(value) if 0 <= value <= OLDEST else None
        plain = _without(plain, words.AGE) or ""
    return None


def read_temperature(text: str, language: str = "en", unit: str = "c") -> Number | None:
    """Degrees in `unit` (`c` or `f`); a number without a unit is in it already."""
    plain = _plain(text)
    plain = re.sub(r"(\d+)度(\d)分?(?!\d)", r"\1.\2度", plain)
    below = _without(plain, words.BELOW)
    plain = plain if below is None else below
    said = unit
    for name, table in (("c", words.CELSIUS), ("f", words.FAHRENHEIT), ("", words.DEGREES)):
        if plain and (rest := _without(plain, table)) is not None:
            plain, said = rest, name or said
    if found := re.fullmatch(r"(-?[\d.,]+)\s*([cf])", plain):
        plain, said = found[1], found[2]
    value = read_number(plain, language) if plain else None
    return None if value is None else _converted(-abs(value) if below is not None else value, said, unit)


def _converted(value: Number, said: str, wanted: str) -> Number:
    if said == wanted:
        return value
    made = round((value - 32) * 5 / 9 if wanted == "c" else value * 9 / 5 + 32, 1)
    return int(made) if made == int(made) else made


# lengths of time

_HALF_BEFORE = frozenset(("half", "half an", "half a", "a half", "半", "半個", "半个", "ครึ่ง", "setengah", "½"))
_HALF_AFTER = re.compile(r"(?:\s*個半|\s*个半|\s*and a half|\s+setengah|\s*ครึ่ง|\s*半)$")
_ONE = frozenset(("a", "an", "one", "se"))
_JOINERS = re.compile(r"^(?:and|dan|และ|กับ|と|又|,|、)\s*|\s*(?:個|个|か|ヶ)$")
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)")
_WHOLE = re.compile(rf"^(?:{'|'.join(words.WHOLE)})(?![a-z])")


def read_duration(text: str, language: str = "en", unit: str = "") -> int | None:
    """Milliseconds of `1時間半`, `2 ชั่วโมงครึ่ง`, `an hour and a half`, `1h30`; `unit` is that of a number alone."""
    plain = _plain(fractions(text))
    plain = _trimmed(plain)
    plain = _WHOLE.sub(lambda found: words.WHOLE[found[0]], plain)
    if found := _CLOCK.fullmatch(plain):
        return int(found[1]) * words.HOUR + int(found[2]) * words.MINUTE
    if not plain:
        return None
    total, last, at = 0.0, LONGEST, 0
    for found in _units().finditer(plain):
        span = _unit(found["unit"])
        said = plain[at : found.start()]
        amount = 1.0 if found["half"] and not said else _amount(said, language)
        if amount is None or span >= last:
            return None
        total, last, at = total + (amount + (0.5 if found["half"] else 0)) * span, span, found.end()
    rest = plain[at:].strip()
    if rest:
        more = _rest(rest, last if at else 0, language, unit)
        if more is None:
            return None
        total += more
    return round(total) if 0 < total <= LONGEST else None


def _rest(rest: str, last: int, language: str, unit: str) -> float | None:
    """A number at the end: minutes behind hours (`1h30`), or of the question's own unit when it stands alone."""
    value = read_number(rest, language)
    span = words.MINUTE if last == words.HOUR else {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": words.DAY}.get(unit)
    return None if value is None or span is None or (last and last != words.HOUR) else value * span


def _trimmed(plain: str) -> str:
    for _ in range(3):
        for word in edge_words(words.TAILS):
            if plain.endswith(word) and not _joined(plain[: -len(word)][-1:], word[:1]):
                plain = plain[: -len(word)].strip()
                break
        for word in edge_words(words.ABOUT):
            if plain.startswith(word) and not _joined(word[-1:], plain[len(word) :][:1]):
                plain = plain[len(word) :].strip()
                break
    return plain


@functools.cache
def _units() -> re.Pattern[str]:
    known = sorted({word for table in words.UNITS.values() for word in edge_words(table)}, key=len, reverse=True)
    return re.compile(
        rf"(?:(?<=[\d\s.]|[^\x00-\x7f])|^)(?P<unit>{'|'.join(map(re.escape, known))})(?![a-z])"
        r"(?P<half>\s*半|\s*ครึ่ง|\s*and a half|\s+setengah)?"
    )


@functools.cache
def _unit(word: str) -> int:
    return next(span for span, table in words.UNITS.items() if word in edge_words(table))


def _amount(text: str, language: str) -> float | None:
    """How many of a unit."""
    plain = text.strip()
    for _ in range(2):
        plain = _JOINERS.sub("", plain).strip()
    if plain in _HALF_BEFORE:
        return 0.5
    if plain in _ONE:
        return 1.0
    if half := _HALF_AFTER.search(plain):
        whole = _amount(plain[: half.start()], language)
        return None if whole is None else whole + 0.5
    value = read_number(plain, language) if plain else None
    return None if value is None or value < 0 else float(value)
