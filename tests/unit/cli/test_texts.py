"""The translators' sheet, there and back."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.unit.cli.bots import noren

SETTINGS = "endpoints:\n  shop:\n    channel_secret: ${SECRET:-}\n    languages: [en, ja, th]\n"
FLOW = """# The shop's own flow.
flow: shop
start:
  - keyword: [shop]   # how guests call us
texts:
  # said first
  hello: {en: "Welcome, {{ profile.name }}!", ja: 'いらっしゃいませ'}   # short
  bye:
    en: Good bye!     # plain
    ja: |
      ありがとうございました。
      またどうぞ。

  # one for all
  star: ★
  tea:
    en: [Tea?, A cup of tea?]
    ja: [お茶は？]
steps:
  - say: $hello
  - say: $bye
  - say: $star
  - say: $tea
  - say: $open
"""
SHEET = """key,en,ja
# opening hours, spoken slowly
open,"We are open, until seven.",七時まで
+,Open until seven.,
idle,"So ""quiet"" here.",静か
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "flows" / "texts").mkdir(parents=True)
    (tmp_path / "noren.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "flows" / "shop.yaml").write_text(FLOW, encoding="utf-8")
    (tmp_path / "flows" / "texts" / "common.csv").write_text(SHEET, encoding="utf-8")
    return tmp_path


def exported(root: Path) -> list[dict[str, str]]:
    assert noren("texts", "export", "--root", str(root), str(root / "sheet.csv")).exit_code == 0
    return list(csv.DictReader(io.StringIO((root / "sheet.csv").read_text(encoding="utf-8-sig"), newline="")))


def imported(root: Path, rows: list[dict[str, str]], *words: str) -> tuple[int, str, str]:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    (root / "sheet.csv").write_text(out.getvalue(), encoding="utf-8-sig", newline="")
    result = noren("texts", "import", "--root", str(root), *words, str(root / "sheet.csv"))
    return result.exit_code, result.stdout, result.stderr


def flow(root: Path) -> str:
    return (root / "flows" / "shop.yaml").read_text(encoding="utf-8")


def common(root: Path) -> str:
    return (root / "flows" / "texts" / "common.csv").read_text(encoding="utf-8")


def test_the_sheet_names_key_place_context_and_what_is_missing(root: Path) -> None:
    rows = exported(root)
    assert list(rows[0]) == ["key", "flow", "place", "context", "en", "ja", "th", "missing"]
    assert [(row["key"], row["flow"], row["missing"]) for row in rows] == [
        ("hello", "shop", "th"),
        ("bye", "shop", "th"),
        ("star", "shop", ""),
        ("tea", "shop", "th"),
        ("+", "shop", ""),
        ("open", "", "th"),
        ("+", "", ""),
        ("idle", "", "th"),
    ]
    assert rows[0]["place"] == "flows/shop.yaml:7:11"
    assert rows[0]["context"] == "shop.steps[0].say"
    assert (rows[2]["en"], rows[4]["en"], rows[5]["en"]) == ("★", "A cup of tea?", "We are open, until seven.")


def test_a_sheet_that_was_not_changed_changes_nothing(root: Path) -> None:
    rows = exported(root)
    assert imported(root, rows) == (0, "changed 0 texts in 0 files\n", "")
    assert (flow(root), common(root)) == (FLOW, SHEET)


def test_translations_go_back_and_everything_else_stays(root: Path) -> None:
    rows = exported(root)
    thai = {"hello": "ยินดีต้อนรับ {{ profile.name }}!", "bye": "ขอบคุณ: ค่ะ", "tea": "ชาไหมคะ", "open": "เปิดถึง, 19.00 น."}
    for row in rows:
        row["th"] = thai.get(row["key"], "")
    rows[1]["ja"] = "またどうぞ。"
    code, said, trouble = imported(root, rows)
    assert (code, trouble) == (0, "")
    assert said.splitlines()[-1] == "changed 5 texts in 2 files"
    assert flow(root) == FLOW.replace(
        "ja: 'いらっしゃいませ'}", f"ja: 'いらっしゃいませ', th: \"{thai['hello']}\"}}"
    ).replace(
        "    ja: |\n      ありがとうございました。\n      またどうぞ。\n",
        f'    ja: "またどうぞ。"\n    th: "{thai["bye"]}"\n',
    ).replace("    ja: [お茶は？]\n", f'    ja: [お茶は？]\n    th: "{thai["tea"]}"\n')
    assert common(root) == SHEET.replace("key,en,ja", "key,en,ja,th").replace("七時まで", f'七時まで,"{thai["open"]}"')


def test_quotes_stay_as_they_were_and_comments_too(root: Path) -> None:
    rows = exported(root)
    rows[0]["ja"], rows[1]["en"], rows[7]["en"] = "It's ようこそ", "See you!", 'So "still" here.'
    assert imported(root, rows)[0] == 0
    assert "ja: 'It''s ようこそ'}   # short" in flow(root)
    assert "    en: See you!     # plain" in flow(root)
    assert 'idle,"So ""still"" here.",静か' in common(root)
    assert "# opening hours, spoken slowly" in common(root)


def test_a_text_for_all_languages_gets_one_of_its_own(root: Path) -> None:
    rows = exported(root)
    rows[2]["th"] = "ดาว"
    assert imported(root, rows)[0] == 0
    assert '  star: {en: "★", th: "ดาว"}\n' in flow(root)


def test_more_variants_become_a_list(root: Path) -> None:
    rows = exported(root)
    rows[4]["ja"] = "一杯いかが？"
    assert imported(root, rows)[0] == 0
    assert "    ja: [お茶は？]" not in flow(root)
    assert '    ja: ["お茶は？", "一杯いかが？"]\n' in flow(root)


def test_line_ends_and_the_mark_of_a_table_program_stay(root: Path) -> None:
    path = root / "flows" / "texts" / "common.csv"
    path.write_bytes(b"\xef\xbb\xbf" + SHEET.replace("\n", "\r\n").encode())
    rows = exported(root)
    rows[7]["th"] = "เงียบ"
    assert imported(root, rows)[0] == 0
    assert (
        path.read_bytes()
        == b"\xef\xbb\xbf"
        + SHEET.replace("key,en,ja", "key,en,ja,th").replace("静か", "静か,เงียบ").replace("\n", "\r\n").encode()
    )


def test_what_cannot_be_used_is_told_and_the_rest_is_done(root: Path) -> None:
    rows = exported(root)
    rows[0]["th"], rows[1]["th"], rows[7]["key"] = "ยินดีต้อนรับ {{ profil.name }}", "ลาก่อน", "idel"
    code, said, trouble = imported(root, rows, "--dry-run")
    assert code == 1
    assert said.splitlines()[-1] == "would change 2 texts in 1 files"
    assert trouble.splitlines() == [
        "line 9: there is no text `idel`; left out",
        "hello in th: {{ profil.name }} was not there before; look whether that is meant",
        "hello in th: {{ profile.name }} is not there any more; look whether that is meant",
        "flows/shop.yaml:7:84: `profil` is not known here",
    ]
    assert flow(root) == FLOW


def test_another_file_is_no_sheet(root: Path) -> None:
    (root / "sheet.csv").write_text("name,price\ntea,5\n", encoding="utf-8")
    result = noren("texts", "import", "--root", str(root), str(root / "sheet.csv"))
    assert result.exit_code == 2
    assert result.stderr.startswith("noren: this is no sheet of `noren texts export`")


def test_missing_lists_what_is_to_be_written_and_what_nothing_uses(root: Path) -> None:
    result = noren("texts", "missing", "--root", str(root))
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "flows/shop.yaml:7:11: hello has no text in th",
        "flows/shop.yaml:9:5: bye has no text in th",
        "flows/shop.yaml:17:5: tea has no text in th",
        "flows/texts/common.csv:3:7: open has no text in th",
        "flows/texts/common.csv:5:7: idle has no text in th",
        "flows/texts/common.csv:5:7: nothing uses the text `idle`",
        "6 texts, 5 translations missing, 1 unused",
    ]
    assert noren("texts", "missing", "--root", str(root), "--language", "ja").exit_code == 0
    listed = json.loads(noren("texts", "missing", "--root", str(root), "--format", "json").output)
    assert [one["key"] for one in listed["missing"]] == ["hello", "bye", "tea", "open", "idle"]
