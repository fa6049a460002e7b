"""A bot's rich menus from its files to the phone: LINE's rules at the line of the file, and end to end."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.errors import FlowError
from runtime.flow.loader import examine
from runtime.line.actions import KINDS
from runtime.menus import findings, sync_all, wanted
from runtime.settings import EndpointSettings
from runtime.simulator.menus import Menus
from tests.line_platform import CLUB, MAI
from tests.pictures import jpeg, png
from tests.world import World, world, write

HEAD = "bar: Menu\nlayout: 2x1\nareas:\n"
FLOW = """\
flow: a
start:
  - postback: {go: book}
    do: [say: booked]
  - keyword: vip
    do: [{menu: vip}, {say: welcome}]
  - keyword: plain
    do: [{menu: default}, {say: bye}]
  - keyword: hi
steps:
  - say: hello
  - end
fallback: [say: pardon]
"""
CONFIG = "endpoints: {shop: {languages: [en, th], loading: 0}}\n"
FILES = {
    "flows/a.yaml": FLOW,
    "flows/menus/shop.yaml": f"default: true\n{HEAD}  - {{label: Book, postback: {{go: book}}}}\n  - {{switch: vip}}\n",
    "flows/menus/vip.yaml": "bar: {en: Vip, th: วีไอพี}\nlayout: 2x1\nareas: [{label: Back, switch: shop}, {text: hi}]\n",
}
SHOP = EndpointSettings(name="shop", languages=("en", "th"))


def folder(root: Path, text: str, picture: bytes = png(800, 400), name: str = "shop.png") -> Path:
    write(root, {"flows/a.yaml": FLOW, "flows/menus/shop.yaml": text})
    (root / "flows" / "menus" / name).write_bytes(picture)
    return root


def told(root: Path) -> list[str]:
    menus = examine(
        {"flows/menus/shop.yaml": (root / "flows/menus/shop.yaml").read_text("utf-8")}, SHOP.languages
    ).menus
    return [f"{one.at.line}:{one.at.column} {one.message}" for one in findings(root, SHOP, menus)]


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (f"{HEAD}  - text: hi\n", ""),
        (f"bar: {'x' * 15}\nlayout: 1x1\nareas: [text: a]\n", "1:6 LINE answers “Length must be between 0 and"),
        (f"bar: {{en: a, th: {'x' * 15}}}\nlayout: 1x1\nareas: [text: a]\n", "1:18 LINE answers “Length must"),
        ("bar: ''\nlayout: 1x1\nareas: [text: a]\n", "1:7 LINE answers “must be specified” (chatBarText)"),
        (f"{HEAD}  - {{label: {'x' * 21}, text: a}}\n", "4:13 LINE answers"),
        (f"{HEAD}  - {{label: a, link: tea}}\n", "4:22 LINE answers “invalid uri"),
        (f"{HEAD}  - {{label: a, link: 'mailto:a@b.example'}}\n", ""),
        (f"{HEAD}  - {{postback: {'x' * 301}}}\n", "4:16 LINE answers"),
        (f"{HEAD}  - {{copy: ''}}\n", "4:13 LINE answers"),
        (f"{HEAD}  - {{pick: date, label: a, min: 2026-12-02, max: 2026-12-01}}\n", "4:5 LINE answers"),
        ("bar: a\nlayout: 7x3\nareas:\n" + "  - text: a\n" * 21, "4:3 LINE answers"),
    ],
)
def test_what_line_would_refuse_is_told_at_its_place(tmp_path: Path, text: str, finding: str) -> None:
    found = told(folder(tmp_path, text))
    errors = [one for one in found if "LINE answers" in one]
    assert errors == [] if not finding else any(one.startswith(finding) for one in errors), found


def test_it_says_in_which_language(tmp_path: Path) -> None:
    root = folder(tmp_path, f"bar: {{en: a, th: {'x' * 15}}}\nlayout: 1x1\nareas: [text: a]\n")
    assert [one for one in told(root) if one.endswith("(in th)")]


@pytest.mark.parametrize("name", ["shop.png", "shop.jpg", "shop.jpeg"])
def test_the_picture_of_the_same_name_is_taken(tmp_path: Path, name: str) -> None:
    picture = png(800, 400) if name.endswith("png") else jpeg(800, 400)
    [made] = wanted(folder(tmp_path, f"{HEAD}  - text: a\n", picture, name), SHOP)
    assert (made.kind, made.menu["size"]) == (
        f"image/{'png' if name.endswith('png') else 'jpeg'}",
        {"width": 800, "height": 400},
    )


def test_a_picture_that_lies_about_its_kind_is_uploaded_as_what_it_is(tmp_path: Path) -> None:
    [made] = wanted(folder(tmp_path, f"{HEAD}  - text: a\n", jpeg(800, 400)), SHOP)
    assert made.kind == "image/jpeg"


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    root = folder(tmp_path, f"bar: {'x' * 15}\nlayout: 1x1\nareas: [swich: b]\n", png(400, 200))
    with pytest.raises(FlowError) as raised:
        wanted(root, SHOP)
    assert {one.code for one in raised.value.findings} == {"unknown-key", "message-rule", "menu-picture"}


def test_without_menus_nothing_is_wanted(tmp_path: Path) -> None:
    write(tmp_path, {"flows/a.yaml": FLOW})
    assert wanted(tmp_path, SHOP) == []


def test_a_picture_per_language(tmp_path: Path) -> None:
    root = folder(tmp_path, f"image: {{en: shop.png, th: thai.jpg}}\n{HEAD}  - text: a\n")
    (root / "flows" / "menus" / "thai.jpg").write_bytes(jpeg(1200, 600))
    assert told(root) == []
    assert [(one.key, one.alias, one.kind, one.menu["size"]["width"]) for one in wanted(root, SHOP)] == [
        ("shop/en", "shop", "image/png", 800),
        ("shop/th", "shop-th", "image/jpeg", 1200),
    ]


def test_the_menu_in_the_guide_is_right() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "howto" / "rich-menus.md").read_text(encoding="utf-8")
    text = re.findall(r"^```yaml part\n(.*?)^```", guide, flags=re.DOTALL | re.MULTILINE)[0]
    starts = "flow: a\nstart:\n  - postback: {go: booking}\n  - postback: {go: products}\nsteps: [end]\n"
    texts = "key,en,ja\n" + "".join(f"{key},A,B\n" for key in sorted(set(re.findall(r"\$(to_\w+)", text))))
    files = {"flows/a.yaml": starts, "flows/menus/shop.yaml": text, "flows/menus/members.yaml": f"{HEAD}  - text: a\n"}
    assert [one.message for one in examine({**files, "flows/texts/all.csv": texts}, ("en", "ja")).findings] == []


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 30)
    | st.sampled_from(["2x1", "1-4", "$x", "{{ a }}", "date", "shop", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["en", "th", "x", "y", "width", "height", "cell", "area", "label", *KINDS]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
KEYS = st.sampled_from(["bar", "layout", "size", "image", "selected", "default", "areas", "note", "odd"])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(KEYS, VALUES) | VALUES)
def test_no_file_breaks_the_checker(tmp_path: Path, data: Any) -> None:
    text = yaml.safe_dump(data, allow_unicode=True)
    found = examine({"flows/menus/shop.yaml": text}, SHOP.languages)
    list(findings(folder(tmp_path, text), SHOP, found.menus))


# end to end


def menus(w: World) -> Menus:
    return w.line.simulator.platform.account("shop").menus


def seen(w: World) -> str:
    found = menus(w).shown(MAI)
    return str(found.object["name"]).split()[1] if found else ""


def ready(root: Path) -> Path:
    write(root, FILES)
    for name in ("shop", "vip"):
        (root / "flows" / "menus" / f"{name}.png").write_bytes(png(800, 400, len(name)))
    return root


@pytest.mark.anyio
async def test_a_user_gets_a_menu_turns_tabs_taps_and_gives_it_back(tmp_path: Path) -> None:
    async with world(ready(tmp_path), FILES, config=CONFIG) as w:
        assert (await sync_all(w.runtime))["shop"].kept == 0
        assert seen(w) == "shop/en"
        await w.tap("Book", menu=True)
        await w.say("vip")
        assert seen(w) == "vip/th"
        await w.tap("Back", menu=True)
        assert seen(w) == "shop/th"
        await w.say("plain")
        assert menus(w).linked == {}
        assert w.texts() == ["booked", "welcome", "bye"]
        assert w.vias() == ["reply"] * 3
        assert (await sync_all(w.runtime))["shop"].kept == 4


@pytest.mark.anyio
async def test_a_menu_that_line_does_not_link_holds_nobody_up_for_long(tmp_path: Path) -> None:
    async with world(ready(tmp_path), FILES, config=CONFIG) as w:
        await sync_all(w.runtime)
        w.fault("server_error", "*/user/*", times=2)
        await w.say("vip", settle=False)
        await w.pass_time(lambda: w.texts() == ["welcome"], most=10_000)
        assert seen(w) == "vip/th"


@pytest.mark.anyio
async def test_menus_that_were_never_synced_are_told_in_the_trace(tmp_path: Path) -> None:
    async with world(ready(tmp_path), FILES, config=CONFIG) as w:
        await w.say("vip")
        assert w.texts() == ["welcome"]
        [event] = await w.events()
        trace = (await w.store.show_event(event["id"]))["trace"]
        assert any(row.get("error") == "LINE has no menu `vip` yet; run `noren line richmenu sync`" for row in trace)


@pytest.mark.anyio
async def test_in_a_group_nobody_is_given_a_menu(tmp_path: Path) -> None:
    async with world(ready(tmp_path), FILES, config=CONFIG) as w:
        await sync_all(w.runtime)
        w.line.simulator.platform.people.change_group(CLUB, bot="shop")
        await w.say("vip", chat=CLUB, user=MAI)
        assert w.texts(CLUB) == ["welcome"]
        assert menus(w).linked == {}


@pytest.mark.anyio
async def test_a_bot_starts_without_its_menus_when_line_does_not_take_them(tmp_path: Path) -> None:
    async with world(ready(tmp_path), FILES, config=CONFIG) as w:
        w.fault("forbidden", "/v2/bot/richmenu", times=99)
        assert await sync_all(w.runtime) == {}
        await w.say("hi")
        assert w.texts() == ["hello"]
