"""Entries by language, and what to say of a code that is none of the endpoint's languages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.flow.locales import is_language, locale
from runtime.flow.nodes import Node
from runtime.flow.reading import LANGUAGE, Reading, meant
from runtime.flow.shapes import Many, Shape

COUNTRIES: dict[str, str] = {
    **dict.fromkeys(("jp", "jap", "jpn"), "ja"),
    **dict.fromkeys(("us", "gb", "uk", "eng"), "en"),
    **dict.fromkeys(("cn", "chn"), "zh-CN"),
    **dict.fromkeys(("tw", "zht"), "zh-TW"),
    "hk": "zh-HK",
    "kr": "ko",
    "vn": "vi",
    "tha": "th",
    "ind": "id",
}
"""Codes of countries and other short words that are taken for codes of languages."""


def code_of(word: str) -> str:
    """`ja` of `japanese` or `jp`; empty for what is neither a language's name nor a country's code."""
    plain = word.strip().lower()
    if plain in COUNTRIES:
        return COUNTRIES[plain]
    return next((code for code, name in locale("en").languages.items() if name.lower() == plain), "")


def tongue(word: str, known: Iterable[str]) -> str:
    """The known language that a word most likely means, or nothing."""
    languages, code = list(known), code_of(word)
    same = [one for one in languages if code and one.lower() == code.lower()]
    base = (code or word.lower().replace("_", "-")).split("-")[0]
    kin = [one for one in languages if base and one.lower().split("-")[0] == base]
    return next(iter([*same, *kin]), "") or meant(word, languages)


def missing(there: Iterable[str], known: Sequence[str]) -> list[str]:
    """Languages that nothing is written in, also under a code that most likely means them."""
    bases = {(one if one in known else tongue(one, known) or one).lower().split("-")[0] for one in there}
    return [one for one in known if one.lower().split("-")[0] not in bases]


def by_language(keys: Iterable[str], known: Collection[str]) -> bool:
    """Whether a mapping with these keys is a text by language, also where some are not the endpoint's."""
    codes = set(keys) - {"any", "next"}
    several = bool(codes & set(known)) and all(is_language(one) or code_of(one) for one in codes)
    return several or codes <= set(known)


def strange(language: str, node: Node, reading: Reading, known: Sequence[str] = ()) -> None:
    """Tell of a key that should be one of the endpoint's languages."""
    known = known or reading.languages
    close = tongue(language, known)
    own = not close and is_language(language)
    reading.tell(
        "unknown-language",
        node.key_at(language),
        f"`{language}` is no language of this endpoint" + (f"; did you mean `{close}`?" if close else ""),
        fix=f"write {close}: …" if close else f"known here: {', '.join(known)}",
        severity="hint" if own else "warning",
    )


@dataclass(frozen=True, slots=True)
class ByLanguage:
    """Language → one entry or several."""

    of: Shape

    def read(self, node: Node, reading: Reading) -> dict[str, tuple[Any, ...]]:
        made: dict[str, tuple[Any, ...]] = {}
        if node.kind != "map" or not node.map:
            fix = f"write a line for each language: {reading.languages[0]}: […]"
            reading.wrong(node, "entries by language", fix=fix)
            return made
        for language, one in node.map.items():
            if language not in reading.languages:
                strange(language, node, reading)
            with reading.inside(language):
                made[language] = Many(self.of, min=1, single=True).read(one, reading)
        return made

    def schema(self) -> dict[str, Any]:
        several = Many(self.of, min=1, single=True).schema()
        by = {"type": "object", "patternProperties": {f"^{LANGUAGE}$": several}, "minProperties": 1}
        return {**by, "additionalProperties": False}
