"""`noren test`: what it prints, what it writes, how it ends."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

from tests.unit.cli.bots import noren
from tests.unit.transcript.bots import bot, chat

RIGHT = chat("user: tea", "bot: $how_many").replace("test: it", "test: tea is offered")
WRONG = chat("user: nothing", "bot: Pardon?").replace("test: it", "test: nobody understands")
LATER = "test: later\nskip: when there is coffee\nchat: []\n"


def shop(at: Path, **more: str) -> str:
    return str(bot(at, **{"tests/a.yaml": RIGHT, "tests/sub/b.yaml": WRONG, "tests/c.yaml": LATER, **more}))


def timeless(text: str) -> str:
    return re.sub(r"\d+ ms|\d+\.\d+ s", "…", text)


def test_a_tree_then_what_failed_then_one_line(tmp_path: Path) -> None:
    result = noren("test", "--root", shop(tmp_path))
    assert result.exit_code == 1
    assert (
        timeless(result.output)
        == """\
tests/a.yaml
  ✓ tea is offered  …
tests/c.yaml
  – later  when there is coffee
tests/sub/b.yaml
  ✗ nobody understands  …

nobody understands
tests/sub/b.yaml:6:10: the bot said something else
    - "Pardon?"
    + "What?"

1 failed, 1 passed, 1 skipped in … (2 exchanges)
"""
    )


def test_all_right(tmp_path: Path) -> None:
    result = noren("test", "--root", shop(tmp_path), "-k", "tea")
    assert (result.exit_code, timeless(result.output.splitlines()[-1])) == (0, "1 passed in … (1 exchange)")
    assert noren("test", "--root", shop(tmp_path), "-k", "not nobody").exit_code == 0


def test_update_writes_what_the_bot_says(tmp_path: Path) -> None:
    root = shop(tmp_path)
    result = noren("test", "--root", root, "--update")
    assert result.exit_code == 0
    assert "1 place written anew in tests/sub/b.yaml\nwith these: 2 passed, 1 skipped in " in result.output
    assert noren("test", "--root", root).exit_code == 0


def test_update_does_not_mend_everything(tmp_path: Path) -> None:
    more = {"tests/d.yaml": chat("user: nothing", "bot: Pardon?", "user: {tap: Tea}")}
    result = noren("test", "--root", shop(tmp_path, **more), "--update")
    assert result.exit_code == 1
    assert "with these: 1 failed, 2 passed, 1 skipped in " in result.output


def test_json_and_coverage(tmp_path: Path) -> None:
    told = json.loads(noren("test", "--root", shop(tmp_path), "--format", "json", "--coverage").output)
    assert (told["passed"], told["failed"], told["skipped"]) == (1, 1, 1)
    [failed] = [one for one in told["tests"] if one["outcome"] == "failed"]
    assert (failed["file"], failed["failures"][0]["line"]) == ("tests/sub/b.yaml", 6)
    tea = told["coverage"]["shop"]["flows"]["tea"]
    assert tea["done"] == ["steps[0]"]
    assert {"step": "steps[1]", "verb": "ask", "at": "flows/tea.yaml:24:5"} in tea["left"]
    bare = json.loads(noren("test", "--root", shop(tmp_path), "--coverage", "json").output)
    assert bare["shop"] == told["coverage"]["shop"]


def test_coverage_names_the_steps_that_are_left(tmp_path: Path) -> None:
    result = noren("test", str(tmp_path / "tests" / "a.yaml"), "--root", shop(tmp_path), "--coverage")
    lines = result.output.splitlines()
    assert "steps of shop" in lines
    assert "  tea     7.1 %  1/14" in lines
    assert "      flows/tea.yaml:24:5  ask  tea.day" in lines


def test_junit(tmp_path: Path) -> None:
    result = noren("test", "--root", shop(tmp_path), "--format", "junit")
    assert result.exit_code == 1
    suite = ElementTree.fromstring(result.output.encode())[0]
    assert {name: suite.attrib[name] for name in ("tests", "failures", "skipped")} == {
        "tests": "3", "failures": "1", "skipped": "1",
    }  # fmt: skip
    assert suite.findall("testcase/failure")[0].attrib["message"] == "the bot said something else"


def test_what_cannot_be_played_is_one_line(tmp_path: Path) -> None:
    empty = noren("test", "--root", str(bot(tmp_path)))
    assert (empty.exit_code, empty.stderr) == (
        2, f"noren: there is no folder tests/ in {tmp_path}; transcript tests belong there\n",
    )  # fmt: skip
    root = shop(tmp_path)
    assert noren("test", "--root", root, "-k", "coffee cake").stderr.startswith("noren: no test has 'coffee cake'")
    assert noren("test", str(tmp_path / "noren.yaml"), "--root", root).stderr.endswith("does not begin with `test:`\n")
    assert noren("test", str(tmp_path / "tests" / "no.yaml"), "--root", root).exit_code == 2


def test_a_file_that_cannot_be_read_is_a_failed_test(tmp_path: Path) -> None:
    result = noren("test", "--root", str(bot(tmp_path, **{"tests/a.yaml": "test: it\nchat:\n  - bto: hm\n"})))
    assert result.exit_code == 1
    assert "tests/a.yaml:3:5: `bto` is nobody in this test; did you mean `bot`?" in result.output


def test_broken_flows_are_told_once_with_their_place(tmp_path: Path) -> None:
    result = noren("test", "--root", shop(tmp_path, **{"flows/bad.yaml": "flow: bad\nsteps:\n  - goto: nowhere\n"}))
    assert result.exit_code == 2
    assert result.stderr.startswith("flows/bad.yaml:3:")
