"""Tests, recordings and replays from the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import bench
from tests.line_platform import CLUB, KEN, MAI

pytestmark = pytest.mark.anyio

TEA = """flow: tea
start: [{keyword: [tea]}]
vars: {kind: text}
steps:
  - say: Welcome
  - {ask: kind, say: Which tea?, quick: [Green, Black]}
  - say: "{{ kind }} it is"
  - goto: more
sections:
  more:
    - say: Goodbye
"""
GOOD = "test: Tea\ngiven: {endpoint: shop}\nchat:\n  - user: tea\n  - bot: [Welcome, {text: Which tea?}]\n"
BAD = "test: Coffee\ngiven: {endpoint: shop}\nchat:\n  - user: tea\n  - bot: Coffee?\n"
FILES = {"flows/tea.yaml": TEA, "tests/tea.yaml": GOOD}


async def test_tests_are_listed_and_run_in_place(tmp_path: Path) -> None:
    async with bench(tmp_path, {**FILES, "tests/coffee.yaml": BAD}) as desk:
        assert (await desk.get("/tests"))["tests"] == [
            {"file": "tests/coffee.yaml", "name": "Coffee", "line": 1},
            {"file": "tests/tea.yaml", "name": "Tea", "line": 1},
        ]
        rev = desk.bench.feed.rev
        ran = await desk.post("/tests/run")
        coffee, tea = ran["results"]
        assert (tea["name"], tea["ok"], tea["failure"]) == ("Tea", True, None)
        assert (coffee["ok"], coffee["failure"]["line"]) == (False, 5)
        assert "Coffee?" in coffee["failure"]["text"]
        assert (ran["coverage"]["steps"], ran["coverage"]["walked"]) == (5, 2)
        assert {"flow": "tea", "step": "sections.more[0]", "file": "flows/tea.yaml", "line": 11} in ran["coverage"][
            "missing"
        ]
        news = [change.data for change in desk.bench.feed.since(rev) if change.kind == "tests"]
        assert news[0] == {"running": True, "done": 0, "total": 2}
        assert news[-1] == {"running": False, "done": 2, "total": 2}


async def test_one_test_can_be_run_alone(tmp_path: Path) -> None:
    async with bench(tmp_path, {**FILES, "tests/coffee.yaml": BAD}) as desk:
        assert [one["name"] for one in (await desk.post("/tests/run", file="tests/tea.yaml"))["results"]] == ["Tea"]
        assert [one["name"] for one in (await desk.post("/tests/run", name="Coffee"))["results"]] == ["Coffee"]
        assert (await desk.ask("POST", "/tests/run", {"name": "nothing"}))[0] == 400


async def test_a_chat_becomes_a_test_that_passes(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        status, told = await desk.ask("POST", "/recordings", {"endpoint": "shop", "chat": MAI})
        assert (status, "nothing to record" in told["detail"]) == (409, True)
        await desk.say("tea")
        await desk.say("Green")
        made = await desk.post("/recordings", endpoint="shop", chat=MAI, title="Green tea")
        assert made["name"] == "shop-mai"
        assert "test: Green tea\n" in made["text"]
        assert await desk.done("PUT", "/recordings/green", {"text": made["text"]}) == {"file": "tests/green.yaml"}
        assert (await desk.ask("PUT", "/recordings/green", {"text": made["text"]}))[0] == 409
        await desk.done("PUT", "/recordings/green", {"text": made["text"], "overwrite": True})
        [result] = (await desk.post("/tests/run", file="tests/green.yaml"))["results"]
        assert result["failure"] is None


async def test_a_recording_may_begin_and_end_anywhere(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        first = await desk.say("hello")
        await desk.control("POST", "/clock", advance=60_000)
        second = await desk.say("tea")
        body = {"endpoint": "shop", "chat": MAI, "from": second.id}
        assert "hello" not in (await desk.post("/recordings", **body))["text"]
        text = (await desk.post("/recordings", endpoint="shop", chat=MAI, to=first.id))["text"]
        assert ("hello" in text, "Welcome" in text) == (True, False)
        assert (await desk.ask("POST", "/recordings", {**body, "from": "1"}))[0] == 400


async def test_a_group_is_recorded_with_its_people(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        await desk.control("POST", "/groups", id=CLUB, name="Club", members=[MAI, KEN], bot="shop")
        account = desk.simulator.platform.account("shop")
        desk.simulator.acts.send(account, CLUB, {"type": "text", "text": "tea"}, KEN)
        await desk.settle()
        text = (await desk.post("/recordings", endpoint="shop", chat=CLUB))["text"]
        assert "group: Club" in text
        assert "- Ken: tea" in text


@pytest.mark.parametrize("name", ["..%2Fescape", "a%2Fb", ".hidden", "x" * 100])
async def test_recordings_stay_in_the_tests_folder(tmp_path: Path, name: str) -> None:
    async with bench(tmp_path, FILES) as desk:
        assert (await desk.ask("PUT", f"/recordings/{name}", {"text": GOOD}))[0] in (400, 404)
        assert (await desk.ask("PUT", "/recordings/fine", {"text": "not a test"}))[0] == 400
        assert [path.name for path in (tmp_path / "tests").iterdir()] == ["tea.yaml"]


async def test_pictures_have_the_same_links_when_a_chat_is_replayed(tmp_path: Path) -> None:
    picture = "flow: tea\nstart: [{keyword: [tea]}]\nsteps: [{image: media/cup.png}]\n"
    async with bench(tmp_path, {"flows/tea.yaml": picture, "flows/media/cup.png": "a picture"}) as desk:
        await desk.say("tea")
        [one] = (await desk.post("/replays", session=f"shop:{MAI}"))["exchanges"]
        assert one["was_messages"][0]["originalContentUrl"].startswith("https://")
        assert one["now_messages"] == one["was_messages"]
        assert one["same"]


async def test_a_replay_shows_what_an_edit_changes(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        await desk.say("tea")
        await desk.say("Green")
        same = (await desk.post("/replays", session=f"shop:{MAI}"))["exchanges"]
        assert [(one["user"], one["same"]) for one in same] == [("tea", True), ("Green", True)]
        await desk.saved({"flows/tea.yaml": TEA.replace("{{ kind }} it is", "So {{ kind }}")})
        first, second = (await desk.post("/replays", session=f"shop:{MAI}"))["exchanges"]
        assert first["same"]
        assert (second["was"], second["now"]) == (["Green it is", "Goodbye"], ["So Green", "Goodbye"])
        assert second["now_messages"][0]["type"] == "text"
        assert (await desk.ask("POST", "/replays", {"session": "shop:none"}))[0] in (400, 404)
