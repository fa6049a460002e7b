"""`noren line` with LINE's official SDK against the simulated platform on a real port."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from runtime.simulator.faults import Fault
from runtime.simulator.menus import Menus
from tests.line_platform import MAI, Line, bot, line_platform
from tests.pictures import png
from tests.unit.cli.bots import noren

pytestmark = pytest.mark.anyio

PUBLIC = "https://bot.example.com"
SETTINGS = """\
public_url: {public}
endpoints:
  shop: {{channel_secret: s, access_token: {token}, api: "{api}", api_data: "{api}", languages: [en, ja]}}
"""
MENU = """\
bar: {en: Menu, ja: メニュー}
layout: compact 2x1
areas:
  - {label: Book, postback: {go: book}}
  - {text: hi}
"""


@dataclass(slots=True)
class Desk:
    """An operator at a terminal, in the folder of a bot whose LINE is simulated."""

    line: Line
    root: Path

    async def noren(self, *words: str) -> Result:
        return await asyncio.to_thread(noren, "line", *words, "--root", str(self.root))

    async def json(self, *words: str) -> Any:
        done = await self.noren(*words, "--format", "json")
        return json.loads(done.output)

    async def checks(self) -> dict[str, tuple[str, str]]:
        """Name of each check of `verify` → its state and what it says."""
        return {row["name"]: (row["state"], row["says"]) for row in await self.json("verify")}

    def settings(self, text: str = SETTINGS, **values: str) -> None:
        given = {"public": PUBLIC, "token": self.line.token(), "api": self.line.url, **values}
        (self.root / "noren.yaml").write_text(text.format(**given), encoding="utf-8")

    def menu(self, name: str = "shop", text: str = MENU, picture: bytes = png(800, 270)) -> None:
        folder = self.root / "flows" / "menus"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        (folder / f"{name}.png").write_bytes(picture)

    @property
    def menus(self) -> Menus:
        return self.line.simulator.platform.account("shop").menus

    def fault(self, kind: str, path: str, **more: Any) -> None:
        self.line.simulator.faults.add(Fault(kind=kind, path=path, **more))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async def hooked(url: str, data: bytes, headers: Any) -> int:
        return 200

    account = bot(webhook_url=f"{PUBLIC}/line/shop", webhook=True, display_name="Tea")
    async with line_platform(account, post=hooked) as line:
        made = Desk(line, tmp_path)
        made.settings()
        (tmp_path / "flows").mkdir()
        flow = "flow: a\nstart: [{postback: {go: book}}]\nsteps: [end]\n"
        (tmp_path / "flows" / "a.yaml").write_text(flow, encoding="utf-8")
        yield made


# verify


async def test_an_account_as_it_should_be(desk: Desk) -> None:
    done = await desk.noren("verify")
    assert done.exit_code == 0, done.output
    assert "✓ webhook URL        https://bot.example.com/line/shop" in done.output
    assert "✓ webhook test       LINE reaches the bot, which answers 200" in done.output
    assert "? redelivery" in done.output
    assert "Webhook redelivery: on" in done.output
    assert "Greeting message: off" in done.output
    assert "Auto-response messages: off" in done.output
    assert done.output.rstrip().endswith("nothing wrong")


@pytest.mark.parametrize(
    ("changes", "name", "says"),
    [
        ({"webhook_url": ""}, "webhook URL", "is not set; it should be https://bot.example.com/line/shop"),
        ({"webhook_url": "https://old.example.com/"}, "webhook URL", "is https://old.example.com/, and should be"),
        ({"webhook": False}, "use webhook", "off: LINE sends nothing"),
        ({"quota": 0}, "quota", "0 of 0 billed messages left"),
    ],
)
async def test_each_wrong_setting_is_told(desk: Desk, changes: dict[str, Any], name: str, says: str) -> None:
    desk.line.simulator.platform.change_bot("shop", **changes)
    state, said = (await desk.checks())[name]
    assert (state, said[: len(says)]) == ("wrong", says)
    done = await desk.noren("verify")
    assert done.exit_code == 1
    assert "1 wrong" in done.output
    assert "→ LINE" in done.output


async def test_what_may_be_meant_so_is_only_told(desk: Desk) -> None:
    desk.line.simulator.platform.change_bot("shop", chat_mode="chat", read_mode="manual", quota=100)
    checks = await desk.checks()
    assert checks["chat"][0] == "look"
    assert checks["mark as read"][1].startswith("by hand")
    assert checks["quota"] == ("ok", "100 of 100 billed messages left this month")
    assert (await desk.noren("verify")).exit_code == 0


@pytest.mark.parametrize(
    ("status", "todo"),
    [
        (401, "channel secret in noren.yaml is another channel's"),
        (404, "must be the endpoint's name"),
        (500, "see the log"),
    ],
)
async def test_a_failed_webhook_test_says_what_to_do(tmp_path: Path, status: int, todo: str) -> None:
    async def hooked(url: str, data: bytes, headers: Any) -> int:
        return status

    async with line_platform(bot(webhook_url=f"{PUBLIC}/line/shop"), post=hooked) as line:
        desk = Desk(line, tmp_path)
        desk.settings()
        (tmp_path / "flows").mkdir()
        done = await desk.noren("verify")
        assert done.exit_code == 1
        assert f"(status {status})" in done.output
        assert todo in done.output
        done = await desk.noren("webhook", "--test")
        assert done.exit_code == 1
        assert f"status: {status}" in done.output


async def test_without_a_public_url_there_is_nothing_to_compare(desk: Desk) -> None:
    desk.settings(public="''")
    assert (await desk.checks())["webhook URL"][0] == "look"


async def test_a_token_that_line_does_not_accept(desk: Desk) -> None:
    desk.settings(token="wrong")
    done = await desk.noren("verify")
    assert done.exit_code == 1
    assert "✗ access token       LINE does not accept the access token" in done.output
    assert "Channel access token → Issue" in done.output


async def test_a_disabled_endpoint(desk: Desk) -> None:
    desk.settings(SETTINGS.replace("languages:", "enabled: false, languages:"))
    assert (await desk.checks())["endpoint"] == ("wrong", "it is disabled and answers 404")


async def test_menus_that_are_not_at_line_are_told(desk: Desk) -> None:
    desk.menu()
    assert (await desk.checks())["rich menus"] == ("wrong", "2 changes of the files are not at LINE")
    await desk.noren("richmenu", "sync")
    assert (await desk.checks())["rich menus"] == ("ok", "2 as in the files")


# what goes wrong on the way


@pytest.mark.parametrize(
    "words", [("verify",), ("quota",), ("webhook",), ("profile", MAI), ("richmenu", "list"), ("richmenu", "sync")]
)
@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("rate_limit", "LINE's limit of requests is reached: wait"),
        ("server_error", "LINE has a fault of its own"),
        ("reset_before", "cannot be reached"),
    ],
)
async def test_errors_are_one_clear_line(desk: Desk, words: tuple[str, ...], kind: str, says: str) -> None:
    desk.fault(kind, "/v2/bot/*", times=99)
    done = await desk.noren(*words)
    assert (done.exit_code, done.exception and type(done.exception)) == (1, SystemExit)
    assert done.output.startswith("noren: ")
    assert says in done.output
    assert len(done.output.splitlines()) == 1


async def test_a_refused_token_is_one_clear_line(desk: Desk) -> None:
    desk.settings(token="wrong")
    done = await desk.noren("quota")
    assert done.exit_code == 1
    assert "issue one in the LINE Developers console" in done.output
    assert "wrong" not in done.output


async def test_no_network(desk: Desk) -> None:
    desk.settings(api="http://127.0.0.1:9")
    done = await desk.noren("verify")
    assert done.exit_code == 1
    assert "http://127.0.0.1:9 cannot be reached" in done.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("quota", "--endpoint", "shp"), "there is no endpoint `shp` in noren.yaml; did you mean `shop`?"),
        (("profile", "@tea"), "a user id is U and 32 hex digits"),
        (("webhook", "http://bot.example.com"), "LINE sends webhooks to https addresses only"),
    ],
)
async def test_input_that_cannot_be_used(desk: Desk, words: tuple[str, ...], says: str) -> None:
    done = await desk.noren(*words)
    assert done.exit_code == 2
    assert says in done.output


async def test_of_several_endpoints_one_has_to_be_named(desk: Desk) -> None:
    two = SETTINGS + SETTINGS.partition("endpoints:\n")[2].replace("shop:", "bar:")
    desk.settings(two)
    done = await desk.noren("quota")
    assert (done.exit_code, done.output) == (2, "noren: say which endpoint: --endpoint shop or bar\n")
    done = await desk.noren("verify", "--format", "json")
    assert {row["endpoint"] for row in json.loads(done.output)} == {"shop", "bar"}


# webhook, quota, profile


async def test_the_webhook_is_shown_set_and_tested(desk: Desk) -> None:
    assert await desk.json("webhook") == {
        "endpoint": "shop",
        "url": f"{PUBLIC}/line/shop",
        "active": True,
        "expected": f"{PUBLIC}/line/shop",
    }
    done = await desk.json("webhook", "https://new.example.com/line/shop", "--test")
    assert done["url"] == "https://new.example.com/line/shop"
    assert done["test"]["success"] is True
    assert desk.line.simulator.platform.account("shop").bot.webhook_url == "https://new.example.com/line/shop"


async def test_the_webhook_of_a_new_account(desk: Desk) -> None:
    desk.line.simulator.platform.change_bot("shop", webhook_url="")
    assert (await desk.json("webhook"))["url"] == ""
    done = await desk.noren("webhook", "--test")
    assert (done.exit_code, "there is no webhook URL to test" in done.output) == (2, True)


async def test_quota(desk: Desk) -> None:
    assert await desk.json("quota") == {"endpoint": "shop", "limit": None, "used": 0, "left": None}
    desk.line.simulator.platform.change_bot("shop", quota=200)
    assert (await desk.json("quota"))["left"] == 200


async def test_profile(desk: Desk) -> None:
    assert await desk.json("profile", MAI) == {"name": "Mai", "language": "th"}
    done = await desk.noren("profile", f"U{'0' * 32}")
    assert done.exit_code == 1
    assert "nobody LINE tells about" in done.output


# rich menus


async def test_menus_are_synced_listed_and_synced_again(desk: Desk) -> None:
    desk.menu()
    done = await desk.noren("richmenu", "sync", "--dry-run")
    assert done.output == "shop\n  would upload shop/en as shop\n  would upload shop/ja as shop-ja\n"
    assert desk.menus.menus == {}
    done = await desk.noren("richmenu", "sync")
    assert done.output == "shop\n  uploaded shop/en as shop\n  uploaded shop/ja as shop-ja\n"
    made = desk.menus.menus[desk.menus.aliases["shop-ja"]]
    assert (made.image, made.image_type) == (png(800, 270), "image/png")
    assert made.object["chatBarText"] == "メニュー"
    assert made.object["areas"][0] == {
        "bounds": {"x": 0, "y": 0, "width": 400, "height": 270},
        "action": {"type": "postback", "label": "Book", "data": "go=book"},
    }
    assert (await desk.noren("richmenu", "sync")).output == "shop\n  2 as they were\n"
    rows = await desk.json("richmenu", "list")
    assert [(row["alias"], row["menu"], row["state"]) for row in rows] == [
        ("shop", "shop/en", "as in the files"),
        ("shop-ja", "shop/ja", "as in the files"),
    ]


async def test_a_dry_run_asks_line_itself(desk: Desk) -> None:
    desk.menu()
    desk.fault("bad_request", "/v2/bot/richmenu/validate", text="shop/ja")
    done = await desk.noren("richmenu", "sync", "--dry-run")
    assert done.exit_code == 1
    assert done.output.endswith("  LINE would refuse shop/ja: The request body has 1 error(s)\n")
    assert desk.menus.menus == {}


async def test_an_edit_moves_people_and_removes_the_old_menu(desk: Desk) -> None:
    desk.menu()
    await desk.noren("richmenu", "sync")
    desk.menus.link(MAI, desk.menus.aliases["shop-ja"])
    desk.menu(text=MENU.replace("text: hi", "text: ho") + "default: true\n")
    done = await desk.json("richmenu", "sync")
    assert [verb for verb, _ in done[0]["lines"]] == ["upload", "upload", "default", "delete", "delete"]
    assert desk.menus.linked[MAI] == desk.menus.aliases["shop-ja"]
    assert desk.menus.default == desk.menus.aliases["shop"]


async def test_renamed_and_removed_menus_go_with_their_aliases(desk: Desk) -> None:
    desk.menu(text=MENU + "default: true\n")
    await desk.noren("richmenu", "sync")
    desk.menus.link(MAI, desk.menus.aliases["shop-ja"])
    for name in ("shop.yaml", "shop.png"):
        (desk.root / "flows/menus" / name).rename(desk.root / "flows/menus" / name.replace("shop", "tea"))
    done = await desk.json("richmenu", "sync")
    assert [what for verb, what in done[0]["lines"] if verb == "forget"] == ["alias shop", "alias shop-ja"]
    assert desk.menus.linked[MAI] == desk.menus.aliases["tea-ja"]
    (desk.root / "flows/menus/tea.yaml").unlink()
    done = await desk.noren("richmenu", "sync")
    assert "default is none" in done.output
    assert (desk.menus.menus, desk.menus.aliases, desk.menus.default) == ({}, {}, "")


async def test_a_sync_that_broke_off_goes_on_when_it_is_run_again(desk: Desk) -> None:
    desk.menu()
    desk.fault("rate_limit", "/v2/bot/richmenu/*/content", times=1)
    done = await desk.noren("richmenu", "sync")
    assert (done.exit_code, "it goes on where it was" in done.output) == (1, True)
    done = await desk.noren("richmenu", "sync")
    assert done.exit_code == 0, done.output
    assert all(menu.image for menu in desk.menus.menus.values())
    assert len(desk.menus.menus) == 2


async def test_old_menus_wait_for_lines_hour(desk: Desk) -> None:
    desk.menu()
    await desk.noren("richmenu", "sync")
    desk.menu(text=MENU.replace("text: hi", "text: ho"))
    desk.fault("rate_limit", "/v2/bot/richmenu/batch", times=1)
    done = await desk.noren("richmenu", "sync")
    assert done.exit_code == 0
    assert "later: LINE moves people to other menus three times an hour" in done.output
    states = [row["state"] for row in await desk.json("richmenu", "list")]
    assert sorted(states) == ["as in the files"] * 2 + ["old: sync removes it"] * 2


async def test_menus_with_mistakes_are_not_synced(desk: Desk) -> None:
    desk.menu(text=MENU.replace("bar: {en: Menu", f"bar: {{en: {'x' * 15}"))
    done = await desk.noren("richmenu", "sync")
    assert done.exit_code == 2
    assert "flows/menus/shop.yaml:1:11: error: LINE answers" in done.output
    assert desk.menus.menus == {}


async def test_nothing_to_sync(desk: Desk) -> None:
    assert (await desk.noren("richmenu", "sync")).output == "shop\n  there are no rich menus\n"
    assert (await desk.noren("richmenu", "list")).output == "there are no rich menus at LINE\n"
