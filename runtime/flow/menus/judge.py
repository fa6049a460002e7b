"""What is wrong with menus, seen together and beside the flows; and with their pictures."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from runtime.flow.menus.book import Menus
from runtime.flow.menus.menu import DEFAULT, NAME, SIZES, Area, Box, Menu
from runtime.flow.reading import Use, nearest
from runtime.flow.steps.menu import ShowMenu
from runtime.flow.taps import alike, fits, taken
from runtime.model import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from runtime.flow.loader import Found
    from runtime.flow.tree import Flow


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is known of a picture's file: its size in pixels, or why it cannot be used."""

    width: int = 0
    height: int = 0
    wrong: str = ""


def finding(
    code: str, at: Place, message: str, *, fix: str = "", why: str = "", path: str = "", mild: bool = False
) -> Finding:
    """An error; `mild`: a warning."""
    severity: Literal["error", "warning"] = "warning" if mild else "error"
    return Finding(code=code, severity=severity, at=at, message=message, fix=fix, why=why, path=path)


def judge(menus: Menus, uses: Sequence[Use], found: Found) -> Iterator[Finding]:
    """Names that lead nowhere, words that are not there, two defaults, aliases given twice."""
    for use in uses:
        yield from _words(use, menus)
    for menu in menus.by.values():
        for number, area in enumerate(menu.areas):
            if area.switch and area.switch not in menus:
                yield _no_menu(area.switch, area.node.map["switch"].at, menus, f"areas[{number}]")
    yield from _defaults(menus)
    yield from _aliases(menus)
    yield from _steps(menus, found)
    yield from _taps(menus, found)


def _words(use: Use, menus: Menus) -> Iterator[Finding]:
    if not menus.texts.has(use.key):
        yield replace(menus.texts.unknown(use.key, use.at), why="menus use the texts that all flows share")
        return
    if any(not one.static for _, one in menus.texts.templates(use.key)):
        message = f"the text `{use.key}` has {{{{ }}}}, and a rich menu is made once for everybody"
        yield finding("menu-filled", use.at, message, fix="use a text that says the same to everybody", path=use.path)


def _no_menu(name: str, at: Place, menus: Menus, path: str) -> Finding:
    close = nearest(name, menus)
    fix = "" if close else f"make the file menus/{name or 'name'}.yaml beside the flows"
    return finding("dangling-menu", at, f"there is no menu `{name}`{close}", fix=fix, path=path)


def _defaults(menus: Menus) -> Iterator[Finding]:
    several = [menu for menu in menus.by.values() if menu.default]
    for menu in several[1:]:
        message = f"`{several[0].name}` is the default menu already"
        at = menu.node.key_at("default")
        yield finding("menu-default", at, message, why="an account has one default menu", fix="take one `default` away")


def _aliases(menus: Menus) -> Iterator[Finding]:
    taken = {menus.alias(name, menus.languages(name)[0]): name for name in menus}
    for name, menu in menus.by.items():
        for alias in (menus.alias(name, language) for language in menus.languages(name)):
            other = taken.setdefault(alias, name)
            if other != name:
                message = f"the alias `{alias}` of this menu in one of its languages belongs to the menu `{other}`"
                yield finding("menu-name", menu.at, message, fix="rename one of the files")
            elif alias != name and not NAME.fullmatch(alias):
                message = f"the alias `{alias}` is too long: LINE takes 32 characters"
                yield finding("menu-name", menu.at, message, fix="give the file a shorter name")


def _steps(menus: Menus, found: Found) -> Iterator[Finding]:
    """`menu` steps that name no menu."""
    for name, flow in found.compiled.items():
        for step in found.shelves[name].get("menus shown", partial(_shown, flow)):
            if step.value.text.strip() not in (*menus, DEFAULT):
                yield _no_menu(step.value.text.strip(), step.value.at, menus, step.path)


def _shown(flow: Flow) -> list[ShowMenu]:
    return [step for step in flow.nodes.values() if isinstance(step, ShowMenu) and step.value.static]


def _taps(menus: Menus, found: Found) -> Iterator[Finding]:
    """Postbacks that no flow takes."""
    if not menus.by:
        return
    wanted = taken(found)
    if wanted is None:
        return
    for menu in menus.by.values():
        for number, area in enumerate(menu.areas):
            data = area.postback
            if data in (None, "") or area.switch or any(fits(one, data) for one in wanted):
                continue
            at = area.node.map["postback"].at if "postback" in area.node.map else area.at
            close = alike(data, wanted)
            fix = "" if close else "give a flow a `start` with this postback"
            yield finding(
                "menu-tap", at, f"no flow takes this postback{close}", fix=fix, path=f"areas[{number}]", mild=True
            )


def pictured(menus: Menus, drawn: Mapping[str, Drawn]) -> Iterator[Finding]:
    """What is wrong with pictures and with areas on them. `drawn`: path of each picture there is → what it is."""
    shown: set[str] = set()
    for menu in menus.by.values():
        for path in dict.fromkeys(picture_paths(menus, menu, drawn).values()):
            shown.add(path)
            yield from _picture(menu, path, drawn)
    for path in sorted(drawn.keys() - shown):
        message = "no rich menu shows this picture"
        yield Finding(code="unused-media", severity="hint", at=Place(path), message=message, fix="delete the file")


ENDINGS = (".png", ".jpg", ".jpeg")


def picture_paths(menus: Menus, menu: Menu, there: Collection[str]) -> dict[str, str]:
    """Language → path of the picture; a menu that names none has the one that is called like it."""
    folder, _, _ = menu.file.rpartition("/")
    alone = [f"{folder}/{menu.name}{ending}" for ending in ENDINGS]
    plain = next((path for path in alone if path in there), alone[0])
    return {
        language: f"{folder}/{name.removeprefix('./')}" if name else plain
        for language, name in menus.pictures(menu).items()
    }


def _picture(menu: Menu, path: str, drawn: Mapping[str, Drawn]) -> Iterator[Finding]:
    at = menu.node.map["image"].at if "image" in menu.node.map else menu.at
    one = drawn.get(path)
    if one is None:
        fix = f"put a PNG or JPEG there, or name another with image: …{nearest(path, drawn)}"
        yield finding("menu-picture", at, f"there is no picture {path}", fix=fix)
    elif one.wrong:
        yield finding(
            "menu-picture", at, f"{path}: {one.wrong}", fix="LINE takes PNG and JPEG, 800 to 2500 pixels wide"
        )
    else:
        yield from _sizes(menu, path, one, at)
        yield from _boxes(menu, path, one)


def _sizes(menu: Menu, path: str, one: Drawn, at: Place) -> Iterator[Finding]:
    size, word = (one.width, one.height), menu.grid.word if menu.grid else ""
    if menu.size is not None and menu.size != size:
        message = f"{path} is {one.width} x {one.height}, and `size` says {menu.size[0]} x {menu.size[1]}"
        yield finding("menu-picture", menu.node.key_at("size"), message, fix="take `size` away: the picture has one")
    if word and size not in SIZES[word]:
        known = ", ".join(f"{wide} x {high}" for wide, high in SIZES[word])
        message = f"{path} is {one.width} x {one.height}; a {word} menu has {known}"
        yield finding(
            "menu-picture", at, message, fix=f"draw it in one of these sizes, or write the layout without {word}"
        )


def _boxes(menu: Menu, path: str, one: Drawn) -> Iterator[Finding]:
    """Areas outside the picture, and those that lie on each other; nothing while the layout cannot be read."""
    if menu.grid is None and any(area.pixels is None for area in menu.areas):
        return
    boxes = [(area, menu.box(area, one.width, one.height)) for area in menu.areas]
    for number, (area, (x, y, wide, high)) in enumerate(boxes):
        if area.pixels and (x + wide > one.width or y + high > one.height):
            message = f"this area ends at {x + wide} x {y + high}, and {path} is {one.width} x {one.height}"
            yield finding("menu-area", _at(area), message, fix="make it smaller", path=f"areas[{number}]")
    for (index, first), (number, second) in itertools.combinations(enumerate(boxes), 2):
        if _overlap(first[1], second[1]):
            message = f"this area lies on the one at line {first[0].at.line} (areas[{index}])"
            why = "LINE does not say which of the two a tap means"
            yield finding(
                "menu-area", _at(second[0]), message, why=why, fix="draw them apart", path=f"areas[{number}]", mild=True
            )


def _at(area: Area) -> Place:
    key = next((key for key in ("area", "cell") if key in area.node.map), "")
    return area.node.map[key].at if key else area.at


def _overlap(one: Box, other: Box) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )
