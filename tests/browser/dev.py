"""`noren dev` as people start it: a process of its own on free ports, in a folder that a test may write into."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BOTS = Path(__file__).parent / "bots"
PATIENCE = 30.0
"""Seconds in which `noren dev` must say where it is."""


@dataclass
class Dev:
    """A running bot with LINE beside it. `url` is that of the simulator."""

    root: Path
    process: subprocess.Popen[str]
    url: str = ""
    said: list[str] = field(default_factory=list)
    people: int = 0

    def control(self, method: str, path: str, /, **body: Any) -> Any:
        """A call to the control API; what it answers, which must be no error."""
        return self._ask(method, f"/simulator/api{path}", json.dumps(body).encode() if body else None, {})

    def line(self, method: str, path: str, body: Any = None, *, kind: str = "application/json") -> Any:
        """A call to LINE's API with the bot's own token."""
        [bot] = self.control("GET", "/bots")["bots"]
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        return self._ask(method, path, data, {"authorization": f"Bearer {bot['access_token']}", "content-type": kind})

    def _ask(self, method: str, path: str, data: bytes | None, headers: dict[str, str]) -> Any:
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{method} {path}: {refused.code} {refused.read().decode()}") from None

    def user(self, name: str, **more: Any) -> str:
        """Somebody with LINE's app who is the bot's friend, new unless there is somebody of that name; their id."""
        there = {one["name"]: one for one in self.control("GET", "/users")["users"]}
        return str((there.get(name) or self.control("POST", "/users", name=name, **more))["id"])

    def somebody(self, **more: Any) -> str:
        """Somebody with whom the bot never talked."""
        self.people += 1
        return self.user(f"Guest {self.people}", **more)

    def write(self, file: str, text: str) -> None:
        (self.root / file).write_text(text, encoding="utf-8")

    def read(self, file: str) -> str:
        return (self.root / file).read_text(encoding="utf-8")


def folder(bot: str, at: Path) -> Path:
    """A copy of one of the test bots with the sample bot's pictures, or of the sample bot itself."""
    if bot == "sample":
        for name in ("flows", "transformers", "tests/stories", "noren.yaml"):
            source, target = ROOT / name, at / name.replace("tests/stories", "tests")
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.py.orig"))
            else:
                shutil.copy(source, target)
        return at
    shutil.copytree(BOTS / bot, at, dirs_exist_ok=True)
    media = at / "flows" / "media"
    (media / "map").mkdir(parents=True)
    for picture in (ROOT / "flows" / "media").glob("*.png"):
        shutil.copy(picture, media)
    shutil.copy(ROOT / "flows" / "media" / "curtain.png", media / "map" / "1040.png")
    return at


@contextmanager
def dev(root: Path) -> Iterator[Dev]:
    """`noren dev` in this folder, until the block is left."""
    command = [sys.executable, "-m", "runtime", "dev", "--root", str(root), "--port", "0", "--simulator-port", "0"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "EDITOR": "", "VISUAL": ""}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=root, env=env, text=True, stdout=pipe, stderr=subprocess.STDOUT) as process:
        try:
            started = Dev(root, process)
            lines: Queue[str] = Queue()
            threading.Thread(target=_listen, args=(process, lines, started.said), daemon=True).start()
            started.url = _address(started, lines)
            yield started
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def _listen(process: subprocess.Popen[str], lines: Queue[str], said: list[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        lines.put(line)
    lines.put("")


def _address(started: Dev, lines: Queue[str]) -> str:
    """The simulator's address, from what the process says when it is up."""
    while True:
        try:
            line = lines.get(timeout=PATIENCE)
        except Empty:
            line = ""
        if not line:
            raise AssertionError(f"noren dev did not start:\n{''.join(started.said)}")
        if found := re.search(r"(http://127\.0\.0\.1:\d+)/simulator/", line):
            return found[1]
