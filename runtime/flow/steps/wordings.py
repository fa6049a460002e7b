"""How a question is worded: any of the things the bot can say, written as keys of the question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from runtime.flow.live import Phrase, Wording
from runtime.flow.reading import Reading
from runtime.flow.shapes import Fields, Shape
from runtime.flow.source import Node
from runtime.flow.steps import sure
from runtime.flow.steps.buttons import Button
from runtime.flow.steps.cards import Buttons, Cards, Confirm, ImageCards, Imagemap, Listing
from runtime.flow.steps.say import SPOKEN, Audio, Coupon, Flex, Image, Line, Location, Say, Saying, Sticker, Video

KINDS: dict[str, type[Saying]] = {
    kind.VERB: kind
    for kind in (
        *(Say, Sticker, Image, Video, Audio, Imagemap, Buttons, Confirm, Cards, ImageCards, Listing, Flex, Line),
        *(Location, Coupon),
    )
}
"""In the order in which they are said."""

YES_NO = Fields({"yes": Wording(), "no": Wording()}, needs=("yes", "no"), what="a mapping")


@dataclass(frozen=True, slots=True)
class ConfirmShape:
    """As in a `confirm` step, or only the words for yes and no."""

    def read(self, node: Node, reading: Reading) -> Any:
        if node.kind == "map" and {"yes", "no"} & node.map.keys():
            words: dict[str, Phrase] = YES_NO.read(node, reading)
            return tuple(Button({"label": words[key], "value": key}) for key in ("yes", "no") if key in words)
        return Confirm.VALUE.read(node, reading)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [YES_NO.schema(), Confirm.VALUE.schema(), *sure.schema()["anyOf"]]}


VALUES: dict[str, Shape] = {verb: kind.VALUE for verb, kind in KINDS.items()} | {"confirm": ConfirmShape()}
MORE: dict[str, Shape] = {key: shape for kind in KINDS.values() for key, shape in kind.KEYS.items()}
KEYS: Mapping[str, Shape] = {**MORE, **VALUES}


def read(node: Node, reading: Reading) -> tuple[Saying, ...]:
    """What the question says. A text beside buttons without one is the text of the buttons."""
    made: list[Saying] = []
    for verb in (verb for verb in KINDS if verb in node.map and not (verb == "confirm" and sure.meant(node.map[verb]))):
        with reading.inside(verb):
            value = VALUES[verb].read(node.map[verb], reading)
        if value is not None:
            made.append(_one(KINDS[verb], value, node, reading))
    _strangers(node, made, reading)
    if len(made) > 1 and isinstance(made[0], Say) and isinstance(made[1], Buttons) and made[1].wordless:
        made[:2] = [replace(made[1], text=made[0].value)]
    elif made and isinstance(made[0], Buttons) and made[0].wordless:
        reading.tell("missing-key", node.at, f"`{made[0].VERB}` needs a `text`", fix="add say: …")
    return (*(replace(one, quick=()) for one in made[:-1]), *made[-1:])


def _one(kind: type[Saying], value: Any, node: Node, reading: Reading) -> Saying:
    more: dict[str, Any] = {}
    for key, shape in kind.KEYS.items():
        if key in node.map:
            with reading.inside(key):
                more[key] = shape.read(node.map[key], reading)
    return kind(flow=reading.flow, path=reading.path, at=node.at, value=value, **more)


def _strangers(node: Node, made: list[Saying], reading: Reading) -> None:
    """Keys that nothing of what is said knows."""
    known = {key for one in made for key in type(one).KEYS} | SPOKEN.keys()
    for key in node.map:
        if key in MORE and key not in known:
            fix = "write say: …" if key == "text" and not made else "take it out, or say something that knows it"
            message = f"`{key}` is not known beside what this step says"
            reading.tell("unknown-key", node.key_at(key), message, fix=fix)
