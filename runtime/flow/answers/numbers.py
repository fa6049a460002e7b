"""Numbers: digits of any width, 漢数字, Thai, Indonesian and English words, with what people put around them."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Mapping

from runtime.flow.answers import number_words as words
from runtime.flow.answers.yes_no import base, entries
from runtime.text import fold

Number = int | float
Reader = Callable[[str], "Number | None"]

MAX_CHARS = 160
LARGEST = 10**18
LANGUAGES = ("ja", "th", "zh", "id", "en")

_DECIMAL = {"id": ","}
"""The decimal sign where it is not a point."""

_LEADING_POINT = re.compile(r"^(\s*[-+]?)[.．](?=\d)")
_PARTS = {"½": ".5", "¼": ".25", "¾": ".75"}
_FRACTION = re.compile(r"(\d*)\s?([½¼¾])")
_MIXED = re.compile(r"(?<![\d/.])(\d+) 1/2(?![\d/])")
_LATIN = re.compile(r"[a-z0-9]")
_HAN = re.compile(r"[〇零一二三四五六七八九壱弐参肆伍陸柒捌玖壹貳贰參叁陆兩两○十拾百佰千仟萬万億亿兆廿卅卌]+")


def read_number(text: str, language: str = "en", integer: bool = False) -> Number | None:
    """The number a text says, whole where it is whole; None when it says none, several, or more than a number.

    With `integer`, a number with a fraction is None.
    """
    if not text or len(text) > MAX_CHARS * 4:
        return None
    text = fractions(text)
    plain = digits(fold(_LEADING_POINT.sub(r"\g<1>0.", text))).replace("'", "").replace("’", "")
    if not plain or len(plain) > MAX_CHARS:
        return None
    tag = base(language)
    point = _DECIMAL.get(tag, ".")
    for each in dict.fromkeys((tag, *LANGUAGES)):
        value = _read(plain, each, point, integer)
        if value is not None and abs(value) < LARGEST and not (integer and value != int(value)):
            return int(value) if integer or isinstance(value, int) else value
    return None


def fractions(text: str) -> str:
    """½ as 0.5, 2½ and 2 1/2 as 2.5."""
    if "½" in text or "¼" in text or "¾" in text:
        text = _FRACTION.sub(lambda found: f"{found[1] or 0}{_PARTS[found[2]]}", text)
    return _MIXED.sub(r"\1.5", text)


def digits(text: str) -> str:
    """Digits of every script as 0–9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def _read(text: str, language: str, point: str, integer: bool) -> Number | None:
    """A number among the words of one language, tried with ever less around it."""
    seen = {text}
    todo = [text]
    while todo:
        now = todo.pop(0)
        value = _signed(now, language, point, integer)
        if value is not None:
            return value
        for shorter in _peeled(now, language):
            if shorter not in seen and len(seen) < 60:
                seen.add(shorter)
                todo.append(shorter)
    return None


def _peeled(text: str, language: str) -> list[str]:
    """The text without one of the words that may stand before or after a number, longest word first."""
    before, after = _edges(language)
    found = []
    for word in after:
        if text.endswith(word) and _border(text, len(text) - len(word)):
            found.append(text[: -len(word)].rstrip(" .,、。・"))
            break
    for word in before:
        if text.startswith(word) and _border(text, len(word)):
            found.append(text[len(word) :].lstrip(" .,、。・:"))
            break
    return [each for each in found if each]


def _border(text: str, at: int) -> bool:
    """Whether a word may be cut here: not between two letters; `5kg` may be cut."""
    if at <= 0 or at >= len(text):
        return False
    left, right = text[at - 1], text[at]
    return not (_LATIN.match(left) and _LATIN.match(right)) or left.isdigit() != right.isdigit()


@functools.cache
def _edges(language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return edge_words(words.BEFORE.get(language, "")), edge_words(words.AFTER.get(language, ""))


def edge_words(table: str) -> tuple[str, ...]:
    """The entries of a table, folded, longest first."""
    return tuple(sorted({fold(each) for each in entries(table)}, key=len, reverse=True))


def _signed(text: str, language: str, point: str, integer: bool) -> Number | None:
    negative = text[0] in "-−" and len(text) > 1
    text = text.lstrip("-−+") if negative or text[0] == "+" else text
    for word in _minus():
        if not negative and text.startswith(word) and _border(text, len(word)):
            negative, text = True, text[len(word) :].strip()
            break
    if not text or text[0] in "-−+ ":
        return None
    value = _plain(text, point, integer)
    if value is None:
        value = next((found for read in _READERS.get(language, ()) if (found := read(text)) is not None), None)
    return -value if negative and value is not None else value


@functools.cache
def _minus() -> tuple[str, ...]:
    return tuple(fold(word) for word in words.MINUS)


def _plain(text: str, point: str, integer: bool) -> Number | None:
    """Digits, with separators as the language has them, and a multiplier: `1,500`, `1.5万`, `3万5千`, `50rb`."""
    value = _figure(text, point)
    if value is None and point == ",":
        value = _figure(text, ".") if re.fullmatch(r"\d+\.\d{1,2}|\d{1,3}(,\d{3})+", text) else None
    elif integer and isinstance(value, float) and re.fullmatch(r"[1-9]\d{0,2}(,\d{3})+", text):
        value = _figure(text, ".")
    return value if value is not None else _multiplied(text, point)


def _figure(text: str, point: str) -> Number | None:
    group = "," if point == "." else "."
    escaped = re.escape(point)
    grouped = re.fullmatch(rf"[1-9]\d{{0,2}}(?:{re.escape(group)}\d{{3}})+(?:{escaped}\d{{1,9}})?", text, re.ASCII)
    if not grouped and not re.fullmatch(rf"\d{{1,18}}(?:{escaped}\d{{1,9}})?|{escaped}\d{{1,9}}", text, re.ASCII):
        return None
    plain = text.replace(group, "").replace(point, ".")
    return float(plain) if "." in plain else int(plain)


_PART = re.compile(r"(\d[\d.,]*)\s*([^\d\s.,]+?)\s*(?=\d|$)")


def _multiplied(text: str, point: str) -> Number | None:
    """Digits and multipliers in falling order: 1億2000万, 3万5千, 3万500, 2 million."""
    total: Number = 0
    at, last = 0, LARGEST
    while at < len(text):
        found = _PART.match(text, at)
        if not found:
            rest = _figure(text[at:], point)
            return total + rest if at and isinstance(rest, int) and rest < last else None
        figure, factor = _figure(found[1], point), _factor(found[2])
        if figure is None or not factor or factor >= last:
            return None
        total, last, at = total + round(figure * factor, 6), factor, found.end()
    return int(total) if total == int(total) else total


def _factor(word: str) -> int:
    """What a multiplier is worth: 万, 千万, rb; 0 when it is none."""
    if word in words.DIGIT_LARGE:
        return words.DIGIT_LARGE[word]
    head, tail = words.HAN_TENS.get(word[:1], 0), words.HAN_LARGE.get(word[1:], 0)
    return head * tail


def read_han(text: str, colloquial: bool = False) -> int | None:
    """漢数字: 二十三, 百五十, 一万二千, 二〇二六. `colloquial` reads 兩百五 as 250, as Chinese does."""
    for char, instead in words.HAN_TWENTIES.items():
        text = text.replace(char, instead)
    if not text or not _HAN.fullmatch(text):
        return None
    if all(char in words.HAN_DIGITS for char in text):
        return _row(text)
    total, block, digit, unit, zero = 0, 0, -1, LARGEST, False
    last = LARGEST
    for char in text:
        if char in words.HAN_DIGITS:
            if digit > 0 or (digit == 0 and not zero):
                return None
            digit, zero = words.HAN_DIGITS[char], zero or not words.HAN_DIGITS[char]
        elif char in words.HAN_TENS:
            if words.HAN_TENS[char] >= unit:
                return None
            unit = words.HAN_TENS[char]
            block, digit, zero = block + (digit if digit > 0 else 1) * unit, -1, False
        else:
            large, amount = words.HAN_LARGE[char], block + max(digit, 0)
            if large >= last or not amount:
                return None
            total, last, block, digit, unit, zero = total + amount * large, large, 0, -1, LARGEST, False
    return total + block + _tail(digit, zero, unit if unit < LARGEST else last, colloquial)


def _tail(digit: int, zero: bool, unit: int, colloquial: bool) -> int:
    """The last digit: ones, or in Chinese a tenth of the unit before (兩百五, 三萬二)."""
    if digit <= 0:
        return 0
    return digit * unit // 10 if colloquial and not zero and 100 <= unit < LARGEST else digit


def _row(text: str) -> int | None:
    """Digits in a row; two of them (二三) may as well mean "two or three"."""
    values = "".join(str(words.HAN_DIGITS[char]) for char in text)
    return int(values) if len(values) != 2 or "0" in values else None


def _japanese(text: str) -> int | None:
    if text in words.JAPANESE:
        return words.JAPANESE[text]
    found = read_han(text)
    return found if found is not None else _kana(text)


def _kana(text: str) -> int | None:
    """にじゅうさん → 23."""
    made, at = "", 0
    while at < len(text):
        size = next((n for n in (3, 2, 1) if text[at : at + n] in words.KANA and at + n <= len(text)), 0)
        if not size:
            return None
        made, at = made + words.KANA[text[at : at + size]], at + size
    return read_han(made) if made else None


def _chinese(text: str) -> int | None:
    return words.CHINESE.get(text) if text in words.CHINESE or text[0] == "半" else read_han(text, colloquial=True)


def _thai(text: str) -> Number | None:
    """ยี่สิบเอ็ด → 21. A digit right behind พัน or more (สองพันห้า) is ambiguous and gives None."""
    text = text.replace(" ", "")
    if text in _thai_counts():
        return _thai_counts()[text]
    whole, _, part = text.partition("จุด")
    value = _thai_whole(whole)
    if value is None or (not part and "จุด" in text):
        return None
    places = _thai_row(part)
    return value if not part else None if places is None else float(f"{value}.{places}")


def _thai_row(text: str) -> str | None:
    row = ""
    while text:
        word = next((w for w in _thai_words() if text.startswith(w) and w in _thai_digits()), None)
        if word is None:
            return None
        row, text = row + str(_thai_digits()[word]), text[len(word) :]
    return row


@functools.cache
def _thai_counts() -> Mapping[str, int]:
    return {fold(word): value for word, value in words.THAI.items()}


@functools.cache
def _thai_digits() -> Mapping[str, int]:
    return {fold(word): value for word, value in words.THAI_DIGITS.items()}


@functools.cache
def _thai_units() -> Mapping[str, int]:
    return {fold(word): value for word, value in {**words.THAI_TENS, **words.THAI_LARGE}.items()}


@functools.cache
def _thai_words() -> tuple[str, ...]:
    return tuple(sorted((*_thai_digits(), *_thai_units()), key=len, reverse=True))


def _thai_whole(text: str) -> int | None:
    total, block, digit, unit = 0, 0, -1, LARGEST
    while text:
        word = next((each for each in _thai_words() if text.startswith(each)), None)
        if word is None:
            return None
        text = text[len(word) :]
        value = _thai_units().get(word)
        if value is None:
            if digit >= 0:
                return None
            digit = _thai_digits()[word]
        elif value == 10**6:
            amount = block + max(digit, 0)
            total, block, digit, unit = total + (amount or 1) * value, 0, -1, LARGEST
        elif value >= unit or digit == 0:
            return None
        else:
            block, digit, unit = block + (digit if digit > 0 else 1) * value, -1, value
    if digit > 0 and (1_000 <= unit < LARGEST or (total and unit == LARGEST)):
        return None
    return total + block + max(digit, 0) if total or block or digit >= 0 else None


def _indonesian(text: str) -> Number | None:
    """dua puluh tiga → 23, seratus lima puluh ribu → 150000, dua koma lima → 2.5, setengah → 0.5."""
    if text in words.INDONESIAN_COUNTS:
        return words.INDONESIAN_COUNTS[text]
    whole, _, part = text.partition(" koma ")
    value = _spoken(whole.split(), _indonesian_word)
    if value is None or not part:
        return value
    places = [words.INDONESIAN.get(word, 10) for word in part.split()]
    return float(f"{value}." + "".join(map(str, places))) if all(each < 10 for each in places) else None


def _indonesian_word(word: str) -> tuple[str, int] | None:
    for prefixed, unit in (("seratus", 100), ("seribu", 1_000), ("sejuta", 10**6)):
        if word == prefixed:
            return "one", unit
    known = {"belas": ("teen", 10), "puluh": ("ten", 10), "ratus": ("hundred", 100)}
    if word in known:
        return known[word]
    if word in words.INDONESIAN_LARGE:
        return "large", words.INDONESIAN_LARGE[word]
    return ("digit", words.INDONESIAN[word]) if word in words.INDONESIAN else None


def _english(text: str) -> Number | None:
    """twenty-three → 23, a hundred and five → 105, two point five → 2.5, half a dozen → 6."""
    if text in _DOZENS:
        return _DOZENS[text]
    whole, _, part = text.replace("-", " ").partition(" point ")
    spoken = [each for each in whole.split() if each != "and"]
    if spoken[:1] == ["a"] and len(spoken) > 1:
        spoken[0] = "one"
    value = _spoken(spoken, _english_word)
    if value is None or not part:
        return value
    places = [words.ENGLISH.get(word, 10) for word in part.split()]
    return float(f"{value}." + "".join(map(str, places))) if all(each < 10 for each in places) else None


_DOZENS = {"dozen": 12, "a dozen": 12, "one dozen": 12, "half a dozen": 6, "two dozen": 24, "half": 0.5, "a half": 0.5}


def _english_word(word: str) -> tuple[str, int] | None:
    if word == "hundred":
        return "hundred", 100
    if word in words.ENGLISH_LARGE:
        return "large", words.ENGLISH_LARGE[word]
    if word in words.ENGLISH_TENS:
        return "tens", words.ENGLISH_TENS[word]
    return ("digit", words.ENGLISH[word]) if word in words.ENGLISH else None


def _spoken(spoken: list[str], meaning: Callable[[str], tuple[str, int] | None]) -> int | None:
    """A number of words in falling order; None for words that do not make one number."""
    total, block, digit, last, room = 0, 0, -1, LARGEST, LARGEST
    for word in spoken:
        kind, value = meaning(word) or ("", 0)
        if kind == "digit" and digit < 0 and value < room:
            digit = value
        elif kind == "teen" and 1 < digit < 10:
            block, digit, room = block + digit + 10, -1, 1
        elif kind == "ten" and 0 < digit < 10 < room:
            block, digit, room = block + digit * value, -1, value
        elif kind == "hundred" and 0 < block + max(digit, 0) < 100:
            block, digit, room = (block + max(digit, 0)) * value, -1, value
        elif kind == "tens" and digit < 0 and room > 10:
            block, room = block + value, 10
        elif kind == "one" and digit < 0 and value < min(room, last) and (value < 1_000 or not block):
            total, block = (total, block + value) if value < 1_000 else (total + value, block)
            room, last = (value, last) if value < 1_000 else (LARGEST, value)
        elif kind == "large" and value < last and block + max(digit, 0) > 0:
            total, block, digit, last, room = total + (block + max(digit, 0)) * value, 0, -1, value, LARGEST
        else:
            return None
    return total + block + max(digit, 0) if spoken else None


_READERS: dict[str, tuple[Reader, ...]] = {
    "ja": (_japanese,),
    "th": (_thai,),
    "zh": (_chinese,),
    "id": (_indonesian,),
    "en": (_english,),
}
