"""A bot's folder made into a running house: built, started, reloaded, stopped."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from runtime import app
from runtime.errors import BadInput, FlowError, SettingsError, StoreTaken
from runtime.line.webhook import sign
from runtime.running import Runtime, store_name
from runtime.settings import Settings
from tests.asgi import ask
from tests.clock import ManualClock
from tests.world import settings, world, write

pytestmark = pytest.mark.anyio

CONFIG = "endpoints: {shop: {languages: [en], loading: 0, profile: false}}\n"
ECHO = {"flows/echo.yaml": 'flow: echo\nfallback: [{say: "{{ input.text }}"}]\n'}
OUTSIDE = "endpoints: {{shop: {{transformers: {{input: {}}}}}}}\n"
ODD = {**ECHO, "transformers/bad.py": "x ="}
HOOK = json.dumps(
    {
        "events": [
            {"type": "follow", "timestamp": 1, "webhookEventId": "01H", "source": {"type": "user", "userId": "U1"}}
        ]
    }
).encode()


def made(config: str = CONFIG) -> Settings:
    return settings(config, "http://127.0.0.1:9")


def built(root: Path, config: str = CONFIG, **more: Any) -> Runtime:
    return app.build(root, made(config), clock=ManualClock(), **more)


async def post(runtime: Runtime) -> int:
    secret = runtime.settings.endpoints["shop"].channel_secret
    return (await ask(runtime.asgi, "POST", "/line/shop", HOOK, {"x-line-signature": sign(secret, HOOK)})).status


async def test_the_roles_take_in_and_work_apart(tmp_path: Path) -> None:
    write(tmp_path, ECHO)
    web, worker = built(tmp_path, role="web"), built(tmp_path, role="worker")
    assert (web.worker, worker.worker is not None) == (None, True)
    await web.start()
    try:
        assert await post(web) == 200
        await worker.start()
        try:
            assert await post(worker) == 404, "a worker takes no webhooks"
            assert (await ask(worker.asgi, "GET", "/healthz")).status == 200
        finally:
            await worker.stop()
        store: Any = web.house.store
        assert len(await store.list_events(None, None, 10)) == 1
    finally:
        await web.stop()


async def test_a_second_worker_on_the_same_file_is_told_who_has_it(tmp_path: Path) -> None:
    write(tmp_path, ECHO)
    first, second = built(tmp_path), built(tmp_path)
    await first.start()
    try:
        with pytest.raises(StoreTaken, match=r"is being worked on by process .* Stop it first, or use PostgreSQL"):
            await second.start()
        assert await post(first) == 200
    finally:
        await first.stop()
    third = built(tmp_path)
    await third.start()
    await third.stop()


async def test_a_house_that_cannot_start_leaves_nothing_open(tmp_path: Path) -> None:
    write(tmp_path, ECHO)
    first, second = built(tmp_path), built(tmp_path)
    await first.start()
    try:
        with pytest.raises(StoreTaken):
            await second.start()
        store: Any = second.house.store
        with pytest.raises(Exception, match="is not open"):
            await store.release("shop:U1", worker="w")
    finally:
        await first.stop()


@pytest.mark.parametrize(
    ("config", "files", "error", "words"),
    [
        (CONFIG, {}, BadInput, "there is no folder flows/"),
        (CONFIG, {"flows/a.yaml": "flow: a\nsteps: [{sya: hi}]\n"}, FlowError, r"flows/a\.yaml:2:"),
        (OUTSIDE.format("no.py"), ECHO, BadInput, r"there is no file no\.py"),
        (OUTSIDE.format("bad.py"), ODD, BadInput, r"bad\.py cannot be loaded: SyntaxError"),
        ("store: mysql://x/y\n" + CONFIG, ECHO, SettingsError, "'mysql' is no store"),
        ("media_key: short\n" + CONFIG, ECHO, SettingsError, "media_key: write at least 16 characters"),
    ],
)  # fmt: skip
def test_what_cannot_be_built_is_told(
    tmp_path: Path, config: str, files: dict[str, str], error: type[Exception], words: str
) -> None:
    write(tmp_path, files)
    with pytest.raises(error, match=words):
        built(tmp_path, config)


def test_processes_that_start_at_once_have_one_media_key(tmp_path: Path) -> None:
    together = Barrier(8)

    def one(root: Path) -> str:
        together.wait()
        return app.kept_key(root)

    with ThreadPoolExecutor(8) as pool:
        for attempt in range(50):
            root = tmp_path / str(attempt)
            root.mkdir()
            keys = set(pool.map(one, [root] * 8))
            assert len(keys) == 1
            assert len(keys.pop()) > 16
    assert [path.name for path in (tmp_path / "0" / ".noren").iterdir()] == ["media.key"]


def test_the_key_of_media_links_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    write(tmp_path, ECHO)
    key = app.kept_key(tmp_path)
    assert len(key) >= 32
    assert app.kept_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / ".noren" / "media.key").stat().st_mode) == 0o600


def test_the_name_of_a_store_holds_no_password() -> None:
    assert store_name("postgresql://noren:secret@db.example/noren") == "postgresql://db.example/noren"
    assert store_name("sqlite:///noren.db") == "sqlite:///noren.db"


async def test_edited_flows_and_functions_are_taken_up_and_guests_finish_what_they_began(tmp_path: Path) -> None:
    flow = "flow: name\nvars: {name: text}\nstart: [{keyword: hi}]\nsteps:\n  - ask: name\n    say: Name?\n  - say: "
    files = {"flows/name.yaml": flow + '"old {{ name }}"\n  - end\n', "transformers/out.py": OUT.format(mark="!")}
    config = CONFIG.replace("profile: false", "profile: false, transformers: {output: out.py}")
    async with world(tmp_path, files, config=config) as w:
        await w.say("hi")
        write(
            tmp_path,
            {"flows/name.yaml": flow + '"new {{ name }}"\n  - end\n', "transformers/out.py": OUT.format(mark="?")},
        )
        await w.runtime.reload()
        await w.say("Mai")
        await w.say("hi")
        await w.say("Ken")
        assert w.texts() == ["Name?!", "old Mai?", "Name??", "new Ken?"]


OUT = "def handle_output(output, messages, session, endpoint, kit):\n    return {{'text': output.text + '{mark}'}}\n"


@pytest.mark.parametrize("broken", [{"flows/echo.yaml": "flow: [\n"}, {"transformers/out.py": "def ("}])
async def test_what_cannot_be_taken_up_changes_nothing(tmp_path: Path, broken: dict[str, str]) -> None:
    config = CONFIG.replace("profile: false", "profile: false, transformers: {output: out.py}")
    async with world(tmp_path, {**ECHO, "transformers/out.py": OUT.format(mark="!")}, config=config) as w:
        await w.say("one")
        write(tmp_path, broken)
        with pytest.raises(BadInput):
            await w.runtime.reload()
        await w.say("two")
        assert w.texts() == ["one!", "two!"]


async def test_functions_of_two_endpoints_are_taken_up_together_or_not_at_all(tmp_path: Path) -> None:
    first = CONFIG.replace("profile: false", "profile: false, transformers: {output: out.py}")
    late = first.partition("{shop")[2].replace("out.py", "late.py")
    config = first.strip().removesuffix("}") + ", stall" + late
    functions = {"transformers/out.py": OUT.format(mark="!"), "transformers/late.py": OUT.format(mark="!")}
    async with world(tmp_path, {**ECHO, **functions}, config=config) as w:
        write(tmp_path, {"transformers/out.py": OUT.format(mark="?"), "transformers/late.py": "def ("})
        with pytest.raises(BadInput):
            await w.runtime.reload()
        await w.say("one")
        assert w.texts() == ["one!"]
        write(tmp_path, {"transformers/late.py": OUT.format(mark="?")})
        await w.runtime.reload()
        await w.say("two")
        assert w.texts() == ["one!", "two?"]


async def test_a_guest_finishes_on_the_flows_of_before_a_restart(tmp_path: Path) -> None:
    flow = "flow: name\nvars: {name: text}\nstart: [{keyword: hi}]\nsteps:\n  - ask: name\n    say: Name?\n  - say: "
    async with world(tmp_path, {"flows/name.yaml": flow + '"old {{ name }}"\n  - end\n'}) as w:
        await w.say("hi")
    async with world(tmp_path, {"flows/name.yaml": flow + '"new {{ name }}"\n  - end\n'}) as w:
        await w.say("Mai")
        assert w.texts() == ["old Mai"]
