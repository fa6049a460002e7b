"""What each finding of `noren check` means: `checks.md` beside this file, by code."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from runtime.errors import BadInput

_ENTRY = re.compile(r"^## ([a-z0-9-]+)\n(.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)
_FENCE = re.compile(r"^```(.*)$", re.MULTILINE)


@cache
def checks_page() -> str:
    """`checks.md`: an entry for every code, with a file that has the finding."""
    return files("runtime.cli").joinpath("checks.md").read_text(encoding="utf-8")


@cache
def entries() -> dict[str, str]:
    """Code → its entry."""
    return {found[1]: found[2].strip() for found in _ENTRY.finditer(checks_page())}


def explained(code: str) -> str:
    """The entry of a code for the terminal. Raises `BadInput` for one that there is not."""
    if code not in entries():
        close = get_close_matches(code, entries(), n=1)
        raise BadInput(f"there is no finding `{code}`" + (f"; did you mean {close[0]}?" if close else ""))
    return f"{code}\n\n{_indented(entries()[code])}"


def _indented(text: str) -> str:
    """Examples set in by four spaces instead of standing between fences."""
    lines, inside = [], False
    for line in text.splitlines():
        if _FENCE.match(line):
            inside = not inside
            lines += [f"    ({line[3:].split()[-1]})"] if inside and "/" in line else []
            continue
        lines.append(f"    {line}".rstrip() if inside else line)
    return "\n".join(lines)
