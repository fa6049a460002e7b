"""What a conversation of a test begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.errors import BadInput
from runtime.flow.names import SHARED
from runtime.flow.reading import nearest
from runtime.flow.tree import Flows
from runtime.flow.variables import jsonable
from runtime.model import Data, Place


def remembered(values: Mapping[str, Any], flows: Flows, at: Place) -> tuple[Data, Data]:
    """Variables by flow, and those kept for ever.

    `name` goes to every flow that declares it, `flow.name` to one, `session.name` to all.
    """
    held: dict[str, dict[str, Any]] = {}
    kept: dict[str, Any] = {}
    for name, value in values.items():
        flow, _, own = name.rpartition(".")
        if flow == "session":
            held.setdefault(SHARED, {})[own] = jsonable(value)
            continue
        homes = [one for one in flows.flows.values() if own in one.vars and flow in ("", one.name)]
        if not homes:
            known = dict.fromkeys(var for one in flows.flows.values() for var in one.vars)
            raise BadInput(f"no flow has a variable `{name}`{nearest(own, known)}", at=at)
        for home in homes:
            try:
                taken = home.vars[own].take(value)
            except ValueError as error:
                raise BadInput(str(error), at=at) from None
            into = kept if home.vars[own].keep == "forever" else held.setdefault(home.name, {})
            into[own] = taken
    return held, kept
