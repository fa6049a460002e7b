"""Everything that can be wrong with a flow file is told with its place, all at once."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import FlowError
from runtime.flow.loader import examine, load
from runtime.flow.steps import LATER, STEPS
from runtime.model import Finding

HEAD = "flow: a\nvars: {n: int, s: text, xs: {type: list, default: []}}\nsteps:\n"


def told(text: str, **files: str) -> list[Finding]:
    return [one for one in examine({"flows/a.yaml": text, **files}, ("en", "ja")).findings if one.severity == "error"]


def brief(finding: Finding) -> tuple[str, int, int, str]:
    return finding.code, finding.at.line, finding.at.column, finding.message


@pytest.mark.parametrize(
    ("step", "code", "line", "column", "message"),
    [
        ("sya: hi", "unknown-verb", 4, 5, "`sya` is no step; did you mean `say`?"),
        ("aks: cups\n    say: How many?\n    type: int", "unknown-verb", 4, 5, "`aks` is no step; did you mean `ask`?"),
        ("fin", "unknown-verb", 4, 5, "`fin` is no step"),
        ("say", "wrong-kind", 4, 5, "`say` needs something to do"),
        ("llm: {}", "reserved-verb", 4, 5, "`llm` is part of the language but not of this version"),
        ("translate", "reserved-verb", 4, 5, "`translate` is part of the language but not of this version"),
        ("say: hi\n    quik: [a]", "unknown-key", 5, 5, "`quik` is not known here; did you mean `quick`?"),
        ("say: hi\n    end:", "two-verbs", 5, 5, "one step does one thing, and this has `say`, `end`"),
        ("say: [hi]", "wrong-kind", 4, 10, "expected a text, found a list"),
        ("say: {any: []}", "wrong-kind", 4, 16, "expected a list of texts, found a list"),
        ("say: {annny: a}", "unknown-key", 4, 11, "`annny` is no language of this endpoint; did you mean `any`?"),
        ('say: "{{ nn }}"', "expr-name", 4, 14, "`nn` is not known here"),
        ('say: "{{ input.txt }}"', "expr-name", 4, 14, ""),
        ('say: "{{ n + }}"', "expr-syntax", 4, 11, ""),
        ("say: $nothing", "text-unknown", 4, 10, "there is no text `nothing`"),
        ("goto: nowhere", "dangling-goto", 4, 11, "there is no step, section or flow `nowhere`"),
        ("goto: a.nowhere", "dangling-goto", 4, 11, "the flow `a` has no step or section `nowhere`"),
        ("run: nowhere", "dangling-run", 4, 10, "there is no flow `nowhere`"),
        ("run: a\n    in: {nope: 1}", "undefined-variable", 5, 10, "the flow `a` has no variable `nope`"),
        ("set: {nn: 1}", "undefined-variable", 4, 11, "`nn` is no variable of this flow; did you mean `n`?"),
        ("set: 3", "wrong-kind", 4, 10, "expected a mapping: variable: expression, found a number"),
        ("when: n >\n    do: [end]", "expr-syntax", 4, 11, ""),
        ("when: n", "missing-key", 4, 5, "`when` needs `do`"),
        ("delay: soon", "bad-duration", 4, 12, "expected a duration, found soon"),
        ("delay: 900d", "out-of-range", 4, 12, "expected 100 to 34560000000 ms, found 900d"),
        ("flex: cards/none.json", "missing-card", 4, 11, "there is no file `cards/none.json`"),
        ("call: shop.free", "wrong-form", 4, 11, "`shop.free` is not a function, written file.py:function"),
        ("http: {get: x, url: x}", "unknown-key", 4, 20, "`url` is not known here"),
        ("ask: x", "missing-key", 4, 5, "this question says nothing"),
        ("ask: x\n    say: x?\n    type: dat", "unknown-word", 6, 11, "`dat` is none of the words that may stand here"),
        ("ask: n\n    say: x?\n    type: date", "wrong-type", 6, 5, "`n` is declared as int"),
        ("ask: x\n    say: x?\n    type: regex", "missing-key", 4, 5, "a question of type regex needs a `pattern`"),
        ("ask: x\n    say: x?\n    pattern: '('", "bad-regex", 6, 15, "`(` is no regular expression"),
        ("ask: x\n    say: x?\n    type: choice\n    options: []", "wrong-count", 7, 14, "there is no choice in"),
        ("ask: x\n    say: x?\n    picker: true", "wrong-kind", 6, 5, "a question of type text has no picker"),
        ("ask: x\n    say: x?\n    ratio: square", "unknown-key", 6, 5, "`ratio` is not known beside"),
        ("buttons: [a]", "missing-key", 4, 5, "`buttons` needs a `text`"),
        ("buttons: {text: a, buttons: [{label: b}]}", "one-of", 4, 34, "a button does one thing, and this one does"),
        ("say: a\n    quick: [{label: b, text: c, link: d}]", "one-of", 5, 13, "a button does one thing"),
        ("cards: {each: xs, card: {text: a}}", "wrong-form", 4, 19, "expected `name in list`"),
        ("cards: {each: x in xs, card: {title: a}}", "missing-key", 4, 34, "`text` is missing here"),
        ("sticker: smile", "wrong-form", 4, 14, "`smile` is no sticker"),
        ("line: {text: hi}", "missing-key", 4, 11, "a LINE message has a `type`"),
        ("switch: n\n    cases: [{is: 1, when: n, do: [end]}]", "one-of", 5, 13, "a case has one of"),
        ("language: xx", "unknown-language", 4, 15, "`xx` is no language of this endpoint"),
        (
            "wait: picture", "unknown-word", 4, 11,
            "`picture` is none of the words that may stand here; did you mean `image`?",
        ),
        ("end\n  - {id: i, say: a}\n  - {id: i, say: b}", "duplicate-id", 6, 6, "the id `i` is taken by line 5"),
    ],
)  # fmt: skip
def test_a_wrong_step(step: str, code: str, line: int, column: int, message: str) -> None:
    found = told(f"{HEAD}  - {step}\n")
    assert len(found) == 1, found
    assert brief(found[0])[:3] == (code, line, column), found[0]
    assert found[0].message.startswith(message)


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("steps: []", "no-flow", "this file has no `flow`"),
        ("flow: 'a b'", "wrong-form", "`a b` is not a name"),
        ("flow: a\nstep: []", "unknown-key", "`step` is not known here; did you mean `steps`?"),
        (
            "flow: a\nvars: {n: integer}",
            "unknown-word",
            "`integer` is none of the words that may stand here; did you mean `int`?",
        ),
        ("flow: a\nvars: {n: {type: int, min: 3, default: 1}}", "wrong-type", "`n` takes a whole number at least 3"),
        ("flow: a\nvars: {n: {type: int, min: 9, max: 8}}", "wrong-type", "no value is at least 9 and at most 8"),
        ("flow: a\nvars: {n: {type: int, min: x}}", None, ""),
        ("flow: a\nvars: {c: choice}", None, ""),
        ("flow: a\nvars: {c: {type: choice}}", "missing-key", "a choice needs `of`"),
        ("flow: a\nvars: {b: {type: bool, max: 3}}", "unknown-key", "a variable of type bool has no `max`"),
        ("flow: a\nvars: {input: text}", "wrong-form", "`input` means something else in expressions"),
        ("flow: a\nstart: [{}]", "missing-key", "this trigger has no condition"),
        ("flow: a\nstart: [{keyword: a, do: [end], goto: x}]", "dangling-goto", ""),
        ("flow: a\nstart: [{intent: book}]", "reserved-verb", "`intent` is part of the language"),
        ("flow: a\nstart: [{event: folow}]", "unknown-word", "`folow` is none of the words that may stand here"),
        ("flow: a\nanytime: [{keyword: a}]", "missing-key", "what happens then is missing"),
        ("flow: a\nsections: {x: []}", "no-steps", "the section `x` has no steps"),
        ("flow: a\nsteps: [{id: x, say: a}]\nsections: {x: [{say: b}]}", "duplicate-id", "`x` is a section"),
        ("flow: a\nflow: b", "yaml-twice", ""),
        ("flow: a\ntexts: {x: {en: '{{ y'}}\nsteps: [{say: $x}]", "expr-syntax", ""),
        ("flow: a\ntexts: {x: {en: '{{ y }}'}}\nsteps: [{say: $x}]", "expr-name", "`y` is not known here"),
    ],
)  # fmt: skip
def test_a_wrong_file(text: str, code: str | None, message: str) -> None:
    found = told(text)
    if code is None:
        return
    assert code in [one.code for one in found], found
    assert any(one.message.startswith(message) for one in found)


def test_everything_is_told_at_once_and_in_one_error() -> None:
    with pytest.raises(FlowError) as error:
        load({"flows/a.yaml": f"{HEAD}  - sya: a\n  - goto: b\n", "flows/b.yaml": "flow: c\nsteps: [{delay: x}]"})
    assert {one.code for one in error.value.findings} == {"unknown-verb", "dangling-goto", "bad-duration"}
    assert str(error.value).startswith("flows/a.yaml:4:5: `sya` is no step")
    assert "(and 2 more)" in str(error.value)


def test_two_files_of_one_flow() -> None:
    found = told("flow: a\nsteps: [end]", **{"flows/b.yaml": "flow: a\nsteps: [end]"})
    assert [one.code for one in found] == ["duplicate-flow"]


def test_no_files() -> None:
    with pytest.raises(FlowError, match="there is no flow file"):
        load({})


@pytest.mark.parametrize("verb", sorted(LATER))
def test_verbs_of_later_versions(verb: str) -> None:
    assert verb not in STEPS
    assert [one.code for one in told(f"{HEAD}  - {verb}: x\n")] == ["reserved-verb"]


def test_texts_of_a_flow_and_of_all() -> None:
    files = {
        "flows/a.yaml": "flow: a\nsteps: [{say: $one}, {say: $two}]",
        "flows/b.yaml": "flow: b\nsteps: [{say: $one}, {say: $three}]",
        "flows/texts/a.csv": "key,en\none,a's one\ntwo,two\nthree,three\n",
        "flows/texts/all.yaml": "one: {en: everybody's one}",
    }
    found = [one for one in examine(files, ("en",)).findings if one.severity == "error"]
    assert [one.message for one in found] == ["there is no text `three`"]
    assert "`a`" in found[0].fix
    files["flows/b.yaml"] = "flow: b\nsteps: [{say: $one}]"
    flows = load(files, languages=("en",))
    assert flows.texts.get("one", "en", "a")[0].text == "a's one"
    assert flows.texts.get("one", "en", "b")[0].text == "everybody's one"


def test_a_text_may_use_the_names_of_the_place_that_says_it() -> None:
    files = {
        "flows/a.yaml": "flow: a\nvars: {xs: {type: list, default: []}}\n"
        "steps: [{cards: {each: p in xs, card: {text: $card}}, alt: x}]",
        "flows/texts/all.csv": 'key,en\ncard,"{{ p.name }}"\n',
    }
    load(files, languages=("en",))
    files["flows/a.yaml"] = "flow: a\nsteps: [{say: $card}]"
    with pytest.raises(FlowError, match="`p` is not known here"):
        load(files, languages=("en",))


def test_the_version_is_that_of_the_files() -> None:
    one, two = {"flows/a.yaml": "flow: a\nsteps: [end]"}, {"flows/a.yaml": "flow: a\nsteps: [stop]"}
    assert load(one).version == load(dict(one)).version
    assert load(one).version != load(two).version
    assert load(one).version != load(one, languages=("ja",)).version


WORDS = ["x", "$key", "{{ n }}", "{{ nn", "end", "x in xs", "10m", "1/2", "a.py:f", "n > 3", "(", ""]
INNER = (
    *("any", "next", "en", "text", "buttons", "label", "value", "url", "each", "card", "do", "is", "for", "after"),
    *("get", "keyword", "type", "goto", "x"),
)
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 99),
        st.floats(allow_nan=False, allow_infinity=False),
        st.sampled_from(WORDS),
        st.text(max_size=8),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(INNER), inner, max_size=4)),
    max_leaves=8,
)
KEYS = sorted({*STEPS, "type", "quick", "else", "do", "cases", "options", "give_up", "silent", "save", "id", "if"})
STEP = st.one_of(VALUES, st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4))
FLOW = st.fixed_dictionaries(
    {"flow": st.one_of(st.just("a"), VALUES)},
    optional={
        "vars": VALUES, "start": VALUES, "anytime": VALUES, "fallback": VALUES, "texts": VALUES, "sections": VALUES,
        "steps": st.lists(STEP, max_size=4),
    },
)  # fmt: skip


def findings_of(files: dict[str, str]) -> tuple[Finding, ...]:
    """Loads or tells; anything else is a broken loader."""
    try:
        load(files)
    except FlowError as error:
        return error.findings
    return ()


@given(FLOW)
def test_no_flow_file_ever_breaks_the_loader(flow: object) -> None:
    found = findings_of({"flows/a.yaml": json.dumps(flow, ensure_ascii=False)})
    assert all(finding.at.file and finding.message for finding in found)


@given(st.text(max_size=200))
def test_no_text_ever_breaks_the_loader(text: str) -> None:
    for path in ("flows/a.yaml", "flows/texts/a.csv", "flows/texts/a.yaml", "flows/cards/a.json"):
        found = findings_of({path: text, "flows/ok.yaml": "flow: ok\nsteps: [{flex: cards/a.json}]"})
        assert all(finding.message for finding in found)
