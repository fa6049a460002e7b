"""The editor's schema and the loader say the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from runtime.flow.loader import examine
from runtime.flow.schema import flow_schema
from runtime.flow.source import parse
from runtime.flow.steps import STEPS

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = sorted((ROOT / "flows").glob("*.yaml"))


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    Draft202012Validator.check_schema(flow_schema())
    return Draft202012Validator(flow_schema())


def test_it_is_plain_json() -> None:
    assert json.loads(json.dumps(flow_schema())) == flow_schema()
    assert set(STEPS) <= set(flow_schema()["$defs"])


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.stem)
def test_the_sample_flows_fit(path: Path, schema: Draft202012Validator) -> None:
    node, findings = parse(path.read_text(encoding="utf-8"), path.name)
    assert node is not None
    assert findings == []
    assert [error.message for error in schema.iter_errors(node.plain())] == []


FITTING = [
    "say: hi", "say: {any: [a, b]}", "say: {en: a}", "end", "reset", "reset: vars", "wait", "wait: image",
    "wait: {for: [{keyword: a}]}", "delay: 10m", "delay: {until: n}", "goto: x", "sticker: 1/2", "image: a.png",
    "image: {url: a}", "buttons: {text: a, buttons: [b, {label: c, link: d}]}", "confirm: [a, b]\ntext: c",
    "cards: [{text: a}]", "cards: {each: x in xs, card: {text: a}, buttons: [b]}", "list: [{title: a}]",
    "flex: cards/x.json", "flex: {type: bubble}", "line: {type: text}", "coupon: c1", "coupon: {coupon: c1, tag: t}",
    "handover", "handover: orders\nsay: a\ncancel: false\neager: true", "close_handover", "inactivity: 10m",
    "handover: {queue: a, show: [n], skills: [b], priority: high}\nqueued: [hello]\ncancelled: end\nfailed: {say: b}",
    "availability:\nsave: n", "availability: orders\nsave: {n: free}", "say: a\nto: agent",
    "ask: q\nsay: a\nquick: [a]", "rate: q\nsay: a\nscale: 5", "rate: q\nsay: a\nscale: nps\nstyle: numbers",
    "rate: q\nscore: n\ncomment: a", f"inject: U{'0' * 32}\ndata: {{a: b}}", "inject: '{{ n }}'\ngoto: a\nin: {n: 1}",
    "notify: '{{ chat.user }}'\nsay: a\nquick: [b]", "notify: '{{ n }}'\nflex: cards/x.json\nalt: a",
    "ask: q\nsay: a\ntype: yes_no\nconfirm: {yes: a, no: b}", "ask: q\nsay: a\noptions: [a, {label: b, value: c}]",
    "ask: q\nsay: a\ntype: date\npicker: true", "ask: q\nsay: a\nelse: [a, {say: b}, [end]]\ngive_up: end",
    "when: n\ndo: [end]\nelse: hello", "switch: n\ncases: {a: end}\ndefault: [end]",
    "switch: n\ncases: [{is: 1, do: end}]", "once: hello", "every: 2\ndo: [end]", "run: a\nin: {n: 1}\nout: {n: n}",
    "set: {n: 1}", "unset: n", "push: {xs: 1}", "http: {get: a}\nsave: n",
    "http: {post: a, json: [1]}\nsave: {n: body.x}",
    "call: a.py:f\nargs: {x: 1}", "loading", "loading: 20", "mark_read", "menu: default", "menu: '{{ n }}'",
    "goal: a", "task: a", "record: off", "think: a", "every: 1d\ndo: [end]",
    "language: en", "log: a", "stop", "return",
    "location: {title: a, address: b, latitude: 1, longitude: 2}", "say: a\nerror: [end]\nid: z\nif: n\nnote: x",
    "imagemap: {base: a, size: {width: 1, height: 2}, areas: []}", "audio: {url: a, duration: 1s}",
    "image_cards: [{image: a, button: {label: b, text: c}}]", "video: {url: a, preview: b}",
]  # fmt: skip
"""At least one of each kind; most of their forms."""


def flow(step: str) -> str:
    lines = "\n".join(f"    {line}" for line in step.splitlines()).lstrip()
    return (
        "flow: a\nvars: {n: any, xs: {type: list, default: []}}\nstart: [{keyword: a}, {postback: {a: b}}]\n"
        f"anytime: [{{keyword: b, do: [end]}}]\nsteps:\n  - {lines}\n  - {{id: x, say: x}}\n"
    )


def plain(text: str) -> Any:
    node, _ = parse(text, "flows/a.yaml")
    assert node is not None
    return node.plain()


@pytest.mark.parametrize("step", FITTING)
def test_what_loads_fits(step: str, schema: Draft202012Validator) -> None:
    files = {"flows/a.yaml": flow(step), "flows/cards/x.json": "{}"}
    assert [one for one in examine(files, ("en",)).findings if one.severity == "error"] == []
    assert [error.message for error in schema.iter_errors(plain(flow(step)))] == []


def test_every_kind_of_step_is_tried() -> None:
    assert {step.split(":")[0].split("\n")[0] for step in FITTING} == set(STEPS)


REFUSED = [
    "sya: hi", "say: hi\nquik: [a]", "say: []", "say: {any: a}", "fin", "end: 3", "wait: picture", "delay: soon",
    "sticker: smile", "image: {preview: a}", "buttons: {text: a}", "confirm: [a]\ntext: b", "cards: {card: {text: a}}",
    "cards: [{title: a}]", "line: hi", "ask: 3", "ask: q\nsay: a\ntype: dat", "ask: q\nsay: a\nelse: [3, {x: y}]",
    "when: n", "when: [n]\ndo: [end]", "switch: n", "every: none\ndo: [end]", "run: a\nin: [1]", "set: {}", "set: 3",
    "push: [a]", "http: {url: a}", "http: {get: a, post: b}", "call: shop", "loading: 200", "goto: {a: b}", "unset: []",
    "say: a\nquick: [{label: b, text: c, link: d}]", "say: a\nquick: [{label: b}]", "location: {title: a}", "video: a",
    "ask: q\nsay: a\nsilent: {say: b}", "audio: {url: a, duration: 3}", "say: a\nid: '1 2'", "say: a\nerror:",
    "image_cards: [{image: a}]", "list: [{text: a}]", "imagemap: {base: a}", "once:", "log: [a]",
]  # fmt: skip


@pytest.mark.parametrize("step", REFUSED)
def test_what_the_schema_refuses_the_loader_refuses(step: str, schema: Draft202012Validator) -> None:
    assert list(schema.iter_errors(plain(flow(step))))
    files = {"flows/a.yaml": flow(step), "flows/cards/x.json": "{}"}
    assert [one for one in examine(files, ("en",)).findings if one.severity == "error"]
