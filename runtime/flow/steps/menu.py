"""Rich menus: which one a user sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from runtime.errors import CallError
from runtime.flow.expr import Template
from runtime.flow.live import Plainly
from runtime.flow.menus.menu import DEFAULT
from runtime.flow.reading import nearest
from runtime.flow.state import State
from runtime.flow.tree import Effects, Step
from runtime.model import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowMenu(Step):
    """Gives the user a rich menu by the name of its file; `default` takes their own away again."""

    VERB = "menu"
    VALUE = Plainly()

    value: Template

    def run(self, state: State) -> Effects:
        name = self.value.render(state.scope()).strip()
        if state.session.chat.kind != "user":
            state.note(self, ignored="a rich menu belongs to one person: groups and rooms have none")
            return
        if problem := self._unknown(name, state):
            raise CallError(problem, at=self.at)
        call = Call(action="menu", args=self._args(name, state), key=state.key(self), at=self.at)
        result = yield call
        state.note(self, call=call.key, asked="menu", menu=name, error=result.error)
        if result.error and self.error is not None:
            raise CallError(f"`menu` failed: {result.error}", at=self.at)

    def _args(self, name: str, state: State) -> dict[str, Any]:
        menus = state.level.flows.menus
        if name == DEFAULT or menus is None:
            return {"do": "unlink"}
        return {"do": "link", "menu": name, "alias": menus.alias(name, state.language)}

    def _unknown(self, name: str, state: State) -> str:
        """What is wrong with a name that an expression gave."""
        known = list(state.level.flows.menus or ())
        return "" if name in (*known, DEFAULT) else f"there is no menu `{name}`{nearest(name, known)}"
