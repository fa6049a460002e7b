"""Yes or no."""

from __future__ import annotations

import functools
import re

from runtime.flow.answers.yes_no_words import SIGNS, WORDS
from runtime.text import fold

MAX_CHARS = 60
KINDS = ("open", "no", "yes", "soft", "particle", "polite")

_PUNCTUATION = re.compile(r"[\s.,!?;:~、。・…‥\-–—―()\[\]「」『』\"“”/]+")
_BETWEEN = re.compile(r"\s*[/\n]\s*")
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f]")
_JOINED = re.compile("\u200d[♀♂]")
_LONG = re.compile(r"([^\W\d])\1{2,}")
_DOUBLE = re.compile(r"([^\W\d])\1+")
_TAIL = re.compile(r"([^\W\d])\1+(?!\S)")
_LATIN = re.compile(r"[a-z0-9]")

Table = tuple[dict[str, str], tuple[int, ...]]


def entries(text: str) -> list[str]:
    """The entries of a table, which `/` and line breaks separate."""
    return [each for each in _BETWEEN.split(text.strip()) if each]


def normal(text: str) -> str:
    """Folded, without apostrophes, with single spaces where punctuation stood."""
    plain = fold(text).replace("'", "").replace("’", "").replace("‘", "").replace("〜", "ー")
    return _PUNCTUATION.sub(" ", plain).strip()


def read_yes_no(text: str, language: str = "en") -> bool | None:
    """True or False when the whole text says so; None when it says neither, both, or more than that."""
    if len(text) > MAX_CHARS * 4:
        return None
    plain = normal(text)
    if not plain or len(plain) > MAX_CHARS:
        return _signs(text)
    table = _table(base(language))
    for wording in dict.fromkeys((plain, *(each.sub(r"\1", plain) for each in (_LONG, _TAIL, _DOUBLE)))):
        if kinds := _cover(wording, table):
            return _verdict(kinds)
    return _signs(text)


def base(language: str) -> str:
    """The language without its region: `zh-TW` → `zh`; the old code `in` is Indonesian."""
    tag = language.lower().replace("_", "-").split("-")[0]
    return {"in": "id", "yue": "zh", "cmn": "zh", "nan": "zh"}.get(tag, tag)


def _verdict(kinds: frozenset[str]) -> bool | None:
    if "open" in kinds or {"yes", "no"} <= kinds:
        return None
    if "no" in kinds:
        return False
    return True if kinds & {"yes", "soft", "particle"} else None


def _signs(text: str) -> bool | None:
    """An answer by signs only: 👍, 🙅‍♀️, ⭕."""
    bare = _SKIN.sub("", _JOINED.sub("", text)).replace(" ", "").strip()
    if not bare or len(bare) > 8:
        return None
    found = {_sign_table().get(char, "other") for char in bare}
    return None if len(found) != 1 else {"yes": True, "no": False}.get(found.pop())


@functools.cache
def _sign_table() -> dict[str, str]:
    return {_SKIN.sub("", _JOINED.sub("", sign)): kind for kind, signs in SIGNS.items() for sign in entries(signs)}


@functools.cache
def _table(language: str) -> Table:
    """Words and their kinds: the language's own, then English, then what the others agree upon."""
    others: dict[str, str] = {}
    for tag in WORDS:
        for word, kind in _words(tag).items():
            others[word] = kind if others.get(word, kind) == kind else "open"
    words = {**others, **_words("en"), **_words(language)}
    return words, tuple(sorted({len(word) for word in words}, reverse=True))


def _words(tag: str) -> dict[str, str]:
    kinds = WORDS.get(tag, {})
    return {word: kind for kind in reversed(KINDS) for each in entries(kinds.get(kind, "")) if (word := normal(each))}


def _cover(text: str, table: Table) -> frozenset[str] | None:
    """The kinds of the words that make up the whole text; None when something in it is unknown."""
    words, sizes = table
    failed: set[int] = set()

    def after(at: int, kinds: frozenset[str]) -> frozenset[str] | None:
        while at < len(text) and text[at] == " ":
            at += 1
        if at == len(text):
            return kinds
        for size in sizes if at not in failed else ():
            kind = words.get(text[at : at + size]) if at + size <= len(text) else None
            kind = "polite" if kind == "particle" and at else kind
            if kind and _ends(text, at + size) and (found := after(at + size, kinds | {kind})):
                return found
        failed.add(at)
        return None

    return after(0, frozenset())


def _ends(text: str, at: int) -> bool:
    """Whether a word may end here: not inside a word of letters."""
    return at == len(text) or not (_LATIN.match(text[at - 1]) and _LATIN.match(text[at]))
