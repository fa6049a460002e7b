"""What LINE refuses and we did not foresee: kept, listed, and asked about beforehand."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.line_platform import line_platform
from tests.unit.cli.bots import noren
from tests.world import world

pytestmark = pytest.mark.anyio

ECHO = {"flows/echo.yaml": 'flow: echo\nfallback: [{say: "{{ input.text }}"}]\n'}
DETAILS = [{"property": "messages[0].text", "message": "must not be rude"}]
ANSWER = {"message": "The request body has 1 error(s)", "details": DETAILS}


def strict(body: Any, via: str, to: str) -> dict[str, Any] | None:
    """A LINE that has a rule nobody knows."""
    return ANSWER if "rude" in str(body) else None


async def test_what_we_did_not_foresee_is_kept_and_listed(tmp_path: Path) -> None:
    async with world(tmp_path, ECHO, check=strict) as w:
        for _ in range(2):
            await w.say("rude")
        assert w.texts() == []
        assert [row["state"] for row in await w.outbox()] == ["failed", "failed"]
    (tmp_path / "noren.yaml").write_text("store: sqlite:///world.db\nendpoints: {shop: {}}\n", encoding="utf-8")
    listed = await asyncio.to_thread(noren, "rules", "gaps", "--root", str(tmp_path), "--format", "json")
    [gap] = json.loads(listed.stdout)
    assert (gap["status"], gap["times"], gap["answer"]) == (400, 2, ANSWER)
    assert gap["shape"] == [{"type": "text", "text": "text(4)"}]
    shown = await asyncio.to_thread(noren, "rules", "gaps", "--root", str(tmp_path))
    assert "must not be rude" in shown.stdout
    assert "2 times" in shown.stdout
    await asyncio.to_thread(noren, "rules", "gaps", "--root", str(tmp_path), "--forget", gap["id"])
    nothing = await asyncio.to_thread(noren, "rules", "gaps", "--root", str(tmp_path))
    assert nothing.stdout.startswith("no gaps")


async def asked(root: Path, given: Any, *words: str, check: Any = strict) -> tuple[int, str]:
    """Exit code and output of `noren rules check --ask-line shop`."""
    async with line_platform(check=check) as line:
        settings = {"channel_secret": "s", "access_token": line.token(), "api": line.url, "api_data": line.url}
        (root / "noren.yaml").write_text(json.dumps({"endpoints": {"shop": settings}}), encoding="utf-8")
        command = ("rules", "check", "--ask-line", "shop", "--root", str(root), *words)
        result = await asyncio.to_thread(noren, *command, stdin=json.dumps(given))
        return result.exit_code, result.output


async def test_line_is_asked_and_says_something_else(tmp_path: Path) -> None:
    code, text = await asked(tmp_path, {"type": "text", "text": "rude"})
    assert code == 1
    assert text.splitlines()[0] == "standard input: fine"
    assert "LINE refuses what we would send" in text
    assert "only LINE: messages[0].text: must not be rude" in text


async def test_line_is_asked_and_takes_what_we_would_not_send(tmp_path: Path) -> None:
    code, text = await asked(tmp_path, {"type": "text", "text": ""}, "--format", "json")
    told = json.loads(text)
    assert (code, told["valid"], told["line"]["status"]) == (1, False, 200)
    assert told["line"]["differences"][0] == "LINE takes what we would not send"
    assert "only we: messages[0].text: May not be empty" in told["line"]["differences"]


async def test_line_is_asked_and_agrees(tmp_path: Path) -> None:
    code, text = await asked(tmp_path, [{"type": "text", "text": "hi"}])
    assert (code, text.splitlines()[-1].strip()) == (0, "no difference to what we say")
    menu = {"size": {"width": 2500, "height": 1686}, "selected": False, "name": "n", "chatBarText": "Open", "areas": []}
    code, text = await asked(tmp_path, menu)
    assert code == 0, text


async def test_who_is_not_there_cannot_be_asked(tmp_path: Path) -> None:
    (tmp_path / "noren.yaml").write_text("endpoints: {shop: {access_token: t}}", encoding="utf-8")
    words = ("rules", "check", "--root", str(tmp_path))
    result = await asyncio.to_thread(noren, *words, "--ask-line", "shoe", stdin='{"type": "text", "text": "x"}')
    assert (result.exit_code, "noren.yaml has shop" in result.output) == (2, True)
    result = await asyncio.to_thread(noren, *words, "--ask-line", "shop", stdin='{"chatId": "U", "loadingSeconds": 5}')
    assert (result.exit_code, "messages and rich menus only" in result.output) == (2, True)
