"""Slow turns: waiting dots, and a button for the answer before its free token dies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.gate import SLOW, Gate, gate
from tests.line_platform import CLUB, bot
from tests.world import MAI, World, world

pytestmark = pytest.mark.anyio

DOTS = "/v2/bot/chat/loading/start"
REPLY, PUSH = "/v2/bot/message/reply", "/v2/bot/message/push"


def shop(**settings: str) -> str:
    more = "".join(f", {name}: {value}" for name, value in settings.items())
    return f"endpoints: {{shop: {{languages: [en], profile: false{more}}}}}\n"


BUTTON = shop(loading="0", late="button", late_text="One moment.", late_label="The answer")


async def slow_turn(w: World, name: str = "slow 1", **more: Any) -> Gate:
    """Somebody asks for something that takes its time; the turn now waits."""
    wait = gate(name)
    await w.say(name, settle=False, **more)
    await wait.reached.wait()
    return wait


async def let_time_pass(w: World, ms: int) -> None:
    """In steps, so that whoever sleeps is woken in order, and what that causes is done."""
    for _ in range(ms // 250):
        w.clock.turn(250)
        for _ in range(30):
            await w.until(lambda: True)
            await w.store.counts(w.clock.now())


async def finish(w: World, wait: Gate) -> None:
    wait.open.set()
    await w.settle()


async def test_dots_are_shown_when_a_turn_takes_longer_than_the_setting(tmp_path: Path) -> None:
    async with world(tmp_path, SLOW, config=shop(loading="1500ms")) as w:
        wait = await slow_turn(w)
        await let_time_pass(w, 1_250)
        assert w.count(DOTS) == 0
        await let_time_pass(w, 500)
        assert w.count(DOTS) == 1
        await let_time_pass(w, 5_000)
        await finish(w, wait)
        assert w.count(DOTS) == 1
        assert w.texts() == ["slow 1 is done"]


async def test_fast_turns_groups_and_other_events_show_no_dots(tmp_path: Path) -> None:
    async with world(tmp_path, SLOW, config=shop(loading="1500ms")) as w:
        w.line.simulator.acts.invite(w.account(), CLUB)
        await w.say("quick")
        wait = await slow_turn(w, "slow 2", chat=CLUB)
        await let_time_pass(w, 5_000)
        await finish(w, wait)
        assert w.texts(CLUB) == ["slow 2 is done"]
        assert w.count(DOTS) == 0


async def test_dots_that_line_refuses_cost_nothing(tmp_path: Path) -> None:
    async with world(tmp_path, SLOW, config=shop(loading="1500ms")) as w:
        w.fault("server_error", DOTS)
        wait = await slow_turn(w)
        await let_time_pass(w, 2_000)
        await finish(w, wait)
        assert w.count(DOTS) == 1
        assert w.texts() == ["slow 1 is done"]


async def test_a_late_answer_is_offered_by_a_button_and_free(tmp_path: Path) -> None:
    async with world(tmp_path, SLOW, config=BUTTON) as w:
        wait = await slow_turn(w)
        await let_time_pass(w, 44_750)
        assert w.texts() == []
        await let_time_pass(w, 500)
        assert w.texts() == ["One moment."]
        await let_time_pass(w, 30_000)
        await finish(w, wait)
        assert w.texts() == ["One moment."], "the answer waits for the tap"
        assert await w.sent() == [("held", "push", 0)]
        await w.tap("The answer")
        assert w.texts() == ["One moment.", "slow 1 is done"]
        assert w.vias() == ["reply", "reply"]
        assert [(state, billed) for state, _, billed in await w.sent()] == [("merged", 0), ("sent", 0)]
        assert w.account().billed(w.clock.now()) == 0


async def test_a_tap_before_the_answer_is_ready_brings_it_when_it_is(tmp_path: Path) -> None:
    async with world(tmp_path, SLOW, config=BUTTON) as w:
        wait = await slow_turn(w)
        await let_time_pass(w, 46_000)
        await w.line.control("POST", f"/bots/shop/chats/{MAI}/tap", label="The answer")
        await w.delivered()
        await finish(w, wait)
        assert w.texts() == ["One moment.", "slow 1 is done"]
        assert w.vias() == ["reply", "reply"]


async def test_writing_instead_of_tapping_brings_the_answer_too(tmp_path: Path) -> None:
    async with world(tmp_path, SLOW, config=BUTTON) as w:
        wait = await slow_turn(w)
        await let_time_pass(w, 46_000)
        await finish(w, wait)
        await w.say("hello?")
        assert w.texts() == ["One moment.", "slow 1 is done", "hello?"]
        assert w.vias() == ["reply"] * 3


async def test_a_second_tap_says_nothing(tmp_path: Path) -> None:
    async with world(tmp_path, SLOW, config=BUTTON) as w:
        wait = await slow_turn(w)
        await let_time_pass(w, 46_000)
        await finish(w, wait)
        for _ in range(2):
            w.line.simulator.platform.emit(
                w.account(), "postback", {"postback": {"data": "noren=answer"}}, chat=MAI, user=MAI
            )
            await w.settle()
        assert w.texts() == ["One moment.", "slow 1 is done"]


async def test_an_answer_in_time_needs_no_button(tmp_path: Path) -> None:
    async with world(tmp_path, SLOW, config=BUTTON) as w:
        wait = await slow_turn(w)
        await let_time_pass(w, 44_000)
        await finish(w, wait)
        await let_time_pass(w, 10_000)
        assert w.texts() == ["slow 1 is done"]
        assert w.vias() == ["reply"]


async def test_a_button_that_line_refuses_leaves_a_push(tmp_path: Path) -> None:
    async with world(tmp_path, SLOW, config=BUTTON) as w:
        w.fault("used_token", REPLY)
        wait = await slow_turn(w)
        await let_time_pass(w, 46_000)
        await finish(w, wait)
        assert w.texts() == ["slow 1 is done"]
        assert await w.sent() == [("sent", "push", 1)]


async def test_a_button_whose_outcome_is_unclear_is_tried_once_more(tmp_path: Path) -> None:
    async with world(tmp_path, SLOW, config=BUTTON) as w:
        w.fault("reset_after", REPLY)
        wait = await slow_turn(w)
        await let_time_pass(w, 46_000)
        await finish(w, wait)
        assert w.texts() == ["One moment."]
        await w.tap("The answer")
        assert w.texts() == ["One moment.", "slow 1 is done"]
        assert w.account().billed(w.clock.now()) == 0


async def test_a_turn_that_fails_after_the_button_is_still_told(tmp_path: Path) -> None:
    files = {
        **SLOW,
        "flows/slow.yaml": SLOW["flows/slow.yaml"].replace(
            '  - say: "{{ input.text }} is done"', "  - call: slow.py:nobody"
        ),
    }
    config = BUTTON.replace("late:", "trouble: Something went wrong., late:")
    config += "worker: {attempts: 1}\n"
    async with world(tmp_path, files, config=config) as w:
        wait = await slow_turn(w)
        await let_time_pass(w, 46_000)
        await finish(w, wait)
        assert w.texts() == ["One moment.", "Something went wrong."]


async def test_without_a_button_a_late_answer_is_pushed_and_billed(tmp_path: Path) -> None:
    async with world(tmp_path, SLOW, config=shop(loading="0", late="push")) as w:
        wait = await slow_turn(w)
        await let_time_pass(w, 55_000)
        await finish(w, wait)
        assert w.texts() == ["slow 1 is done"]
        assert await w.sent() == [("sent", "push", 1)]
        assert w.count(REPLY) == 0


async def test_the_words_of_the_button_are_in_the_language_of_the_guest(tmp_path: Path) -> None:
    files = {**SLOW, "flows/texts/late.csv": "key,en,th\nmoment,One moment,รอสักครู่\nanswer,Answer,คำตอบ\n"}
    config = (
        "endpoints: {shop: {languages: [en, th], loading: 0, late: button, late_text: $moment, late_label: $answer}}\n"
    )
    async with world(tmp_path, files, config=config, bots=(bot(),)) as w:
        await w.say("hello")  # Mai's LINE speaks Thai
        wait = await slow_turn(w)
        await let_time_pass(w, 46_000)
        assert w.texts()[-1] == "รอสักครู่"
        await finish(w, wait)
        await w.tap("คำตอบ")
        assert w.texts()[-1] == "slow 1 is done"
