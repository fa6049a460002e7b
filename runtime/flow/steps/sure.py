"""`confirm` of a question: the answer is said back, and taken when the user says yes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.flow.answers import read_yes_no
from runtime.flow.compiling import Steps
from runtime.flow.live import Wording
from runtime.flow.reading import Reading
from runtime.flow.shapes import Fields
from runtime.flow.source import Node
from runtime.flow.state import State
from runtime.flow.tree import Step
from runtime.flow.triggers import addressed
from runtime.model import Output

LABELS = {
    "ja": ("はい", "いいえ"),
    "th": ("ใช่", "ไม่ใช่"),
    "zh": ("對", "不對"),
    "id": ("Ya", "Bukan"),
    "en": ("Yes", "No"),
}
FIELDS = Fields(
    {"say": Wording(), "yes": Wording(), "no": Wording(), "wrong": Steps(say=True, aside=True)},
    needs=("say",),
    what="a mapping",
)
KEPT = "sure"
"""Where the waiting question keeps the answer that is to be confirmed."""


def meant(node: Node | None) -> bool:
    """Whether `confirm` says an answer back; else it shows two buttons."""
    return node is not None and (node.kind in ("text", "number") or node.get("say") is not None)


def read(node: Node, reading: Reading) -> Mapping[str, Any]:
    """A text, or `{say, yes, no, wrong}`; the answer is `answer` in it."""
    with reading.knowing(("answer",)):
        made: dict[str, Any] = (
            FIELDS.read(node, reading) if node.kind == "map" else {"say": Wording().read(node, reading)}
        )
    return made


def schema() -> dict[str, Any]:
    return {"anyOf": [Wording().schema(), FIELDS.schema()]}


def say_back(parts: Mapping[str, Any], answer: Any, step: Step, state: State) -> Output:
    """The answer, with two buttons."""
    labels = LABELS.get(state.language.split("-")[0], LABELS["en"])
    with state.naming("answer", answer):
        text = parts["say"].text(state)
    buttons = []
    for key, label in zip(("yes", "no"), labels, strict=True):
        shown = parts[key].text(state) if key in parts else label
        buttons.append({"label": shown, "value": key, "ask": step.name})
    return Output(kind="confirm", text=text, data={"buttons": buttons}, alt=text, at=step.at)


def verdict(parts: Mapping[str, Any], state: State) -> bool | None:
    """Whether the user says yes or no; None for anything else."""
    event = state.event
    if event.kind == "postback":
        said = str((event.data.get("values") or {}).get("answer", ""))
        return {"yes": True, "no": False}.get(said)
    if event.kind != "message" or event.data.get("type", "text") != "text":
        return None
    text = addressed(event)
    for key, meaning in (("yes", True), ("no", False)):
        if key in parts and parts[key].text(state).strip().lower() == text.strip().lower():
            return meaning
    return read_yes_no(text, state.language)
