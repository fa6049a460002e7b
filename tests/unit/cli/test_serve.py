"""`noren serve` as a process: webhooks in, the store looked at beside it, a graceful end."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from runtime.cli.serve import bound
from runtime.errors import BadInput
from tests.unit.cli.bots import noren

ROOT = Path(__file__).resolve().parent.parent.parent.parent
USER = "U" + "1" * 32


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    assert noren("new", str(tmp_path / "bot")).exit_code == 0
    return tmp_path / "bot"


@contextmanager
def serving(root: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "runtime", "serve", "--root", str(root), "--port", str(port)]
    secrets = {"LINE_CHANNEL_SECRET": "secret", "LINE_ACCESS_TOKEN": "token"}
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, **secrets}
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if " ready " in line:
                break
        drain = threading.Thread(target=process.stderr.read)
        drain.start()
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
            drain.join()
        assert process.returncode in (0, -signal.SIGTERM)


def wait_for(port: int) -> None:
    """Return when the port is listened on."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=10).close()
        except ConnectionRefusedError:
            continue
        return


def post(url: str, secret: str = "secret") -> int:
    event = {
        "type": "unfollow",
        "mode": "active",
        "timestamp": 1_800_000_000_000,
        "webhookEventId": "01HGW2N7E0AAAAAAAAAAAAAAAA",
        "deliveryContext": {"isRedelivery": False},
        "source": {"type": "user", "userId": USER},
    }
    body = json.dumps({"destination": "U" + "0" * 32, "events": [event]}).encode()
    signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    request = urllib.request.Request(url, body, {"x-line-signature": signature})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_a_webhook_is_kept_and_seen_by_the_commands_beside_it(bot: Path) -> None:
    with serving(bot) as url:
        assert post(f"{url}/line/bot", "wrong") == 401
        assert post(f"{url}/line/bot") == 200
        listed = json.loads(noren("events", "list", "--format", "json", "--root", str(bot)).stdout)
        assert [row["kind"] for row in listed] == ["unfollow"]
        assert f"bot:{USER}" in noren("sessions", "list", "--root", str(bot)).output
        assert json.loads(noren("db", "info", "--format", "json", "--root", str(bot)).stdout)["workers"]
        secrets = {"LINE_CHANNEL_SECRET": "secret", "LINE_ACCESS_TOKEN": "token"}
        command = [sys.executable, "-m", "runtime", "serve", "--root", str(bot), "--port", "0"]
        twice = subprocess.run(
            command, capture_output=True, text=True, timeout=30, cwd=ROOT, env={**os.environ, **secrets}
        )
        assert (twice.returncode, "is being worked on by process" in twice.stderr) == (2, True)
        assert "Traceback" not in twice.stderr
        copy = bot / "copy.db"
        assert noren("db", "backup", str(copy), "--root", str(bot)).exit_code == 0


def test_the_log_says_how_many_findings_there_are(bot: Path) -> None:
    (bot / "flows" / "welcome.yaml").write_text("flow: lost\nsteps: [{say: Hi}]\n", encoding="utf-8")
    command = [sys.executable, "-m", "runtime", "serve", "--root", str(bot), "--port", "0"]
    secrets = {"LINE_CHANNEL_SECRET": "secret", "LINE_ACCESS_TOKEN": "token"}
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, **secrets}
    ) as process:
        assert process.stderr is not None
        told = next(line for line in process.stderr if " noren.check " in line)
        process.send_signal(signal.SIGTERM)
        process.stderr.read()
    assert " warning " in told
    assert "warnings=0" not in told


def test_the_log_says_where_it_listens(bot: Path) -> None:
    command = [sys.executable, "-m", "runtime", "serve", "--root", str(bot), "--port", "0"]
    secrets = {"LINE_CHANNEL_SECRET": "secret", "LINE_ACCESS_TOKEN": "token"}
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, **secrets}
    ) as process:
        assert process.stderr is not None
        told = next(line for line in process.stderr if " listening " in line)
        process.send_signal(signal.SIGTERM)
        process.stderr.read()
    assert re.search(r"address=http://127\.0\.0\.1:[1-9]\d+ webhooks=/line/bot$", told.strip()), told


def test_missing_credentials_are_one_line(bot: Path) -> None:
    result = noren("serve", "--root", str(bot))
    assert result.exit_code == 2
    assert "the environment variable LINE_CHANNEL_SECRET is not set" in result.stderr


def test_an_empty_secret_is_told_before_anything_begins(bot: Path) -> None:
    (bot / ".env").write_text("LINE_CHANNEL_SECRET=\nLINE_ACCESS_TOKEN=b\n", encoding="utf-8")
    result = noren("serve", "--root", str(bot), "--port", "0")
    assert (result.exit_code, result.stderr) == (
        2,
        "noren: endpoints.bot: channel_secret is empty, and every webhook would be refused; set it\n",
    )


def test_an_address_of_another_machine_is_no_matter_of_the_port(bot: Path) -> None:
    with pytest.raises(BadInput, match=r"cannot be had \(.*\); choose another with --host and --port"):
        bound("192.0.2.1", 0)


def test_several_processes_need_postgresql(bot: Path) -> None:
    (bot / ".env").write_text("LINE_CHANNEL_SECRET=a\nLINE_ACCESS_TOKEN=b\n", encoding="utf-8")
    result = noren("serve", "--workers", "2", "--root", str(bot))
    assert (result.exit_code, "PostgreSQL" in result.stderr) == (2, True)


def test_a_port_that_is_taken_is_told_before_anything_begins(bot: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        command = [sys.executable, "-m", "runtime", "serve", "--root", str(bot), "--port", str(port)]
        secrets = {"LINE_CHANNEL_SECRET": "secret", "LINE_ACCESS_TOKEN": "token"}
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=ROOT, env={**os.environ, **secrets}, timeout=30
        )
    assert done.returncode == 2
    assert done.stderr.startswith(f"noren: 127.0.0.1 port {port} cannot be had")
    assert len(done.stderr.splitlines()) == 1
    assert not (bot / "noren.db").exists()
