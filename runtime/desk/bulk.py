"""One act on many cases."""

from __future__ import annotations

from typing import Any, Final

from runtime.desk.call import Asked, Conflict, Missing
from runtime.desk.casework import GIVEN, acted, allowed, found, known, named
from runtime.errors import BadInput

MOST: Final = 100
"""Cases at once."""


async def bulk(asked: Asked) -> Any:
    """Do the same to several cases; what each said to it. One that refuses does not stop the others."""
    given = await asked.body()
    cases, do = given.get("cases"), str(given.get("do") or "")
    if not isinstance(cases, list) or not 1 <= len(cases) <= MOST or not all(isinstance(one, str) for one in cases):
        raise BadInput(f"cases: one to {MOST} ids")
    allowed(asked.person, do, given)
    await known(asked, do, given)
    name, data = named(given), {key: given[key] for key in GIVEN if key in given}
    done, refused = [], []
    for case in dict.fromkeys(cases):
        try:
            row = await found(asked, case)
            answer = await acted(asked, row["session"], do, {"id": f"{name}.{case}"}, case=case, **data)
            done.append(answer["case"] or {"id": case})
        except (Conflict, Missing) as problem:
            refused.append({"case": case, "why": problem.message})
    return {"cases": done, "refused": refused}
