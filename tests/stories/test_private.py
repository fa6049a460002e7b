"""What a guest may expect of a question that forgets: nothing on record holds the answer, anywhere in the store."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world import world

pytestmark = pytest.mark.anyio

FLOW = """
flow: login
start: [{keyword: login}]
steps:
  - ask: code
    say: Your code?
    forget: true
    else: [Try once more.]
    when: answer == 'sesame-1'
  - {say: "Hidden {{ code }}", private: true}
  - say: Come in.
"""

BLIND = """
flow: blind
start: [{keyword: blind}]
steps:
  - record: off
  - ask: wish
    say: Whisper.
  - record: on
  - say: All right.
"""


async def test_an_answer_that_is_forgotten(tmp_path: Path) -> None:
    async with world(tmp_path, {"flows/login.yaml": FLOW}) as w:
        for text in ("login", "sesame-0", "sesame-1"):
            await w.say(text)
        assert w.texts() == ["Your code?", "Try once more.", "Hidden sesame-1", "Come in."]
        inbox = [await w.store.show_event(row["id"]) for row in await w.events()]
        transcript = await w.transcript()
        assert "sesame" not in str(inbox)
        assert "sesame" not in str(transcript)
        assert "sesame" not in str(await w.session())
        assert [text for who, _, text in transcript if who == "user"] == ["login", "•••", "•••"]
        assert [text for who, _, text in transcript if who == "bot"][-2:] == ["•••", "Come in."]


async def test_blind_mode(tmp_path: Path) -> None:
    async with world(tmp_path, {"flows/blind.yaml": BLIND}) as w:
        for text in ("blind", "a secret wish", "blind"):
            await w.say(text)
        transcript = await w.transcript()
        assert [text for _, _, text in transcript][:4] == ["blind", "•••", "•••", "All right."]
        inbox = [await w.store.show_event(row["id"]) for row in await w.events()]
        assert "secret wish" not in str(inbox)
