"""The schemas in a real editor's language server: completion, red lines, hints on every key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.cli.schemas import SCHEMAS, write_schemas
from runtime.flow.steps import STEPS
from tests.language_server import Editor, editor

ROOT = Path(__file__).resolve().parents[2]
HEAD = "# yaml-language-server: $schema=../.noren/flow.schema.json\n"
FLOW = f"{HEAD}flow: tea\nsteps:\n"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    root = tmp_path_factory.mktemp("bot")
    write_schemas(root)
    settings = json.loads((ROOT / "runtime/cli/scaffold/vscode.json").read_text(encoding="utf-8"))["yaml.schemas"]
    with editor(root, settings) as made:
        yield made


def messages(found: list[dict[str, Any]]) -> list[str]:
    return [f"{one['range']['start']['line']}: {one['message']}" for one in found]


def test_every_verb_is_offered_for_a_new_step(opened: Editor) -> None:
    offered = set(opened.complete("flows/new.yaml", f"{FLOW}  - |\n"))
    assert set(STEPS) <= offered


def test_keys_of_a_step_are_offered_and_those_of_others_are_not(opened: Editor) -> None:
    offered = opened.complete("flows/keys.yaml", f"{FLOW}  - ask: cups\n    |\n")
    assert {"type", "else", "give_up", "silent", "picker", "id", "if"} <= set(offered)
    assert not {"cases", "args", "timeout"} & set(offered)


def test_words_of_a_choice_are_offered(opened: Editor) -> None:
    offered = opened.complete("flows/words.yaml", f"{FLOW}  - ask: day\n    type: |\n")
    assert {"date", "int", "yes_no", "choice"} <= set(offered)


def test_keys_of_the_file_are_offered(opened: Editor) -> None:
    assert {"start", "anytime", "steps", "sections", "texts"} <= set(
        opened.complete("flows/top.yaml", f"{HEAD}flow: tea\n|\n")
    )


@pytest.mark.parametrize(
    ("steps", "line", "word"),
    [
        ("  - ask: cups\n    say: How many?\n    tipe: int\n", 5, "tipe"),
        ("  - say: Hi\n    quick: [{label: a, texd: b}]\n", 4, "texd"),
        ("  - say: Hi\nstepz: []\n", 4, "stepz"),
        ("  - once: [{say: Hi}]\n    per: year\n", 4, "session"),
        ("  - call: price\n", 3, ""),
        ("  - sayy: Hi\n", 3, ""),
    ],
)
def test_what_is_wrong_is_underlined_where_it_stands(opened: Editor, steps: str, line: int, word: str) -> None:
    found = messages(opened.open(f"flows/wrong-{line}-{word or len(steps)}.yaml", FLOW + steps))
    assert any(one.startswith(f"{line}: ") and word in one for one in found), found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{FLOW}  - s|ay: Hi\n", "Says a text"),
        (f"{FLOW}  - ask: cups\n    say: Hi\n    gi|ve_up: [end]\n", "last wrong answer"),
        (f"{FLOW}  - say: Hi\n    quick:\n      - {{label: a, ca|mera: true}}\n", "opens the camera"),
        (f"{HEAD}flow: tea\nany|time: []\nsteps: [end]\n", "win over every waiting question"),
    ],
)
def test_every_key_says_what_it_is(opened: Editor, text: str, said: str) -> None:
    assert said in opened.hover(f"flows/hover-{said.split()[0]}.yaml", text).replace("\\", "")


@pytest.mark.parametrize("path", sorted((ROOT / "flows").glob("*.yaml")), ids=lambda path: path.stem)
def test_nothing_is_underlined_in_the_sample_flows(opened: Editor, path: Path) -> None:
    assert messages(opened.open(f"flows/{path.name}", path.read_text(encoding="utf-8"))) == []


def test_settings_are_completed_explained_and_underlined(opened: Editor) -> None:
    text = "endpoints:\n  shop:\n    "
    assert {"channel_secret", "languages", "late", "reload"} <= set(opened.complete("noren.yaml", f"{text}|\n"))
    assert "tap for the answer" in opened.hover("noren.yaml", f"{text}la|te: button\n")
    assert any("channel_secrt" in one for one in messages(opened.open("noren.yaml", f"{text}channel_secrt: s\n")))
    sample = (ROOT / "noren.yaml").read_text(encoding="utf-8")
    assert messages(opened.open("noren.yaml", sample)) == []


def test_texts_are_underlined_where_they_are_none(opened: Editor) -> None:
    assert messages(opened.open("flows/texts/a.yaml", "hello: {en: Hi, ja: [やあ, どうも]}\nbye: Bye\n")) == []
    assert messages(opened.open("flows/texts/b.yaml", "hello: {en: {deep: Hi}}\n"))


MENU = "# yaml-language-server: $schema=../../.noren/menu.schema.json\nbar: Menu\n"


def test_rich_menus_are_completed_explained_and_underlined(opened: Editor) -> None:
    assert {"areas", "layout", "image", "default"} <= set(opened.complete("flows/menus/new.yaml", f"{MENU}|\n"))
    offered = opened.complete("flows/menus/area.yaml", f"{MENU}areas:\n  - label: Teas\n    |\n")
    assert {"switch", "postback", "cell", "pick"} <= set(offered)
    assert not {"camera", "each"} & set(offered)
    assert "Shows another menu" in opened.hover("flows/menus/hover.yaml", f"{MENU}areas:\n  - swi|tch: b\n")
    wrong = f"{MENU}layout: tall\nareas:\n  - {{label: Teas, texd: teas}}\n  - {{label: Teas}}\n"
    found = messages(opened.open("flows/menus/wrong.yaml", wrong))
    assert {one.partition(":")[0] for one in found} == {"2", "4", "5"}, found


@pytest.mark.parametrize("path", sorted((ROOT / "flows" / "menus").glob("*.yaml")), ids=lambda path: path.stem)
def test_nothing_is_underlined_in_the_sample_menus(opened: Editor, path: Path) -> None:
    assert messages(opened.open(f"flows/menus/{path.name}", path.read_text(encoding="utf-8"))) == []


INTENTS = "# yaml-language-server: $schema=../../.noren/intents.schema.json\n"


def test_intents_are_completed_explained_and_underlined(opened: Editor) -> None:
    name = "flows/nlu/intents.yaml"
    assert {"intents", "slots"} <= set(opened.complete(name, f"{INTENTS}|\n"))
    assert {"date", "int", "phone"} <= set(opened.complete(name, f"{INTENTS}intents: {{}}\nslots:\n  day: |\n"))
    assert "picked out of a text" in opened.hover(name, "intents: {}\nsl|ots: {}\n")
    wrong = f"{INTENTS}intents:\n  a: {{en: [b]}}\n  c: [d]\nslots:\n  day: dat\n"
    assert {one.partition(":")[0] for one in messages(opened.open(name, wrong))} == {"3", "5"}


def test_transcript_tests_are_completed_and_underlined(opened: Editor) -> None:
    assert {"given", "mock", "chat", "expect"} <= set(opened.complete("tests/a.yaml", "test: tea\n|\n"))
    assert any("expekt" in one for one in messages(opened.open("tests/b.yaml", "test: tea\nchat: []\nexpekt: {}\n")))


def said(schema: Any) -> Iterator[tuple[str, bool]]:
    """Each key of a schema, and whether it has a hint."""
    if isinstance(schema, dict):
        properties = schema.get("properties")
        for key, part in properties.items() if isinstance(properties, dict) else ():
            yield key, isinstance(part, dict) and "description" in part
        for one in schema.values():
            yield from said(one)
    elif isinstance(schema, list):
        for one in schema:
            yield from said(one)


@pytest.mark.parametrize("name", sorted(set(SCHEMAS) - {"card.schema.json", "test.schema.json"}))
def test_no_key_is_without_a_hint(name: str) -> None:
    assert sorted({key for key, told in said(SCHEMAS[name]()) if not told}) == []
