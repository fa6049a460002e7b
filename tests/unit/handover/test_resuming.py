"""How a flow and people take turns: going on later or at once, where an agent chose, and for agents alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runtime.flow.entrances import Entrance, entrances
from tests.line_platform import CLUB, KEN, MAI
from tests.unit.handover.house import act, agent, offered, session_of
from tests.world import World, world

pytestmark = pytest.mark.anyio

CONFIG = """
endpoints: {shop: {languages: [en], loading: 0MORE}}
handover:
  queues: {general: {}}
  workstreams: {support: {queues: [general], timers: {wrap_up: 0}, position: {tell: never}STREAM}}
"""


def config(more: str = "", stream: str = "") -> str:
    return CONFIG.replace("MORE", more).replace("STREAM", stream)


def flows(keys: str = "", before: str = "", extra: str = "") -> dict[str, str]:
    return {
        "flows/help.yaml": f"""flow: help
start: [{{keyword: help}}]
steps:
{before}  - handover: {{}}
{keys}  - say: "Below: {{{{ handover.status }}}}"
sections:
  parcel: [{{say: "About your parcel.", label: Parcels}}]
{extra}fallback: [{{say: "bot: {{{{ input.text }}}}"}}]
"""
    }


async def helped(w: World) -> None:
    """Somebody asks, and is answered."""
    await agent(w, queues=("general",))
    await w.say("help")
    await act(w, "claim")
    await act(w, "reply", messages=[{"text": "Yes?"}])


async def notes(w: World, type: str, chat: str = MAI) -> list[Any]:
    return [row for row in await w.store.notes_of(f"shop:{chat}") if row["type"] == type]


async def test_it_goes_on_with_the_users_next_words_for_free(tmp_path: Path) -> None:
    async with world(tmp_path, flows(), config=config()) as w:
        await helped(w)
        await act(w, "resolve")
        assert w.texts()[-1] == "Yes?"
        await w.say("thanks")
        assert (w.texts()[-1], w.vias()[-1]) == ("Below: completed", "reply")
        await w.say("thanks again")
        assert w.texts()[-1] == "bot: thanks again"


async def test_an_eager_one_goes_on_at_once(tmp_path: Path) -> None:
    async with world(tmp_path, flows("    eager: true\n"), config=config()) as w:
        await helped(w)
        await act(w, "resolve")
        assert (w.texts()[-1], w.vias()[-1]) == ("Below: completed", "push")


async def test_an_eager_one_uses_the_token_that_is_left(tmp_path: Path) -> None:
    async with world(tmp_path, flows("    eager: true\n"), config=config()) as w:
        await helped(w)
        await w.say("I see")
        await act(w, "resolve")
        assert (w.texts()[-1], w.vias()[-1]) == ("Below: completed", "reply")


async def test_an_agent_chooses_where_it_goes_on(tmp_path: Path) -> None:
    for target in ("parcel", "help.parcel"):
        root = tmp_path / target
        root.mkdir()
        async with world(root, flows(), config=config()) as w:
            await helped(w)
            await act(w, "resolve", inject=target)
            await w.say("ok")
            assert w.texts()[-1] == "About your parcel."


async def test_a_place_that_is_not_there_leads_below_and_the_log_says_so(tmp_path: Path) -> None:
    async with world(tmp_path, flows(), config=config()) as w:
        await helped(w)
        await act(w, "resolve", inject="help.nowhere")
        await w.say("ok")
        assert w.texts()[-1] == "Below: completed"
        assert [row["data"]["target"] for row in await notes(w, "resume.fallback")] == ["help.nowhere"]


async def test_every_flow_and_every_section_is_an_entrance(tmp_path: Path) -> None:
    async with world(tmp_path, flows(), config=config()) as w:
        book = w.runtime.house.endpoints["shop"].book
        assert entrances(book.current) == (Entrance("help", "help"), Entrance("help.parcel", "help", "Parcels"))


async def test_the_flow_speaks_when_the_case_waits_and_when_an_agent_writes(tmp_path: Path) -> None:
    queued = '    queued: [{say: "In line at {{ handover.data.position }}."}]\n'
    active = '    active: [{say: "{{ handover.agent }} has it."}]\n'
    async with world(tmp_path, flows(queued + active), config=config()) as w:
        await helped(w)
        assert w.texts()[1:] == ["In line at 1.", "Yes?", "aya has it."]
        await w.say("and now?")
        assert w.texts()[-1] == "aya has it.", "then it waits again"
        await act(w, "resolve")
        await w.say("bye")
        assert w.texts()[-1] == "Below: completed"


async def test_what_the_flow_says_to_agents_never_reaches_the_user(tmp_path: Path) -> None:
    before = '  - {say: "Speak softly.", to: agent}\n  - {say: "For you.", to: user}\n'
    keys = '    queued: [{say: "VIP!", to: agent}]\n'
    async with world(tmp_path, flows(keys, before), config=config()) as w:
        await w.say("help")
        assert w.texts() == ["For you.", "Connecting you to a person. One moment, please."]
        told = [(row["data"]["text"], row["visibility"]) for row in await notes(w, "note.added")]
        assert sorted(told) == [("Speak softly.", "internal"), ("VIP!", "internal")]


async def test_words_for_agents_are_lost_where_there_are_none(tmp_path: Path) -> None:
    files = {"flows/x.yaml": 'flow: x\nfallback: [{say: "psst", to: agent}, {say: "hello"}]\n'}
    async with world(tmp_path, files, config=config()) as w:
        await w.say("anything")
        assert w.texts() == ["hello"]


async def test_the_users_token_waits_for_the_agent_and_is_used_once(tmp_path: Path) -> None:
    async with world(tmp_path, flows(), config=config()) as w:
        await helped(w)
        await w.say("where is it?")
        await act(w, "reply", messages=[{"text": "Here."}])
        await act(w, "reply", messages=[{"text": "And there."}])
        assert w.vias()[-2:] == ["reply", "push"]
        await w.say("ah")
        w.clock.turn(51_000)
        await act(w, "reply", messages=[{"text": "Good."}])
        assert w.vias()[-1] == "push"


async def test_a_token_that_told_the_place_in_line_is_gone(tmp_path: Path) -> None:
    async with world(tmp_path, flows(), config=config().replace("position: {tell: never}", "reopen: 0")) as w:
        await agent(w, queues=("general",))
        await w.say("help")
        w.clock.turn(40_000)
        await w.say("still there?")
        assert w.texts()[-1] == "You are next in line."
        await act(w, "claim")
        await act(w, "reply", messages=[{"text": "Now!"}])
        assert w.vias()[-2:] == ["reply", "push"]


async def test_what_is_taken_back_is_blanked_in_log_list_and_search(tmp_path: Path) -> None:
    async with world(tmp_path, flows(), config=config()) as w:
        await helped(w)
        said = await w.send({"type": "text", "text": "my secret"})
        w.line.simulator.acts.unsend(said.id)
        await w.settle()
        assert "secret" not in str(await w.store.notes_after(0, 1_000))
        case = (await session_of(w)).case
        assert case is not None
        assert "secret" not in str(await w.store.show_case(case.id))
        assert "secret" not in str(await w.transcript())
        assert "secret" not in str([await w.store.show_event(row["id"]) for row in await w.events()])
        assert len(await notes(w, "message.unsent")) == 1


COPILOT = """flow: hints
steps:
  - say: "Customer said: {{ input.text }}"
  - ask: word
    say: Shall I look?
  - say: "Looking for {{ word }}"
  - end
vars: {word: text}
"""


@pytest.mark.parametrize("where", ["the workstream", "the step"])
async def test_a_copilot_hears_the_user_and_speaks_to_the_agent_alone(tmp_path: Path, where: str) -> None:
    files = {**flows(), "flows/hints.yaml": COPILOT}
    stream = ", copilot: hints" if where == "the workstream" else ""
    if not stream:
        files["flows/help.yaml"] = files["flows/help.yaml"].replace("handover: {}", "handover: {copilot: hints}")
    async with world(tmp_path, files, config=config(stream=stream)) as w:
        await helped(w)
        before = w.texts()
        await w.say("my parcel is late")
        await w.say("parcel")
        await w.say("another thing")
        assert w.texts() == before, "none of it reaches the user"
        told = [(row["data"]["text"], row["visibility"], row["actor"]["name"]) for row in await notes(w, "note.added")]
        assert [text for text, _, _ in told] == [
            "Customer said: my parcel is late",
            "Shall I look?",
            "Looking for parcel",
            "Customer said: another thing",
            "Shall I look?",
        ]
        assert {rest for _, *rest_ in told for rest in [tuple(rest_)]} == {("internal", "copilot")}
        await act(w, "resolve")
        for text in ("thanks", "help", "again"):
            await w.say(text)
        assert (await notes(w, "note.added"))[-2]["data"]["text"] == "Customer said: again", "it begins anew"


async def test_a_group_has_one_case_and_every_author_is_told(tmp_path: Path) -> None:
    async with world(tmp_path, flows(), config=config()) as w:
        await agent(w, queues=("general",))
        w.line.simulator.acts.invite(w.account(), CLUB)
        await w.settle()
        await w.say("help", chat=CLUB)
        await act(w, "claim", chat=CLUB)
        await w.say("me too", user=KEN, chat=CLUB)
        assert [row["data"]["user"] for row in await notes(w, "message.received", CLUB)] == [KEN]
        await act(w, "reply", chat=CLUB, messages=[{"text": "Both of you?"}])
        assert w.texts(CLUB)[-1] == "Both of you?"


async def test_one_member_of_a_group_cannot_be_handed_over(tmp_path: Path) -> None:
    more = ", session: {per: member}"
    keys = '    failed: [{say: "Sorry: {{ handover.error.reason }}"}]\n'
    async with world(tmp_path, flows(keys), config=config(more)) as w:
        w.line.simulator.acts.invite(w.account(), CLUB)
        await w.settle()
        await w.say("help", chat=CLUB)
        assert w.texts(CLUB) == ["Sorry: unsupported", "Below: error"]


async def test_a_flow_that_asks_again_and_again_does_not_go_round_for_ever(tmp_path: Path) -> None:
    files = {
        "flows/help.yaml": "flow: help\nstart: [{keyword: help}]\n"
        "steps:\n  - {id: ask, handover: {}, failed: [{goto: ask}]}\n"
        '  - say: done\nfallback: [{say: "bot: {{ input.text }}"}]\n'
    }
    closed = config(stream=', hours: {week: {mon: "09:00-09:01"}, outside: back_to_bot}')
    async with world(tmp_path, files, config=closed) as w:
        await w.say("help")
        assert 1 <= len(w.texts()) <= 5
        assert not await w.events("dead")
        assert (await session_of(w)).control.owner == "bot"
        await w.say("help")
        assert not await w.events("dead")


async def test_an_offer_to_somebody_who_leaves_goes_to_the_next_within_a_look(tmp_path: Path) -> None:
    async with world(tmp_path, flows(), config=config()) as w:
        await agent(w, "aya", ("general",))
        await agent(w, "ben", ("general",))
        await w.say("help")
        await offered(w)
        case = (await session_of(w)).case
        assert case is not None
        assert case.offer is not None
        first = case.offer.agent
        await w.store.present(first, "offline", w.clock.now())
        await w.settle()
        await offered(w)
        case = (await session_of(w)).case
        assert case is not None
        assert case.offer is not None
        assert case.offer.agent != first
