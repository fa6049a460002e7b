"""Where a person types and reads: a terminal, whose prompt stays whole while messages arrive, or pipes."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import os
import shutil
import signal
import sys
import termios
import threading
import tty
from collections.abc import AsyncGenerator, Iterator, Sequence
from io import TextIOWrapper
from typing import Any, Protocol, TextIO

import click

from runtime.cli.tables import width
from runtime.cli.talk.editor import Editor, keys, whole_keys

WIDEST = 110


class Screen(Protocol):
    """`live`: somebody watches, so that nothing has to be waited for. `prompt` is the name of who types."""

    live: bool
    prompt: str

    @property
    def columns(self) -> int: ...

    def show(self, lines: Sequence[str]) -> None: ...

    def lines(self) -> AsyncGenerator[str, None]:
        """What is typed, until there is no more; to be closed by who reads it."""


class Pipes:
    """Lines of a file or another program, each repeated, so that the output reads as a conversation. `#` comments."""

    live = False

    def __init__(self, stdin: TextIO, stdout: TextIO) -> None:
        self.prompt = ""
        self._in, self._out = stdin, stdout
        self._colour = stdout.isatty() and not os.environ.get("NO_COLOR")

    @property
    def columns(self) -> int:
        return min(WIDEST, shutil.get_terminal_size((100, 24)).columns)

    def show(self, lines: Sequence[str]) -> None:
        text = "".join(f"{line}\n" for line in lines)
        self._out.write(text if self._colour else click.unstyle(text))
        self._out.flush()

    async def lines(self) -> AsyncGenerator[str, None]:
        """Read on a thread of its own: nothing waits for a pipe that stays open when the conversation is over."""
        loop, queue = asyncio.get_running_loop(), asyncio.Queue[str | None]()

        def read() -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody reads on
                for line in self._in:
                    loop.call_soon_threadsafe(queue.put_nowait, line.rstrip("\r\n"))
                loop.call_soon_threadsafe(queue.put_nowait, None)

        threading.Thread(target=read, name="noren-stdin", daemon=True).start()
        while (line := await queue.get()) is not None:
            if line.strip() and not line.startswith("#"):
                self.show([prompt(self.prompt) + line])
                yield line


class Terminal:
    """A terminal in raw mode with a line of our own: what arrives is printed above it."""

    live = True

    def __init__(self, words: Sequence[str]) -> None:
        self.prompt = ""
        self._editor = Editor(words)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._typed: asyncio.Queue[str | None] = asyncio.Queue()
        self._drawn = False
        self._rest = ""
        self._before: list[Any] = []

    @property
    def columns(self) -> int:
        return min(WIDEST, shutil.get_terminal_size((80, 24)).columns)

    def show(self, lines: Sequence[str]) -> None:
        self._write("\r\x1b[K" + "".join(f"{styled(line)}\n" for line in lines))
        self._draw()

    async def lines(self) -> AsyncGenerator[str, None]:
        with self._raw():
            while (line := await self._typed.get()) is not None:
                yield line

    @contextlib.contextmanager
    def _raw(self) -> Iterator[None]:
        """The terminal is ours, and is given back as it was."""
        descriptor, loop = sys.stdin.fileno(), asyncio.get_running_loop()
        self._before = termios.tcgetattr(descriptor)
        loop.add_reader(descriptor, self._read, descriptor)
        self._enter(descriptor)
        try:
            yield
        finally:
            loop.remove_reader(descriptor)
            self._leave(descriptor)

    def _enter(self, descriptor: int) -> None:
        """No echo, no line buffer, no signals by keys; pasted text is marked."""
        tty.setcbreak(descriptor)
        mode = termios.tcgetattr(descriptor)
        mode[0] &= ~termios.ICRNL
        mode[3] &= ~termios.ISIG
        termios.tcsetattr(descriptor, termios.TCSADRAIN, mode)
        self._drawn = True
        self._write("\x1b[?2004h")
        self._draw()

    def _leave(self, descriptor: int) -> None:
        self._drawn = False
        self._write("\r\x1b[K\x1b[?2004l")
        termios.tcsetattr(descriptor, termios.TCSADRAIN, self._before)

    def _pause(self, descriptor: int) -> None:
        """Back to the shell; everything stands still until `fg`."""
        self._leave(descriptor)
        signal.raise_signal(signal.SIGTSTP)
        self._enter(descriptor)

    def _read(self, descriptor: int) -> None:
        data = os.read(descriptor, 65_536)
        if not data:
            self._typed.put_nowait(None)
        whole, self._rest = whole_keys(self._rest + self._decoder.decode(data))
        for key in keys(whole):
            self._editor.press(key)
            self._react()
        if self._editor.pause:
            self._editor.pause = False
            self._pause(descriptor)
        self._draw()

    def _react(self) -> None:
        editor = self._editor
        if editor.wipe:
            self._write("\x1b[H\x1b[2J")
            editor.wipe = False
        line = editor.take()
        if line is not None:
            self._write(f"\r\x1b[K{prompt(self.prompt)}{line}\n" if line.strip() else "")
            self._typed.put_nowait(line)
        if editor.over:
            self._typed.put_nowait(None)

    def _draw(self) -> None:
        if self._drawn:
            margin = width(click.unstyle(prompt(self.prompt)))
            text, at = self._editor.window(max(8, shutil.get_terminal_size((80, 24)).columns - margin))
            self._write(f"\r\x1b[K{prompt(self.prompt)}{text}\r\x1b[{margin + at}C")

    @staticmethod
    def _write(text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


def prompt(name: str) -> str:
    """Before what a person types."""
    return styled(click.style(f"{name} ▸ ", fg="blue", bold=True))


def styled(text: str) -> str:
    """Without colours for whoever wants none: https://no-color.org"""
    return click.unstyle(text) if os.environ.get("NO_COLOR") else text


def screen(words: Sequence[str]) -> Screen:
    """The terminal when both ends are one that can be drawn on; else pipes."""
    able = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
    if able:
        return Terminal(words)
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    return Pipes(sys.stdin, sys.stdout)
