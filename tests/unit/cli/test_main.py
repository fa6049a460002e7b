"""The command line as a whole: help that helps, errors in one line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from runtime.cli.main import cli
from runtime.cli.reference import commands, commands_page
from tests.unit.cli.bots import folder, noren

ROOT = Path(__file__).resolve().parent.parent.parent.parent
ALL = dict(commands(cli, "noren"))


@pytest.mark.parametrize("path", list(ALL))
def test_help_has_an_example_and_the_exit_codes(path: str) -> None:
    result = noren(*path.split()[1:], "--help")
    assert result.exit_code == 0
    assert "Example:" in result.output
    assert f"  {path}" in result.output.partition("Example:")[2]
    assert "Exit codes: 0 fine" in result.output


@pytest.mark.parametrize("path", [path for path, one in ALL.items() if not isinstance(one, click.Group)])
def test_every_option_is_explained(path: str) -> None:
    silent = [p.name for p in ALL[path].params if isinstance(p, click.Option) and not p.help]
    assert not silent


def test_examples_in_the_reference_are_blocks_of_code() -> None:
    page = commands_page()
    assert "\b" not in page
    assert "```console\nnoren events list --state dead --format json\n```" in page


def test_a_mistake_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    for words in (["check"], ["serve"], ["dev"], ["chat"], ["db", "info"]):
        result = noren(*words, "--root", str(tmp_path))
        assert result.exit_code == 2, words
        assert result.stderr.startswith("noren: there is no noren.yaml in ")
        assert len(result.stderr.splitlines()) == 1
    assert noren("nothing").exit_code == 2
    assert (noren("chekc").exit_code, "did you mean check?" in noren("chekc").stderr) == (2, True)


def test_a_file_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    noren("new", str(tmp_path / "bot"))
    (tmp_path / "bot" / ".noren" / "chat.log").mkdir(parents=True)
    result = noren("chat", "--root", str(tmp_path / "bot"))
    assert (result.exit_code, result.stderr) == (1, f"noren: {tmp_path}/bot/.noren/chat.log: Is a directory\n")


def test_flows_that_cannot_be_used_are_told_with_the_way_out(tmp_path: Path) -> None:
    root = folder(tmp_path)
    (root / "flows").mkdir()
    (root / "flows" / "a.yaml").write_text("flow: a\nsteps: [{sya: hi}, {goto: nowhere_at_all}]\n", encoding="utf-8")
    result = noren("graph", "--root", str(root))
    assert (result.exit_code, result.stderr.splitlines()) == (
        2,
        [
            "flows/a.yaml:2:10: error: `sya` is no step; did you mean `say`?",
            "    fix: write say: …",
            "flows/a.yaml:2:27: error: there is no step, section or flow `nowhere_at_all`",
            "    fix: give the step you mean a name: id: nowhere_at_all",
        ],
    )


def test_a_wrong_setting_names_its_place(tmp_path: Path) -> None:
    root = folder(tmp_path, "sqlite:///noren.db\nport: soon")
    result = noren("events", "list", "--root", str(root))
    assert (result.exit_code, "noren.yaml:2" in result.stderr) == (2, True)


def test_the_module_runs_like_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "runtime", "--version"], capture_output=True, text=True, timeout=30, cwd=ROOT
    )
    assert done.stdout.startswith("noren, version ")
