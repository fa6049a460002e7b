"""Log lines: named fields, the turn's ids on each, no secrets on any."""

from __future__ import annotations

import json
import logging

from runtime.log import Lines, Logger, Plain, context


def record(**fields: object) -> logging.LogRecord:
    made = logging.LogRecord("noren.worker", logging.INFO, "f.py", 1, "turn done", (), None)
    made.fields = fields
    return made


def test_both_forms_carry_the_session_of_the_running_turn() -> None:
    token = context.set({"session": "shop:U1", "event": "E1"})
    try:
        told = json.loads(Lines().format(record(ms=3)))
        assert told["level"] == "info"
        assert (told["logger"], told["message"]) == ("noren.worker", "turn done")
        assert (told["session"], told["event"], told["ms"]) == ("shop:U1", "E1", 3)
        assert "turn done session=shop:U1 event=E1 ms=3" in Plain().format(record(ms=3))
    finally:
        context.reset(token)


def test_a_field_that_sounds_like_a_secret_is_masked() -> None:
    line = Lines().format(record(access_token="abc", channel_secret="def", reply_to="ghi"))
    assert "abc" not in line
    assert "def" not in line
    assert "ghi" not in line


def test_an_exception_is_told_with_its_traceback() -> None:
    try:
        raise ValueError("odd")
    except ValueError as error:
        made = record()
        made.exc_info = (ValueError, error, error.__traceback__)
    assert "ValueError: odd" in json.loads(Lines().format(made))["exception"]
    assert "ValueError: odd" in Plain().format(made)


def test_loggers_are_children_of_noren() -> None:
    seen: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = seen.append  # type: ignore[method-assign]
    log = logging.getLogger("noren.here")
    log.addHandler(handler)
    try:
        Logger("here").warning("look", n=1)
    finally:
        log.removeHandler(handler)
    assert [(r.getMessage(), r.fields) for r in seen] == [("look", {"n": 1})]
