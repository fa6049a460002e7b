"""Reading tests: what is wrong with one is told with its place and the way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from runtime.errors import FlowError
from runtime.transcript.schema import transcript_schema
from runtime.transcript.script import is_test, read_script
from tests.unit.transcript.test_play import RIGHT

ROOT = Path(__file__).resolve().parents[3]
STORIES = sorted((ROOT / "tests" / "stories").glob("*.yaml"))

WRONG = {
    "test: it\nchat:\n  - usr: hello\n": ("t.yaml:3:5", "`usr` is nobody in this test; did you mean `user`?"),
    "test: it\nchat:\n  - Ken: hello\n": ("t.yaml:3:5", "`Ken` is nobody in this test"),
    "test: it\nchat:\n  - user: {tapp: x}\n": ("t.yaml:3:12", "`tapp` is not known here; did you mean `tap`?"),
    "test: it\nchat:\n  - bot: {card: 2}\n": ("t.yaml:3:11", "`card` is not known here; did you mean `cards`?"),
    "test: it\nchat:\n  - bot: /(/\n": ("t.yaml:3:10", "`/(/` is no regular expression"),
    "test: it\nchat:\n  - clock: soon\n": ("t.yaml:3:12", "expected a time, found soon"),
    "test: it\nchat:\n  - event: folow\n": ("t.yaml:3:12", "expected an event, found `folow`; did you mean `follow`?"),
    "test: it\nchat:\n  - hello\n": ("t.yaml:3:5", "expected one entry, such as `user: …` or `bot: …`"),
    "test: it\nchat:\n  - {user: a, bot: b}\n": ("t.yaml:3:5", "expected one entry, such as `user: …` or `bot: …`"),
    "test: it\nchat: []\nexpect: {push: 0}\n": ("t.yaml:3:10", "`push` is not known here; did you mean `pushes`?"),
    "test: it\nchat: []\nexpect: {sent_by: mail}\n": ("t.yaml:3:19", "mail"),
    "test: it\nmock: {x: {json: 1}}\nchat: []\n": ("t.yaml:2:8", "`x` is nothing that can be mocked"),
    "test: it\nmock: {'GET http://x': {jsn: 1}}\nchat: []\n": ("t.yaml:2:25", "`jsn` is not known here"),
    "test: it\ngiven: {members: [A]}\nchat: []\n": ("t.yaml:2:9", "`members` needs a `group`"),
    "test: it\ngiven: {group: G, members: [bot]}\nchat: []\n": ("t.yaml:1:1", "nobody can be called `bot`"),
    "test: it\n": ("t.yaml:1:1", "`chat` is missing here"),
    "test: it\nchat:\n  - user: a\n   - bot: b\n": ("t.yaml:4:", ""),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_told_with_its_place(text: str) -> None:
    with pytest.raises(FlowError) as caught:
        read_script(text, "t.yaml", ("en",))
    told = [f"{one.at}: {one.message}" for one in caught.value.findings]
    place, message = WRONG[text]
    assert any(line.startswith(f"{place}") and message in line for line in told), told


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(FlowError) as caught:
        read_script("test: it\nchat:\n  - usr: a\n  - bott: b\nexpet: {}\n", "t.yaml")
    assert [one.at.line for one in caught.value.findings] == [3, 4, 5]


@pytest.mark.parametrize(
    ("text", "so"),
    [
        ("test: it\n", True),
        ("# about it\n\ntest: it\n", True),
        ("---\ntest: it\n", True),
        ("\ufefftest: it\n", True),
        ("flow: tea\n", False),
        ("name: x\ntest: it\n", False),
        ("tests: it\n", False),
        (" test: it\n", False),
        ("\n" * 4_000, False),
        ("", False),
    ],
)
def test_a_test_begins_with_test(text: str, so: bool) -> None:
    assert is_test(text) is so


def load(text: str) -> Any:
    """As editors read it: YAML 1.2, in which a date is a text."""
    return yaml.load(text, Loader=Dateless)


class Dateless(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Without the types that YAML 1.2 does not have."""


Dateless.yaml_implicit_resolvers = {
    first: [one for one in found if one[0] != "tag:yaml.org,2002:timestamp"]
    for first, found in Dateless.yaml_implicit_resolvers.items()
}


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_schema_takes_the_sample_bots_tests(path: Path) -> None:
    jsonschema.validate(load(path.read_text(encoding="utf-8")), transcript_schema())


@pytest.mark.parametrize("name", RIGHT)
def test_the_schema_takes_what_the_reader_takes(name: str) -> None:
    jsonschema.validate(load(RIGHT[name]), transcript_schema())


UNSEEN = ("usr", "Ken", "/(/", "members", "   - bot", "mock: {x")
"""What only the reader knows: who is there, what a pattern is, how YAML is indented."""


@pytest.mark.parametrize("text", [text for text in WRONG if not any(word in text for word in UNSEEN)])
def test_the_schema_refuses_what_the_reader_refuses(text: str) -> None:
    rules = jsonschema.Draft202012Validator(transcript_schema())
    assert list(rules.iter_errors(load(text)))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(transcript_schema())
