"""`noren graph`: pictures to the screen, to a file, to a folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.bots import folder, noren


@pytest.fixture
def root(tmp_path: Path) -> str:
    folder(tmp_path)
    (tmp_path / "flows").mkdir()
    for name in ("tea", "cake"):
        text = f"flow: {name}\nstart: [{{keyword: {name}}}]\nsteps:\n  - say: A {name}\n  - end\n"
        (tmp_path / "flows" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return str(tmp_path)


@pytest.mark.parametrize(("form", "begin"), [("svg", "<svg"), ("mermaid", "---\n"), ("dot", "digraph")])
def test_a_flow_is_drawn_in_each_form(root: str, form: str, begin: str) -> None:
    result = noren("graph", "tea", "--root", root, "--format", form)
    assert result.exit_code == 0
    assert result.stdout.startswith(begin)
    assert "A tea" in result.stdout
    assert "A cake" not in result.stdout


def test_one_flow_goes_to_a_file_whose_ending_says_the_form(root: str, tmp_path: Path) -> None:
    out = tmp_path / "tea.mmd"
    assert noren("graph", "tea", "--root", root, "--out", str(out)).exit_code == 0
    assert "flowchart TD" in out.read_text(encoding="utf-8")


def test_all_flows_go_to_a_folder(root: str, tmp_path: Path) -> None:
    out = tmp_path / "pictures"
    result = noren("graph", "--root", root, "--out", str(out))
    assert sorted(path.name for path in out.iterdir()) == ["cake.svg", "tea.svg"]
    assert len(result.stdout.splitlines()) == 2


def test_several_flows_do_not_fit_into_one_file(root: str, tmp_path: Path) -> None:
    result = noren("graph", "--root", root, "--out", str(tmp_path / "all.svg"))
    assert result.exit_code == 2
    assert "give a folder" in result.stderr


def test_an_unknown_flow_is_named_with_its_neighbour(root: str) -> None:
    result = noren("graph", "teaa", "--root", root)
    assert result.exit_code == 2
    assert "did you mean `tea`?" in result.stderr


@pytest.mark.parametrize("form", [["tea.steps[0]"], {"tea.steps[0]": 2, "tea.steps[1]": 0}])
def test_coverage_is_read_as_a_list_or_as_counts(root: str, tmp_path: Path, form: object) -> None:
    for data in (form, {"steps": form}):
        file = tmp_path / "coverage.json"
        file.write_text(json.dumps(data), encoding="utf-8")
        result = noren("graph", "tea", "--root", root, "--coverage", str(file))
        assert "1 of 2 steps tried" in result.stdout


def test_coverage_is_read_as_the_tests_print_it(root: str, tmp_path: Path) -> None:
    flows = {"tea": {"file": "flows/tea.yaml", "percent": 50.0, "done": ["steps[0]"], "left": []}}
    file = tmp_path / "coverage.json"
    file.write_text(json.dumps({"bot": {"percent": 50.0, "flows": flows}}), encoding="utf-8")
    result = noren("graph", "tea", "--root", root, "--coverage", str(file))
    assert "1 of 2 steps tried" in result.stdout


def test_a_coverage_file_of_another_kind_is_refused(root: str, tmp_path: Path) -> None:
    file = tmp_path / "coverage.json"
    file.write_text("3", encoding="utf-8")
    result = noren("graph", "tea", "--root", root, "--coverage", str(file))
    assert result.exit_code == 2
    assert "no coverage file" in result.stderr
