"""Sessions and turns as the page sees them, and what it may change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.bench import bench
from tests.line_platform import KEN, MAI

pytestmark = pytest.mark.anyio

CONFIG = """endpoints:
  shop:
    languages: [en]
    loading: 0
    channel_secret: s
    access_token: t
    transformers: {input: [tidy.py], output: [tidy.py]}
"""
TEA = """
flow: tea
title: Tea
vars: {kind: text, cups: int, known: {type: text, keep: forever}}
start: [{keyword: [tea]}, {postback: "again"}]
anytime: [{keyword: help, do: [{say: Ask away}]}]
steps:
  - say: Welcome
  - {ask: kind, say: Which tea?, id: which}
  - {call: tidy.py:price, args: {kind: "{{ kind }}"}, save: cups}
  - set: {known: "{{ kind }}"}
  - {run: note, in: {about: "{{ kind }}"}}
  - say: "{{ kind }}, {{ cups }} yen"
---
""".removesuffix("---\n")
NOTE = """
flow: note
vars: {about: text, text: text}
steps:
  - {ask: text, say: "A note for {{ about }}?"}
"""
TIDY = """
def handle_input(event, session, endpoint, kit):
    if event.text == "spam":
        return None
    kit.storage["count"] = kit.storage.get("count", 0) + 1
    return {"text": kit.text(event.text)}


def handle_output(output, messages, session, endpoint, kit):
    return kit.change(output, alt="said")


def price(args, session, endpoint, kit):
    return 450
"""
FILES = {"flows/tea.yaml": TEA, "flows/note.yaml": NOTE, "transformers/tidy.py": TIDY}
KEY = f"shop:{MAI}"


async def test_before_the_first_event_there_is_no_session(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES, config=CONFIG) as desk:
        assert (await desk.ask("GET", f"/sessions/{KEY}"))[0] == 204
        assert (await desk.ask("PATCH", f"/sessions/{KEY}", {"language": "ja"}))[0] == 404
        assert await desk.get(f"/sessions/{KEY}/turns") == {"turns": []}
        assert await desk.get(f"/sessions?endpoint=shop&chat={MAI}") == {"key": KEY}
        assert (await desk.ask("GET", "/sessions?endpoint=shop"))[0] == 400
        assert (await desk.ask("GET", f"/sessions?endpoint=none&chat={MAI}"))[0] == 404


async def test_a_session_shows_where_it_stands_and_what_it_knows(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES, config=CONFIG) as desk:
        await desk.say("tea")
        session = await desk.get(f"/sessions/{KEY}")
        at = session["at"]
        assert (at["flow"], at["id"], at["do"], at["question"]) == ("tea", "which", "ask", "Which tea?")
        assert (at["file"], at["line"], at["old"]) == ("flows/tea.yaml", 9, False)
        assert session["storage"] == {"count": 1}
        assert session["busy"] is False
        await desk.say("sencha")
        session = await desk.get(f"/sessions/{KEY}")
        assert session["at"]["flow"] == "note"
        assert [one["flow"] for one in session["stack"]] == ["tea"]
        assert session["vars"]["tea"] == {"kind": "sencha", "cups": 450}
        assert session["kept"] == {"known": "sencha"}


async def test_a_turn_tells_the_whole_story(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES, config=CONFIG) as desk:
        await desk.say("tea")
        said = await desk.say("  sencha ")
        turn = (await desk.get(f"/sessions/{KEY}/turns"))["turns"][0]
        assert (turn["state"], turn["kind"], turn["type"], turn["attempts"]) == ("done", "message", "text", 1)
        assert turn["raw"]["message"]["text"] == "  sencha "
        first, *others = [one for one in turn["transformers"] if one["hook"] == "input"]
        assert (first["function"], first["file"], first["line"]) == ("handle_input", "transformers/tidy.py", 2)
        assert first["changed"] == ["text", "storage"]
        assert others == []
        assert [one["changed"] for one in turn["transformers"][1:]] == [["alt"]]
        verbs = [(one["do"], one["flow"], one["line"]) for one in turn["steps"] if not one.get("action")]
        assert verbs == [("call", "tea", 10), ("set", "tea", 11), ("run", "tea", 12), ("ask", "note", 5)]
        [call] = [one for one in turn["steps"] if one.get("action")]
        assert (call["args"]["args"], call["value"], call["error"]) == ({"kind": "sencha"}, 450, "")
        assert call["ms"] >= 0
        changes = {one["path"]: (one["before"], one["after"]) for one in turn["changes"]}
        assert changes["vars.tea.cups"] == (None, 450)
        assert changes["kept.known"] == (None, "sencha")
        assert changes["storage.count"] == (1, 2)
        [output] = turn["outputs"]
        assert (output["text"], output["flow"], output["file"]) == ("A note for sencha?", "note", "flows/note.yaml")
        [message] = turn["messages"]
        assert (message["output"], message["delivery"]) == (0, 0)
        [delivery] = turn["deliveries"]
        assert (delivery["via"], delivery["state"], delivery["status"], delivery["billed"]) == ("reply", "sent", 200, 0)
        assert await desk.get(f"/turns/{turn['event']}") == turn
        assert (turn["trigger"], turn["waited"]["id"], turn["waited"]["question"]) == (None, "which", "Which tea?")
        asked = {"flow": "tea", "step": "steps[1]", "file": "flows/tea.yaml", "line": 9}
        assert await desk.get(f"/messages/{said.id}") == {"event": turn["event"], "message": -1, **asked}
        theirs = await desk.get(f"/messages/{message['id']}")
        where = {"flow": "note", "step": "steps[0]", "file": "flows/note.yaml", "line": 5}
        assert theirs == {"event": turn["event"], "message": 0, **where}


async def test_a_trigger_says_why(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES, config=CONFIG) as desk:
        await desk.say("tea")
        trigger = (await desk.get(f"/sessions/{KEY}/turns"))["turns"][0]["trigger"]
        assert (trigger["kind"], trigger["value"], trigger["flow"], trigger["line"]) == ("keyword", "tea", "tea", 5)
        assert trigger["why"] == "“tea” fits the keyword tea"
        await desk.control("POST", "/bots/shop/events", kind="postback", chat=MAI, data="again")
        await desk.settle()
        trigger = (await desk.get(f"/sessions/{KEY}/turns"))["turns"][0]["trigger"]
        assert trigger["why"] == "the tap sent again, which fits postback: again"


async def test_a_dropped_event_and_a_broken_message_are_told(tmp_path: Path) -> None:
    files = {
        **FILES,
        "flows/long.yaml": "flow: long\nstart: [{keyword: long}]\nsteps:\n  - say: \"{{ 'x' * 5200 }}\"\n",
    }
    async with bench(tmp_path, files, config=CONFIG) as desk:
        await desk.say("spam")
        await desk.say("long")
        long, spam = (await desk.get(f"/sessions/{KEY}/turns"))["turns"]
        assert spam["transformers"][0]["dropped"] is True
        assert spam["steps"][0]["note"] == "dropped by a transformer"
        [violation, *_] = long["violations"]
        assert (violation["done"], violation["file"], violation["line"]) == ("repaired: split", "flows/long.yaml", 4)
        assert [one["output"] for one in long["messages"]] == [0, 0]


async def test_turns_come_in_pages_and_earlier_ones_from_the_store(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES, config=CONFIG) as desk:
        for text in ("tea", "help", "sencha"):
            await desk.say(text)
        whole = (await desk.get(f"/sessions/{KEY}/turns"))["turns"]
        assert [one["text"] for one in whole] == ["sencha", "help", "tea"]
        page = (await desk.get(f"/sessions/{KEY}/turns?limit=1&before={whole[0]['event']}"))["turns"]
        assert page == [whole[1]]
        desk.bench.records.forget()
        stored = (await desk.get(f"/sessions/{KEY}/turns"))["turns"]
        assert [(one["event"], one["partial"]) for one in stored] == [(one["event"], True) for one in whole]
        for old, new in zip(whole, stored, strict=True):
            assert [m["message"] for m in old["messages"]] == [m["message"] for m in new["messages"]]
            assert [m["id"] for m in old["messages"]] == [m["id"] for m in new["messages"]]
            assert [(s["do"], s["line"]) for s in old["steps"]] == [(s["do"], s["line"]) for s in new["steps"]]
            assert old["deliveries"][0]["state"] == new["deliveries"][0]["state"]
        bots, users = whole[0]["messages"][0]["id"], whole[0]["raw"]["message"]["id"]
        for id in (bots, users):
            assert (await desk.get(f"/messages/{id}"))["event"] == whole[0]["event"]
        assert (await desk.ask("GET", "/messages/123"))[0] == 404
        assert (await desk.ask("GET", "/turns/nothing"))[0] == 404


async def patch(desk: Any, **body: Any) -> Any:
    return await desk.done("PATCH", f"/sessions/{KEY}", body)


async def test_what_a_conversation_remembers_can_be_changed(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES, config=CONFIG) as desk:
        await desk.say("tea")
        session = await patch(desk, vars={"tea": {"cups": "7"}}, kept={"known": "matcha"}, profile={"name": "Mika"})
        assert (session["vars"]["tea"], session["kept"]) == ({"cups": 7}, {"known": "matcha"})
        assert session["profile"]["name"] == "Mika"
        session = await patch(desk, vars={"tea": {"cups": None}}, kept={"known": None}, language="ja")
        assert (session["vars"]["tea"], session["kept"], session["language"]) == ({}, {}, "ja")
        await desk.say("sencha")
        session = await patch(desk, vars={"tea": {"kind": "hojicha"}})
        assert session["vars"]["tea"]["kind"] == "hojicha"
        await desk.say("hot please")
        assert desk.texts()[-1] == "hojicha, 450 yen"


async def test_what_cannot_be_is_refused(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES, config=CONFIG) as desk:
        await desk.say("tea")
        wrong: tuple[dict[str, Any], ...]
        wrong = ({"cursor": {}}, {"kept": 3}, {"language": 3}, {"vars": {"tea": 3}})
        for body in wrong:
            assert (await desk.ask("PATCH", f"/sessions/{KEY}", body))[0] == 400
        status, told = await desk.ask("PATCH", f"/sessions/{KEY}", {"vars": {"tea": {"cups": "many"}}})
        assert status == 400
        assert told["detail"].startswith("vars.tea.cups: ")


async def test_a_session_can_be_ended(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES, config=CONFIG) as desk:
        await desk.say("tea")
        await patch(desk, kept={"known": "matcha"})
        ended = await desk.done("DELETE", f"/sessions/{KEY}")
        assert (ended["at"], ended["vars"], ended["kept"]) == (None, {}, {"known": "matcha"})


async def test_parked_events_are_tried_again(tmp_path: Path) -> None:
    broken = TIDY.replace("    return 450", "    raise ValueError")
    files = {
        **FILES,
        "transformers/tidy.py": broken.replace('    kit.storage["count"]', "    raise ValueError\n    kit"),
    }
    config = CONFIG.replace("transformers: {", "transformers: {on_error: abort, ")
    async with bench(tmp_path, files, config=config) as desk:
        await desk.say("tea")
        [turn] = (await desk.get(f"/sessions/{KEY}/turns"))["turns"]
        assert (turn["state"], turn["transformers"][0]["error"] != "") == ("dead", True)
        assert "ValueError" in turn["error"]
        await desk.saved({"transformers/tidy.py": TIDY})
        await desk.post(f"/events/{turn['event']}/retry")
        await desk.settle()
        assert (await desk.get(f"/turns/{turn['event']}"))["state"] == "done"
        assert desk.texts()[-2:] == ["Welcome", "Which tea?"]


async def test_sessions_of_others_are_not_mixed_in(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES, config=CONFIG) as desk:
        await desk.say("tea")
        await desk.say("tea", user=KEN)
        turns = (await desk.get(f"/sessions/shop:{KEN}/turns"))["turns"]
        assert [one["user"] for one in turns] == [KEN]


async def test_a_turn_that_failed_shows_how_far_it_came(tmp_path: Path) -> None:
    flow = "flow: far\nstart: [{keyword: far}]\nvars: {n: any}\nsteps:\n  - set: {n: 1}\n  - call: tidy.py:broken\n"
    broken = TIDY + "\n\ndef broken(args, session, endpoint, kit):\n    raise KeyError('seats')\n"
    files = {**FILES, "flows/far.yaml": flow, "transformers/tidy.py": broken}
    async with bench(tmp_path, files, config=CONFIG) as desk:
        await desk.say("far")
        [turn] = (await desk.get(f"/sessions/{KEY}/turns"))["turns"]
        assert turn["state"] in ("due", "dead")
        assert [(one["do"], one["line"]) for one in turn["steps"]][:1] == [("set", 5)]
        assert turn["steps"][-1]["do"] == "call"
        assert turn["steps"][-1]["error"].endswith("(line 18 of tidy.py): KeyError: 'seats'")
        assert "KeyError: 'seats'" in turn["error"]
