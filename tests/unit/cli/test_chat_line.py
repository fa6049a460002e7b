"""`noren chat` beside others: a `noren dev` that runs, and a bot that is not Noren's at a simulator of its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.unit.cli.bots import noren

ROOT = Path(__file__).resolve().parent.parent.parent.parent


@contextmanager
def running(*words: str, until: str) -> Iterator[str]:
    """A command of ours in the background; gives what it printed up to the line with `until`."""
    with subprocess.Popen(
        [sys.executable, "-m", "runtime", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if until in line:
                break
        drain = threading.Thread(target=process.stdout.read)
        drain.start()
        try:
            yield "".join(lines)
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
            drain.join()


def chat(cwd: Path, *lines: str, words: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    text = "".join(f"{line}\n" for line in lines)
    command = [sys.executable, "-m", "runtime", "chat", *words]
    here = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, cwd=cwd, env=here)


class Echo(BaseHTTPRequestHandler):
    """A small bot: checks the signature, says every text twice by reply, and pushes for `push`."""

    line, secret, token = "", "", ""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        digest = hmac.new(self.secret.encode(), body, hashlib.sha256).digest()
        good = base64.b64encode(digest).decode() == self.headers["x-line-signature"]
        self.send_response(200 if good else 401)
        self.end_headers()
        for event in json.loads(body)["events"] if good else ():
            self.answer(event)

    def answer(self, event: dict[str, object]) -> None:
        text = event["message"]["text"]  # type: ignore[index]
        messages = [{"type": "text", "text": text}] * (6 if text == "six" else 2)
        call, to = ("push", {"to": event["source"]["userId"]}) if text == "push" else ("reply", {})  # type: ignore[index]
        request = urllib.request.Request(
            f"{self.line}/v2/bot/message/{call}",
            json.dumps({**to, **({} if to else {"replyToken": event["replyToken"]}), "messages": messages}).encode(),
            {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        try:
            urllib.request.urlopen(request, timeout=10).close()
        except urllib.error.HTTPError as error:
            error.close()

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def echo(tmp_path: Path) -> Iterator[str]:
    """The address of the simulator that an echo bot answers at."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    webhook = f"echo=http://127.0.0.1:{server.server_port}/"
    words = ("simulator", "--root", str(tmp_path), "--port", "0", "--webhook", webhook)
    try:
        with running(*words, until="noren chat --line") as said:
            Echo.line = said.split("LINE's API")[1].split()[0]
            Echo.secret = said.split("channel secret")[1].split()[0]
            Echo.token = said.split("access token")[1].split()[0]
            yield Echo.line
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_bot_of_another_make_is_talked_to(echo: str, tmp_path: Path) -> None:
    done = chat(tmp_path, "a", "push", "/vars", words=("--line", echo, "--name", "Mai"))
    assert done.stdout.splitlines()[:6] == [
        "Mai ▸ a",
        "echo ▏a  · reply",
        "     ▏a  · reply",
        "Mai ▸ push",
        "echo ▏push  · push, billed",
        "     ▏push  · push, billed",
    ]
    assert "✗ the bot's store cannot be looked at from here" in done.stdout
    assert done.returncode == 1


def test_what_line_refuses_is_shown(echo: str, tmp_path: Path) -> None:
    done = chat(tmp_path, "six", words=("--line", echo))
    assert "✗ LINE refused POST /v2/bot/message/reply: 400" in done.stdout


def test_a_bot_that_is_not_there_is_shown(tmp_path: Path) -> None:
    words = ("simulator", "--root", str(tmp_path), "--port", "0", "--webhook", "echo=http://127.0.0.1:1/")
    with running(*words, until="noren chat --line") as said:
        done = chat(tmp_path, "a", words=("--line", said.split("LINE's API")[1].split()[0]))
    assert "✗ webhook to the bot: COULD_NOT_CONNECT" in done.stdout
    assert done.returncode == 1


def test_a_dev_that_runs_is_joined(tmp_path: Path) -> None:
    root = tmp_path / "bot"
    assert noren("new", str(root)).exit_code == 0
    words = ("dev", "--root", str(root), "--port", "0", "--simulator-port", "0")
    with running(*words, until="noren chat") as said:
        elsewhere = chat(root, "hello", words=())
        assert elsewhere.returncode == 2
        assert "runs, but not at" in elsewhere.stderr
        command = [sys.executable, "-m", "runtime", *words, "--log-level", "warning"]
        twice = subprocess.run(command, capture_output=True, text=True, timeout=30, cwd=ROOT)
        assert (twice.returncode, len(twice.stderr.splitlines())) == (2, 1)
        assert "is being worked on by process" in twice.stderr
        line = said.split("simulator  ")[1].split("/simulator/api/")[0]
        assert f" --line {line} " in said
        done = chat(root, "hello", "Mai", "/vars", words=("--line", f"{line}/simulator/api/"))
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Nice to meet you, Mai!" in done.stdout
        assert "nick: Mai" in done.stdout
        listed = noren("sessions", "list", "--dev", "--root", str(root))
        assert "bot:U" in listed.output
