"""A real terminal: what arrives is printed above what is being typed, and the terminal is given back as it was."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.unit.cli.bots import noren

ROOT = Path(__file__).resolve().parent.parent.parent.parent.parent


class Person:
    """Somebody at a terminal."""

    def __init__(self, terminal: int, process: subprocess.Popen[bytes]) -> None:
        self.terminal, self.process = terminal, process
        self.seen = ""

    def type(self, text: str) -> None:
        os.write(self.terminal, text.encode())

    def see(self, text: str, within: float = 20.0) -> str:
        """Read until the text is seen; what came before it."""
        until = time.monotonic() + within
        while text not in self.seen:
            ready, _, _ = select.select([self.terminal], [], [], max(0.0, until - time.monotonic()))
            assert ready, f"not seen: {text!r} in {self.seen!r}"
            self.seen += os.read(self.terminal, 65_536).decode(errors="replace")
        before, _, self.seen = self.seen.partition(text)
        return before


@contextmanager
def at_terminal(root: Path, code: int = 0) -> Iterator[Person]:
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    command = [sys.executable, "-m", "runtime", "chat", "--root", str(root), "--name", "Mai"]
    environment = {**os.environ, "TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "80", "LINES": "24"}
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, env=environment, process_group=0
    )
    try:
        yield Person(ours, process)
        assert process.wait(20) == code
        assert termios.tcgetattr(theirs) == before
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait()
        os.close(ours)
        os.close(theirs)


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    assert noren("new", str(tmp_path / "bot")).exit_code == 0
    return tmp_path / "bot"


def test_messages_arrive_above_what_is_typed(bot: Path) -> None:
    with at_terminal(bot) as mai:
        mai.see("Write something; /help")
        mai.see("Mai ▸ ")
        mai.type("hello\rhalf a sent")
        mai.see("▏What may I call you?  · reply")
        mai.see("\r\x1b[KMai ▸ half a sent")  # drawn again below the answer
        mai.type("\x15Mai\r")
        mai.see("Nice to meet you, Mai!")
        mai.type("/quit\r")


def test_ctrl_d_leaves(bot: Path) -> None:
    with at_terminal(bot) as mai:
        mai.see("Mai ▸ ")
        mai.type("\x04")


def test_ctrl_z_pauses_and_the_line_is_still_there(bot: Path) -> None:
    with at_terminal(bot) as mai:
        mai.see("Mai ▸ ")
        mai.type("half a sent\x1a")
        mai.see("\x1b[?2004l")
        stopped, status = os.waitpid(mai.process.pid, os.WUNTRACED)
        assert (stopped, os.WIFSTOPPED(status)) == (mai.process.pid, True)
        mai.process.send_signal(signal.SIGCONT)
        mai.see("\x1b[?2004h")
        mai.see("half a sent")
        mai.type("\x03\x03")


def test_a_mistake_is_told_and_the_conversation_goes_on(bot: Path) -> None:
    with at_terminal(bot, code=1) as mai:
        mai.see("Mai ▸ ")
        mai.type("/nothing\r")
        mai.see("✗ there is no /nothing")
        mai.type("/say ま\x7fみ\r/quit\r")
        mai.see("Mai ▸ /say み")
