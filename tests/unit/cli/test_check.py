"""`noren check` on the command line: forms, places, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from runtime.cli.findings import sarif
from runtime.model import Finding, Place
from tests.unit.cli.bots import noren

FLOW = """flow: shop
start:
  - keyword: [shop]
steps:
  - sya: Welcome!
  - say: ราคา {{ kosten }} 円
"""
MENU = "flow: menu\nstart: [{keyword: menu}]\nsteps:\n  - say: Tea\n  - goto: nowhere\n"
SETTINGS = "endpoints:\n  shop:\n    channel_secret: ${SECRET:-}\n    languages: [en]\n"
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
SARIF = {
    "type": "object",
    "required": ["version", "$schema", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "$schema": {"type": "string", "format": "uri"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["tool"],
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "rules"],
                                "properties": {
                                    "name": {"type": "string"},
                                    "semanticVersion": {"type": "string"},
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id"],
                                            "properties": {
                                                "id": {"type": "string"},
                                                "shortDescription": TEXT,
                                                "help": TEXT,
                                            },
                                            "additionalProperties": False,
                                        },
                                    },
                                },
                                "additionalProperties": False,
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message"],
                            "additionalProperties": False,
                            "properties": {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": TEXT,
                                "locations": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "additionalProperties": False,
                                        "properties": {
                                            "logicalLocations": {"type": "array", "items": {"type": "object"}},
                                            "physicalLocation": {
                                                "type": "object",
                                                "required": ["artifactLocation"],
                                                "additionalProperties": False,
                                                "properties": {
                                                    "artifactLocation": {
                                                        "type": "object",
                                                        "required": ["uri"],
                                                        "properties": {
                                                            "uri": {"type": "string", "format": "uri-reference"},
                                                            "uriBaseId": {"type": "string"},
                                                        },
                                                    },
                                                    "region": {
                                                        "type": "object",
                                                        "required": ["startLine"],
                                                        "properties": {
                                                            "startLine": {"type": "integer", "minimum": 1},
                                                            "startColumn": {"type": "integer", "minimum": 1},
                                                        },
                                                        "additionalProperties": False,
                                                    },
                                                },
                                            },
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}
"""What we write of SARIF, after https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "flows").mkdir()
    (tmp_path / "noren.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "flows" / "shop.yaml").write_text(FLOW, encoding="utf-8")
    (tmp_path / "flows" / "menu.yaml").write_text(MENU, encoding="utf-8")
    return tmp_path


def test_text_shows_the_line_the_step_and_the_way_out(root: Path) -> None:
    result = noren("check", "--root", str(root))
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "flows/menu.yaml:5:11: error[dangling-goto] there is no step, section or flow `nowhere`",
        "  5 │   - goto: nowhere",
        "    │           ^",
        "    in:  steps[1]",
        "    fix: give the step you mean a name: id: nowhere",
        "",
        "flows/shop.yaml:5:5: error[unknown-verb] `sya` is no step; did you mean `say`?",
        "  5 │   - sya: Welcome!",
        "    │     ^",
        "    in:  steps[0]",
        "    fix: write say: …",
        "flows/shop.yaml:6:18: error[expr-name] `kosten` is not known here",
        "  6 │   - say: ราคา {{ kosten }} 円",
        "    │                  ^",
        "    in:  steps[1].say",
        "    fix: declare it under `vars`, or quote it if it is text",
        "3 errors in 2 of 3 files",
        "  dangling-goto 1, unknown-verb 1, expr-name 1",
        "  more about one: noren check --explain dangling-goto",
    ]


def test_paths_limit_what_is_told_not_what_is_read(root: Path) -> None:
    result = noren("check", "--root", str(root), "--format", "json", "flows/menu.yaml")
    assert [one["at"]["file"] for one in json.loads(result.output)] == ["flows/menu.yaml"]
    assert result.exit_code == 1
    result = noren("check", "--root", str(root), "noren.yaml")
    assert (result.exit_code, result.output) == (0, "3 files, nothing to complain about\n")
    assert len(json.loads(noren("check", "--root", str(root), "--format", "json", "flows").output)) == 3
    result = noren("check", "--root", str(root), "flows/nothing.yaml")
    assert (result.exit_code, result.stderr) == (2, f"noren: there is no flows/nothing.yaml in {root}\n")


def test_sarif_has_its_structure(root: Path) -> None:
    log = json.loads(noren("check", "--root", str(root), "--format", "sarif").output)
    jsonschema.validate(log, SARIF)
    [run] = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[one["ruleIndex"]] == one["ruleId"] for one in run["results"])
    assert [one["locations"][0]["physicalLocation"]["region"]["startLine"] for one in run["results"]] == [5, 5, 6]


def test_sarif_without_findings_and_without_lines_has_its_structure() -> None:
    jsonschema.validate(sarif([]), SARIF)
    bare = Finding(code="unused-media", severity="hint", at=Place("flows/media/old.png"), message="nothing shows it")
    log = sarif([bare])
    jsonschema.validate(log, SARIF)
    assert log["runs"][0]["results"][0]["level"] == "note"


def test_github_annotations_escape_what_github_reads(root: Path) -> None:
    (root / "flows" / "shop.yaml").write_text("flow: shop\nstart: [{keyword: '100%'}]\nsteps: [say: $a%b]\n")
    (root / "flows" / "menu.yaml").write_text("flow: 'm,e:n'\nsteps: []\n")
    lines = noren("check", "--root", str(root), "--format", "github").output.splitlines()
    assert lines[0].startswith("::error file=flows/menu.yaml,line=1,col=8,title=wrong-form::`m,e:n` is not")


def test_a_secret_is_never_shown(root: Path) -> None:
    secret = "8f14e45fceea167a5a36dedd4bea2543"
    header = f'  - http: {{get: "https://api.example.com/", headers: {{Authorization: Bearer {secret}}}}}\n'
    (root / "flows" / "shop.yaml").write_text(
        f"flow: shop\nstart: [{{keyword: a}}]\nsteps:\n{header}", encoding="utf-8"
    )
    (root / "noren.yaml").write_text(SETTINGS.replace("${SECRET:-}", secret), encoding="utf-8")
    for form in ("text", "json", "github", "sarif"):
        output = noren("check", "--root", str(root), "--format", form).output
        assert "secret" in output
        assert secret not in output
        assert secret[6:] not in output


def test_strict_counts_warnings(root: Path) -> None:
    (root / "flows" / "menu.yaml").unlink()
    (root / "flows" / "shop.yaml").write_text("flow: shop\nstart: [{event: leave}]\nsteps: [say: Bye]\n")
    assert noren("check", "--root", str(root)).exit_code == 0
    assert noren("check", "--root", str(root), "--strict").exit_code == 1


def test_every_wrong_setting_is_told_and_the_flows_are_checked_all_the_same(root: Path) -> None:
    (root / "noren.yaml").write_text(SETTINGS + "    lates: push\n    timezone: Tokyo\nport: soon\n", encoding="utf-8")
    found = json.loads(noren("check", "--root", str(root), "--format", "json").output)
    assert [(one["at"]["line"], one["code"]) for one in found if one["at"]["file"] == "noren.yaml"] == [
        (5, "bad-setting"),
        (6, "bad-setting"),
        (7, "bad-setting"),
    ]
    assert len(found) == 6


def test_functions_and_keys_in_settings_must_be_there(root: Path) -> None:
    more = (
        "    trouble: $sorry\n    transformers:\n      input: tidy.py\n    session:\n      expired_hook: bye.py:wave\n"
    )
    (root / "noren.yaml").write_text(SETTINGS + more, encoding="utf-8")
    (root / "flows" / "shop.yaml").write_text("flow: shop\nstart: [{keyword: a}]\nsteps: [call: tidy.py:tidy]\n")
    (root / "flows" / "menu.yaml").unlink()
    found = json.loads(noren("check", "--root", str(root), "--format", "json").output)
    assert [(one["at"]["file"], one["at"]["line"], one["code"]) for one in found] == [
        ("flows/shop.yaml", 3, "transformer"),
        ("noren.yaml", 5, "text-unknown"),
        ("noren.yaml", 7, "transformer"),
        ("noren.yaml", 9, "transformer"),
    ]


def test_a_python_file_that_cannot_be_loaded_is_told_once_at_its_line(root: Path) -> None:
    (root / "noren.yaml").write_text(SETTINGS + "    transformers:\n      input: tidy.py\n", encoding="utf-8")
    (root / "flows" / "shop.yaml").write_text(
        "flow: shop\nstart: [{keyword: a}]\ntrouble: Sorry.\nsteps: [call: tidy.py:tidy]\n"
    )
    (root / "flows" / "menu.yaml").unlink()
    (root / "transformers").mkdir(exist_ok=True)
    (root / "transformers" / "tidy.py").write_text("a = 1\ndef tidy(: pass\n")
    found = json.loads(noren("check", "--root", str(root), "--format", "json").output)
    assert [(one["at"]["file"], one["at"]["line"], one["code"]) for one in found] == [
        ("transformers/tidy.py", 2, "transformer")
    ]


def test_explain_shows_an_entry_and_names_the_nearest_for_a_wrong_code(root: Path) -> None:
    result = noren("check", "--explain", "unknown-verb")
    assert (result.exit_code, result.output.splitlines()[0]) == (0, "unknown-verb")
    assert "    - sya: Welcome!" in result.output
    result = noren("check", "--explain", "unknown-verbs")
    assert (result.exit_code, result.stderr) == (
        2,
        "noren: there is no finding `unknown-verbs`; did you mean unknown-verb?\n",
    )


def test_a_text_that_a_card_lacks_is_a_finding(root: Path) -> None:
    (root / "flows" / "cards").mkdir()
    words = '[{"type": "text", "text": "$no"}]'
    card = f'{{"type": "bubble", "body": {{"type": "box", "layout": "vertical", "contents": {words}}}}}'
    (root / "flows" / "cards" / "a.json").write_text(card, encoding="utf-8")
    (root / "flows" / "menu.yaml").write_text(
        "flow: menu\nstart: [{keyword: m}]\nsteps: [{flex: cards/a.json, alt: a}]\n"
    )
    found = json.loads(noren("check", "--root", str(root), "--format", "json", "flows/cards").output)
    assert [one["code"] for one in found] == ["text-unknown"]


def test_a_failure_that_nobody_hears_of_is_a_hint_with_the_way_out(root: Path) -> None:
    flow = "flow: shop\nstart: [{keyword: a}]\nsteps: [http: {get: https://shop.example}]\n"
    (root / "flows" / "shop.yaml").write_text(flow)
    (root / "flows" / "menu.yaml").unlink()
    found = json.loads(noren("check", "--root", str(root), "--format", "json").output)
    assert [(one["code"], one["severity"], one["at"]["line"]) for one in found] == [("silent-failure", "hint", 3)]
    (root / "noren.yaml").write_text(SETTINGS + "    trouble: Sorry.\n", encoding="utf-8")
    assert json.loads(noren("check", "--root", str(root), "--format", "json").output) == []


def test_a_secret_without_braces_is_no_secret(root: Path) -> None:
    (root / "noren.yaml").write_text(SETTINGS.replace("${SECRET:-}", "$LINE_CHANNEL_SECRET"), encoding="utf-8")
    found = json.loads(noren("check", "--root", str(root), "--format", "json").output)
    told = next(one for one in found if one["code"] == "secret")
    assert (told["severity"], told["fix"]) == ("error", "write ${LINE_CHANNEL_SECRET}")


def test_many_hints_of_one_code_share_their_words(root: Path) -> None:
    names = "\n".join(f"  unused{number}: int" for number in range(3))
    (root / "flows" / "shop.yaml").write_text(
        f"flow: shop\nstart: [{{keyword: a}}]\nvars:\n{names}\nsteps: [say: Hi]\n"
    )
    (root / "flows" / "menu.yaml").unlink()
    whole = noren("check", "--root", str(root)).output
    assert whole.splitlines()[:3] == [
        "hint[unused-variable] nothing uses the variable `unused0`",
        "    flows/shop.yaml: 4:3, 5:3, 6:3",
        "    each of them whole: noren check flows/shop.yaml",
    ]
    assert "3 hints in 1 of" in whole
    assert "nothing uses the variable `unused2`" in noren("check", "--root", str(root), "flows/shop.yaml").output


def test_a_function_that_cannot_be_called_so_is_told(root: Path) -> None:
    (root / "noren.yaml").write_text(SETTINGS + "    transformers: {output: tidy.py}\n", encoding="utf-8")
    flow = "flow: shop\nstart: [{keyword: a}]\ntrouble: Sorry.\nsteps: [call: tidy.py:tidy]\n"
    (root / "flows" / "shop.yaml").write_text(flow)
    (root / "flows" / "menu.yaml").unlink()
    (root / "transformers").mkdir(exist_ok=True)
    (root / "transformers" / "tidy.py").write_text("def tidy(args): ...\nasync def handle_output(output): ...\n")
    found = json.loads(noren("check", "--root", str(root), "--format", "json").output)
    assert [(one["at"]["file"], one["code"], one["fix"]) for one in found] == [
        ("flows/shop.yaml", "transformer", "write def tidy(args, session, endpoint, kit):"),
        ("noren.yaml", "transformer", "write async def handle_output(output, messages, session, endpoint, kit):"),
    ]
