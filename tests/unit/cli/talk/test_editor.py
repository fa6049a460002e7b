"""Typing: keys as terminals send them, in any script, with a history and completed commands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.cli.tables import width
from runtime.cli.talk.editor import Editor, keys, whole_keys


def typed(data: str, editor: Editor | None = None) -> Editor:
    editor = editor or Editor(["/sticker", "/say", "/quit", "/file", "/follow"])
    for key in keys(data):
        editor.press(key)
    return editor


@pytest.mark.parametrize(
    ("data", "text", "at"),
    [
        ("hello", "hello", 5),
        ("helo\x1b[Dl", "hello", 4),
        ("hello\x7f\x7f", "hel", 3),
        ("hello\x01\x1b[3~", "ello", 0),
        ("hello\x02\x02\x0b", "hel", 3),
        ("hello\x02\x02\x15", "lo", 0),
        ("one two three\x17", "one two ", 8),
        ("one two\x1bb\x1bbX", "Xone two", 1),
        ("one two\x01\x1bf!", "one! two", 4),
        ("one two\x01\x1b[1;5C\x1b[1;5C!", "one two!", 8),
        ("まい\x1b[D\x7f", "い", 0),
        ("a\nb", "a\nb", 3),
        ("\x1b[200~a\rb\tc\x1b[201~", "a\nb c", 5),
        ("a\x1b[9999zb", "ab", 2),
        ("\x7f\x1b[D\x1b[3~", "", 0),
        ("/st\t", "/sticker ", 9),
        ("/f\t", "/f", 2),
        ("/fo\t", "/follow ", 8),
        ("st\t", "st", 2),
        ("/none\t", "/none", 5),
    ],
)
def test_keys_edit_the_line(data: str, text: str, at: int) -> None:
    editor = typed(data)
    assert (editor.text, editor.at) == (text, at)


def test_enter_sends_and_begins_anew() -> None:
    editor = typed("hello\r")
    assert (editor.take(), editor.take(), editor.text) == ("hello", None, "")


def test_earlier_lines_come_back_and_the_begun_one_too() -> None:
    editor = typed("one\rtwo\rtwo\rthr")
    assert typed("\x1b[A", editor).text == "two"
    assert typed("\x1b[A", editor).text == "one"
    assert typed("\x1b[A", editor).text == "one"
    assert typed("\x1b[B\x1b[B", editor).text == "thr"
    assert typed("\x1b[B", editor).text == "thr"


def test_ctrl_c_empties_and_then_leaves() -> None:
    editor = typed("abc\x03")
    assert (editor.text, editor.over) == ("", False)
    assert typed("\x03", editor).over


def test_ctrl_d_deletes_and_on_an_empty_line_leaves() -> None:
    editor = typed("ab\x01\x04")
    assert (editor.text, editor.over) == ("b", False)
    assert typed("\x04\x04", editor).over


def test_ctrl_l_asks_to_clear() -> None:
    assert typed("\x0c").wipe


def test_ctrl_z_asks_for_a_pause() -> None:
    assert typed("\x1a").pause


def test_a_sequence_that_comes_in_two_parts_is_kept_together() -> None:
    assert whole_keys("ab\x1b") == ("ab", "\x1b")
    assert whole_keys("ab\x1b[1;5") == ("ab", "\x1b[1;5")
    assert whole_keys("ab\x1b[A") == ("ab\x1b[A", "")


@given(st.text(), st.integers(0, 40), st.integers(4, 40))
def test_the_window_always_fits_and_holds_the_cursor(text: str, back: int, room: int) -> None:
    editor = Editor(text=text, at=max(0, len(text) - back))
    shown, column = editor.window(room)
    assert width(shown) <= room
    assert 0 <= column < room


@given(st.text(st.characters() | st.sampled_from("\x1b[ABCD~1;5\r\n\t\x7f\x03\x04\x17")))
def test_nothing_that_is_typed_breaks_it(data: str) -> None:
    editor = typed(data)
    assert 0 <= editor.at <= len(editor.text)
