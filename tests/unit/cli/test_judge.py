"""What LINE would say to the messages of the flows, at their place in the file."""

from __future__ import annotations

import pytest

from runtime.cli import judge
from runtime.flow.loader import examine
from runtime.model import Finding
from runtime.settings import EndpointSettings

HEAD = "flow: a\nstart: [{keyword: go}]\nvars:\n  city: {type: text, max: 30}\n  seats: {type: int, min: 1, max: 999}\n"


def config(*languages: str, late_label: str = "Show", trouble: str = "") -> EndpointSettings:
    return EndpointSettings(
        name="shop", channel_secret="s", languages=languages or ("en",), late_label=late_label, trouble=trouble
    )


def findings(steps: str, *languages: str, **files: str) -> list[Finding]:
    """Findings of steps, which begin on line 7."""
    given = {
        "flows/a.yaml": f"{HEAD}steps:\n{steps}",
        **{name.replace("__", "/"): text for name, text in files.items()},
    }
    found = examine(given, languages or ("en",))
    assert [one for one in found.findings if one.severity == "error"] == []
    return judge.findings(found, config(*languages))


def told(steps: str, *languages: str) -> list[tuple[str, str]]:
    return [(f"{f.severity} {f.at}", f.message) for f in findings(steps, *languages)]


def places(steps: str, *languages: str) -> list[tuple[str, int, int]]:
    return [(f.why.partition(":")[0], f.at.line, f.at.column) for f in findings(steps, *languages)]


def test_what_line_would_take_is_not_spoken_of() -> None:
    assert findings("- say: Hi {{ profile.name }}, {{ city }}\n  quick: [yes, no]\n- sticker: 446/1988\n") == []


def test_a_finding_has_lines_words_its_limit_the_rule_and_the_way_out() -> None:
    [one] = findings("- buttons:\n    text: Which?\n    buttons: [the label of this button is too long]\n")
    assert str(one.at) == "flows/a.yaml:9:15"
    assert (one.code, one.severity, one.path) == ("message-rule", "error", "steps[0]")
    words = "LINE answers “must not be longer than 20 characters” (template/actions/0/label)"
    assert one.message == f"{words}: this is 36, the limit is 20"
    assert one.why.startswith("template.action.label.max: https://developers.line.biz/")
    assert one.fix


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("- image: http://example.com/a.png\n", ("image.url.https", 7, 10)),
        ("- image: {url: https://example.com/a, preview: http://example.com/b}\n", ("image.url.https", 7, 48)),
        ("- say: Hi\n  quick:\n    - {label: the label of this button is too long, text: a}\n", ("", 9, 15)),
        ("- say: Hi\n  alt: x\n  sender: the name of this sender is too long\n", ("", 9, 11)),
        ("- ask: size\n  say: Which?\n  options: [a, b, c, d, e, f, g, h, i, j, k, l, m, n]\n", ("", 9, 3)),
        ("- buttons:\n    text: a\n    buttons: [a, b, c, d, e]\n", ("template.buttons.actions.size", 9, 5)),
        ("- cards:\n  - {text: a, buttons: [x]}\n  - {text: b, buttons: [x, y]}\n", ("", 7, 3)),
        ("- flex:\n    type: bubble\n    body:\n      typ: box\n", ("flex.type.required", 10, 7)),
        ("- flex:\n    type: bubble\n    bdy: {}\n    hero: {type: box, layout: vertical, contents: []}\n", ("", 9, 5)),
        ("- line:\n    type: text\n    txt: a\n", ("text.text.required", 8, 5)),
        ("- ask: x\n  say: a\n  silent: {after: 1m, say: '" + "a" * 5001 + "'}\n", ("text.text.max_length", 9, 29)),
        ("- say: Hi\n- when: seats > 2\n  do:\n    - say: '" + "a" * 5001 + "'\n", ("text.text.max_length", 10, 13)),
    ],
)
def test_each_finding_is_at_its_place(steps: str, expected: tuple[str, int, int]) -> None:
    found = places(steps)
    assert expected[1:] in [one[1:] for one in found], found
    assert not expected[0] or expected in found, found


def test_unequal_cards_and_titles_in_some_of_them() -> None:
    cards = "- cards:\n  - {text: a, buttons: [x]}\n  - {text: b, title: t, buttons: [x, y]}\n"
    rules = ["template.carousel.consistent.actions", "template.carousel.consistent.title"]
    assert [one[0] for one in places(cards)] == rules


def test_every_language_and_every_wording_is_judged() -> None:
    long = "x" * 21
    text = "key,en,ja\nname,ok," + long + "\n"
    steps = "- say: Hi\n  quick: [{label: $name, text: a}]\n"
    given = {"flows/a.yaml": f"{HEAD}steps:\n{steps}", "flows/texts/a.csv": text}
    found = judge.findings(examine(given, ("en", "ja")), config("en", "ja"))
    assert [str(one.at) for one in found] == ["flows/texts/a.csv:2:9"]
    spoken = "- say: Hi\n  quick:\n    - label: {en: ok, ja: " + long + "}\n      text: a\n"
    assert [one[1:] for one in places(spoken, "en", "ja")] == [(9, 27)]
    chance = "- say: Hi\n  quick:\n    - label: {any: [a, b, c, " + long + "]}\n      text: a\n"
    assert [one[1:] for one in places(chance)] == [(9, 30)]


def test_what_is_filled_in_is_a_risk_where_its_length_is_known() -> None:
    steps = '- buttons:\n    title: "{{ profile.name }}"\n    text: a\n    buttons: [b]\n'
    limit = "the limit of template/title is 40"
    assert told(steps) == [("warning flows/a.yaml:8:13", f"up to 64 characters from `{{{{ profile.name }}}}`; {limit}")]
    steps = '- say: Hi\n  quick: [{label: "Go to {{ city }} with {{ seats }}", text: a}]\n'
    [(place, message)] = told(steps)
    assert place == "warning flows/a.yaml:8:20"
    assert message.startswith("up to 33 characters, 45 in all from `{{ city }}` and `{{ seats }}`; the limit of ")


@pytest.mark.parametrize("filling", ["city | truncate(20)", "seats", "seats | number", "'yes' if seats else 'no'"])
def test_what_is_short_enough_is_no_risk(filling: str) -> None:
    assert findings(f'- say: Hi\n  quick: [{{label: "{{{{ {filling} }}}}", text: a}}]\n') == []


def test_what_people_write_is_only_a_hint_and_what_nobody_knows_is_not_spoken_of() -> None:
    ask = "- ask: wish\n  type: text\n  say: Your wish?\n"
    [one] = findings(ask + '- say: Hi\n  quick: [{label: "{{ wish }}", text: a}]\n')
    assert (one.severity, one.code) == ("hint", "message-risk")
    assert one.message.startswith("any length from `{{ wish }}`; the limit of ")
    unknown = '- say: Hi\n  quick: [{label: "{{ session.wish }}", text: a}]\n'
    assert findings(unknown) == []


def test_what_is_written_around_a_blank_is_judged_for_certain() -> None:
    [one] = findings('- image: "http://example.com/{{ city }}.png"\n')[:1]
    assert (one.code, one.severity) == ("message-rule", "error")
    assert findings('- image: "{{ city }}"\n- image: "https://example.com/{{ city }}.png"\n') == []
    label = "a label that is too long already"
    [one] = findings(f'- say: Hi\n  quick: [{{label: "{label} {{{{ seats }}}}", text: a}}]\n')
    assert one.code == "message-rule"


def test_cards_of_a_list_are_judged_as_one_card() -> None:
    card = '{title: "{{ x.name }}", text: a}'
    assert findings(f"- cards:\n    each: x in session.list\n    card: {card}\n    buttons: [b]\n  alt: none\n") == []
    card = '{title: "' + "t" * 41 + '", text: a}'
    steps = f"- cards:\n    each: x in session.list\n    card: {card}\n    buttons: [b]\n  alt: none\n"
    assert places(steps) == [("template.title.max", 9, 20)]


def test_files_of_cards_are_judged_at_their_own_lines() -> None:
    text = '{"type": "text", "text": "{{ city }}", "size": "hug"}'
    card = '{"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [\n  ' + text + "]}}"
    given = {"flows/a.yaml": f"{HEAD}steps:\n- flex: cards/x.json\n  alt: x\n", "flows/cards/x.json": card}
    [one] = judge.findings(examine(given, ("en",)), config())
    assert (one.at.file, one.at.line) == ("flows/cards/x.json", 2)
    assert "/body/contents/0/size" in one.message


def test_flows_with_errors_are_left_out() -> None:
    found = examine({"flows/a.yaml": "flow: a\nsteps:\n- image: http://example.com/a\n- sya: x\n"}, ("en",))
    assert judge.findings(found, config()) == []


def test_texts_of_the_settings() -> None:
    texts = {"flows/texts/all.csv": "key,en\nlate," + "x" * 21 + "\n"}
    found = examine({"flows/a.yaml": "flow: a\nstart: [follow]\nsteps: [say: a]\n", **texts}, ("en",))
    told = [(name, one.rule) for name, one in judge.settings(found, config(late_label="$late", trouble="y" * 5001))]
    assert [name for name, _ in told] == ["trouble", "late_label"]


def test_a_mention_written_for_groups_is_no_error() -> None:
    steps = (
        "- line:\n    type: textV2\n    text: Hi {who}\n"
        "    substitution: {who: {type: mention, mentionee: {type: all}}}\n- say: Hi {{ mention('all') }}\n"
    )
    [one] = findings(steps)
    assert (one.severity, one.at.line) == ("warning", 10)
    assert one.why.startswith("only in one-to-one chats; textV2.mention.destination: ")
