"""Whatever the server tells people at the desk stands in the catalogue of the page, in each of its languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CATALOGUE = ROOT / "frontend/src/desk/words/server.ts"
ROOMS = ("runtime/desk", "runtime/handover/case")
TOLD = {"Refused", "BadInput", "Conflict", "Missing"}
WHY = {"why", "detail"}
JUDGES = re.compile(r"wrong|_no_way|mute|_canned|_macro|_rule|_view|_label")
"""Functions whose texts are reasons."""
FOR_PROGRAMS = {
    "acts: each does one of {}",
    "a file is named by the token that POST /files gave",
    "cases: one to {} ids",
    "closed",
    "colour: one of {}",
    "do: one of {}",
    "each of {}",
    "it would be billed",
    "left",
    "messages: data is an object",
    "messages: each of a kind: {}",
    "owner: one of {}",
    "role: agent, supervisor or admin; state: active or inactive",
    "scope: one of {}",
    "status: one of {}",
    "subscription: keys p256dh (65 bytes) and auth (16 bytes)",
    "subscription: keys p256dh and auth",
    "the body is no JSON",
    "the body is no JSON object",
    "when: an expression",
    "view: one of {}; sort: {}; priority: {}",
    "{}: a list of texts",
    "{}: a whole number up to {}",
    "{}: that is not yours to change",
}
"""What only programs of others can bring about, and what is logged without being shown."""


def catalogue() -> dict[str, int]:
    """Sentence with `{}` for what differs → languages it is written in."""
    line = re.compile(r'^  "((?:[^"\\]|\\.)*)": \[(.*)\],$', re.M)
    found = line.findall(CATALOGUE.read_text(encoding="utf-8"))
    return {_plain(says): len(re.findall(r'"((?:[^"\\]|\\.)+)"', words)) for says, words in found}


def _plain(says: str) -> str:
    return re.sub(r"\{\d\}", "{}", says.replace('\\"', '"'))


def sentences(node: ast.expr) -> Iterator[str]:
    """The texts an expression may be."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in values)
        case ast.IfExp(body=one, orelse=other):
            yield from chain(sentences(one), sentences(other))
        case ast.BoolOp(values=values):
            yield from chain.from_iterable(map(sentences, values))
        case ast.Call(func=ast.Name(id="str"), args=[first]):
            yield from sentences(first)


def told(tree: ast.Module) -> Iterator[str]:
    """What a module says: mistakes it raises, reasons it notes, and what its `wrong` functions answer."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            if name in TOLD and node.args:
                yield from sentences(node.args[0])
            for keyword in node.keywords:
                if keyword.arg in WHY:
                    yield from sentences(keyword.value)
        elif isinstance(node, ast.FunctionDef) and re.search(
            r"wrong|_no_way|mute|_canned|_macro|_rule|_view", node.name
        ):
            for line in ast.walk(node):
                if isinstance(line, ast.Return) and line.value is not None:
                    yield from sentences(line.value)


def test_each_sentence_is_in_the_catalogue_in_all_languages() -> None:
    known, missing = catalogue(), dict[str, Path]()
    assert {says for says, languages in known.items() if languages != 4} == set()
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            for says in told(ast.parse(file.read_text(encoding="utf-8"))):
                if says and says not in known and says not in FOR_PROGRAMS:
                    missing[says] = file.relative_to(ROOT)
    assert missing == {}
