"""A graph as text that other programs draw: Mermaid (GitHub, GitLab, many editors) and DOT (Graphviz)."""

from __future__ import annotations

from collections.abc import Iterator

from runtime.flow.graph.make import Edge, Graph
from runtime.flow.graph.nodes import Node
from runtime.flow.graph.svg import Coverage

SHAPES = {
    "start": '(["{}"])',
    "anytime": '(["{}"])',
    "say": '("{}")',
    "ask": '[/"{}"/]',
    "branch": '{{{{"{}"}}}}',
    "effect": '["{}"]',
    "data": '["{}"]',
    "wait": '["{}"]',
    "run": '[["{}"]]',
    "exit": '(["{}"])',
    "jump": '>"{}"]',
}
"""https://mermaid.js.org/syntax/flowchart.html"""

COLOURS = {
    "start": ("#f3edff", "#8361d1"),
    "anytime": ("#fdeef4", "#cf5d8f"),
    "say": ("#ffffff", "#c3c8cf"),
    "ask": ("#f1faf3", "#2f9e5b"),
    "branch": ("#fff6e0", "#d99a1c"),
    "effect": ("#edf4ff", "#4c82d6"),
    "data": ("#f1f2f4", "#c3c8cf"),
    "wait": ("#f1f2f4", "#c3c8cf"),
    "run": ("#edf4ff", "#4c82d6"),
    "exit": ("#e4e6e9", "#3a404a"),
    "jump": ("#ffffff", "#4c82d6"),
}
"""Fill and line of each kind."""

TRIED = {"all": "#2f9e5b", "some": "#e0a526", "none": "#d4523f"}
DOTTED = frozenset({"silent", "jump"})
DOT_SHAPES = {"branch": "hexagon", "run": "component", "jump": "cds", "ask": "box", "wait": "box"}


def mermaid(graph: Graph, *, coverage: Coverage | None = None) -> str:
    """A Mermaid flow chart."""
    names = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}
    lines = [f"---\ntitle: {graph.title or graph.name}\n---", "flowchart TD"]
    lines += [f"  {names[node.id]}{SHAPES[node.kind].format(_mermaid(node))}:::{node.kind}" for node in graph.nodes]
    lines += [f"  {names[edge.source]} {_arrow(edge)} {names[edge.target]}" for edge in graph.edges]
    lines += [f"  classDef {kind} fill:{fill},stroke:{line},color:#23272e" for kind, (fill, line) in COLOURS.items()]
    if coverage is not None:
        for node in graph.nodes:
            if colour := TRIED.get(coverage.of(node.steps)):
                lines.append(f"  style {names[node.id]} stroke:{colour},stroke-width:3px")
    return "\n".join([*lines, ""])


def _mermaid(node: Node) -> str:
    return "<br/>".join(_quoted(line) for line in _lines(node))


def _quoted(text: str) -> str:
    for letter, name in (("&", "&amp;"), ('"', "&quot;"), ("<", "&lt;"), (">", "&gt;"), ("#", "&#35;")):
        text = text.replace(letter, name)
    return text


def _lines(node: Node) -> Iterator[str]:
    if node.title != "say":
        yield f"→ {node.title}" if node.kind == "jump" else node.title
    yield from (_short(line) for line in node.lines)
    if node.chips:
        yield " ".join(f"[{chip}]" for chip in node.chips)
    yield from (_short(note) for note in node.notes)


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _arrow(edge: Edge) -> str:
    line = "-.->" if edge.kind in DOTTED else "-->"
    return f'{line}|"{_quoted(edge.label)}"|' if edge.label else line


def dot(graph: Graph, *, coverage: Coverage | None = None) -> str:
    """A DOT digraph."""
    names = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}
    lines = [
        f"digraph {_string(graph.name)} {{",
        f'  label={_string(graph.title or graph.name)}; labelloc=t; rankdir=TB; fontname="sans-serif";',
        '  node [fontname="sans-serif", fontsize=11, style="filled,rounded", shape=box];',
        '  edge [fontname="sans-serif", fontsize=10, color="#8b929c"];',
    ]
    lines += [f"  {names[node.id]} [{_looks(node, coverage)}];" for node in graph.nodes]
    for edge in graph.edges:
        style = ["style=dashed"] if edge.kind in DOTTED else []
        style += [f"label={_string(edge.label)}"] if edge.label else []
        looks = f" [{', '.join(style)}]" if style else ""
        lines.append(f"  {names[edge.source]} -> {names[edge.target]}{looks};")
    return "\n".join([*lines, "}", ""])


def _looks(node: Node, coverage: Coverage | None) -> str:
    fill, line = COLOURS[node.kind]
    tried = TRIED.get(coverage.of(node.steps)) if coverage else None
    looks = [f"label={_string(chr(10).join(_lines(node)))}", f'fillcolor="{fill}"', f'color="{tried or line}"']
    looks += ["penwidth=2"] if tried else []
    looks += [f"shape={DOT_SHAPES[node.kind]}"] if node.kind in DOT_SHAPES else []
    looks += ['style="filled"'] if node.kind == "branch" else []
    return ", ".join(looks)


def _string(text: str) -> str:
    made = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{made}"'
