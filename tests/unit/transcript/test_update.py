"""`--update`: the bot's lines as they are now, everything else as it was."""

from __future__ import annotations

from pathlib import Path

from runtime.transcript.update import update
from tests.unit.transcript.bots import bot, chat, failing, played

BEFORE = """\
# What this is about.
test: it        # its name
given:
  profile: {name: Mai}
mock: {"GET https://tea.test/price": {json: {yen: 900}}}
chat:
  - user: tea
  - bot: How many?                      # old words

  # two at once
  - user: cards
  - bot:
      - {cards: 3, alt: /two/}          # one too many
  - user: {tap: Take, card: 2}
  - bot: [Green it is., And more]
  - user: flex
  - bot:
      - {flex: Receipt}                 # kept
      - not there
  - user: yes or no
  - bot: {text: "Really: now?", buttons: [Yes]}
  - bot: gone
  - user: hello
  - bot: $number_please
  - user: stop
  - bot:
      /nothing/
  - user: hello
  - bot: What?                          # this is so
  - bot: gone                           # and this is not
  - user: cards
  - bot: []                             # silent?
expect: {sent_by: reply}
"""
AFTER = """\
# What this is about.
test: it        # its name
given:
  profile: {name: Mai}
mock: {"GET https://tea.test/price": {json: {yen: 900}}}
chat:
  - user: tea
  - bot: {text: "How many cups, Mai?", quick: ["1", "2", many]}                      # old words

  # two at once
  - user: cards
  - bot:
      - {cards: 2, alt: two teas}          # one too many
      - {text: "How many cups, Mai?", quick: ["1", "2", many]}
  - user: {tap: Take, card: 2}
  - bot: [Black it is., {text: "How many cups, Mai?", quick: ["1", "2", many]}]
  - user: flex
  - bot:
      - {flex: Receipt}                 # kept
      - {text: "How many cups, Mai?", quick: ["1", "2", many]}
  - user: yes or no
  - bot: {text: "Really?", buttons: [Yes, No]}
  - bot: {text: "How many cups, Mai?", quick: ["1", "2", many]}
  - user: hello
  - bot: $number_please
  - user: stop
  - bot:
      All right.
  - user: hello
  - bot: What?                          # this is so
  - user: cards
  - bot: {cards: [Green, Black]}                             # silent?
expect: {sent_by: reply}
"""


def test_only_what_differs_is_written_anew(tmp_path: Path) -> None:
    root = bot(tmp_path)
    outcomes = played(root, BEFORE)
    assert update(root, outcomes) == [("tests/it.yaml", 8)]
    text = (root / "tests" / "it.yaml").read_text(encoding="utf-8")
    assert text == AFTER
    assert failing(tmp_path, text) == []


def test_what_is_right_is_not_touched(tmp_path: Path) -> None:
    root = bot(tmp_path)
    assert update(root, played(root, AFTER)) == []
    assert (root / "tests" / "it.yaml").read_text(encoding="utf-8") == AFTER


def test_in_several_languages_only_keys_are_written(tmp_path: Path) -> None:
    root = bot(tmp_path)
    text = chat("user: {en: tea, ja: お茶}", "user: x", "bot: $stopped", "user: stop", "bot: oh",
                "user: hm", "bot: ah", given="given: {language: [en, ja]}\n")  # fmt: skip
    assert update(root, played(root, text)) == [("tests/it.yaml", 1)]
    assert (root / "tests" / "it.yaml").read_text(encoding="utf-8") == text.replace("oh", "$stopped")


def test_a_block_text_gives_way_to_a_plain_one(tmp_path: Path) -> None:
    root = bot(tmp_path)
    text = "test: it\nchat:\n  - user: hello\n  - bot: |\n      Why?\n\n  # the end\n"
    assert update(root, played(root, text)) == [("tests/it.yaml", 1)]
    assert (root / "tests" / "it.yaml").read_text(encoding="utf-8") == text.replace("|\n      Why?", "What?")
