"""A flow as a graph: what becomes a node, what only an edge."""

from __future__ import annotations

from runtime.flow.graph.make import Edge, Graph, graph_of
from runtime.flow.loader import load

SHOP = """
flow: shop
title: Book
vars: {day: date, seats: int, free: list}
start:
  - keyword: [book]
  - event: follow
    do: [{say: Welcome}]
anytime:
  - keyword: [cancel]
    do: [{say: Cancelled}, end]
  - keyword: [person]
    goto: agent
fallback:
  - say: Pardon?
steps:
  - say: {en: Hello {{ profile.name }}, ja: こんにちは}
  - say: We are open
  - ask: day
    type: date
    say: Which day?
    picker: true
    quick: [{label: Tomorrow, value: "{{ today }}"}]
    else: [A date please]
    give_up: {goto: agent}
    silent: {after: 10m, say: Still there?, then: end}
  - when: day < today
    do:
      - say: That is past
      - goto: day
  - http: {get: "https://shop.example/free?d={{ day }}"}
    save: {free: body.free}
    error: [{say: Trouble}, end]
  - switch: seats
    cases: {"1..2": [{say: Small}], "3": [{say: Three}]}
    default: [{run: large}]
  - goto: other
sections:
  agent:
    - say: One moment
    - stop
"""
OTHERS = {
    "flows/large.yaml": "flow: large\nsteps: [{say: Large}]\n",
    "flows/other.yaml": "flow: other\nsteps: [{say: Other}]\n",
}


def made(text: str = SHOP.replace("{en: Hello {{ profile.name }}, ja", '{en: "Hello {{ profile.name }}", ja')) -> Graph:
    return graph_of(load({"flows/shop.yaml": text, **OTHERS}, languages=("en", "ja")), "shop")


def kinds(graph: Graph, kind: str) -> list[str]:
    return [node.lines[0] if node.lines else node.title for node in graph.nodes if node.kind == kind]


def edge(graph: Graph, label: str) -> Edge:
    return next(one for one in graph.edges if one.label == label)


def test_what_brings_somebody_in_is_a_node() -> None:
    graph = made()
    assert kinds(graph, "start") == ["keyword: book", "event: follow"]
    assert kinds(graph, "anytime") == ["keyword: cancel", "keyword: person", "nothing understood"]


def test_words_that_follow_each_other_are_one_node_with_all_its_steps() -> None:
    node = next(node for node in made().nodes if node.lines[:1] == ("Hello ‹profile.name›",))
    assert node.lines == ("Hello ‹profile.name›", "We are open")
    assert node.steps == ("shop.steps[0]", "shop.steps[1]")


def test_a_question_keeps_its_buttons_hints_and_silence() -> None:
    node = next(node for node in made().nodes if node.kind == "ask")
    assert node.title == "ask day · date"
    assert node.chips == ("Tomorrow", "date ▾")
    assert node.notes == ("not understood: A date please", "after 10m: Still there?")


def test_ways_out_of_a_question_are_labelled() -> None:
    graph = made()
    assert edge(graph, "2 wrong answers").kind == "give_up"
    assert edge(graph, "2 wrong answers").target == "sections.agent[0]"
    assert edge(graph, "silent for 10m").kind == "silent"


def test_jumps_are_edges_and_other_flows_are_named() -> None:
    graph = made()
    back = Edge("steps[3].do[0]", "steps[2]", "jump")
    assert back in graph.edges
    assert [(node.title, node.leads) for node in graph.nodes if node.kind == "jump"] == [("other", "other")] * 3
    assert [node.leads for node in graph.nodes if node.kind == "run"] == ["large"]


def test_cases_are_labelled_by_their_values() -> None:
    assert {"1–2", "3", "else"} <= {one.label for one in made().edges}


def test_failing_effects_lead_to_their_error_branch() -> None:
    graph = made()
    assert edge(graph, "error").kind == "error"
    assert kinds(graph, "effect") == ["shop.example/free"]


def test_a_fallback_leads_back() -> None:
    assert "back to the question" in {node.title for node in made().nodes}


def test_a_condition_on_a_jump_is_a_branch() -> None:
    text = "flow: shop\nstart: [{keyword: a}]\nsteps:\n  - goto: other\n    if: now\n  - say: Stay\n"
    graph = graph_of(load({"flows/shop.yaml": text, **OTHERS}), "shop")
    branch = next(node for node in graph.nodes if node.kind == "branch")
    assert branch.title == "if now"
    assert {(one.label, one.target) for one in graph.edges if one.source == branch.id} == {
        ("yes", f"{branch.id} other"),
        ("no", "steps[1]"),
    }


def test_texts_come_in_the_language_asked_for() -> None:
    flows = load(
        {"flows/a.yaml": "flow: a\nsteps: [{say: $hi}]\n", "flows/texts/x.csv": "key,en,ja\nhi,Hi,やあ\n"},
        languages=("en", "ja"),
    )
    assert graph_of(flows, "a", language="ja").nodes[1].lines == ("やあ",)


def test_every_edge_joins_two_nodes() -> None:
    graph = made()
    names = {node.id for node in graph.nodes}
    assert all(one.source in names and one.target in names for one in graph.edges)


def test_a_rating_shows_its_scores() -> None:
    rated = "flow: shop\nstart: [{keyword: a}]\nsteps:\n  - rate: service\n    say: How was it?\n    optional: true\n"
    made = graph_of(load({"flows/a.yaml": rated}), "shop")
    [node] = [one for one in made.nodes if one.kind == "ask"]
    assert (node.title, node.lines, node.chips) == (
        "rate service",
        ("How was it?",),
        tuple("★" * n for n in range(1, 6)),
    )
    assert "may be skipped" in node.notes
