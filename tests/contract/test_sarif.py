"""SARIF as `noren check` writes it, against the schema that the standard's own tools are tested with.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html

The schema comes from npm, in a package of its authors.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from runtime.cli.findings import sarif
from runtime.flow.check import check
from runtime.model import Finding, Place
from tests.required import missing
from tests.unit.cli.test_broken import FILES, told

PACKAGE = "@microsoft/jest-sarif@1.0.0-beta.0"
INSIDE = "package/lib/schemas/sarif-2.1.0-rtm.5.json"
HOME = Path(tempfile.gettempdir()) / "noren-sarif-1.0.0-beta.0"


@pytest.fixture(scope="module")
def schema() -> Draft4Validator:
    found = HOME / Path(INSIDE).name
    if not found.is_file():
        fetch(found)
    validator = Draft4Validator(json.loads(found.read_text(encoding="utf-8")))
    validator.check_schema(validator.schema)
    return validator


def fetch(into: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        missing("editor", "npm is not here")
    HOME.mkdir(exist_ok=True)
    command = [npm, "pack", PACKAGE, "--silent", "--pack-destination", str(HOME)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    if done.returncode:
        missing("editor", f"npm could not fetch {PACKAGE}: {done.stderr.strip()[-200:]}")
    with tarfile.open(HOME / done.stdout.split()[-1]) as package:
        inside = package.extractfile(INSIDE)
        assert inside is not None
        into.write_bytes(inside.read())


def wrong(schema: Draft4Validator, log: dict[str, Any]) -> list[str]:
    return [f"{list(one.absolute_path)}: {one.message}" for one in schema.iter_errors(json.loads(json.dumps(log)))]


def test_all_findings_of_all_broken_files_fit(schema: Draft4Validator) -> None:
    found = [one for path in FILES for one in told(path)]
    assert len({one.code for one in found}) > 30
    assert wrong(schema, sarif(found)) == []


def test_no_findings_and_findings_without_a_line_fit(schema: Draft4Validator) -> None:
    assert wrong(schema, sarif([])) == []
    assert wrong(schema, sarif(check({}, ("en",)))) == []


def test_the_schema_refuses_what_is_none(schema: Draft4Validator) -> None:
    log = sarif([Finding(code="a", severity="error", at=Place("flows/a.yaml", 1, 1), message="b")])
    assert wrong(schema, {**log, "version": "2.0"})
    log["runs"][0]["results"][0]["level"] = "hint"
    assert wrong(schema, log)


def test_a_path_is_an_address(schema: Draft4Validator) -> None:
    log = sarif([Finding(code="a", severity="error", at=Place("flows/お茶 1.yaml", 1, 1), message="b")])
    assert wrong(schema, log) == []
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "flows/%E3%81%8A%E8%8C%B6%201.yaml"
