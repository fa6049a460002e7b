"""Postbacks that buttons and menus send, held against the triggers that take them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from runtime.flow.filters import plain_text
from runtime.flow.nodes import Node
from runtime.flow.reading import nearest
from runtime.flow.steps.ask import Ask
from runtime.flow.steps.timing import Wait
from runtime.model import Finding

if TYPE_CHECKING:
    from runtime.flow.loader import Found
    from runtime.flow.triggers import Trigger

CONDITIONS = ("start", "anytime", "for", "wait")
"""Keys below which a postback is one that is taken, not one that is sent."""


def judge(found: Found) -> Iterator[Finding]:
    """Buttons of flows whose postback nobody takes, while one that looks alike is taken."""
    wanted = taken(found)
    for name, flow in found.compiled.items() if wanted else ():
        steps = flow.nodes.values()
        if any(isinstance(one, Ask) and one.type in ("data", "any") for one in steps) or any(
            _open(one) for one in steps
        ):
            continue
        for node in _sent(found.nodes[name]):
            data = node.plain()
            if (
                "{{" not in str(data)
                and not any(fits(one, data) for one in wanted or ())
                and (close := alike(data, wanted or ()))
            ):
                message, fix = f"no flow takes this postback{close}", f"write {close.split('`')[1]}"
                yield Finding(code="lost-tap", severity="warning", at=node.at, message=message, fix=fix)


def _open(step: Any) -> bool:
    """Whether a step takes whatever comes."""
    return isinstance(step, Wait) and step.value is None


def _sent(node: Node) -> Iterator[Node]:
    """The data of buttons, wherever they stand."""
    todo = [node]
    while todo:
        one = todo.pop()
        todo += one.items
        for key, inner in one.map.items():
            if key == "postback" and ("label" in one.map or "image" in one.map):
                yield inner
            elif (inner.map or inner.items) and key not in CONDITIONS:
                todo.append(inner)


def taken(found: Found) -> list[Any] | None:
    """The postbacks that flows ask for; None when a trigger may take any, or there is no flow."""
    triggers = list(_triggers(found))
    if not found.compiled or any(_takes_all(one) for one in triggers):
        return None
    return [one.conditions["postback"] for one in triggers if "postback" in one.conditions]


def _triggers(found: Found) -> Iterator[Trigger]:
    for flow in found.compiled.values():
        yield from (*flow.start, *flow.anytime.triggers)
        for step in flow.nodes.values():
            if isinstance(step, Wait) and step.value is not None:
                yield from step.value.triggers


def _takes_all(trigger: Trigger) -> bool:
    """Whether a trigger may take a postback of any data."""
    asked = trigger.conditions.keys()
    return "postback" in trigger.conditions.get("event", ()) or bool(
        {"data", "when"} & asked and not asked - {"data", "when", "language"}
    )


def values(data: Any) -> dict[str, str]:
    """What a postback says by name."""
    return {k: plain_text(v) for k, v in data.items()} if isinstance(data, Mapping) else dict(parse_qsl(str(data)))


def fits(wanted: Any, data: Any) -> bool:
    if isinstance(wanted, str):
        return not isinstance(data, Mapping) and wanted == str(data)
    there = values(data)
    return all(key in there and value in ("*", there[key]) for key, value in wanted.items())


def alike(data: Any, wanted: Sequence[Any]) -> str:
    """`; did you mean …?` for a value that a flow takes under the same name and which looks alike; or nothing."""
    for key, value in values(data).items():
        known = [one[key] for one in wanted if isinstance(one, Mapping) and key in one]
        if close := nearest(value, known):
            return close
    return ""
