"""Pictures: well formed, complete, in light and dark, coverage coloured in; the same as Mermaid and DOT."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from runtime.flow.graph.make import Graph, graph_of
from runtime.flow.graph.svg import Coverage, svg
from runtime.flow.graph.text import dot, mermaid
from runtime.flow.loader import load

FLOW = """
flow: tea
title: 'Tea & "cake" <now>'
vars: {cups: int}
start: [{keyword: [tea, お茶]}]
steps:
  - say: 'Hello <b>"you"</b> & all #1'
  - ask: cups
    type: int
    say: How many?
    quick: ["1", "2"]
    else: [A number]
    give_up: [{say: Bye}, end]
  - when: cups > 2
    do: [{say: Many}, {goto: cups}]
  - end
"""


@pytest.fixture
def graph() -> Graph:
    return graph_of(load({"flows/tea.yaml": FLOW}), "tea")


def test_it_is_xml_with_every_word_in_it(graph: Graph) -> None:
    text = "".join(ElementTree.fromstring(svg(graph)).itertext())
    for word in ('Tea & "cake" <now>', "ask cups · int", "How many?", "2 wrong answers", "end", "flows/tea.yaml"):
        assert word in text


def test_light_and_dark_come_in_one_file_and_nothing_from_outside(graph: Graph) -> None:
    text = svg(graph)
    assert "prefers-color-scheme:dark" in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"<(script|image|foreignObject|use)\b", text)


def test_coverage_colours_steps_and_counts_them(graph: Graph) -> None:
    text = svg(graph, coverage=Coverage(frozenset({"tea.steps[0]", "tea.steps[1]"})))
    assert 'class="node say all"' in text
    assert 'class="node branch none"' in text
    assert "2 of 7 steps tried (28 %)" in text


def test_a_node_of_several_steps_may_be_tried_in_part() -> None:
    assert Coverage(frozenset({"a"})).of(("a", "b")) == "some"


def test_the_same_flow_gives_the_same_file(graph: Graph) -> None:
    again = graph_of(load({"flows/tea.yaml": FLOW}), "tea")
    assert svg(graph) == svg(again)


def test_mermaid_quotes_what_would_break_it(graph: Graph) -> None:
    text = mermaid(graph)
    assert text.startswith("---\ntitle: ")
    assert "Hello &lt;b&gt;&quot;you&quot;&lt;/b&gt; &amp; all &#35;1" in text
    assert '-->|"yes"|' in text


def test_dot_has_a_line_for_each_node_and_edge(graph: Graph) -> None:
    lines = dot(graph, coverage=Coverage(frozenset())).splitlines()
    assert sum(" -> " in line for line in lines) == len(graph.edges)
    assert sum(bool(re.match(r"  n\d+ \[", line)) for line in lines) == len(graph.nodes)
