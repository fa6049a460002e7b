"""A rating: stars, a score from 1 to 10, the likelihood to recommend (0 to 10), or a thumb."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from runtime.errors import NorenError
from runtime.flow import answers
from runtime.flow.expr import Expression, Template
from runtime.flow.filters import plain_text
from runtime.flow.live import Formula, Plainly
from runtime.flow.reading import Reading
from runtime.flow.shapes import One, Shapes, Word
from runtime.flow.source import Node
from runtime.flow.state import State
from runtime.flow.steps import kinds
from runtime.flow.steps.ask import Ask
from runtime.flow.steps.questions import judge_question
from runtime.flow.tree import Effects
from runtime.model import Data
from runtime.text import fold

SCALES: Mapping[str, tuple[int, ...]] = {
    "5": tuple(range(1, 6)),
    "10": tuple(range(1, 11)),
    "nps": tuple(range(11)),
    "thumbs": (1, -1),
}
"""Scale → its scores, in the order of the buttons. `nps` asks how likely somebody is to recommend."""
STYLES = ("stars", "numbers", "thumbs")
STAR, HOLLOW = "★", "☆"
STARS = re.compile(r"[★⭐🌟☆✩]+")
OUT_OF = re.compile(
    r"\s*(?:/|out of|of|dari|จาก|เต็ม|点中|分中|中)\s*(?:5|10|五|十)\s*(?:点|分|stars?)?\s*$", re.IGNORECASE
)
UNITS = re.compile(
    r"つ星|個星|颗星|顆星|星|點|つ|点|分|stars?\b|points?\b|ดาว|คะแนน|bintang|poin",
    re.IGNORECASE,
)
THUMBS = {"👍": 1, "👎": -1}
PLAIN = {0xFE0F: None, **dict.fromkeys(range(0x1F3FB, 0x1F400))}
"""Signs that only colour an emoji."""
GOOD = frozenset(
    fold(word)
    for word in (
        *(
            "good",
            "great",
            "良い",
            "よい",
            "いい",
            "良かった",
            "よかった",
            "良かったです",
            "よかったです",
            "最高",
            "満足",
            "満足です",
        ),
        *("好", "很好", "讚", "赞", "不錯", "不错", "滿意", "很滿意", "ดี", "ดีค่ะ", "ดีครับ", "ดีมาก", "ดีมากค่ะ", "ดีมากครับ"),
        *("เยี่ยม", "พอใจ", "ประทับใจ", "bagus", "baik", "puas", "sangat puas", "mantap"),
    )
)
BAD = frozenset(
    fold(word)
    for word in (
        *(
            "bad",
            "poor",
            "悪い",
            "わるい",
            "悪かった",
            "悪かったです",
            "良くない",
            "よくない",
            "良くなかった",
            "よくなかった",
        ),
        *(
            "最悪",
            "不満",
            "不満です",
            "いまいち",
            "不好",
            "差",
            "很差",
            "不滿意",
            "很不滿意",
            "แย่",
            "แย่ค่ะ",
            "แย่ครับ",
            "แย่มาก",
        ),
        *("ไม่ดี", "ไม่พอใจ", "ไม่ประทับใจ", "buruk", "jelek", "tidak puas", "kurang puas", "kecewa", "mengecewakan"),
    )
)
LEFT_OUT = ("type", "options", "pattern", "picker", "min", "max", "unit", "currency", "forget")


@dataclass(frozen=True, slots=True)
class Scale:
    """`5`, `10`, `nps` or `thumbs`."""

    def read(self, node: Node, reading: Reading) -> str:
        if node.kind == "number" and node.text in SCALES:
            return node.text
        return One(tuple(SCALES)).read(node, reading)

    def schema(self) -> dict[str, Any]:
        return {"enum": [int(name) if name.isdecimal() else name for name in SCALES]}


@dataclass(frozen=True, slots=True)
class Named(Word):
    """The name of a rating."""

    def read(self, node: Node, reading: Reading) -> str:
        if node.text in SCALES:
            fix = f"write rate: service, and below it scale: {node.text}"
            reading.tell("wrong-form", node.at, f"`{node.text}` is a scale; behind `rate` stands a name", fix=fix)
            return "service"
        return Word.read(self, node, reading)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(Ask):
    """Asks for a rating and notes it for reports. With `score` it asks nothing: it notes what was given elsewhere."""

    VERB = "rate"
    VALUE = Named()
    KEYS: ClassVar[Shapes] = {
        **{key: shape for key, shape in Ask.KEYS.items() if key not in LEFT_OUT},
        "scale": Scale(),
        "style": One(STYLES),
        "score": Formula(),
        "comment": Plainly(),
    }

    scale: str = "5"
    style: str = ""
    score: Expression | None = None
    comment: Template | None = None
    buttons: bool = True

    def run(self, state: State) -> Effects | None:
        if self.score is None:
            return Ask.run(self, state)
        given = self.score.value(state.scope())
        if given is None:
            state.note(self, skipped="no rating")
        elif given not in SCALES[self.scale]:
            raise NorenError(f"a rating on the scale `{self.scale}` cannot be {plain_text(given)[:40]}", at=self.at)
        else:
            self.keep(state, given)
        return None

    def quick(self, state: State) -> tuple[Data, ...]:
        own = Ask.quick(self, state)
        if not self.buttons:
            return own
        return (*({"label": self.face(one), "value": str(one), "ask": self.name} for one in SCALES[self.scale]), *own)

    def face(self, score: int) -> str:
        """What stands on the button of a score."""
        style = self.style or {"5": "stars", "thumbs": "thumbs"}.get(self.scale, "numbers")
        if style == "thumbs":
            return next((face for face, value in THUMBS.items() if value == score), str(score))
        return STAR * score if style == "stars" and score > 0 else str(score)

    def understood(self, state: State, text: str) -> Any:
        found = self._score(text.strip(), state.language)
        return found if found in SCALES[self.scale] else None

    def _score(self, text: str, language: str) -> int | None:
        """`4`, `四つ星`, `★★★★☆`, `4/5`, `bintang 4`, a thumb."""
        plain = text.translate(PLAIN)
        if self.scale == "thumbs":
            return _thumb(plain, language)
        if STARS.fullmatch(plain):
            return len(plain) - sum(plain.count(hollow) for hollow in "☆✩") or len(plain)
        bare = UNITS.sub(" ", OUT_OF.sub("", plain)).strip()
        found = answers.read_number(bare, language, integer=True)
        return int(found) if found is not None else None

    def keep(self, state: State, answer: Any) -> None:
        Ask.keep(self, state, answer)
        said = self.comment.render(state.scope()) if self.comment is not None else ""
        state.note(self, rating=answer, rates=self.value, scale=self.scale, **({"comment": said} if said else {}))

    @property
    def waits(self) -> bool:
        return self.score is None

    @property
    def asks(self) -> bool:
        return self.score is None

    @classmethod
    def parts(cls, node: Node, reading: Reading) -> dict[str, Any]:
        return {**super(Rate, cls).parts(node, reading), "type": "int", "buttons": not kinds.gives_values(node)}

    def verify(self, reading: Reading, node: Node) -> None:
        if self.score is None:
            judge_question(self, reading, node)
        elif self.said:
            reading.tell("one-of", node.key_at("score"), "a rating with `score` asks nothing", fix="take out its words")
        if self.style == "thumbs" and self.scale != "thumbs":
            reading.tell("one-of", node.key_at("style"), "thumbs go with `scale: thumbs`", fix="write scale: thumbs")
        if self.style == "stars" and self.scale not in ("5", "10"):
            reading.tell("one-of", node.key_at("style"), "stars go with a scale of 5 or 10", fix="write style: numbers")


def _thumb(text: str, language: str) -> int | None:
    """Thumbs, words for good and bad, yes and no."""
    if text in THUMBS:
        return THUMBS[text]
    if text in ("1", "-1", "+1"):
        return int(text)
    word = fold(text)
    if word in GOOD or word in BAD:
        return 1 if word in GOOD else -1
    said = answers.read_yes_no(text, language)
    return None if said is None else 1 if said else -1
