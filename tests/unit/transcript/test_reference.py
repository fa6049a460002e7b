"""The pages about transcript tests: every word is there, every example passes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runtime.transcript.acts import ACTS, BESIDE
from runtime.transcript.agents import BESIDE as BESIDE_AGENTS
from runtime.transcript.agents import DEEDS, PERSON, STATUS
from runtime.transcript.expect import EXPECTATIONS
from runtime.transcript.heard import PARTS
from runtime.transcript.report import told
from runtime.transcript.script import ANSWER, GIVEN, parts
from tests.unit.transcript.bots import SETTINGS, played
from tests.world import write

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGES = [path for path in sorted(DOCS.rglob("*.md")) if "```yaml test\n" in path.read_text(encoding="utf-8")]
BLOCK = re.compile(r"^```yaml (flow|test)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def test_every_word_is_described() -> None:
    text = (DOCS / "reference" / "transcripts.md").read_text(encoding="utf-8")
    words = [*ACTS, *BESIDE, *PARTS, *EXPECTATIONS, *GIVEN, *ANSWER.of, *parts()]
    words += [*DEEDS, *PERSON.of, *STATUS, *BESIDE_AGENTS]
    assert [word for word in words if f"`{word}`" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_the_examples_pass(page: Path, tmp_path: Path) -> None:
    """The tests of a page are played against the flows of the page."""
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    flows = [text for kind, text in blocks if kind == "flow"]
    write(tmp_path, {"noren.yaml": SETTINGS, **{f"flows/{n}.yaml": text for n, text in enumerate(flows)}})
    outcomes = [one for kind, text in blocks if kind == "test" for one in played(tmp_path, text)]
    assert [line for one in outcomes for failure in one.failures for line in told(failure)] == []
    assert len(outcomes) >= 1


def test_both_pages_have_examples() -> None:
    assert {"test-a-bot", "transcripts"} <= {path.stem for path in PAGES}
