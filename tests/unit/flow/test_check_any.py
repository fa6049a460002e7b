"""Whatever somebody types into the sample flows: a finding or flows that load, never a crash."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.flow.check import check
from runtime.flow.loader import examine
from runtime.flow.source import excerpt
from runtime.project import read_files

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = read_files(ROOT, ROOT / "flows")
LANGUAGES = ("en", "ja", "th", "zh-TW", "id")
PATHS = sorted(SAMPLE)
PIECES = st.one_of(
    st.sampled_from(
        (
            *(
                "\t",
                "  ",
                "\n",
                "- ",
                ": ",
                "：",
                "{{",
                "}}",
                "{",
                "[",
                "]",
                '"',
                "'",
                "“",
                "#",
                "&a",
                "*a",
                "|",
                "!",
                "%",
            ),
            *(
                "say: ",
                "ask: x\n",
                "goto: x",
                "when: ",
                "do: ",
                "each: a in b",
                "if: x == 1",
                "$key",
                "{% if %}",
                "<<: ",
            ),
            *("null", "yes", "12:30", "\u200b", "\x00", "ก", "漢", "🍵", "0.5s", "media/x.png", "http://x"),
        )
    ),
    st.text(max_size=6),
)
EDITS = st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 12), PIECES), min_size=1, max_size=4)


@given(path=st.sampled_from(PATHS), edits=EDITS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_edit_of_a_file_is_told_or_loads(path: str, edits: list[tuple[int, int, str]]) -> None:
    text = SAMPLE[path]
    for at, cut, piece in edits:
        start = at % (len(text) + 1)
        text = text[:start] + piece + text[start + cut :]
    files = {**SAMPLE, path: text}
    found = examine(files, LANGUAGES)
    told = check(files, LANGUAGES, media=("media/curtain.png",), found=found)
    assert found.flows is not None or any(one.severity == "error" for one in told)
    for one in told:
        assert one.message
        assert one.code
        excerpt(files.get(one.at.file, ""), one.at)


@given(path=st.sampled_from(PATHS), at=st.integers(0, 20_000))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_half_a_file_is_told_or_loads(path: str, at: int) -> None:
    text = SAMPLE[path]
    files = {**SAMPLE, path: text[: at % (len(text) + 1)]}
    found = examine(files, LANGUAGES)
    assert found.flows is not None or any(one.severity == "error" for one in check(files, LANGUAGES, found=found))
