"""`noren simulator`: its bots, their credentials, what it refuses, and that it runs."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from runtime.cli.simulator import configured, named
from runtime.errors import BadInput
from tests.unit.cli.bots import folder, noren


def test_endpoints_become_bots_with_their_credentials(tmp_path: Path) -> None:
    [bot] = named(configured(folder(tmp_path), False), [])
    assert (bot.name, bot.webhook_url) == ("shop", "http://127.0.0.1:8000/line/shop")
    assert (bot.channel_secret, bot.access_token) == ("s", "t")


def test_a_webhook_may_be_moved_and_added(tmp_path: Path) -> None:
    pairs = ["shop=http://127.0.0.1:9/x", "echo=http://127.0.0.1:9/y"]
    shop, echo = named(configured(folder(tmp_path), False), pairs)
    assert (shop.webhook_url, shop.channel_secret) == ("http://127.0.0.1:9/x", "s")
    assert (echo.name, echo.webhook_url) == ("echo", "http://127.0.0.1:9/y")
    assert echo.channel_secret
    assert echo.access_token


@pytest.mark.parametrize("pair", ["echo", "=http://x", "echo="])
def test_a_webhook_is_name_and_url(pair: str) -> None:
    with pytest.raises(BadInput, match="NAME=URL"):
        named({}, [pair])


def test_real_credentials_are_refused_unless_told(tmp_path: Path) -> None:
    root = folder(tmp_path)
    text = (root / "noren.yaml").read_text(encoding="utf-8")
    (root / "noren.yaml").write_text(text.replace("access_token: t", f"access_token: {'Ab1/' * 43}"), encoding="utf-8")
    result = noren("simulator", "--root", str(root), "--port", "0")
    assert result.exit_code == 2
    assert "real LINE account" in result.stderr
    assert "Ab1/" not in result.output
    assert configured(root, True)["shop"].access_token.startswith("Ab1/")


def test_no_bot_is_no_simulator(tmp_path: Path) -> None:
    result = noren("simulator", "--root", str(tmp_path))
    assert (result.exit_code, "there is no bot" in result.stderr) == (2, True)


@contextmanager
def running(root: Path, *words: str) -> Iterator[str]:
    """What it printed, while it runs."""
    command = [sys.executable, "-m", "runtime", "simulator", "--root", str(root), "--port", "0", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "noren chat --line" in line:
                break
        yield "".join(lines)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_it_runs_and_says_how_to_use_it(tmp_path: Path) -> None:
    with running(folder(tmp_path), "--webhook", "echo=http://127.0.0.1:9/cb") as said:
        base = said.split("LINE's API")[1].split()[0]
        with urllib.request.urlopen(f"{base}/simulator/api/bots", timeout=10) as answer:
            bots = {bot["name"]: bot for bot in json.load(answer)["bots"]}
        with urllib.request.urlopen(said.split("page ")[1].split()[0], timeout=10) as answer:
            assert b"<title>Noren</title>" in answer.read()
    assert set(bots) == {"shop", "echo"}
    assert bots["echo"]["channel_secret"] in said
    assert bots["echo"]["access_token"] in said
    assert "as in noren.yaml" in said
