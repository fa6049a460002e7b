"""A message of the bot as a person sees it, and what a test may say about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.flow.nodes import Node
from runtime.flow.reading import Reading
from runtime.flow.shapes import By, Fields, Flag, Many, Number, One, Plain, Shape
from runtime.model import Message
from runtime.simulator.buttons import Button, buttons
from runtime.simulator.values import Said
from runtime.transcript.words import Pattern, Wording, Words

MODES = ("date", "time", "datetime")


@dataclass(frozen=True, slots=True)
class Anything:
    """A value that is taken as it is."""

    def read(self, node: Node, reading: Reading) -> Any:
        return node.plain()

    def schema(self) -> dict[str, Any]:
        return {}


@dataclass(frozen=True, slots=True)
class Object(Anything):
    """A mapping that is taken as it is."""

    def read(self, node: Node, reading: Reading) -> Any:
        if node.kind != "map":
            reading.wrong(node, "a mapping")
        return node.plain()

    def schema(self) -> dict[str, Any]:
        return {"type": "object"}


@dataclass(frozen=True, slots=True)
class Shown:
    """`true` for any, a pattern for its words, a mapping for properties of the message object."""

    def read(self, node: Node, reading: Reading) -> Any:
        if node.kind == "bool":
            return Flag().read(node, reading)
        return node.plain() if node.kind == "map" else Wording().read(node, reading)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": ["boolean", "string", "number"]}, {"type": "object"}]}


PICKER = By(
    One(MODES), map=Fields({"mode": One(MODES), "min": Plain(), "max": Plain(), "initial": Plain()}, needs=("mode",))
)
CARDS = By(Number(0), list=Many(Wording()))
LABELS = Many(Wording())

# ── what a message says ───────────────────────────────────────────────────────────────────────────────────────


def texts(message: Message) -> list[str]:
    """What a plain text of a test is compared with: the words, and the notification text of what has no words."""
    found = [message.get("text"), (message.get("template") or {}).get("text"), message.get("altText")]
    return [text for text in found if isinstance(text, str)]


def quick(message: Message) -> list[Button]:
    return [button for button in buttons(message) if button.place == "quick"]


def own_buttons(message: Message) -> list[Button]:
    return [button for button in buttons(message) if button.place != "quick"]


def cards(message: Message) -> list[str]:
    """The titles of cards side by side (their texts, where they have none)."""
    template, contents = message.get("template") or {}, message.get("contents") or {}
    if template.get("type") in ("carousel", "image_carousel"):
        return [str(one.get("title") or one.get("text") or "") for one in template.get("columns", ())]
    if contents.get("type") == "carousel":
        return [next(flex_texts(bubble), "") for bubble in contents.get("contents", ())]
    return []


def flex_texts(part: Any) -> Iterator[str]:
    """Every text in a Flex message, as it is read."""
    if isinstance(part, list):
        for one in part:
            yield from flex_texts(one)
    elif isinstance(part, Mapping):
        if part.get("type") in ("text", "span") and isinstance(part.get("text"), str):
            yield part["text"]
        for name in ("header", "hero", "body", "footer", "contents"):
            yield from flex_texts(part.get(name))


def pickers(message: Message) -> list[Mapping[str, Any]]:
    return [button.action for button in buttons(message) if button.action.get("type") == "datetimepicker"]


def within(wanted: Any, found: Any) -> bool:
    """Whether everything that is wanted is there; what else there is does not matter."""
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(
            name in found and within(one, found[name]) for name, one in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(found, list) and len(wanted) == len(found) and all(map(within, wanted, found))
    return bool(wanted == found)


# ── what a test says about it ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Part:
    """One thing a test may say: how it is written, whether it is so."""

    shape: Shape
    fits: Callable[[Any, Said, Words], bool]
    says: str


def _words(pattern: Pattern, said: Said, words: Words) -> bool:
    return any(words.fits(pattern, text) for text in texts(said.message))


def _labels(found: Callable[[Message], list[Button]]) -> Callable[[Any, Said, Words], bool]:
    def fits(wanted: tuple[Pattern, ...], said: Said, words: Words) -> bool:
        labels = [button.label for button in found(said.message)]
        return len(labels) == len(wanted) and all(map(words.fits, wanted, labels))

    return fits


def _cards(wanted: int | tuple[Pattern, ...], said: Said, words: Words) -> bool:
    found = cards(said.message)
    if isinstance(wanted, int):
        return len(found) == wanted
    return len(found) == len(wanted) and all(map(words.fits, wanted, found))


def _picker(wanted: str | Mapping[str, str], said: Said, words: Words) -> bool:
    asked = {"mode": wanted} if isinstance(wanted, str) else wanted
    return any(within(asked, {**one}) for one in pickers(said.message))


def _media(kind: str, *names: str) -> Callable[[Any, Said, Words], bool]:
    """A message of a type; a pattern is for its words or addresses under these names."""

    def fits(wanted: Any, said: Said, words: Words) -> bool:
        message = said.message
        if message["type"] != kind or wanted is False:
            return (message["type"] != kind) and wanted is False
        if isinstance(wanted, Pattern):
            found = flex_texts(message.get("contents")) if kind == "flex" else iter(())
            return any(words.fits(wanted, str(text)) for text in (*(message.get(name) for name in names), *found))
        return wanted is True or within(wanted, message.get("contents") if kind == "flex" else message)

    return fits


def _sticker(wanted: Any, said: Said, words: Words) -> bool:
    message = said.message
    if not isinstance(wanted, Pattern):
        return _media("sticker")(wanted, said, words)
    return message["type"] == "sticker" and words.fits(wanted, f"{message['packageId']}/{message['stickerId']}")


def _sender(wanted: Pattern, said: Said, words: Words) -> bool:
    return words.fits(wanted, str((said.message.get("sender") or {}).get("name", "")))


PARTS: dict[str, Part] = {
    "text": Part(Wording(), _words, "its words, or the notification text of what has none"),
    "alt": Part(
        Wording(), lambda wanted, said, words: words.fits(wanted, said.message.get("altText", "")), "notification text"
    ),
    "quick": Part(LABELS, _labels(quick), "the labels of its quick replies"),
    "buttons": Part(LABELS, _labels(own_buttons), "the labels of its buttons"),
    "cards": Part(CARDS, _cards, "how many cards, or their titles"),
    "picker": Part(PICKER, _picker, "a date, time or datetime picker"),
    "flex": Part(Shown(), _media("flex", "altText"), "a Flex message: true, words in it, or a part of its contents"),
    "image": Part(Shown(), _media("image", "originalContentUrl"), "a picture: true, or its address"),
    "video": Part(Shown(), _media("video", "originalContentUrl"), "a video"),
    "audio": Part(Shown(), _media("audio", "originalContentUrl"), "a sound"),
    "sticker": Part(Shown(), _sticker, "a sticker: true, or package/sticker"),
    "location": Part(Shown(), _media("location", "title", "address"), "a place: true, its title or its address"),
    "imagemap": Part(Shown(), _media("imagemap", "altText", "baseUrl"), "an imagemap"),
    "coupon": Part(Shown(), _media("coupon", "couponId"), "a coupon: true, or its id"),
    "sender": Part(Wording(), _sender, "the sender's name"),
    "via": Part(One(("reply", "push")), lambda wanted, said, words: bool(said.via == wanted), "how it came"),
    "line": Part(Object(), lambda wanted, said, words: within(wanted, said.message), "a part of LINE's message object"),
}
"""Name → what a test says by it. All that is said of one message has to be so."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a test wants one message to be."""

    parts: Mapping[str, Any]
    node: Node

    def fits(self, said: Said, words: Words) -> bool:
        return all(PARTS[name].fits(value, said, words) for name, value in self.parts.items())

    def lacks(self, said: Said, words: Words) -> list[str]:
        """Which parts are not so."""
        return [name for name, value in self.parts.items() if not PARTS[name].fits(value, said, words)]


@dataclass(frozen=True, slots=True)
class WantedShape:
    """One message of the bot: its words, or a mapping."""

    def read(self, node: Node, reading: Reading) -> Wanted:
        spoken = node.kind == "map" and bool(node.map) and set(node.map) <= set(reading.languages)
        if node.kind != "map" or spoken:
            return Wanted({"text": Wording().read(node, reading)}, node)
        shapes = {name: part.shape for name, part in PARTS.items()}
        return Wanted(Fields(shapes, what="a message").read(node, reading), node)

    def schema(self) -> dict[str, Any]:
        named = {name: {**part.shape.schema(), "description": part.says} for name, part in PARTS.items()}
        return {"anyOf": [Wording().schema(), {"type": "object", "properties": named, "additionalProperties": False}]}
