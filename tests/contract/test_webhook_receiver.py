"""The receiver in docs/reference/handover-webhook.md does what the page says, on a real port, by a test's clock."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest

from tests.contract.handover_desks import CONFIG, FILES
from tests.contract.hooked_desk import DESK_SECRET
from tests.world import world

pytestmark = pytest.mark.anyio

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "reference" / "handover-webhook.md"


@contextmanager
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[dict[str, Any], int]]:
    """The page's program, serving; its names, and its port."""
    found = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    monkeypatch.setenv("DESK_SECRET", DESK_SECRET)
    monkeypatch.setenv("NOREN_URL", "set below")
    names: dict[str, Any] = {"__name__": "receiver"}
    exec(compile(found[1], str(PAGE), "exec"), names)
    names["Desk"].log_message = lambda *args: None
    names["done"], tell = [], names["tell"]

    def noted(*about: Any, **what: Any) -> None:
        tell(*about, **what)
        names["done"].append(what.get("value", {}).get("state"))

    names["tell"] = noted
    server = names["serve"](0)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield names, server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def test_the_receiver_of_the_page_greets_echoes_and_gives_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiver(monkeypatch) as (names, port):
        config = CONFIG.format(provider=f"{{type: webhook, url: 'http://127.0.0.1:{port}', secret: {DESK_SECRET}}}")
        async with world(tmp_path, FILES, config=config) as w:
            names["time"] = SimpleNamespace(time=lambda: w.clock.now() / 1000)
            names["NOREN"] = f"{w.url}/handover/there"
            await w.say("help", settle=False)
            await w.until(lambda: "Hello, this is Aya." in w.texts())
            await w.say("hello there", settle=False)
            await w.until(lambda: "You said: hello there" in w.texts())
            await w.say("bye", settle=False)
            await w.until(lambda: "completed" in names["done"])
            await w.settle()
            await w.say("thanks")
            assert w.texts()[-1] == "You are back: completed, resolved."


async def test_the_receiver_of_the_page_refuses_what_noren_did_not_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    body = b'{"id": "x", "type": "message", "text": "bye", "conversation": {"id": "c"}}'
    with receiver(monkeypatch) as (names, port):
        now = 1_800_000_000
        names["time"] = SimpleNamespace(time=lambda: now)
        stale, fresh = str(now - 301), str(now)
        tries = [
            {},
            {"X-Noren-Timestamp": "soon", "X-Noren-Signature": names["signature"]("soon", body)},
            {"X-Noren-Timestamp": stale, "X-Noren-Signature": names["signature"](stale, body)},
            {"X-Noren-Timestamp": fresh, "X-Noren-Signature": names["signature"](fresh, body + b" ")},
        ]
        async with aiohttp.ClientSession() as client:
            for headers in tries:
                async with client.post(f"http://127.0.0.1:{port}", data=body, headers=headers) as answer:
                    assert answer.status == 401
        assert names["seen"] == set()
