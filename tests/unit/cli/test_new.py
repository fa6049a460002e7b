"""`noren new`: what it makes is whole, fits its own schemas, passes the check and answers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from runtime.cli.new import SCAFFOLD
from runtime.cli.schemas import SCHEMAS, settings_schema
from tests.unit.cli.bots import noren

ROOT = Path(__file__).resolve().parent.parent.parent.parent


@pytest.fixture
def made(tmp_path: Path) -> Path:
    result = noren("new", str(tmp_path / "tea"))
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-2:] == [f"  cd {tmp_path / 'tea'}", "  noren chat"]
    return tmp_path / "tea"


def test_every_file_is_written(made: Path) -> None:
    found = {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
    schemas = {f".noren/{name}" for name in SCHEMAS}
    assert found == {*SCAFFOLD.values(), *schemas}
    assert len((made / "README.md").read_text(encoding="utf-8").splitlines()) <= 10


def test_it_passes_the_check(made: Path) -> None:
    result = noren("check", "--strict", "--root", str(made))
    assert (result.exit_code, result.output) == (0, "3 files, nothing to complain about\n")


def test_its_files_fit_the_schemas_that_editors_use(made: Path) -> None:
    for schema, name in json.loads((made / ".vscode" / "settings.json").read_text())["yaml.schemas"].items():
        rules = json.loads((made / schema).read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(rules)
        for path in made.glob(name):
            jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), rules)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("port: 8000", True),
        ("port: ${PORT}", True),
        ("port: soon", False),
        ("prot: 8000", False),
        ("endpoints: {a: {late: never}}", False),
        ("endpoints: {a: {late: button, session: {expire: 30m}}}", True),
        ("endpoints: {a: {session: {expire: 30 minutes}}}", False),
        ("endpoints: {a: {transformers: {input: tidy.py, output: [a.py, b.py]}}}", True),
        ("endpoints: {a: {name: b}}", False),
        ("connections: {x: {headers: {X-Key: '1'}}}", True),
    ],
)
def test_the_schema_of_settings_says_what_the_settings_say(text: str, fits: bool) -> None:
    found = list(jsonschema.Draft202012Validator(settings_schema()).iter_errors(yaml.safe_load(text)))
    assert (not found) is fits


def test_the_sample_bots_settings_fit() -> None:
    text = (ROOT / "noren.yaml").read_text(encoding="utf-8")
    jsonschema.validate(yaml.safe_load(text), settings_schema())


def test_it_answers_and_knows_a_name_the_next_time(made: Path) -> None:
    command = [sys.executable, "-m", "runtime", "chat", "--root", str(made)]
    lines = (made / "tests" / "hello.txt").read_text(encoding="utf-8")
    done = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "What may I call you?" in done.stdout
    assert "Nice to meet you, Mai!" in done.stdout
    assert "Good to see you again, Mai." in done.stdout
    japanese = subprocess.run(
        [*command, "--language", "ja"], input="こんにちは\n", capture_output=True, text=True, timeout=60, cwd=ROOT
    )
    assert "お名前を教えていただけますか。" in japanese.stdout


def test_its_own_tests_pass(made: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(made / "tests")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=made)
    assert done.returncode == 0, done.stdout


def test_its_transcript_tests_go_through_every_step(made: Path) -> None:
    result = noren("test", "--root", str(made), "--coverage", "--format", "json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.output)
    assert (told["passed"], told["failed"]) == (6, 0)
    assert told["coverage"]["bot"]["percent"] == 100


def test_a_folder_with_files_is_left_alone_unless_forced(tmp_path: Path) -> None:
    (tmp_path / "noren.yaml").write_text("mine: true\n", encoding="utf-8")
    refused = noren("new", str(tmp_path))
    assert refused.exit_code == 2
    assert "is not empty" in refused.stderr
    forced = noren("new", str(tmp_path), "--force")
    assert forced.exit_code == 0
    assert (tmp_path / "noren.yaml").read_text(encoding="utf-8") == "mine: true\n"
    assert (tmp_path / "flows" / "welcome.yaml").is_file()


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = noren("new", str(tmp_path / "file" / "bot"))
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_check_writes_the_schemas_anew(made: Path) -> None:
    path = made / ".noren" / "flow.schema.json"
    path.unlink()
    assert noren("check", "--write-schema", "--root", str(made)).exit_code == 0
    assert path.is_file()
