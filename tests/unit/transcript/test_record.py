"""Recordings: what was said with the simulator, as a test that passes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from runtime.project import open_project
from runtime.simulator.control.chats import shown
from runtime.simulator.faults import Fault
from runtime.simulator.taps import tap
from runtime.transcript.play import Outcome, Player
from runtime.transcript.record import Tape, record, span
from runtime.transcript.script import CLOCK, read_script
from runtime.transcript.stage import Stage, staged
from tests.unit.transcript.bots import HEAD, bot, failing

Talk = Callable[[Player], list[Any]]


async def recorded(root: Path, given: str, talk: Talk) -> str:
    """What a conversation looks like on tape; an entry that is a number lets so many ms pass."""
    project = open_project(root, lenient=True)
    script = read_script(f"{HEAD}{given}chat: [follow]\n", "it.yaml")
    mocks = script.mocks
    async with staged(root, project.settings, bot="shop", now=CLOCK, mocks=mocks, content=root / "content") as stage:
        player = Player(stage, script, "en", Outcome(script, "en"))
        player.enter(script.given)
        for act in talk(player):
            if isinstance(act, int):
                await stage.turn_to(stage.clock.now() + act)
            else:
                act()
            stage.clock.turn_to(stage.clock.now() + 40)
            await stage.settle()
            stage.clock.turn_to(stage.clock.now() + 40)
        return record(tape(stage, player))


def tape(stage: Stage, player: Player) -> Tape:
    history = stage.simulator.platform.chats.history("shop", player.chat)
    users = stage.simulator.platform.people.users
    return Tape(
        entries=[shown(one) for one in history],
        webhooks=[hook.plain() for hook in stage.simulator.hooks.of("shop")],
        chat=player.chat,
        names={id: user.name for id, user in users.items()},
        title="it",
        zone="Asia/Tokyo",
        group="Club" if player.group else "",
    )


def alone(player: Player) -> list[Any]:
    me, acts, account = player.user, player.stage.simulator.acts, player.stage.account
    return [
        lambda: acts.follow(account, me),
        lambda: player.send(me, {"type": "text", "text": "tea"}),
        600_500,
        lambda: player.send(me, {"type": "text", "text": "9"}),
        lambda: tap(acts, account, me, {"index": 0, "value": "2026-12-05"}),
        lambda: player.send(me, {"type": "text", "text": "cards"}),
        lambda: tap(acts, account, me, {"index": 1}),
        90_000,
        lambda: player.send(me, {"type": "sticker", "package": 1, "sticker": 2}),
        lambda: player.send(me, {"type": "text", "text": "yes or no"}),
        lambda: tap(acts, account, me, {"label": "Yes"}),
        lambda: player.send(me, {"type": "text", "text": "$how_many"}),
        lambda: acts.unsend(player.last(me).id),
    ]


ALONE = """\
# yaml-language-server: $schema=../.noren/test.schema.json
test: it
given:
  language: en
  clock: "2026-12-01T10:00:00+09:00"
  profile: {name: Mai}
chat:
  - follow
  - user: tea
  - bot: {text: "How many cups, Mai?", quick: ["1", "2", many]}
  - clock: +10m
  - bot: Still there?
  - user: "9"
  - bot: {text: "Which day?", quick: [Calendar], picker: date}
  - user: {pick: "2026-12-05"}
  - bot: "9 cups for 900 yen."
  - user: cards
  - bot: {cards: [Green, Black]}
  - user: {tap: Take, card: 2}
  - bot: Black it is.
  - clock: +91s
  - user: {sticker: "1/2"}
  - bot: {sticker: "446/1989"}
  - user: yes or no
  - bot: {text: "Really?", buttons: [Yes, No]}
  - user: {tap: Yes}
  - bot: What?
  - user: {text: $how_many}
  - bot: What?
  - user: {unsend: true}
expect: {pushes: 1}
"""


def test_a_conversation_becomes_a_test_that_passes(tmp_path: Path) -> None:
    text = asyncio.run(recorded(bot(tmp_path), "given: {profile: {name: Mai}}\n", alone))
    assert text == ALONE
    mocked = text.replace("given:", HEAD.partition("\n")[2] + "given:", 1)
    assert failing(tmp_path, mocked) == []


def unlucky(player: Player) -> list[Any]:
    me, simulator = player.user, player.stage.simulator
    return [
        lambda: player.send(me, {"type": "text", "text": "tea"}),
        11_000,
        lambda: simulator.faults.add(Fault(kind="expired_token")),
        lambda: player.send(me, {"type": "text", "text": "9"}),
    ]


def test_an_answer_that_had_to_be_pushed_is_an_answer(tmp_path: Path) -> None:
    text = asyncio.run(recorded(bot(tmp_path), "given: {profile: {name: Mai}}\n", unlucky))
    assert text.partition("chat:\n")[2].splitlines() == [
        "  - user: tea",
        '  - bot: {text: "How many cups, Mai?", quick: ["1", "2", many]}',
        '  - user: "9"',
        '  - bot: {text: "Which day?", quick: [Calendar], picker: date}',
    ]
    assert failing(tmp_path, text) == []


def together(player: Player) -> list[Any]:
    me, acts = player.user, player.stage.simulator.acts
    ken = player.person("Ken")
    return [
        lambda: player.send(ken, {"type": "text", "text": "cards"}),
        lambda: player.send(me, {"type": "text", "text": "hullo"}),
        lambda: acts.edit(player.last(me).id, {"text": "hello"}),
        lambda: acts.join(player.chat, [player.person("Aoi")]),
    ]


def test_in_a_group_everybody_has_a_name(tmp_path: Path) -> None:
    text = asyncio.run(recorded(bot(tmp_path), "given: {group: Club, members: [Mai, Ken]}\n", together))
    assert text.partition("chat:\n")[2].splitlines() == [
        "  - Ken: cards",
        "  - bot: {cards: [Green, Black]}",
        "  - Mai: hullo",
        "  - bot: What?",
        "  - Mai: {edit: hello}",
        '  - bot: "Now: hello"',
        "  - event: {member_joined: [Aoi]}",
        "  - bot: Welcome.",
        "expect: {pushes: 0}",
    ]


def test_nothing_said_is_nothing_written(tmp_path: Path) -> None:
    assert asyncio.run(recorded(bot(tmp_path), "", lambda player: [])) == ""


def test_a_length_of_time_is_told_in_its_largest_unit() -> None:
    assert [span(ms) for ms in (1_000, 90_000, 60_000, 5_400_000, 7_200_000, 86_400_000)] == [
        *("1s", "90s", "1m", "90m", "2h", "1d"),
    ]
