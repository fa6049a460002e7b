"""Texts that say a name where they mean its value: `{name}`, `$name` inside a text, `hello` in place of `$hello`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from runtime.flow.judging import finding
from runtime.flow.loader import Found
from runtime.flow.reading import Reading
from runtime.flow.source import Node
from runtime.flow.texts import Texts
from runtime.model import Finding

NAME = re.compile(r"(?<![{\w])\{\s*([A-Za-z_]\w*)\s*\}(?!\})|\$\{?([A-Za-z_]\w*(?:[.-]\w+)*)\}?")
FILLED = re.compile(r"\{\{.*?\}\}", re.DOTALL)


def judge(found: Found) -> Iterator[Finding]:
    """Kept with each flow, until a text of a name that was looked for comes or goes."""
    for name, reading in found.readings.items():
        shelf = found.shelves[name]
        known: tuple[dict[str, bool], list[Finding]] | None = shelf.find("wordings")
        if known is None or any(found.texts.has(key, name) != there for key, there in known[0].items()):
            asked: dict[str, bool] = {}
            known = asked, list(_of_flow(name, reading, found.texts, asked))
            shelf.put("wordings", known)
        yield from known[1]


def _of_flow(name: str, reading: Reading, texts: Texts, asked: dict[str, bool]) -> Iterator[Finding]:
    def has(key: str) -> bool:
        asked[key] = texts.has(key, name)
        return asked[key]

    for worded in reading.worded:
        for nodes in worded.by.values():
            for node in nodes:
                text = node.value
                if isinstance(text, str) and ("{" in text or "$" in text or " " not in text):
                    yield from _text(node, worded.path, reading, has)


def _text(node: Node, path: str, reading: Reading, has: Callable[[str], bool]) -> Iterator[Finding]:
    text = node.text
    if text.isidentifier() and has(text):
        message = f"`{text}` is said as it is, and there is a text of that name"
        yield _told(node, message, f"for the text write ${text}", path, "hint")
        return
    if "{" not in text and "$" not in text:
        return
    for one in NAME.finditer(FILLED.sub("", text)):
        name = one[1] or one[2]
        if name in reading.vars:
            fix = f"write {{{{ {name} }}}}, with quotes around the text when it begins with it"
            yield _told(node, f"`{one[0]}` is said as it is, not the value of `{name}`", fix, path)
        elif one[2] and has(name):
            fix = f"a text is looked up when ${name} stands alone: say it as a message of its own, or write it out here"
            yield _told(node, f"`{one[0]}` is said as it is: something else stands beside it", fix, path)


def _told(node: Node, message: str, fix: str, path: str, severity: str = "warning") -> Finding:
    return finding(
        "said-as-is", node.at, message, severity="hint" if severity == "hint" else "warning", fix=fix, path=path
    )
