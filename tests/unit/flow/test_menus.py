"""Rich menus as files: what is read, in which languages, under which alias, and what is told when it is wrong."""

from __future__ import annotations

import pytest

from runtime.errors import FlowError
from runtime.flow.loader import examine, load
from runtime.flow.menus.judge import Drawn, pictured
from runtime.flow.menus.menu import Grid
from runtime.model import Chat
from tests.unit.flow.talk import Talk

FLOW = "flow: a\nstart:\n  - postback: {go: book}\n  - keyword: hi\nsteps:\n"
HEAD = "bar: Menu\nlayout: large 3x2\nareas:\n"
LANGUAGES = ("en", "ja", "zh-TW")


def files(step: str = "  - end\n", **menus: str) -> dict[str, str]:
    return {"flows/a.yaml": FLOW + step, **{f"flows/menus/{name}.yaml": text for name, text in menus.items()}}


def told(text: str, name: str = "shop", **more: str) -> list[str]:
    """Each finding as `line:column code: message`."""
    found = examine(files(**{name: text, **more}), LANGUAGES).findings
    return [f"{one.at.line}:{one.at.column} {one.code}: {one.message}" for one in found]


def test_a_menu_that_says_the_same_to_everybody_is_one_menu() -> None:
    menus = load(files(shop=f"{HEAD}  - {{label: Book, postback: {{go: book}}}}\n"), languages=LANGUAGES).menus
    assert menus is not None
    assert menus.languages("shop") == ("",)
    assert {menus.alias("shop", language) for language in LANGUAGES} == {"shop"}
    [area] = menus.by["shop"].areas
    assert menus.button(area, "ja") == {"label": "Book", "postback": {"go": "book"}}


def test_words_pictures_and_texts_make_a_menu_per_language() -> None:
    texts = {"flows/texts/all.csv": "key,en,ja,zh-TW\nbook,Book,予約,訂位\n"}
    shop = f"{HEAD}  - {{label: $book, postback: {{go: book}}}}\n"
    drawn = "bar: Menu\nlayout: 1x1\nimage: {en: a.png, ja: b.png, zh-TW: a.png}\nareas:\n  - text: hi\n"
    menus = load({**files(shop=shop, drawn=drawn), **texts}, languages=LANGUAGES).menus
    assert menus is not None
    assert menus.spoken == {"shop", "drawn"}
    assert [menus.alias("shop", one) for one in LANGUAGES] == ["shop", "shop-ja", "shop-zh-tw"]
    assert [menus.button(menus.by["shop"].areas[0], one)["label"] for one in LANGUAGES] == ["Book", "予約", "訂位"]
    assert menus.pictures(menus.by["drawn"]) == {"en": "a.png", "ja": "b.png", "zh-TW": "a.png"}


@pytest.mark.parametrize(
    ("language", "alias"),
    [("ja-JP", "shop-ja"), ("zh-HK", "shop-zh-tw"), ("fr", "shop"), ("", "shop")],
)
def test_a_reader_of_another_language_gets_the_nearest(language: str, alias: str) -> None:
    menus = load(
        files(shop="bar: {en: A, ja: B, zh-TW: C}\nlayout: 1x1\nareas: [text: hi]\n"), languages=LANGUAGES
    ).menus
    assert menus is not None
    assert menus.alias("shop", language) == alias


def test_a_tab_leads_to_the_tab_of_the_same_language() -> None:
    plain = (
        "bar: Menu\nlayout: 2x1\nareas:\n  - {label: B, switch: spoken}\n  - {label: A, switch: plain, postback: x=1}\n"
    )
    spoken = "bar: {en: A, ja: B, zh-TW: C}\nlayout: 2x1\nareas:\n  - {label: A, switch: plain}\n"
    menus = load(files(plain=plain, spoken=spoken), languages=LANGUAGES).menus
    assert menus is not None
    assert menus.spoken == {"plain", "spoken"}
    first, second = menus.by["plain"].areas
    assert menus.button(first, "ja") == {"label": "B", "switch": "spoken-ja", "postback": {"menu": "spoken"}}
    assert menus.button(second, "en") == {"label": "A", "switch": "plain", "postback": "x=1"}


def test_areas_fill_the_layout_in_their_order_without_gaps() -> None:
    menus = load(files(shop=HEAD + "  - text: a\n" * 6), languages=LANGUAGES).menus
    assert menus is not None
    boxes = [menus.by["shop"].box(area, 2500, 1686) for area in menus.by["shop"].areas]
    assert boxes[0] == (0, 0, 833, 843)
    assert boxes[2] == (1666, 0, 834, 843)
    assert sum(wide * high for _, _, wide, high in boxes) == 2500 * 1686


def test_areas_without_a_place_have_the_cells_that_are_free() -> None:
    text = f"{HEAD}  - text: a\n  - {{cell: 2-5, text: b}}\n  - text: c\n  - text: d\n"
    menus = load(files(shop=text), languages=LANGUAGES).menus
    assert menus is not None
    assert [area.cells for area in menus.by["shop"].areas] == [(1, 1), (2, 5), (3, 3), (4, 4)]


def test_cells_span_rectangles() -> None:
    assert Grid(3, 2).box(1, 5, 900, 600) == (0, 0, 600, 600)
    assert Grid(3, 2).box(5, 3, 900, 600) == (300, 0, 600, 600)
    assert Grid(3, 2).box(6, 6, 900, 600) == (600, 300, 300, 300)


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (f"{HEAD}  - {{labl: Book, text: hi}}\n", "4:6 unknown-key: `labl` is not known here; did you mean `label`?"),
        (f"{HEAD}  - {{camera: true}}\n", "4:6 unknown-key: a rich menu cannot do `camera`: only a quick reply can"),
        (f"{HEAD}  - {{text: a, link: 'https://a.example'}}\n", "4:5 one-of: an area does one thing, and this one has"),
        (f"{HEAD}  - {{label: a}}\n", "4:5 one-of: an area does one thing, and this one does nothing"),
        (f"{HEAD}  - {{switch: shp}}\n", "4:14 dangling-menu: there is no menu `shp`; did you mean `shop`?"),
        (
            f"{HEAD}  - {{postback: {{go: boook}}}}\n",
            "4:16 menu-tap: no flow takes this postback; did you mean `book`?",
        ),
        (f"{HEAD}  - {{postback: go=boook}}\n", "4:16 menu-tap: no flow takes this postback; did you mean `book`?"),
        (f"{HEAD}  - {{cell: 7, text: a}}\n", "4:12 menu-area: the layout has 6 cells, and this is number 7"),
        (f"{HEAD}  - {{cell: 1-6, text: a}}\n  - text: b\n", "5:5 menu-area: the layout has 6 cells, and none is"),
        ("bar: M\nareas:\n  - {cell: 1, text: a}\n", "3:5 menu-area: there is no layout"),
        ("bar: M\nlayout: big\nareas: []\n", "2:9 wrong-form: `big` is no layout"),
        ("bar: M\nlayout: 1x1\nareas: [{cell: x, text: a}]\n", "3:16 wrong-form: `x` is no cell"),
        ("layout: 1x1\nareas: [text: a]\n", "1:1 missing-key: `bar` is missing here"),
        ("bar: 'Hi {{ profile.name }}'\nlayout: 1x1\nareas: [text: a]\n", "1:7 menu-filled: a rich menu is made once"),
        ("bar: $nope\nlayout: 1x1\nareas: [text: a]\n", "1:6 text-unknown: there is no text `nope`"),
        ("bar: {en: a, jp: b}\nlayout: 1x1\nareas: [text: a]\n", "1:14 unknown-language: `jp` is no language of this"),
        ("bar: {en: a, ja: b}\nlayout: 1x1\nareas: [text: a]\n", "1:6 text-missing: there is nothing in zh-TW here"),
        ("bar: a: b\n", "1:7 yaml-syntax"),
        ("- a\n", "1:1 wrong-kind: expected a rich menu with note, bar, layout"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(text: str, finding: str) -> None:
    found = told(text)
    assert any(one.startswith(finding) for one in found), found


def test_a_text_with_something_to_fill_in_is_none_for_a_menu() -> None:
    texts = {"flows/texts/all.csv": "key,en,ja,zh-TW\nhi,Hi {{ profile.name }},a,b\n"}
    found = examine({**files(shop="bar: $hi\nlayout: 1x1\nareas: [text: a]\n"), **texts}, LANGUAGES).findings
    assert [one.code for one in found] == ["menu-filled"]


@pytest.mark.parametrize("name", ["Shop", "default", "a" * 33, "ショップ"])
def test_names_that_cannot_be_an_alias(name: str) -> None:
    assert any("menu-name" in one for one in told(f"{HEAD}  - text: a\n", name))


def test_names_that_an_alias_in_a_language_takes() -> None:
    spoken = "bar: {en: A, ja: B, zh-TW: C}\nlayout: 1x1\nareas: [text: hi]\n"
    found = told(spoken, "shop", **{"shop-ja": f"{HEAD}  - text: a\n"})
    assert any("belongs to the menu `shop-ja`" in one for one in found), found
    assert any("is too long" in one for one in told(spoken, "a" * 30)), "a…-zh-tw has 36 characters"


def test_one_default_menu() -> None:
    found = told(f"default: true\n{HEAD}  - text: a\n", "a", b=f"default: true\n{HEAD}  - text: a\n")
    assert found == ["1:1 menu-default: `a` is the default menu already"]


def test_a_postback_is_not_judged_where_a_flow_takes_them_all() -> None:
    own = files(shop=f"{HEAD}  - {{postback: {{go: boook}}}}\n")
    own["flows/b.yaml"] = "flow: b\nstart: [{event: postback}]\nsteps: [end]\n"
    assert examine(own, LANGUAGES).findings == []


# pictures


def drawn(text: str, **pictures: Drawn) -> list[str]:
    menus = examine(files(shop=text), LANGUAGES).menus
    found = pictured(menus, {f"flows/menus/{name}.png": one for name, one in pictures.items()})
    return [f"{one.at.line}:{one.at.column} {one.code}: {one.message}" for one in found]


LARGE = Drawn(2500, 1686)


@pytest.mark.parametrize(
    ("text", "pictures", "finding"),
    [
        (f"{HEAD}  - text: a\n", {"shop": LARGE}, ""),
        (f"{HEAD}  - text: a\n", {"shp": LARGE}, "1:1 menu-picture: there is no picture flows/menus/shop.png"),
        (
            f"image: a.png\n{HEAD}  - text: a\n",
            {"shop": LARGE},
            "1:8 menu-picture: there is no picture flows/menus/a.png",
        ),
        (
            f"{HEAD}  - text: a\n",
            {"shop": Drawn(wrong="it is damaged")},
            "1:1 menu-picture: flows/menus/shop.png: it is",
        ),
        (
            f"{HEAD}  - text: a\n",
            {"shop": Drawn(2500, 843)},
            "1:1 menu-picture: flows/menus/shop.png is 2500 x 843; a large",
        ),
        (
            f"size: {{width: 800, height: 270}}\n{HEAD}  - text: a\n",
            {"shop": LARGE},
            "1:1 menu-picture: flows/menus/shop.png is 2500 x 1686, and",
        ),
        (f"{HEAD}  - text: a\n", {"shop": LARGE, "old": LARGE}, "0:0 unused-media: no rich menu shows this picture"),
        (
            f"{HEAD}  - {{area: {{x: 2000, y: 0, width: 501, height: 9}}, text: a}}\n",
            {"shop": LARGE},
            "4:12 menu-area: this area ends at 2501 x 9",
        ),
        (
            f"{HEAD}  - {{cell: 1-2, text: a}}\n  - {{cell: 2, text: b}}\n",
            {"shop": LARGE},
            "5:12 menu-area: this area lies on the one at line 4",
        ),
    ],
)
def test_pictures(text: str, pictures: dict[str, Drawn], finding: str) -> None:
    found = drawn(text, **pictures)
    assert found == [] if not finding else any(one.startswith(finding) for one in found), found


def test_nothing_follows_from_a_layout_that_cannot_be_read() -> None:
    assert drawn("bar: M\nlayout: big\nareas: [text: a, {cell: 2, text: b}]\n", shop=LARGE) == []


# the step


def talk(step: str, language: str = "ja", **more: object) -> Talk:
    own = files(step, shop="bar: {en: A, ja: B, zh-TW: C}\nlayout: 1x1\nareas: [text: hi]\n")
    return Talk(own, languages=LANGUAGES, language=language, **more)  # type: ignore[arg-type]  # by name


def rows(bot: Talk) -> list[dict[str, object]]:
    assert bot.turn is not None
    return [dict(row) for row in bot.turn.trace]


def test_a_menu_is_linked_in_the_users_language() -> None:
    bot = talk("  - menu: shop\n  - say: done\n")
    assert bot.user("hi") == ["done"]
    [call] = bot.calls
    assert (call.action, call.args) == ("menu", {"do": "link", "menu": "shop", "alias": "shop-ja"})


def test_a_menu_by_an_expression_and_the_default_one() -> None:
    bot = talk(
        "  - set: {session.n: session.n | default(0) + 1}\n"
        "  - menu: \"{{ 'shop' if session.n == 1 else 'default' }}\"\n"
    )
    bot.user("hi")
    bot.user("hi")
    assert [call.args["do"] for call in bot.calls] == ["link", "unlink"]


def test_an_expression_that_names_no_menu_is_an_error_of_the_step() -> None:
    bot = talk('  - menu: "{{ \'shpo\' }}"\n    error: [{say: "{{ error.message }}"}]\n')
    assert bot.user("hi") == ["there is no menu `shpo`; did you mean `shop`?"]


def test_a_failure_is_told_in_the_trace_and_the_talk_goes_on() -> None:
    bot = talk("  - menu: shop\n  - say: done\n", mock={"menu": "LINE is away"})
    assert bot.user("hi") == ["done"]
    assert any(row.get("error") == "LINE is away" for row in rows(bot))


def test_a_failure_takes_the_error_branch_where_there_is_one() -> None:
    bot = talk("  - menu: shop\n    error: [say: oh]\n  - say: done\n", mock={"menu": "LINE is away"})
    assert bot.user("hi") == ["oh", "done"]


def test_groups_have_no_menu() -> None:
    bot = talk("  - menu: shop\n  - say: done\n", chat=Chat("group", "C1"))
    assert bot.user("hi") == ["done"]
    assert bot.calls == []
    assert any("rich menu belongs to one person" in str(row.get("ignored")) for row in rows(bot))


def test_a_step_that_names_no_menu_is_an_error_at_load() -> None:
    with pytest.raises(FlowError) as raised:
        load(files("  - menu: shpo\n", shop=f"{HEAD}  - text: a\n"), languages=LANGUAGES)
    [one] = raised.value.findings
    assert (str(one.at), one.code) == ("flows/a.yaml:6:11", "dangling-menu")


def test_turning_to_another_tab_is_nothing_somebody_said() -> None:
    bot = talk("  - ask: n\n    type: int\n    say: How many?\n    else: [A number!]\nfallback:\n  - say: Pardon?\n")
    assert bot.posts("menu=shop", menu={"alias": "shop", "status": "SUCCESS"}) == []
    bot.user("hi")
    assert bot.posts("menu=shop", menu={"alias": "shop", "status": "SUCCESS"}) == []
    assert bot.user("two") == [] or bot.user("2") == []
