"""The pytest plugin, in a pytest of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.unit.transcript.bots import bot, chat
from tests.world import write

ROOT = Path(__file__).resolve().parents[3]


def run(folder: Path, *words: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "runtime.transcript.plugin"]
    if registered():
        command[-2:] = []
    done = subprocess.run(
        [*command, *words], cwd=folder, capture_output=True, text=True, timeout=120, env={"PYTHONPATH": str(ROOT)}
    )
    return done.returncode, done.stdout + done.stderr


def registered() -> bool:
    """Whether the installed package names the plugin; a checkout that was installed earlier does not."""
    from importlib.metadata import entry_points

    return any(one.value == "runtime.transcript.plugin" for one in entry_points(group="pytest11"))


def test_transcripts_are_tests_like_any_other(tmp_path: Path) -> None:
    given = "given: {language: [en, ja]}\n"
    files = {
        "tests/right.yaml": chat("user: {en: tea, ja: お茶}", "bot: $how_many", given=given),
        "tests/deep/wrong.yml": chat("user: nothing", "bot: Pardon?"),
        "tests/odd.yaml": "test: it\nchta: []\n",
        "tests/later.yaml": "test: later\nskip: not yet\nchat: []\n",
        "tests/other.yaml": "name: no test of ours\n",
        "tests/test_one.py": "def test_one():\n    pass\n",
    }
    code, told = run(bot(tmp_path, **files))
    assert code == 1, told
    assert "2 failed, 3 passed, 1 skipped" in told
    assert 'tests/deep/wrong.yml:6:10: the bot said something else\n    - "Pardon?"\n    + "What?"' in told
    assert "tests/odd.yaml:2:1: `chta` is not known here; did you mean `chat`?" in told


def test_other_projects_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, {"tests/a.yaml": "test: it\nchat: []\n", "tests/test_a.py": "def test_a():\n    pass\n"})
    code, told = run(tmp_path)
    assert (code, told.splitlines()[-1].startswith("1 passed")) == (0, True), told


def test_settings_that_cannot_be_used_are_one_line(tmp_path: Path) -> None:
    root = bot(tmp_path, **{"tests/it.yaml": "test: it\nchat: []\n"})
    write(root, {"noren.yaml": "prot: 1\n"})
    code, told = run(root)
    assert code == 2, told
    assert "noren: noren.yaml:1:1:" in told
    assert "Traceback" not in told


def test_files_outside_of_tests_are_none(tmp_path: Path) -> None:
    code, told = run(
        bot(tmp_path, **{"flows/x/it.txt": "", "test_a.py": "def test_a():\n    pass\n", "it.yaml": "test: it\n"})
    )
    assert (code, told.splitlines()[-1].startswith("1 passed")) == (0, True), told


def test_it_can_be_chosen_by_name(tmp_path: Path) -> None:
    root = bot(tmp_path, **{"tests/right.yaml": chat("user: nothing", "bot: What?")})
    code, told = run(root, "tests/right.yaml::it", "-rA")
    assert code == 0, told
    assert "PASSED tests/right.yaml::it" in told
