"""The page of findings: every code has an entry, and every entry a file that has the finding."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.cli.check import everything
from runtime.cli.checks import entries

ROOT = Path(__file__).resolve().parents[3]
CODE = re.compile(r"[a-z]+(?:-[a-z]+)+|secret|transformer|unreachable")
TELLERS = {"tell", "finding", "_finding", "Trouble", "Finding", "_wrong", "_warn", "_dead", "_odd", "_message", "Wrong"}
TABLES = {"SAYINGS"}
INDIRECT = {"bad-setting", "nobody-hears", "expr-filter", "expr-test", "message-rule", "message-risk"} | {
    *("unknown-queue", "unknown-workstream", "unknown-provider"),
}
"""Codes that stand in no call or table."""
ELSEWHERE = {"live-position", "queue-without-agents"}
"""Findings that need more than files; their own tests hold them."""
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
SETTINGS = "endpoints:\n  shop:\n    channel_secret: ${SECRET:-}\n    languages: [en, ja]\n"
AROUND = "flow: shop\nstart:\n  - keyword: shop\nsteps:\n"
MADE = {
    "yaml-character": "flow: shop\ntitle: a\bb\n",
    "yaml-large": "#" * 4_000_001,
    "yaml-many": f"flow: shop\nnote: [{'1,' * 500_001}]\n",
    "expr-long": f"flow: shop\nsteps: [say: '{{{{ {'1 + ' * 5_100}1 }}}}']\n",
}
"""Flows that no page can show."""


def codes() -> set[str]:
    """Every code that a call or a table of the checkers names."""
    files = [*(ROOT / "runtime" / "flow").rglob("*.py"), *(ROOT / "runtime" / "cli").glob("*.py")]
    files.append(ROOT / "runtime" / "handover" / "verify.py")
    return {code for path in files for code in named(ast.parse(path.read_text(encoding="utf-8")))}


def named(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            given = [*node.args, *(one.value for one in node.keywords if one.arg == "code")]
            yield from (code for one in given if name in TELLERS for code in literal(one))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if getattr(target, "id", "") in TABLES and isinstance(node.value, ast.Dict):
                yield from (code for key in node.value.keys if key is not None for code in literal(key))


def literal(node: ast.AST) -> list[str]:
    """The codes that an argument may be: a text, or one of two."""
    parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    texts = [one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return [text for text in texts if CODE.fullmatch(text)]


def examples(entry: str) -> dict[str, str]:
    """Path → text of the files that an entry shows; `steps` stand in a flow of their own."""
    files: dict[str, str] = {}
    for _, words, text in FENCE.findall(entry):
        place = words.split()[-1]
        if place == "steps":
            place, text = "flows/shop.yaml", AROUND + re.sub(r"^", "  ", text, flags=re.MULTILINE).rstrip() + "\n"
        files[place] = text
    return files


def test_every_code_has_an_entry() -> None:
    assert codes() | INDIRECT == entries().keys()


@pytest.mark.parametrize("code", sorted(entries().keys() - ELSEWHERE))
def test_an_example_has_its_finding(code: str, tmp_path: Path) -> None:
    files = examples(entries()[code]) or {"flows/shop.yaml": MADE[code]}
    for path, text in {"noren.yaml": SETTINGS, **files}.items():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    (tmp_path / "flows").mkdir(exist_ok=True)
    found, _ = everything(tmp_path)
    assert code in {one.code for one in found}, [f"{one.at}: {one.code} {one.message}" for one in found]
