"""Transformer functions, loaded from real files and run as the pipeline runs them."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runtime.errors import BadInput, TransformError
from runtime.model import Call, Chat, Event, Message, Output, Session
from runtime.settings import EndpointSettings, TransformerSettings
from runtime.transform import Library, Transformers
from tests.clock import ManualClock

pytestmark = pytest.mark.anyio

EVENT = Event(
    id="E1", session="shop:U1", endpoint="shop", kind="message", at=1, due=1, chat=Chat("user", "U1"), text="hi"
)
SESSION = Session(key="shop:U1", endpoint="shop", chat=Chat("user", "U1"))


def make(folder: Path, source: str, *, on_error: Any = "continue", timeout: int = 5_000, **hooks: str) -> Transformers:
    (folder / "transformers").mkdir(exist_ok=True)
    (folder / "transformers" / "shop.py").write_text(source)
    chains = {hook: tuple(spec.split()) for hook, spec in hooks.items()}
    settings = TransformerSettings(on_error=on_error, timeout=timeout, **chains)
    return Transformers(Library(folder), EndpointSettings(name="shop", transformers=settings), ManualClock())


def render(output: Output) -> list[Message]:
    return [{"type": "text", "text": output.text}]


async def test_no_functions_change_nothing(tmp_path: Path) -> None:
    chain = make(tmp_path, "")
    assert await chain.inputs(EVENT, SESSION) == (EVENT, SESSION)
    assert await chain.outputs([Output(kind="text")], render, SESSION) == ([Output(kind="text")], SESSION)


async def test_inputs_run_in_order_sync_and_async_and_keep_storage(tmp_path: Path) -> None:
    source = """
async def first(event, session, endpoint, kit):
    kit.storage["seen"] = kit.storage.get("seen", 0) + 1
    return {"text": event.text + " one"}

def second(event, session, endpoint, kit):
    return kit.change(event, text=kit.text("  " + event.text + "  two　"))
"""
    chain = make(tmp_path, source, input="shop.py:first transformers/shop.py:second")
    event, session = await chain.inputs(EVENT, SESSION)
    assert event is not None
    assert event.text == "hi one two"
    assert session.storage == {"seen": 1}


async def test_none_drops_the_event(tmp_path: Path) -> None:
    chain = make(tmp_path, "def handle_input(event, session, endpoint, kit): return None", input="shop.py")
    event, _ = await chain.inputs(EVENT, SESSION)
    assert event is None


async def test_outputs_may_become_messages_lists_or_nothing(tmp_path: Path) -> None:
    source = """
def handle_output(output, messages, session, endpoint, kit):
    loud = {"type": "text", "text": messages[0]["text"].upper()}
    return {"drop": None, "twice": [output, {"text": "again"}], "raw": loud}.get(output.text, output)
"""
    chain = make(tmp_path, source, output="shop.py")
    said, _ = await chain.outputs(
        [Output(kind="text", text=t) for t in ("drop", "twice", "raw", "plain")], render, SESSION
    )
    assert [(o.kind, o.text, o.data.get("message")) for o in said] == [
        ("text", "twice", None),
        ("text", "again", None),
        ("line", "", {"type": "text", "text": "RAW"}),
        ("text", "plain", None),
    ]


async def test_finished_sees_all_outputs_together(tmp_path: Path) -> None:
    chain = make(tmp_path, "def handle_finished(outputs, s, e, kit): return outputs[-1:]", finished="shop.py")
    said, _ = await chain.outputs([Output(kind="text", text="a"), Output(kind="text", text="b")], render, SESSION)
    assert [o.text for o in said] == ["b"]


async def test_a_failing_function_is_left_out_or_ends_the_turn(tmp_path: Path) -> None:
    source = "def handle_input(event, session, endpoint, kit):\n    raise ValueError(event.text)\n"
    assert (await make(tmp_path, source, input="shop.py").inputs(EVENT, SESSION))[0] == EVENT
    with pytest.raises(TransformError) as caught:
        await make(tmp_path, source, input="shop.py", on_error="abort").inputs(
            replace(EVENT, text="very private"), SESSION
        )
    assert str(caught.value) == "shop.py:handle_input (line 2 of shop.py): ValueError"


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        ("42", "gave int; it must give an event"),
        ("{'txt': 'x'}", "unknown fields txt; known: data, kind, text"),
        ("{'text': 'x' * 10_001}", "a text over 10000"),
        ("{'data': []}", "data that is no mapping"),
    ],
)
async def test_results_are_checked_and_the_error_names_the_function(tmp_path: Path, returned: str, words: str) -> None:
    source = f"def handle_input(event, session, endpoint, kit): return {returned}"
    with pytest.raises(TransformError, match=rf"shop\.py:handle_input.*{words}"):
        await make(tmp_path, source, input="shop.py", on_error="abort").inputs(EVENT, SESSION)


async def test_a_slow_function_is_cut_off(tmp_path: Path) -> None:
    source = "import asyncio\nasync def handle_input(event, session, endpoint, kit): await asyncio.Event().wait()"
    with pytest.raises(TransformError, match=r"shop\.py:handle_input took longer than 0\.01 s"):
        await make(tmp_path, source, input="shop.py", on_error="abort", timeout=10).inputs(EVENT, SESSION)


async def test_a_plain_function_runs_beside_the_loop(tmp_path: Path) -> None:
    source = "import threading\ndef handle_input(event, s, e, kit): return {'text': str(threading.get_ident())}"
    event, _ = await make(tmp_path, source, input="shop.py").inputs(EVENT, SESSION)
    assert event is not None
    assert event.text != str(threading.get_ident())


async def test_a_call_step_gets_its_value_or_its_error(tmp_path: Path) -> None:
    source = """
def double(args, session, endpoint, kit): return {"n": args["n"] * 2}
async def broken(args, session, endpoint, kit): return 1 / 0
"""
    chain = make(tmp_path, source)
    good = await chain.call(Call("call", {"function": "shop.py:double", "args": {"n": 4}}, "k"), SESSION)
    assert (good.value, good.error) == ({"n": 8}, "")
    bad = await chain.call(Call("call", {"function": "shop.py:broken"}, "k"), SESSION)
    assert bad.error == "shop.py:broken (line 3 of shop.py): ZeroDivisionError"
    missing = await chain.call(Call("call", {"function": "shop.py:nope"}, "k"), SESSION)
    assert missing.error == "shop.py has no function nope; functions there: broken, double"


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("nope.py", "there is no file nope.py"),
        ("../../etc/passwd", "there is no file"),
        ("shop.py:other", "shop.py has no function other"),
    ],
)
def test_what_cannot_be_loaded_is_said_at_start(tmp_path: Path, spec: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        make(tmp_path, "x = 1", input=spec)


def test_a_file_that_does_not_import_says_where(tmp_path: Path) -> None:
    (tmp_path / "transformers").mkdir(exist_ok=True)
    with pytest.raises(BadInput, match=r"^transformers/shop\.py:2:1: shop\.py cannot be loaded: ZeroDivisionError"):
        make(tmp_path, "x = 1\ny = x / 0", input="shop.py")
    with pytest.raises(BadInput, match=r"^transformers/shop\.py:2:7: shop\.py cannot be loaded: SyntaxError: [^(]+$"):
        make(tmp_path, "x = 1\ndef f(: pass", input="shop.py")
    with pytest.raises(BadInput, match=r"^transformers/shop\.py:1:1: shop\.py cannot be loaded: ModuleNotFoundError"):
        make(tmp_path, "import there_is_no_such_module", input="shop.py")


def test_a_reload_takes_the_edited_file(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f(): return 1")
    library = Library(tmp_path)
    assert library.function("a.py:f").run() == 1
    (tmp_path / "a.py").write_text("def f(): return 2")
    assert library.fresh().function("a.py:f").run() == 2
    assert library.function("a.py:f").run() == 1, "until the fresh one is taken"


def test_a_file_in_use_that_breaks_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f(): return 1")
    library = Library(tmp_path)
    library.function("a.py:f")
    (tmp_path / "a.py").write_text("def f(:")
    with pytest.raises(BadInput, match="SyntaxError"):
        library.fresh()
    assert library.function("a.py:f").run() == 1
    (tmp_path / "a.py").unlink()
    library.fresh()


@pytest.mark.parametrize("kind", ["def", "async def"])
async def test_a_function_that_takes_something_else_is_told_and_passed_over(tmp_path: Path, kind: str) -> None:
    chain = make(tmp_path, f"{kind} one(event):\n    return None\n", input="shop.py:one")
    assert await chain.inputs(EVENT, SESSION) == (EVENT, SESSION)
    chain = make(tmp_path, f"{kind} one(event):\n    return None\n", input="shop.py:one", on_error="abort")
    with pytest.raises(TransformError, match=r"shop\.py:one .*TypeError"):
        await chain.inputs(EVENT, SESSION)
    told = (await chain.call(Call("call", {"function": "shop.py:one"}, "k"), SESSION)).error
    assert told == f"shop.py:one cannot be called (TypeError): it begins {kind} one(event, session, endpoint, kit):"


DEEP = """import json


def read(args, session, endpoint, kit):
    return json.loads(args["text"])
"""


async def test_an_error_inside_a_library_is_told_at_the_line_of_the_bot(tmp_path: Path) -> None:
    chain = make(tmp_path, DEEP)
    result = await chain.call(Call("call", {"function": "shop.py:read", "args": {"text": "secret"}}, "k"), SESSION)
    assert result.error == "shop.py:read (line 5 of shop.py): JSONDecodeError"


class Tried(Transformers):
    QUOTES = True


@pytest.mark.parametrize("kind", [Transformers, Tried])
async def test_only_where_designers_try_things_logs_quote_exceptions(
    tmp_path: Path, kind: type[Transformers], caplog: pytest.LogCaptureFixture
) -> None:
    made = make(
        tmp_path, "def broken(args, session, endpoint, kit):\n    raise ValueError('words of ' + args['who'])\n"
    )
    chain = kind(Library(tmp_path), made._endpoint, ManualClock())
    logging.getLogger("noren").addHandler(caplog.handler)
    result = await chain.call(Call("call", {"function": "shop.py:broken", "args": {"who": "Mai"}}, "k"), SESSION)
    assert result.error == "shop.py:broken (line 2 of shop.py): ValueError"
    logging.getLogger("noren").removeHandler(caplog.handler)
    said = [str(getattr(record, "fields", {}).get("said", "")) for record in caplog.records]
    assert ("words of Mai" in said) == kind.QUOTES
