"""The line, from webhook to chat: order, who speaks, what is said, what is kept."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.gate import SLOW, gate
from tests.line_platform import CLUB, bot
from tests.world import KEN, MAI, World, world

pytestmark = pytest.mark.anyio

ECHO = {"flows/echo.yaml": 'flow: echo\nfallback:\n  - say: "{{ input.text }}"\n'}
ASK = {
    "flows/name.yaml": """flow: name
vars:
  name: text
start: [{keyword: hi}]
steps:
  - ask: name
    say: Your name?
  - say: "Hello {{ name }}"
  - end
fallback: [{say: "What?"}]
"""
}


def shop(*lines: str) -> str:
    """A noren.yaml with one endpoint."""
    return "endpoints:\n  shop:\n    languages: [en]\n    loading: 0\n" + "".join(f"    {line}\n" for line in lines)


def invite(w: World, group: str = CLUB) -> None:
    w.line.simulator.acts.invite(w.account(), group)


async def traces(w: World) -> list[Any]:
    return [row for event in await w.events() for row in (await w.store.show_event(event["id"]))["trace"]]


async def test_quick_messages_of_one_chat_are_answered_in_order(tmp_path: Path) -> None:
    async with world(tmp_path, ECHO) as w:
        for n in range(12):
            await w.say(f"message {n}", settle=False)
        await w.settle()
        assert w.texts() == [f"message {n}" for n in range(12)]
        assert set(w.vias()) == {"reply"}
        assert await w.sent() == [("sent", "reply", 0)] * 12


async def test_events_of_several_people_in_one_body_each_get_their_answer(tmp_path: Path) -> None:
    async with world(tmp_path, ECHO, bots=(bot(batch=6, hold=True),)) as w:
        for n in range(3):
            await w.say(f"mai {n}", settle=False)
            await w.say(f"ken {n}", user=KEN, settle=False)
        await w.line.simulator.hooks.release(w.account(), [], 6)
        await w.settle()
        assert w.texts(MAI) == ["mai 0", "mai 1", "mai 2"]
        assert w.texts(KEN) == ["ken 0", "ken 1", "ken 2"]
        assert len(w.line.simulator.journal.since(0, way="webhook")) == 1


async def test_a_slow_turn_holds_up_its_own_chat_and_no_other(tmp_path: Path) -> None:
    async with world(tmp_path, SLOW) as w:
        wait = gate("slow 1")
        await w.say("slow 1", settle=False)
        await wait.reached.wait()
        await w.say("after", settle=False)
        await w.say("meanwhile", user=KEN, settle=False)
        await w.delivered()
        await w.until(lambda: w.texts(KEN) == ["meanwhile"])
        assert w.texts(MAI) == []
        wait.open.set()
        await w.settle()
        assert w.texts(MAI) == ["slow 1 is done", "after"]


async def test_what_an_input_transformer_drops_is_recorded_and_not_answered(tmp_path: Path) -> None:
    files = {
        **ECHO,
        "transformers/drop.py": "def handle_input(event, session, endpoint, kit):\n"
        "    kit.storage['n'] = kit.storage.get('n', 0) + 1\n"
        "    return None if 'spam' in event.text else event\n",
    }
    async with world(tmp_path, files, config=shop("transformers: {input: drop.py}")) as w:
        await w.say("spam")
        await w.say("ham")
        assert w.texts() == ["ham"]
        assert {"note": "dropped by a transformer"} in await traces(w)
        assert [event["state"] for event in await w.events()] == ["done", "done"]
        assert [text for who, _, text in await w.transcript() if who == "user"] == ["spam", "ham"]
        assert (await w.session()).storage == {"n": 2}


async def test_output_transformers_see_rendered_messages_and_may_swallow_all(tmp_path: Path) -> None:
    files = {
        **ECHO,
        "transformers/out.py": "def handle_output(output, messages, session, endpoint, kit):\n"
        "    text = messages[0]['text']\n"
        "    return None if text == 'hush' else {'type': 'text', 'text': text.upper()}\n",
    }
    async with world(tmp_path, files, config=shop("transformers: {output: out.py}")) as w:
        await w.say("hush")
        await w.say("hello")
        assert w.texts() == ["HELLO"]
        assert await w.sent() == [("sent", "reply", 0)]


async def test_standby_events_are_recorded_and_never_answered(tmp_path: Path) -> None:
    async with world(tmp_path, ECHO, bots=(bot(standby=True),)) as w:
        await w.say("hello")
        await w.send({"type": "image"})
        assert w.texts() == []
        assert await w.transcript() == [("user", "text", "hello"), ("user", "image", "")]
        assert [event["state"] for event in await w.events()] == ["done", "done"]
        assert w.count("/v2/bot/") == 0, "nothing is asked or sent while another module has the chat"
        assert await w.outbox() == []


async def test_a_module_takes_the_chat_and_gives_it_back(tmp_path: Path) -> None:
    async with world(tmp_path, ASK) as w:
        await w.say("hi")
        w.line.simulator.acts.control(w.account(), MAI, active=False)
        await w.settle()
        assert ((await w.session()).control.owner, (await w.session()).control.epoch) == ("module", 1)
        await w.say("to the other module")
        w.line.simulator.acts.control(w.account(), MAI, active=True)
        await w.settle()
        assert ((await w.session()).control.owner, (await w.session()).control.epoch) == ("bot", 2)
        await w.say("Mai")
        assert w.texts() == ["Your name?", "Hello Mai"]
        assert ("user", "text", "to the other module") in await w.transcript()


async def test_an_answer_is_suppressed_when_the_chat_was_taken_meanwhile(tmp_path: Path) -> None:
    async with world(tmp_path, ECHO) as w:
        w.fault("rate_limit", "/v2/bot/message/reply")
        await w.say("hello")
        assert [row["state"] for row in await w.outbox()] == ["waiting"]
        w.line.simulator.acts.control(w.account(), MAI, active=False)
        await w.settle()
        await w.turn(5_000)
        assert w.texts() == []
        [row] = await w.outbox()
        assert (row["state"], row["billed"]) == ("suppressed", 0)


async def test_a_session_starts_afresh_after_its_silence_but_keeps_what_is_kept(tmp_path: Path) -> None:
    files = {
        "flows/name.yaml": """flow: name
vars:
  name: {type: text, keep: forever}
  count: {type: number, default: 0}
start: [{keyword: hi}]
steps:
  - set: {count: count + 1}
  - say: "{{ name or 'stranger' }} {{ count }}"
  - ask: name
    say: Your name?
  - say: "Hello {{ name }}"
  - goto: again
  - id: again
    ask: more
    say: More?
fallback: [{say: "What?"}]
"""
    }
    async with world(tmp_path, files, config=shop("session: {expire: 10m}")) as w:
        await w.say("hi")
        await w.say("Mai")
        assert w.texts() == ["stranger 1", "Your name?", "Hello Mai", "More?"]
        await w.turn(9 * 60_000)
        assert (await w.session()).cursor is not None
        await w.turn(2 * 60_000)
        await w.say("hi")
        assert w.texts()[4:] == ["Mai 1", "Your name?"]


EXPIRY = {
    **ASK,
    "transformers/gone.py": "seen = []\n"
    "async def gone(args, session, endpoint, kit):\n"
    "    seen.append((session.key, args['vars']))\n",
}


async def test_an_expiring_session_says_goodbye_by_push_and_calls_its_hook(tmp_path: Path) -> None:
    config = shop("session: {expire: 10m, expired_say: Goodbye, expired_hook: 'gone.py:gone'}")
    async with world(tmp_path, EXPIRY, config=config) as w:
        await w.say("hi")
        await w.turn(6 * 60_000)
        await w.send({"type": "sticker", "package": "446", "sticker": "1988"})  # still there: the silence begins again
        await w.turn(6 * 60_000)
        assert w.texts()[-1] != "Goodbye"
        await w.turn(5 * 60_000)
        assert w.texts()[-1] == "Goodbye"
        assert w.vias()[-1] == "push"
        assert sys.modules["noren_bot_transformers_gone"].seen == [(f"shop:{MAI}", {"name": {}})]
        assert (await w.session()).cursor is None
        await w.turn(60 * 60_000)
        assert w.texts().count("Goodbye") == 1
        await w.say("Mai")
        assert w.texts()[-1] == "What?", "the question of the expired session is forgotten"


async def test_an_expiry_hook_that_fails_costs_nothing(tmp_path: Path) -> None:
    config = shop("session: {expire: 10m, expired_say: Goodbye, expired_hook: 'gone.py:nobody'}")
    async with world(tmp_path, EXPIRY, config=config) as w:
        await w.say("hi")
        await w.turn(11 * 60_000)
        assert w.texts() == ["Your name?", "Goodbye"]
        assert await w.events("dead") == []


async def test_an_ended_session_begins_anew(tmp_path: Path) -> None:
    async with world(tmp_path, ASK) as w:
        await w.say("hi")
        await w.store.end_session(f"shop:{MAI}", w.clock.now())
        await w.say("Mai")
        assert w.texts() == ["Your name?", "What?"]


async def test_members_of_a_group_share_a_session_or_have_their_own(tmp_path: Path) -> None:
    for per, last in (("chat", ["Your name?", "Hello hi"]), ("member", ["Your name?", "Your name?"])):
        async with world(tmp_path / per, ASK, config=shop(f"session: {{per: {per}}}")) as w:
            invite(w)
            await w.say("hi", chat=CLUB, user=MAI)
            await w.say("hi", chat=CLUB, user=KEN)
            assert w.texts(CLUB) == last
            keys = {event["session"] for event in await w.events() if event["kind"] == "message"}
            assert keys == ({f"shop:{CLUB}"} if per == "chat" else {f"shop:{CLUB}:{MAI}", f"shop:{CLUB}:{KEN}"})


@pytest.mark.parametrize(
    ("groups", "answers"), [("all", ["chatter", "@bot hi"]), ("mention", ["@bot hi"]), ("off", [])]
)
async def test_in_groups_the_bot_speaks_as_it_is_told(tmp_path: Path, groups: str, answers: list[str]) -> None:
    async with world(tmp_path, ECHO, config=shop(f"groups: {groups}")) as w:
        invite(w)
        await w.say("chatter", chat=CLUB)
        mention = [{"to": "bot", "index": 0, "length": 4}]
        await w.send({"type": "text", "text": "@bot hi", "mention": mention}, chat=CLUB)
        assert w.texts(CLUB) == answers
        await w.say("in private")
        assert w.texts(MAI) == ["in private"], "the setting is about groups only"


SEVERAL = """endpoints:
  shop: {languages: [en], loading: 0}
  cafe: {languages: [ja], loading: 0, flows: cafe}
  shut: {languages: [en], loading: 0, enabled: false}
"""


async def test_endpoints_have_their_own_credentials_flows_and_languages(tmp_path: Path) -> None:
    files = {
        "flows/echo.yaml": ECHO["flows/echo.yaml"],
        "cafe/hello.yaml": 'flow: hello\nfallback: [{say: "{{ language }}"}]\n',
    }
    async with world(tmp_path, files, config=SEVERAL, bots=(bot("shop"), bot("cafe"), bot("shut"))) as w:
        for name in ("shop", "cafe", "shut"):
            await w.say("hello", bot=name)
        assert w.texts(MAI, "shop") == ["hello"]
        assert w.texts(MAI, "cafe") == ["ja"]
        assert w.texts(MAI, "shut") == []
        hooks = {row.bot: row.status for row in w.line.simulator.journal.since(0, way="webhook")}
        assert hooks == {"shop": 200, "cafe": 200, "shut": 404}
        assert {event["session"] for event in await w.events()} == {f"shop:{MAI}", f"cafe:{MAI}"}


async def test_a_profile_is_fetched_once_and_names_the_guest(tmp_path: Path) -> None:
    files = {"flows/hello.yaml": 'flow: hello\nfallback: [{say: "{{ profile.name }}"}]\n'}
    async with world(tmp_path, files) as w:
        for _ in range(3):
            await w.say("hello")
        assert w.texts() == ["Mai"] * 3
        assert w.count("/v2/bot/profile/") == 1


async def test_a_profile_that_line_does_not_tell_costs_no_answer(tmp_path: Path) -> None:
    async with world(tmp_path, ECHO) as w:
        w.fault("server_error", "/v2/bot/profile/*", times=None)
        await w.say("hello")
        assert w.texts() == ["hello"]


async def test_more_than_five_messages_are_a_reply_and_a_push(tmp_path: Path) -> None:
    steps = "".join(f'  - say: "line {n}"\n' for n in range(7))
    async with world(tmp_path, {"flows/long.yaml": f"flow: long\nfallback:\n{steps}"}) as w:
        await w.say("go")
        await w.say("go")
        assert w.texts() == [f"line {n}" for n in range(7)] * 2
        assert w.vias() == (["reply"] * 5 + ["push"] * 2) * 2
        assert await w.sent() == [("sent", "reply", 0), ("sent", "push", 1)] * 2


async def test_a_used_up_quota_holds_the_rest_for_the_next_free_token(tmp_path: Path) -> None:
    steps = "".join(f'  - say: "{{{{ input.text }}}} {n}"\n' for n in range(6))
    files = {
        "flows/long.yaml": f"flow: long\nstart: [{{keyword: go}}]\nsteps:\n{steps}  - end\nfallback: [{{say: more}}]\n"
    }
    async with world(tmp_path, files, bots=(bot(quota=0),)) as w:
        await w.say("go")
        assert w.texts() == [f"go {n}" for n in range(5)]
        assert await w.sent() == [("sent", "reply", 0), ("held", "push", 0)]
        await w.turn(3_600_000)
        assert len(w.texts()) == 5, "what is held waits for the user"
        await w.say("and?")
        assert w.texts() == [f"go {n}" for n in range(6)] + ["more"]
        assert set(w.vias()) == {"reply"}
        assert [state for state, _, _ in await w.sent()] == ["sent", "merged", "sent"]
        assert w.account().billed(w.clock.now()) == 0


async def test_what_was_held_is_not_said_after_the_chat_was_somebody_elses(tmp_path: Path) -> None:
    files = {"flows/two.yaml": "flow: two\nstart: [{keyword: go}]\nsteps:\n" + "".join(
        f"  - say: 'line {n}'\n" for n in range(6)
    ) + "  - end\nfallback: [{say: back}]\n"}  # fmt: skip
    async with world(tmp_path, files, bots=(bot(quota=0),)) as w:
        await w.say("go")
        for active in (False, True):
            w.line.simulator.acts.control(w.account(), MAI, active=active)
            await w.settle()
        await w.say("hello again")
        assert w.texts()[5:] == ["back"]
        assert [row["state"] for row in await w.outbox()] == ["sent", "suppressed", "sent"]


@pytest.mark.parametrize("who", ["bot", "module", "standby", "dropped"])
async def test_an_unsent_message_is_erased_whoever_has_the_chat(tmp_path: Path, who: str) -> None:
    files = {**ECHO, "transformers/drop.py": "def handle_input(event, session, endpoint, kit): return None\n"}
    config = shop("transformers: {input: drop.py}") if who == "dropped" else shop()
    async with world(tmp_path, files, config=config) as w:
        said = await w.say("a secret")
        if who in ("module", "standby"):
            w.line.simulator.acts.control(w.account(), MAI, active=False)
        if who == "module":
            w.account().standby.clear()  # LINE may send it active: what counts is who has the chat
        w.line.simulator.acts.unsend(said.id)
        await w.settle()
        said_rows = await w.store.transcript(f"shop:{MAI}", 100, None)
        rows = [row for row in said_rows if row["message"] == said.id and row["kind"] == "text"]
        assert [(row["text"], row["data"]) for row in rows] == [("", {"erased": True})]
        [body] = [(await w.store.show_event(e["id"]))["body"] for e in await w.events() if e["kind"] == "message"]
        assert "a secret" not in str(body)
