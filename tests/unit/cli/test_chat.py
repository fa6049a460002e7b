"""`noren chat` as it is used: a real process, real HTTP, real signatures, lines from a pipe."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli.bots import noren

ROOT = Path(__file__).resolve().parent.parent.parent.parent

SETTINGS = """
endpoints:
  shop:
    channel_secret: s
    access_token: t
    languages: [en, ja]
"""
FLOW = """
flow: hello
start:
  - event: follow
  - event: join
  - keyword: [hello, "@shop hello"]
steps:
  - say: {en: "Hi {{ profile.name }}!", ja: "こんにちは、{{ profile.name }}さん"}
  - buttons:
      text: What next?
      buttons:
        - {label: Tea, postback: {go: tea}}
        - {label: Where, link: "https://example.com/map"}
    alt: tea or cake
  - end
"""
PARTY = """
flow: party
start:
  - keyword: [party]
anytime:
  - event: member_joined
    do: [{say: 'Welcome {{ mention(event.data.members[0]) }}{{ "{" }}'}]
steps:
  - ask: size
    type: int
    say: How many come?
    quick: ["2", "3"]
  - say: "{{ size }} then."
"""
TEA = """
flow: tea
start:
  - postback: {go: tea}
vars:
  cups: {type: int, min: 1, max: 9}
  day: date
steps:
  - ask: cups
    type: int
    say: How many cups?
    quick: ["1", "2"]
    else: [A number please.]
  - ask: day
    type: date
    say: Which day?
    picker: {min: "2026-01-01"}
    else: [A day please.]
    silent: {after: 10m, say: Still there?, then: end}
  - say: "{{ cups }} cups on {{ day }}."
  - end
"""

BAD = """
flow: bad
vars:
  label: {type: text, default: "A label that is much too long for a button"}
start:
  - keyword: [bad]
steps:
  - buttons:
      text: Well
      buttons:
        - {label: "{{ label }}", text: x}
    alt: y
  - end
"""
WORSE = """
flow: worse
vars:
  x: text
start:
  - keyword: [worse]
steps:
  - call: no.py:such
    save: x
  - end
"""


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    (tmp_path / "flows").mkdir()
    (tmp_path / "noren.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "flows" / "hello.yaml").write_text(FLOW, encoding="utf-8")
    (tmp_path / "flows" / "tea.yaml").write_text(TEA, encoding="utf-8")
    return tmp_path


def chat(root: Path, *lines: str, words: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "runtime", "chat", "--root", str(root), "--name", "Mai", *words]
    return subprocess.run(
        command, input="".join(f"{line}\n" for line in lines), capture_output=True, text=True, timeout=60, cwd=ROOT
    )


def test_one_line_is_answered(bot: Path) -> None:
    done = chat(bot, "hello")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines() == [
        "Mai ▸ hello",
        "shop ▏Hi Mai!  · reply",
        "     ▏What next?",
        "     ▏[1] Tea   [2] Where  · reply",
    ]
    assert done.stderr == ""


def test_what_a_button_said_can_be_edited_too(bot: Path) -> None:
    (bot / "flows" / "party.yaml").write_text(PARTY, encoding="utf-8")
    done = chat(bot, "/group Tea club", "party", "2", "/edit 3")
    assert "(edited) 3" in done.stdout, done.stdout


def test_silence_is_told(bot: Path) -> None:
    done = chat(bot, "gibberish", "hello")
    assert done.stdout.splitlines()[:3] == ["Mai ▸ gibberish", "(no answer)", "Mai ▸ hello"]


def test_a_conversation_with_taps_pickers_and_time(bot: Path) -> None:
    done = chat(bot, "hello", "2", "1", "3", "/vars", "/pick 2026-12-05", "hello", "1", "2", "/clock 10m30s", "/log 3")
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout
    assert "(opens https://example.com/map)" in said
    assert "(tapped Tea)" in said
    assert "[a] 1   [b] 2" in said  # numbers are answers here, so letters tap
    assert "cups: 3" in said
    assert "3 cups on" in said
    assert "Still there?  · push, billed" in said
    assert "/v2/bot/message/push" in said


def test_what_cannot_be_done_is_said_and_does_not_end_it(bot: Path) -> None:
    done = chat(bot, "/nothing", "/pick 2026-01-01", "/image no.png", "/edit x", "/stiker", "/voice no.m4a", "hello")
    assert done.returncode == 1
    assert "✗ there is no /stiker; did you mean /sticker?" in done.stdout
    assert "✗ there is no file no.m4a" in done.stdout
    assert "✗ there is no /nothing; /help says what there is" in done.stdout
    assert "✗ no picker is shown" in done.stdout
    assert "✗ there is no file no.png" in done.stdout
    assert "Hi Mai!" in done.stdout


def test_people_groups_and_friends(bot: Path) -> None:
    alone = ("/unfollow", "hello", "/follow")
    done = chat(
        bot, *alone, "/group Tea club", "/user Ken", "/mention hello", "/say /x", "/edit hello", "/unsend", "/group",
        words=("--language", "ja"),
    )  # fmt: skip
    said = done.stdout
    assert "— Mai blocked" in said
    assert "✗ Mai blocked shop; follow first" in said
    assert "こんにちは、Maiさん" in said
    assert "— shop joined" in said
    assert "— Ken joined" in said
    assert "Ken ▸ /mention hello" in said
    assert "(edited) hello" in said
    assert "(unsent)" in said
    assert done.returncode == 1  # one line was refused


def test_newcomers_are_greeted_by_name_and_the_buttons_shown_last_are_tapped(bot: Path) -> None:
    (bot / "flows" / "party.yaml").write_text(PARTY, encoding="utf-8")
    done = chat(bot, "/group Tea club", "party", "/user Ken", "2")
    assert done.returncode == 0, done.stdout
    assert "▏Welcome @Ken{" in done.stdout
    assert "{s0}" not in done.stdout
    assert done.stdout.count("[a] 2   [b] 3") == 2
    assert "▏2 then." in done.stdout


def test_every_kind_of_message_is_sent(bot: Path, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("x", encoding="utf-8")
    lines = ["/sticker", "/sticker 446 1988", "/image", "/video", "/audio", f"/file {tmp_path / 'note.txt'}"]
    done = chat(bot, *lines, "/location 35.1,139.2 Home", "/postback go=tea", "/log 30", "/help")
    assert done.returncode == 0, done.stdout
    assert "How many cups?" in done.stdout
    assert done.stdout.count("/content") == 4
    assert "/sticker [PACKAGE ID]" in done.stdout


def test_broken_rules_and_failed_turns_are_told(bot: Path) -> None:
    (bot / "flows" / "bad.yaml").write_text(BAD, encoding="utf-8")
    (bot / "flows" / "worse.yaml").write_text(WORSE, encoding="utf-8")
    done = chat(bot, "bad", "worse", "/clock 1m", "/clock 1m", "/clock 1m", "/clock 10m", "/clock 10m")
    assert "⚠ error template.action.label.max: " in done.stdout
    assert "repaired: cut (flows/bad.yaml:8:5)" in done.stdout
    assert "⚠ the turn failed and is tried again at" in done.stdout
    assert "⚠ the turn failed and is parked as" in done.stdout
    dead = noren("events", "list", "--state", "dead", "--dev", "--root", str(bot)).output
    assert "there is no file no.py" in dead


def test_time_goes_on_where_it_stood(bot: Path) -> None:
    first = chat(bot, "/clock 2d", "hello")
    assert "Hi Mai!" in first.stdout
    second = chat(bot, "/clock", "hello")
    day = first.stdout.partition("it is ")[2][:10]
    assert f"it is {day}" in second.stdout
    assert "Hi Mai!" in second.stdout


def test_a_missing_bot_is_one_line(tmp_path: Path) -> None:
    for words in ((), ("--line", "http://127.0.0.1:1")):
        done = chat(tmp_path, "hello", words=words)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1


def test_another_endpoint_is_named(bot: Path) -> None:
    done = chat(bot, "hello", words=("cafe",))
    assert (done.returncode, done.stderr) == (2, "noren: there is no bot cafe here; there are: shop\n")
