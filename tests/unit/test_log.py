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


def test_an_exception_is_told_by_kind_and_place_not_in_its_words() -> None:
    """Its words may quote what somebody wrote: `int()` does, and so does every missing key."""
    made = record()
    try:
        try:
            int("my PIN is 4711")
        except ValueError as error:
            raise KeyError("my PIN is 4711") from error
    except KeyError as error:
        made.exc_info = (KeyError, error, error.__traceback__)
    for told in (json.loads(Lines().format(made))["exception"], Plain().format(made)):
        assert "ValueError" in told
        assert "KeyError" in told
        assert 'test_log.py", line' in told
        assert "PIN is 4711" not in told.replace('int("my PIN is 4711")', "").replace('KeyError("my PIN is 4711")', "")


def test_a_field_is_one_line_whatever_a_stranger_writes_into_it() -> None:
    line = Plain().format(record(endpoint="x\n12:00:00 info    noren.worker   all is well\x1b[2J", name="ร้าน 店"))
    assert "\n" not in line
    assert "\x1b" not in line
    assert "name=ร้าน 店" in line


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
