"""A message that breaks a rule never vanishes: what was done is in trace, transcript, log and metrics."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.asgi import ask
from tests.world import World, world

pytestmark = pytest.mark.anyio

FLOW = """flow: a
steps:
  - buttons: {text: Which?, buttons: [{label: "{{ input.text }}", text: ok}]}
    alt: Which of them?
  - say: after
start: [{keyword: "*"}]
"""
RULE = "template.action.label.max"
LONG = "a label that is too long for a button"


def config(policy: str) -> str:
    return f"endpoints: {{shop: {{languages: [en], loading: 0, on_violation: {policy}}}}}\n"


async def metrics(w: World) -> list[str]:
    return (await ask(w.runtime.asgi, "GET", "/metrics")).raw.decode().splitlines()


@pytest.mark.parametrize(
    ("policy", "label", "texts", "done"),
    [
        ("repair", "a label that is too…", ["Which of them?", "after"], "repaired: cut"),
        ("fallback", None, ["Which of them?", "after"], "alternative text sent"),
        ("block", None, ["after"], "blocked"),
    ],
)
async def test_what_was_done_is_named_everywhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, policy: str, label: str | None, texts: list[str], done: str
) -> None:
    caplog.set_level(logging.INFO)
    async with world(tmp_path, {"flows/a.yaml": FLOW}, config=config(policy)) as w:
        await w.say(LONG)
        assert w.texts() == texts
        sent = [m["template"]["actions"][0]["label"] for m in w.messages() if m["type"] == "template"]
        assert sent == ([label] if label else [])
        assert [row["state"] for row in await w.events()] == ["done"], "the turn is committed"
        [event] = await w.events()
        found = [row["violation"] for row in (await w.store.show_event(event["id"]))["trace"] if "violation" in row]
        assert [(one["rule"], one["done"], one["at"]) for one in found] == [(RULE, done, "flows/a.yaml:3:5")]
        told = [(kind, text) for who, kind, text in await w.transcript() if who == "system"]
        assert told == [("violation", "must not be longer than 20 characters")]
        assert f'noren_violations{{rule="{RULE}"}} 1' in await metrics(w)
        [line] = [one for one in caplog.records if one.getMessage() == "message rule broken"]
        assert vars(line)["fields"]["done"] == done
        assert LONG not in str(vars(line))
