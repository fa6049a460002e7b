"""Named loggers, plain or JSON, with the session and event id on every line and secrets on none.

What goes into a record is a short sentence plus named fields (`log.info("turn", event=…)`); message bodies,
tokens and signatures are never passed in, and a field whose name sounds like a secret is masked anyway.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from typing import Any, TextIO

SECRET_NAMES = ("token", "secret", "signature", "password", "authorization", "key_file", "reply_to")
context: ContextVar[dict[str, str] | None] = ContextVar("noren_log", default=None)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    fields: dict[str, Any] = dict(context.get() or {})
    for name, value in (getattr(record, "fields", None) or {}).items():
        fields[name] = "***" if any(part in name for part in SECRET_NAMES) else value
    return fields


def _visible(text: str) -> str:
    """The text without what could make it look like another line of the log."""
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _told(error: BaseException) -> str:
    """An exception by kind and place. Its own words are left out: they may quote what somebody wrote."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    first = f"{_told(before)}\nwhich led to\n" if before else ""
    return f"{first}{''.join(traceback.format_tb(error.__traceback__))}{type(error).__name__}"


class Formatter(logging.Formatter):
    """Tells exceptions without their words."""

    def formatException(self, ei: Any) -> str:  # the name the standard library calls
        return _told(ei[1])


class Plain(Formatter):
    """`12:00:00 info  noren.worker  turn done event=… session=…`"""

    def format(self, record: logging.LogRecord) -> str:
        tail = " ".join(f"{name}={_visible(str(value))}" for name, value in _fields(record).items())
        head = f"{self.formatTime(record, '%H:%M:%S')} {record.levelname.lower():7} {record.name:14}"
        text = f"{head} {record.getMessage()} {tail}".rstrip()
        return text + ("\n" + self.formatException(record.exc_info) if record.exc_info else "")


class Lines(Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03d}",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class Logger:
    """A named logger whose calls take fields by name."""

    def __init__(self, name: str) -> None:
        self._log = logging.getLogger(f"noren.{name}")

    def debug(self, message: str, **fields: Any) -> None:
        if self._log.isEnabledFor(logging.DEBUG):
            self._log.debug(message, extra={"fields": fields})

    def info(self, message: str, **fields: Any) -> None:
        if self._log.isEnabledFor(logging.INFO):
            self._log.info(message, extra={"fields": fields})

    def warning(self, message: str, **fields: Any) -> None:
        self._log.warning(message, extra={"fields": fields})

    def error(self, message: str, *, trace: BaseException | None = None, **fields: Any) -> None:
        self._log.error(message, exc_info=trace, extra={"fields": fields})


def configure(form: str = "plain", level: str = "info", stream: TextIO | None = None) -> None:
    """Send Noren's records to `stream` (standard error) in the given form. Called once, by the command line."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Lines() if form == "json" else Plain())
    root = logging.getLogger("noren")
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    root.propagate = False
