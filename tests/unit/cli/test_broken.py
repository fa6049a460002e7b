"""Files as designers break them (tests/data/broken), each with what it must be told: code, line, column, way out.

A header line `# finds: CODE LINE:COLUMN WORDS` names a finding and words of its fix (of its message, when it has
no fix); `# languages: ja th` the endpoint's languages. All errors and warnings of a file must be named: one mistake
is one finding. CSV and JSON files, which cannot have comments, have these lines in a file beside them.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runtime.cli.check_settings import read
from runtime.flow.check import check
from runtime.model import Finding

FOLDER = Path(__file__).resolve().parents[2] / "data" / "broken"
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix in (".yaml", ".csv", ".json"))
FINDS = re.compile(r"^# finds: ([a-z-]+) (\d+:\d+) (.+)$", re.MULTILINE)
LANGUAGES = re.compile(r"^# languages: (.+)$", re.MULTILINE)
MEDIA = ("media/curtain.png",)
AROUND = {
    "flows/phone.yaml": """
flow: phone
start: [{keyword: phone}]
vars: {reason: text, times: {type: int, default: 1}, asked_on: date, number: text}
steps:
  - ask: number
    say: "{{ reason }} {{ times }}: your number?"
    optional: true
  - set: {asked_on: today}
  - image: media/curtain.png
  - say: $number_hint
""",
    "flows/texts/phone.csv": "key,en,ja,th,zh-TW,id\nnumber_hint,Only digits.,数字だけ,ตัวเลข,數字,Angka\n",
    "flows/cards/receipt.json": '{"type": "bubble"}',
}
"""What stands beside a broken file: a flow with variables, a card, a picture."""


def told(path: Path) -> list[Finding]:
    """The findings of one broken file, at its own place in a bot."""
    text = path.read_text(encoding="utf-8")
    if path.name.startswith("noren-"):
        return list(read(text, {}).findings)
    languages = LANGUAGES.search(text)
    place, beside = {
        ".yaml": (f"flows/{path.name}", ""),
        ".csv": (f"flows/texts/{path.name}", "".join(f"  - say: ${key}\n" for key in keys(text))),
        ".json": (f"flows/cards/{path.name}", f"  - flex: cards/{path.name}\n    alt: A card\n"),
    }[path.suffix]
    if path.name.startswith("nlu-"):
        place = "flows/nlu/intents.yaml"
    files = AROUND | {place: text}
    if beside:
        files["flows/reader.yaml"] = f"flow: reader\nstart: [{{keyword: read}}]\nsteps:\n{beside}"
    found = check(files, languages[1].split() if languages else ["en"], media=MEDIA)
    return [one for one in found if one.at.file == place]


def keys(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"^(?!key\b)([a-z_]+)[,;]", text, re.MULTILINE)))[:5]


def expected(path: Path) -> list[tuple[str, str, str]]:
    beside = path.with_suffix(".expected")
    text = (beside if beside.exists() else path).read_text(encoding="utf-8")
    return [(code, place, words) for code, place, words in FINDS.findall(text)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_broken_file_is_told_what_is_wrong(path: Path) -> None:
    wanted, found = expected(path), told(path)
    assert wanted, f"{path.name} does not say what it must be told"
    grave = {one.code for one in found if one.severity != "hint"}
    assert grave <= {code for code, _, _ in wanted}, [one for one in found if one.severity != "hint"]
    seen = [(one.code, f"{one.at.line}:{one.at.column}", one.fix or one.message) for one in found]
    for code, place, words in wanted:
        assert any((code, place) == one[:2] and words in one[2] for one in seen), (code, place, words, seen)


def test_there_are_many() -> None:
    assert sum(path.suffix == ".yaml" for path in FILES) >= 60
    assert {path.suffix for path in FILES} == {".yaml", ".csv", ".json"}
