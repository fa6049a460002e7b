"""Texts by key and language, from flow files, YAML and spreadsheets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runtime.flow.expr_check import Known
from runtime.flow.source import parse
from runtime.flow.texts import Row, Texts, read_csv, read_map, read_yaml
from runtime.model import Finding, Place

CSV = """\ufeffkey,ja,"zh-TW",en,note
hello,"こんにちは、
{{ profile.name }}",哈囉,Hi,greeting
+,やあ,,Hey

bye,さようなら,再見,Bye
"""


def build(rows: list[Row], *languages: str) -> tuple[Texts, list[Finding]]:
    return Texts.build(rows, languages or ("ja", "en"))


def inline(text: str, flow: str = "shop") -> tuple[list[Row], list[Finding]]:
    node, findings = parse(text, "flows/shop.yaml")
    assert node is not None
    assert findings == []
    return read_map(node, flow)


def wordings(texts: Texts, key: str, language: str, flow: str = "shop") -> list[str]:
    return [template.text for template in texts.get(key, language, flow)]


def test_a_spreadsheet_gives_texts_with_variants_and_places() -> None:
    rows, findings = read_csv(CSV, "flows/texts/shop.csv", "shop")
    assert findings == []
    texts, findings = build(rows, "ja", "zh-TW", "en")
    assert findings == []
    assert wordings(texts, "hello", "ja") == ["こんにちは、\n{{ profile.name }}", "やあ"]
    assert wordings(texts, "hello", "en") == ["Hi", "Hey"]
    assert wordings(texts, "bye", "zh-TW") == ["再見"]
    assert texts.get("hello", "ja", "shop")[0].at == Place("flows/texts/shop.csv", 2, 8)
    assert texts.get("bye", "en", "shop")[0].at == Place("flows/texts/shop.csv", 6, 14)


def test_inline_texts_by_language_for_all_and_with_variants() -> None:
    rows, findings = inline("hello: {ja: やあ, en: [Hi, Hey]}\nok: OK\nn: 5\n")
    assert findings == []
    texts, findings = build(rows)
    assert findings == []
    assert wordings(texts, "hello", "en") == ["Hi", "Hey"]
    assert wordings(texts, "ok", "th") == ["OK"]
    assert wordings(texts, "n", "ja") == ["5"]
    assert texts.get("nope", "ja", "shop") == ()


def test_a_flows_own_text_comes_before_the_shared_one() -> None:
    rows = inline("hello: mine\n")[0] + inline("hello: shared\nbye: Bye\n", "")[0]
    texts, findings = build(rows)
    assert findings == []
    assert wordings(texts, "hello", "en") == ["mine"]
    assert wordings(texts, "hello", "en", "other") == ["shared"]
    assert wordings(texts, "bye", "en") == ["Bye"]
    assert texts.keys("shop") == ["bye", "hello"]
    assert texts.has("bye", "shop")
    assert not texts.has("nope", "shop")
    assert texts.owner("bye", "shop") == ("", "bye")
    assert [language for language, _ in texts.templates("hello", "shop")] == [""]


def test_languages_fall_back_to_relatives_then_to_the_endpoints_order() -> None:
    rows, _ = inline("a: {zh-TW: 繁, ja: 日, en: E}\nb: {zh: 中, ja: 日}\nc: {en-GB: G, ja: 日}\nd: {th: ไทย}\n")
    texts, _ = build(rows, "ja", "en")
    assert wordings(texts, "a", "zh-TW") == ["繁"]
    assert wordings(texts, "a", "zh-Hant") == ["繁"]
    assert wordings(texts, "a", "zh_HK") == ["繁"]
    assert wordings(texts, "a", "zh") == ["繁"]
    assert wordings(texts, "a", "en-US") == ["E"]
    assert wordings(texts, "a", "th") == ["日"]
    assert wordings(texts, "a", "") == ["日"]
    assert wordings(texts, "b", "zh-TW") == ["中"]
    assert wordings(texts, "c", "en-US") == ["G"]
    assert wordings(texts, "d", "ja") == ["ไทย"]


def test_what_is_wrong_in_inline_texts() -> None:
    rows, findings = inline("a: {ja: {x: y}}\n'b c': x\nd: ''\ne: [[x]]\nf: {ja: あ, xq: q, de: D}\ng: '{{ x'\n")
    texts, more = build(rows)
    found = [(each.code, each.severity, each.at.line) for each in [*findings, *more]]
    assert ("text-shape", "error", 1) in found
    assert ("text-key", "error", 2) in found
    assert ("text-empty", "warning", 3) in found
    assert ("text-shape", "error", 4) in found
    assert ("text-language", "error", 5) in found
    assert ("text-language", "hint", 5) in found
    assert ("text-missing", "warning", 5) in found
    assert ("expr-syntax", "error", 6) in found
    assert wordings(texts, "g", "ja") == [""]
    assert inline("[a]")[1][0].code == "text-shape"


def test_a_text_given_twice_is_told_with_the_first_place() -> None:
    rows = read_csv(CSV, "t.csv", "shop")[0] + inline("hello: {en: Again}\n")[0]
    texts, findings = build(rows, "ja", "zh-TW", "en")
    twice = [each for each in findings if each.code == "text-twice"]
    assert [(each.at.line, "t.csv:3:1" in each.message) for each in twice] == [(1, False)]
    assert "t.csv:3:" in twice[0].message
    assert wordings(texts, "hello", "en")[0] == "Hi"


def test_what_is_wrong_in_a_spreadsheet() -> None:
    text = 'key,ja,en\na,"x" y,1\n,z,1\nb c,1,2\nd,1,2,3\n+,,v\ne,"open,1\n'
    _, findings = read_csv(text, "t.csv")
    assert [(each.code, each.at.line) for each in findings] == [
        ("text-csv", 2),
        ("text-csv", 7),
        ("text-key", 3),
        ("text-key", 4),
        ("text-csv", 5),
    ]
    assert read_csv("", "t.csv")[1][0].code == "text-csv"
    assert "columns" in read_csv("hello,ja\n", "t.csv")[1][0].message
    assert read_csv("key,ja\n+,x\n", "t.csv")[1][0].code == "text-key"


def test_semicolons_tabs_and_comments() -> None:
    rows, findings = read_csv("Key;ja;en\r\n# a note;;\r\nhi;や;H,i\r\n", "t.csv")
    assert findings == []
    assert [(row.key, row.language, row.texts[0][0]) for row in rows] == [("hi", "ja", "や"), ("hi", "en", "H,i")]
    assert [row.texts[0][0] for row in read_csv("key\tja\nhi\tや\n", "t.csv")[0]] == ["や"]


def test_yaml_files_of_texts() -> None:
    rows, findings = read_yaml("hello: {ja: やあ}\n", "flows/texts/a.yaml")
    assert findings == []
    assert rows[0].key == "hello"
    assert read_yaml("texts:\n  hello: {ja: やあ}\n", "a.yaml")[0][0].key == "hello"
    assert read_yaml("a: [", "a.yaml")[1][0].code == "yaml-syntax"


def test_unknown_and_unused_keys() -> None:
    texts, _ = build(inline("hello: Hi\nbye: Bye\n")[0])
    at = Place("flows/shop.yaml", 9, 3)
    assert texts.unknown("helo", at, "shop").fix == "did you mean `hello`?"
    assert texts.unknown("zzz", at, "shop").at == at
    elsewhere = texts.unknown("helo", at, "other").fix
    assert elsewhere.startswith("did you mean `hello`? that is a text of the flow `shop`")
    unused = texts.unused({texts.owner("hello", "shop")})
    assert [(each.message, each.severity) for each in unused] == [("nothing uses the text `bye`", "hint")]


def test_names_in_texts_are_checked_against_their_flow() -> None:
    rows = inline("a: '{{ seats }} {{ sets }}'\n")[0] + inline("b: '{{ whatever }}'\n", "")[0]
    texts, _ = build(rows)
    findings = texts.check({"shop": Known(["seats"])})
    assert [(each.message, each.fix) for each in findings] == [("`sets` is not known here", "did you mean `seats`?")]
    assert texts.check(lambda flow: None) == []


@given(st.text('key,ja"\n\r;\t+{}# ', max_size=60) | st.text(max_size=60))
def test_no_spreadsheet_makes_it_crash(text: str) -> None:
    for content in (text, "key,ja,en\n" + text):
        rows, findings = read_csv(content, "t.csv")
        assert rows or findings or not text.strip() or content.startswith("key")
        build(rows)
