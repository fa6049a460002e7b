"""Messages with buttons: templates, carousels, lists, imagemaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from runtime.flow.expr import Expression
from runtime.flow.live import Formula, Phrase, Plainish, Plainly, Repeat, Wording, repeat
from runtime.flow.marks import bare
from runtime.flow.reading import Reading
from runtime.flow.shapes import By, Fields, Many, Number, One, Shape, Shapes
from runtime.flow.source import Node
from runtime.flow.state import State
from runtime.flow.steps.buttons import BUTTON, ButtonShape, buttons, fields_of
from runtime.flow.steps.say import SPOKEN, Saying
from runtime.flow.tree import Effects
from runtime.model import Output

RATIO = One(("rectangle", "square"))
SIZE = One(("cover", "contain"))
LOOKS: dict[str, Shape] = {"ratio": RATIO, "size": SIZE, "color": Plainly()}
ACTION = ButtonShape(bare=False)
TAP = ButtonShape(bare=False, more={"label": Wording()})

BUTTONS_FIELDS: dict[str, Shape] = {
    "text": Wording(),
    "title": Wording(),
    "image": Plainly(),
    "buttons": Many(BUTTON, min=1),
    "default": TAP,
    **LOOKS,
}


def built(value: Mapping[str, Any], state: State, ask: str) -> dict[str, Any]:
    """The data of a template, a card or an item: texts and looks as they are, buttons made."""
    plain = {key: part for key, part in value.items() if key not in ("buttons", "default", "button", "if")}
    made = fields_of(plain, state)
    if "buttons" in value:
        made["buttons"] = buttons(value["buttons"], state, ask)
    for key in ("default", "button"):
        if key in value and value[key].stands(state):
            made[key] = value[key].make(state, ask)
    return made


def stands(card: Mapping[str, Any], state: State) -> bool:
    """Whether a card or an item is there at all."""
    shown: Expression | None = card.get("if")
    return shown is None or bool(shown.value(state.scope()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Buttons(Saying):
    """Says a text with up to four buttons."""

    VERB = KIND = "buttons"
    VALUE = By(list=Many(BUTTON, min=1), map=Fields(BUTTONS_FIELDS, needs=("buttons",), what="a text and buttons"))
    KEYS: ClassVar[Shapes] = {**SPOKEN, "text": Wording()}
    text: Phrase | None = None

    def data(self, state: State, ask: str) -> tuple[str, dict[str, Any]]:
        value: dict[str, Any] = {"buttons": self.value} if isinstance(self.value, tuple) else dict(self.value)
        phrase: Phrase | None = value.pop("text", None) or self.text
        return (bare(phrase.text(state)) if phrase else ""), built(value, state, ask)

    @property
    def wordless(self) -> bool:
        """Whether no text is written here."""
        return self.text is None and not (isinstance(self.value, dict) and "text" in self.value)

    def verify(self, reading: Reading, node: Node) -> None:
        if self.wordless and "say" not in node.map:
            reading.tell("missing-key", node.at, f"`{self.VERB}` needs a `text`", fix="add text: …")


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(Buttons):
    """Says a text with two buttons side by side."""

    VERB = KIND = "confirm"
    VALUE = By(
        list=Many(BUTTON, min=2, max=2),
        map=Fields({"text": Wording(), "buttons": Many(BUTTON, min=2, max=2)}, needs=("buttons",)),
    )


CARD: dict[str, Shape] = {
    "if": Formula(),
    "title": Wording(),
    "text": Wording(),
    "image": Plainly(),
    "buttons": Many(BUTTON),
    "default": TAP,
    "color": Plainly(),
}
IMAGE_CARD: dict[str, Shape] = {"if": Formula(), "image": Plainly(), "button": ACTION}
ITEM: dict[str, Shape] = {"if": Formula(), "title": Wording(), "text": Wording(), "image": Plainly(), "button": ACTION}


@dataclass(frozen=True, slots=True)
class Several:
    """Cards: a list of them, or one card for each entry of a list. `part` is the key of that one card."""

    card: Mapping[str, Shape]
    part: str
    needs: tuple[str, ...] = ()
    beside: Mapping[str, Shape] | None = None

    def read(self, node: Node, reading: Reading) -> tuple[Repeat | None, tuple[dict[str, Any], ...]]:
        if node.kind == "map" and "each" in node.map:
            return self._each(node, reading)
        if node.kind != "list":
            reading.wrong(node, f"a list, or a mapping with each: name in list and {self.part}: …")
            return None, ()
        return None, Many(self._one(), min=1).read(node, reading)

    def _one(self) -> Fields:
        return Fields(self.card, needs=self.needs, what=f"a mapping ({self.part})")

    def _each(self, node: Node, reading: Reading) -> tuple[Repeat, tuple[dict[str, Any], ...]]:
        each = repeat(node.map["each"], reading)
        with reading.knowing((each.name,)):
            made = self._spread().read(node, reading)
        card = dict(made.pop(self.part, {}))
        made.pop("each", None)
        missing = [key for key in self.needs if key not in card and key not in made]
        if missing and self.part in node.map:
            reading.tell("missing-key", node.map[self.part].at, f"`{missing[0]}` is missing here")
        return each, ({**card, **made},)

    def _spread(self) -> Fields:
        beside = self.beside or {}
        inner = Fields(self.card, what=f"a mapping ({self.part})")
        return Fields({"each": Plainish(), self.part: inner, **beside}, needs=("each", self.part))

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "array", "items": self._one().schema(), "minItems": 1}, self._spread().schema()]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Saying):
    """Several cards, written out or one for each entry of a list; none at all is the `alt` text."""

    PART: ClassVar[str] = "cards"

    def cards(self, state: State, ask: str) -> list[dict[str, Any]]:
        each, cards = self.value
        if each is None:
            return [built(card, state, ask) for card in cards if stands(card, state)]
        made = []
        for entry in each.entries(state):
            with state.naming(each.name, entry):
                made += [built(card, state, ask) for card in cards if stands(card, state)]
        return made

    def run(self, state: State) -> Effects | None:
        said = self.output(state, "")
        if said.kind == self.KIND or said.text:
            state.out(said)
        else:
            state.note(self, said="nothing: there are no entries")
        return None

    def output(self, state: State, ask: str) -> Output:
        made = Saying.output(self, state, ask)
        if made.data[self.PART]:
            return made
        return Output(kind="text", text=made.alt, quick=made.quick, sender=made.sender, at=self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards(Row):
    """Sends cards to swipe through."""

    VERB = KIND = "cards"
    VALUE = Several(CARD, "card", needs=("text",), beside={"buttons": Many(BUTTON)})
    KEYS: ClassVar[Shapes] = {**SPOKEN, "ratio": RATIO, "size": SIZE}
    ratio: str = ""
    size: str = ""

    def data(self, state: State, ask: str) -> tuple[str, dict[str, Any]]:
        looks = {"ratio": self.ratio, "size": self.size}
        return "", {"cards": self.cards(state, ask)} | {key: value for key, value in looks.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageCards(Row):
    """Sends pictures to swipe through, each one button."""

    VERB = KIND = "image_cards"
    VALUE = Several(IMAGE_CARD, "card", needs=("image", "button"), beside={"button": ACTION})

    def data(self, state: State, ask: str) -> tuple[str, dict[str, Any]]:
        return "", {"cards": self.cards(state, ask)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Row):
    """Sends a list in one bubble."""

    VERB = KIND = "list"
    PART = "items"
    VALUE = Several(ITEM, "item", needs=("title",), beside={"button": ACTION})
    KEYS: ClassVar[Shapes] = {**SPOKEN, "title": Wording()}
    title: Phrase | None = None

    def data(self, state: State, ask: str) -> tuple[str, dict[str, Any]]:
        made: dict[str, Any] = {"items": self.cards(state, ask)}
        return "", made | ({"title": bare(self.title.text(state))} if self.title else {})


AREA = ButtonShape(
    bare=False, more={key: Number(min=0) for key in ("x", "y", "width", "height")} | {"label": Wording()}
)
VIDEO_AREA = Fields({key: Number(min=0) for key in ("x", "y", "width", "height")}, needs=("x", "y", "width", "height"))
IMAGEMAP: dict[str, Shape] = {
    "base": Plainly(),
    "size": Fields({"width": Number(min=1), "height": Number(min=1)}, needs=("width", "height")),
    "areas": Many(AREA, max=50),
    "video": Fields(
        {
            "url": Plainly(),
            "preview": Plainly(),
            "area": VIDEO_AREA,
            "link": Fields({"url": Plainly(), "label": Wording()}, needs=("url", "label")),
        },
        needs=("url", "preview", "area"),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Imagemap(Saying):
    """Sends a picture with areas to tap: https://developers.line.biz/en/reference/messaging-api/#imagemap-message"""

    VERB = KIND = "imagemap"
    VALUE = Fields(IMAGEMAP, needs=("base", "size", "areas"), what="an imagemap")

    def data(self, state: State, ask: str) -> tuple[str, dict[str, Any]]:
        made: dict[str, Any] = {"base": self.value["base"].render(state.scope()), "size": self.value["size"]}
        made["areas"] = buttons(self.value["areas"], state, ask)
        if video := self.value.get("video"):
            made["video"] = _deep(video, state)
        return "", made


def _deep(value: Any, state: State) -> Any:
    made = fields_of({key: part for key, part in value.items() if not isinstance(part, dict)}, state)
    return made | {key: _deep(part, state) for key, part in value.items() if isinstance(part, dict)}
