"""Answers that their author changes or takes back after they were given."""

from __future__ import annotations

from typing import cast

from runtime.flow.levels import Level
from runtime.flow.state import State
from runtime.flow.steps import kinds
from runtime.flow.steps.ask import Ask
from runtime.flow.tree import Block


def corrected(state: State) -> bool:
    """Take an edited message as the new answer of the question that it answered last; false when that does not mind."""
    step, home = _answered(state)
    if step is None or home is None or step.edited is False:
        return False
    answer = kinds.answer(step, state)
    if answer is kinds.MISS or not step.agrees(state, answer):
        state.note(step, edited="no answer")
        return False
    step.keep(state, answer)
    state.note(step, edited="taken")
    return _react(state, step.edited, home)


def unsent(state: State) -> bool:
    """Empty the variable of an answer that was taken back, where its question wants that."""
    step, home = _answered(state)
    if step is None or home is None or step.unsent is False:
        return False
    state.unset(step.value)
    state.memory.pop("answered", None)
    state.note(step, unsent="forgotten")
    return _react(state, step.unsent, home)


def _react(state: State, what: Block | bool, home: Level) -> bool:
    if isinstance(what, Block):
        state.aside(what, again=False, of=home)
    return True


def _answered(state: State) -> tuple[Ask | None, Level | None]:
    """The question that the event's message answered, when its flow still runs."""
    known = state.memory.get("answered") or {}
    if not state.levels or not known or known.get("id") != str(state.event.data.get("id", "")):
        return None, None
    home = state.level.home
    step = home.flow.nodes.get(str(known.get("step")))
    if home.flow.name != known.get("flow") or step is None or step.VERB not in ("ask", "rate"):
        return None, None
    return cast(Ask, step), home
