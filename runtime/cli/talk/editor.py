"""A line being typed: keys in, text and cursor out. It knows no terminal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from runtime.cli.tables import columns, width

ESCAPES: Final = {
    "\x1b[A": "up",
    "\x1b[B": "down",
    "\x1b[C": "right",
    "\x1b[D": "left",
    "\x1bOA": "up",
    "\x1bOB": "down",
    "\x1bOC": "right",
    "\x1bOD": "left",
    "\x1b[H": "home",
    "\x1b[F": "end",
    "\x1bOH": "home",
    "\x1bOF": "end",
    "\x1b[1~": "home",
    "\x1b[4~": "end",
    "\x1b[3~": "delete",
    "\x1b[1;5C": "word-right",
    "\x1b[1;5D": "word-left",
    "\x1bf": "word-right",
    "\x1bb": "word-left",
    "\x1b\x7f": "word-back",
    "\x1b[200~": "paste",
    "\x1b[201~": "pasted",
}
CONTROLS: Final = {
    "\r": "enter",
    "\n": "line",
    "\x7f": "back",
    "\x08": "back",
    "\t": "tab",
    "\x03": "stop",
    "\x04": "eof",
    "\x01": "home",
    "\x05": "end",
    "\x02": "left",
    "\x06": "right",
    "\x0b": "cut-end",
    "\x15": "cut-start",
    "\x17": "word-back",
    "\x10": "up",
    "\x0e": "down",
    "\x0c": "clear",
    "\x1a": "pause",
}
KEY: Final = re.compile("\x1b\\[[0-9;]*[A-Za-z~]|\x1bO[A-Z]|\x1b[bf\x7f]|.", re.DOTALL)

PART: Final = re.compile("\x1b(?:\\[[0-9;]*|O)?$")


def whole_keys(data: str) -> tuple[str, str]:
    """What can be read now, and the beginning of an escape sequence whose rest is still to come."""
    found = PART.search(data)
    return (data[: found.start()], found[0]) if found else (data, "")


def keys(data: str) -> Iterator[str]:
    """Names of keys, letters as they are; escape sequences nobody knows are left out."""
    for found in KEY.findall(data):
        if found in ESCAPES or found in CONTROLS:
            yield ESCAPES.get(found) or CONTROLS[found]
        elif found[0] >= " " and found != "\x7f":
            yield found


@dataclass
class Editor:
    """`done` is the line once it was sent, `over` whether the person wants to leave, `wipe` to clear the screen,
    `pause` to go back to the shell for a while."""

    words: Sequence[str] = ()
    text: str = ""
    at: int = 0
    done: str | None = None
    over: bool = False
    wipe: bool = False
    pause: bool = False
    _past: list[str] = field(default_factory=list)
    _back: int = 0
    _kept: str = ""
    _pasting: bool = False

    def press(self, key: str) -> None:
        """One key."""
        if key in ("paste", "pasted"):
            self._pasting = key == "paste"
        elif key == "line" or (self._pasting and key in ("enter", "tab")):
            self._put(" " if key == "tab" else "\n")
        elif key in KEYS:
            KEYS[key](self)
        elif len(key) == 1:
            self._put(key)

    def take(self) -> str | None:
        """The line that was sent, once."""
        line, self.done = self.done, None
        return line

    def _put(self, letters: str) -> None:
        self._set(self.text[: self.at] + letters + self.text[self.at :], self.at + len(letters))

    def _set(self, text: str, at: int) -> None:
        self.text, self.at = text, at

    def _enter(self) -> None:
        if self.text.strip() and (not self._past or self._past[-1] != self.text):
            self._past.append(self.text)
        self.done, self._back = self.text, 0
        self._set("", 0)

    def _stop(self) -> None:
        """Ctrl-C empties the line; on an empty one it leaves."""
        self.over = not self.text
        self._set("", 0)

    def _eof(self) -> None:
        if self.text:
            self._delete()
        else:
            self.over = True

    def _delete(self) -> None:
        self._set(self.text[: self.at] + self.text[self.at + 1 :], self.at)

    def _erase(self) -> None:
        if self.at:
            self._set(self.text[: self.at - 1] + self.text[self.at :], self.at - 1)

    def _word_start(self) -> int:
        head = self.text[: self.at].rstrip()
        return head.rfind(" ") + 1

    def _word_back(self) -> None:
        start = self._word_start()
        self._set(self.text[:start] + self.text[self.at :], start)

    def _word_right(self) -> None:
        rest = self.text[self.at :].lstrip()
        start = len(self.text) - len(rest)
        end = rest.find(" ")
        self.at = len(self.text) if end < 0 else start + end

    def _recall(self, step: int) -> None:
        """Earlier lines; the one that was begun comes back at the end."""
        if not 0 <= self._back + step <= len(self._past):
            return
        if self._back == 0:
            self._kept = self.text
        self._back += step
        text = self._past[-self._back] if self._back else self._kept
        self._set(text, len(text))

    def _complete(self) -> None:
        """The rest of the only command that begins like this, or what all that do have in common."""
        found = [word for word in self.words if word.startswith(self.text)] if self.text.startswith("/") else []
        if found:
            text = common(found) + (" " if len(found) == 1 else "")
            self._set(text, len(text))

    def window(self, room: int) -> tuple[str, int]:
        """What of the line is seen in `room` columns, and the column of the cursor in it."""
        shown, at = self.text.replace("\n", "⏎"), self.at
        start = 0
        while width(shown[start:at]) >= room:
            start += 1
        end, used = start, 0
        while end < len(shown) and used + columns(shown[end]) < room:
            used += columns(shown[end])
            end += 1
        return shown[start:end], width(shown[start:at])


def common(words: Sequence[str]) -> str:
    """What all of them begin with."""
    first, last = min(words), max(words)
    return next((first[:at] for at, letter in enumerate(first) if letter != last[at]), first)


def _clear(editor: Editor) -> None:
    editor.wipe = True


def _pause(editor: Editor) -> None:
    editor.pause = True


def _move(where: Callable[[Editor], int]) -> Callable[[Editor], None]:
    def move(editor: Editor) -> None:
        editor.at = where(editor)

    return move


KEYS: Final[dict[str, Callable[[Editor], None]]] = {
    "enter": Editor._enter,
    "back": Editor._erase,
    "delete": Editor._delete,
    "stop": Editor._stop,
    "eof": Editor._eof,
    "tab": Editor._complete,
    "clear": _clear,
    "pause": _pause,
    "left": _move(lambda e: max(0, e.at - 1)),
    "right": _move(lambda e: min(len(e.text), e.at + 1)),
    "home": _move(lambda e: 0),
    "end": _move(lambda e: len(e.text)),
    "word-left": _move(Editor._word_start),
    "word-right": Editor._word_right,
    "word-back": Editor._word_back,
    "cut-end": lambda e: e._set(e.text[: e.at], e.at),
    "cut-start": lambda e: e._set(e.text[e.at :], 0),
    "up": lambda e: e._recall(1),
    "down": lambda e: e._recall(-1),
}
