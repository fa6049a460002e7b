"""`noren dev`: what it prints, the browser, whose settings it uses, and how it ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from runtime.cli.dev import forget, media_of, shown, staged
from runtime.project import open_project
from runtime.settings import Settings
from tests.world import write

CONFIG = """store: postgresql://db.example/real
endpoints:
  shop: {channel_secret: real-secret, access_token: real-token, languages: [en]}
"""
TEA = "flow: tea\nfallback: [{say: Hello}]\n"


def folder(root: Path, tea: str = TEA) -> Path:
    write(root, {"noren.yaml": CONFIG, "flows/tea.yaml": tea})
    return root


def test_nothing_of_the_real_account_is_used(tmp_path: Path) -> None:
    project = open_project(folder(tmp_path))
    settings, bots = staged(project, "http://127.0.0.1:1", "http://127.0.0.1:2")
    shop = settings.endpoints["shop"]
    assert (shop.api, shop.api_data) == ("http://127.0.0.1:2",) * 2
    assert settings.store == f"sqlite:///{tmp_path / '.noren' / 'dev.db'}"
    assert "real" not in f"{shop.channel_secret}{shop.access_token}{shop.token.long_lived}"
    assert [(bot.name, bot.webhook_url, bot.redelivery) for bot in bots] == [
        ("shop", "http://127.0.0.1:1/line/shop", True)
    ]


def test_the_page_fetches_media_where_they_are() -> None:
    settings = Settings(public_url="https://bot.example/")
    assert media_of(settings, "http://127.0.0.1:1") == {"from": "https://bot.example", "to": "http://127.0.0.1:1"}
    assert media_of(replace(settings, public_url="http://127.0.0.1:1"), "http://127.0.0.1:1") is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere a browser needs no display to be told")
def test_without_a_display_no_browser_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert shown("http://127.0.0.1:1/") is False


def test_a_fresh_start_forgets_what_was_kept(tmp_path: Path) -> None:
    project = open_project(folder(tmp_path))
    for name in ("dev.db", "dev.db-wal", "media.key"):
        (project.hidden / name).touch()
    forget(project)
    assert [path.name for path in project.hidden.iterdir()] == ["media.key"]


@pytest.mark.parametrize(("tea", "told"), [(TEA, "noren chat"), (TEA.replace("say", "sey"), "the bot starts as soon")])
def test_it_says_where_the_page_is_and_ends_when_told(tmp_path: Path, tea: str, told: str) -> None:
    command = [sys.executable, "-m", "runtime", "dev", "--root", str(folder(tmp_path, tea))]
    ports = ["--port", "0", "--simulator-port", "0"]
    with subprocess.Popen([*command, *ports], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if "noren chat" in line:
                break
        said = "".join(lines)
        assert told in said
        page = said.split("page ")[1].split()[0]
        with urllib.request.urlopen(page, timeout=10) as answer:
            assert b"<title>Noren</title>" in answer.read()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
