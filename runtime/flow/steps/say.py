"""What the bot says: texts, stickers, pictures, places, raw messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from runtime.flow.expr import Template
from runtime.flow.filling import Filling, fill
from runtime.flow.live import Fixed, Phrase, Plainly, Wording
from runtime.flow.marks import OPEN, emoji, settle
from runtime.flow.reading import Reading
from runtime.flow.shapes import By, Dict, Fields, Flag, Many, One, Plain, Shape, Shapes, Span
from runtime.flow.source import Node
from runtime.flow.state import State
from runtime.flow.steps.buttons import BUTTON, Button, SenderShape, buttons, fields_of, said
from runtime.flow.tree import Effects, Step
from runtime.model import Output

SPOKEN: dict[str, Shape] = {
    "quick": Many(BUTTON, max=13),
    "alt": Wording(),
    "sender": SenderShape(),
    "private": Flag(),
    "to": One(("user", "agent", "both")),
}
"""Keys of everything that is said. At most 13 quick replies:
https://developers.line.biz/en/reference/messaging-api/#items-object"""


EMOJI = Plain(r"[0-9a-f]{24}/\d{3}", "an emoji of LINE, written product/number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying(Step):
    """Something that is said. A kind is the data it makes: see `data`."""

    KIND: ClassVar[str] = ""
    KEYS: ClassVar[Shapes] = SPOKEN

    value: Any = None
    quick: tuple[Button, ...] = ()
    alt: Phrase | None = None
    sender: dict[str, Any] | None = None
    private: bool = False
    to: Literal["user", "agent", "both"] = "both"

    def run(self, state: State) -> Effects | None:
        state.out(self.output(state, ""))
        return None

    def output(self, state: State, ask: str) -> Output:
        """What is said; taps on its buttons answer the question `ask`."""
        text, data = self.data(state, ask)
        return Output(
            kind=self.KIND,
            text=text,
            data=data,
            quick=tuple(buttons(self.quick, state, ask)) if self.quick else (),
            alt=said(self.alt, state) if self.alt is not None else "",
            sender=fields_of(self.sender, state) if self.sender else {},
            private=self.private,
            to=self.to,
            at=self.at,
        )

    def data(self, state: State, ask: str) -> tuple[str, dict[str, Any]]:
        """Text and data of the output."""
        return "", fields_of(self.value, state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(Saying):
    """Says a text."""

    VERB = "say"
    KIND = "text"
    VALUE = Wording()
    KEYS: ClassVar[Shapes] = {**SPOKEN, "quote": By(scalar=Plainly()), "emoji": Dict(EMOJI)}
    quote: Template | None = None
    emoji: Mapping[str, str] | None = None

    def data(self, state: State, ask: str) -> tuple[str, dict[str, Any]]:
        text = self.value.text(state)
        if self.emoji:
            for sign, name in self.emoji.items():
                text = text.replace(sign, emoji(name))
        if OPEN not in text:
            return text, quoted(self.quote, state) if self.quote is not None else {}
        text, marked = settle(text, state.event.user, str(state.profile.get("name") or ""))
        return text, quoted(self.quote, state) | marked


def quoted(quote: Template | None, state: State) -> dict[str, Any]:
    """The token of the message that is quoted: `true` means the user's own."""
    if quote is None:
        return {}
    token = quote.render(state.scope())
    if token == "true":
        token = str(state.event.data.get("quote_token") or "")
    return {"quote": token} if token and token != "false" else {}


@dataclass(frozen=True, slots=True)
class StickerShape:
    """`package/sticker`, or both by name."""

    def read(self, node: Node, reading: Reading) -> dict[str, Any]:
        if node.kind == "text":
            package, _, sticker = node.text.partition("/")
            if "{{" not in node.text and not (package.strip().isdecimal() and sticker.strip().isdecimal()):
                reading.tell("wrong-form", node.at, f"`{node.text}` is no sticker", fix='write "446/1988"')
            return {"both": Plainly().read(node, reading)}
        made: dict[str, Any] = _STICKER.read(node, reading)
        return made

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "string", "pattern": r"^\s*\d+\s*/\s*\d+\s*$|\{\{"}, _STICKER.schema()]}


_STICKER = Fields({"package": Plainly(), "sticker": Plainly()}, needs=("package", "sticker"), what="a sticker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sticker(Saying):
    """Sends a sticker of LINE's: https://developers.line.biz/en/docs/messaging-api/sticker-list/"""

    VERB = KIND = "sticker"
    VALUE = StickerShape()
    KEYS: ClassVar[Shapes] = {**SPOKEN, "quote": By(scalar=Plainly())}
    quote: Template | None = None

    def data(self, state: State, ask: str) -> tuple[str, dict[str, Any]]:
        made = fields_of(self.value, state)
        if "both" in made:
            package, _, sticker = made["both"].partition("/")
            made = {"package": package.strip(), "sticker": sticker.strip()}
        return "", made | quoted(self.quote, state)


def _media(*keys: str, **more: Shape) -> By:
    shapes: dict[str, Shape] = {**{key: Plainly() for key in ("url", *keys)}, **more}
    return By(scalar=Plainly(), map=Fields(shapes, needs=("url",)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Media(Saying):
    """A file by its address; a path without `https:` is a file under the flows' folder."""

    def data(self, state: State, ask: str) -> tuple[str, dict[str, Any]]:
        value = {"url": self.value} if isinstance(self.value, Template) else self.value
        return "", fields_of(value, state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Image(Media):
    """Sends a picture."""

    VERB = KIND = "image"
    VALUE = _media("preview")


@dataclass(frozen=True, slots=True, kw_only=True)
class Video(Media):
    """Sends a video with the picture that stands for it."""

    VERB = KIND = "video"
    VALUE = Fields(
        {"url": Plainly(), "preview": Plainly(), "tracking": Plainly()}, needs=("url", "preview"), what="a video"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio(Media):
    """Sends a sound and how long it lasts."""

    VERB = KIND = "audio"
    VALUE = Fields({"url": Plainly(), "duration": Span(min=1)}, needs=("url", "duration"), what="a sound")


@dataclass(frozen=True, slots=True, kw_only=True)
class Location(Saying):
    """Sends a place on the map."""

    VERB = KIND = "location"
    VALUE = Fields(
        {
            "title": Wording(),
            "address": Wording(),
            "latitude": Filling(schemas={"type": ["number", "string"]}),
            "longitude": Filling(schemas={"type": ["number", "string"]}),
        },
        needs=("title", "address", "latitude", "longitude"),
        what="a place",
    )


@dataclass(frozen=True, slots=True)
class FlexShape:
    """The contents of a Flex message, on the spot or as the name of a file `cards/….json`."""

    def read(self, node: Node, reading: Reading) -> Any:
        filling = Filling(free=False, texts=True)
        if node.kind == "map":
            return filling.read(node, reading)
        if node.kind != "text":
            reading.wrong(node, "a file such as cards/receipt.json, or the contents of a Flex message")
            return Fixed({})
        reading.files.add(node.text)
        card = reading.cards.get(node.text)
        if card is None:
            reading.no_card(node)
            return Fixed({})
        return filling.read(card, reading)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "object"}, {"type": "string", "pattern": r"\.json$"}]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flex(Saying):
    """Sends a Flex message: https://developers.line.biz/en/reference/messaging-api/#flex-message"""

    VERB = KIND = "flex"
    VALUE = FlexShape()

    def data(self, state: State, ask: str) -> tuple[str, dict[str, Any]]:
        return "", {"contents": fill(self.value, state)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon(Saying):
    """Sends a coupon of the account: https://developers.line.biz/en/reference/messaging-api/#coupon-message"""

    VERB = KIND = "coupon"
    VALUE = By(scalar=Plainly(), map=Fields({"coupon": Plainly(), "tag": Plainly()}, needs=("coupon",)))

    def data(self, state: State, ask: str) -> tuple[str, dict[str, Any]]:
        return "", fields_of({"coupon": self.value} if isinstance(self.value, Template) else self.value, state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Saying):
    """Sends a message object of LINE's as it is written, `{{ }}` filled in."""

    VERB = KIND = "line"
    VALUE = Filling(free=False, texts=True, only="map")

    def data(self, state: State, ask: str) -> tuple[str, dict[str, Any]]:
        return "", {"message": fill(self.value, state)}

    def verify(self, reading: Reading, node: Node) -> None:
        raw = node.get("line")
        if raw is not None and raw.kind == "map" and "type" not in raw.map:
            reading.tell("missing-key", raw.at, "a LINE message has a `type`", fix="add type: text")
