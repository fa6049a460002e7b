"""A bot's rich menus from its files to LINE: `flows/menus/`, pictures beside, the message rules, the sync.

`noren line richmenu sync` does it for a real account; `noren dev` and transcript tests call `sync_menus`, so that the
menus of the files are in the simulator without any command.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from runtime.errors import BadInput, ChannelError, FlowError
from runtime.flow.loader import examine
from runtime.flow.menus.book import ANY, Menus
from runtime.flow.menus.judge import Drawn, picture_paths, pictured
from runtime.flow.menus.menu import Menu
from runtime.flow.nodes import Node
from runtime.line.actions import action
from runtime.line.api import LineApi
from runtime.line.richmenu import LineMenus, MenuApi
from runtime.line.richmenu_image import flaw, picture
from runtime.line.richmenu_sync import Report, Wanted, sync
from runtime.line.rules import judge_object
from runtime.line.tokens import token_source
from runtime.log import Logger
from runtime.model import Finding, Place
from runtime.project import read_files
from runtime.settings import EndpointSettings
from runtime.verdict import finding

if TYPE_CHECKING:
    from runtime.running import Runtime

log = Logger("menus")

FOLDER = "menus"
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"})
ENOUGH = 8 * 1024 * 1024
"""Bytes of a picture that are read: more is refused anyway."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "chatBarText": ("bar",),
    "size": ("image", "size"),
    "areas": ("areas",),
    "uri": ("link",),
    "altUri": ("desktop",),
    "desktop": ("desktop",),
    "data": ("postback", "value", "switch"),
    "displayText": ("say", "value"),
    "fillInText": ("fill",),
    "clipboardText": ("copy",),
    "richMenuAliasId": ("switch",),
    "inputOption": ("keyboard",),
    "mode": ("pick",),
    "bounds": ("area", "cell"),
}
"""Property of LINE's rich menu → keys of the file that it is made from, where they are not called the same."""


async def sync_menus(root: Path, config: EndpointSettings, api: MenuApi, menus: Menus | None = None) -> Report:
    """Bring the menus of an endpoint's files to the LINE behind `api`. `menus`: those files compiled, when at hand.

    Raises `FlowError` with everything that is wrong with them, `Refused` and `ChannelError` for LINE.
    """
    return await sync(wanted(root, config, menus), api)


def wanted(root: Path, config: EndpointSettings, menus: Menus | None = None) -> list[Wanted]:
    """The menus of an endpoint as they should be at LINE. Raises `FlowError` when something is wrong with them."""
    errors: list[Finding] = []
    if menus is None:
        found = examine(read_files(root, root / config.flows), config.languages)
        own = (one for one in found.findings if FOLDER in PurePosixPath(one.at.file).parts)
        menus, errors = found.menus, [one for one in own if one.severity == "error"]
    if menus.by:
        errors += [one for one in findings(root, config, menus) if one.severity == "error"]
    if errors:
        raise FlowError(errors)
    return [one for name in menus for one in made(root, menus, menus.by[name])]


def made(root: Path, menus: Menus, menu: Menu) -> Iterator[Wanted]:
    """What one file becomes: one menu, or one per language."""
    paths = picture_paths(menus, menu, drawn_files(root, menu))
    for language, path in paths.items():
        data = (root / path).read_bytes()
        one = picture(data)
        yield Wanted(
            key=f"{menu.name}/{language}" if language else menu.name,
            alias=menus.alias(menu.name, language),
            menu=rich_menu(menus, menu, language, (one.width, one.height)),
            picture=data,
            kind=one.kind,
            default=menu.default and language in (ANY, menus.texts.languages[0]),
        )


def rich_menu(menus: Menus, menu: Menu, language: str, size: tuple[int, int]) -> dict[str, Any]:
    """LINE's rich menu object, without its name.

    https://developers.line.biz/en/reference/messaging-api/#rich-menu-object
    """
    areas = []
    for area in menu.areas:
        x, y, width, height = menu.box(area, *size)
        bounds = {"x": x, "y": y, "width": width, "height": height}
        areas.append({"bounds": bounds, "action": action(menus.button(area, language))})
    return {
        "size": {"width": size[0], "height": size[1]},
        "selected": menu.selected,
        "chatBarText": menus.words(menu.bar, language),
        "areas": areas,
    }


def drawn_files(root: Path, menu: Menu) -> list[str]:
    """The pictures in a menu's folder, relative to the bot's."""
    folder = root / PurePosixPath(menu.file).parent
    return [path.relative_to(root).as_posix() for path in sorted(folder.glob("*")) if path.suffix.lower() in PICTURES]


def findings(root: Path, config: EndpointSettings, menus: Menus) -> Iterator[Finding]:
    """What is wrong with pictures, and what LINE would refuse of the menus."""
    paths = {path for folder in (root / config.flows).rglob(FOLDER) for path in folder.rglob("*")}
    drawn = {
        path.relative_to(root).as_posix(): looked(path)
        for path in sorted(paths)
        if path.suffix.lower() in PICTURES and path.is_file()
    }
    yield from pictured(menus, drawn)
    for menu in menus.by.values():
        yield from _refused(menus, menu, drawn)


def looked(path: Path) -> Drawn:
    """A picture's size, or what is wrong with it."""
    with path.open("rb") as file:
        data = file.read(ENOUGH)
    one = picture(data)
    return Drawn(one.width, one.height, flaw(data))


def _refused(menus: Menus, menu: Menu, drawn: Mapping[str, Drawn]) -> Iterator[Finding]:
    told: set[tuple[str, Place]] = set()
    for language, path in picture_paths(menus, menu, drawn).items():
        one = drawn.get(path, Drawn())
        size = (one.width, one.height) if one.width and not one.wrong else menu.size or (2500, 1686)
        body = {**rich_menu(menus, menu, language, size), "name": menu.name}
        for violation in judge_object(body, "richmenu").violations:
            at = place(menu.node, violation.path, language)
            if (violation.rule, at) not in told:
                told.add((violation.rule, at))
                told_at = re.sub(r"\.(bounds|action).*", "", violation.path)
                made = finding(violation, at, told_at)
                yield replace(made, message=f"{made.message} (in {language})") if language else made


def place(node: Node, path: str, language: str = "") -> Place:
    """The place in the file of a property of LINE's object (`areas[0].action.uri`), in the words of a language."""
    at = node.at
    for index, key in re.findall(r"\[(\d+)\]|([^.\[\]]+)", path):
        if index:
            node = node.items[int(index)] if int(index) < len(node.items) else node
            at = node.at
        else:
            names = (key, *KEYS.get(key, ()))
            name = next((one for one in names if one in node.map), None)
            if name is not None:
                node = node.map[name]
                at = node.at
    return node.map[language].at if language in node.map else at


async def sync_all(runtime: Runtime) -> dict[str, Report]:
    """`sync_menus` for every endpoint of a built runtime, at the LINE that its settings point at: what belongs behind
    the start of a bot in the simulator, and behind each reload.

    Endpoint → what was done. Raises `FlowError` for files; a LINE that refuses or is away is only logged, so that the
    bot goes on without its menus.
    """
    done: dict[str, Report] = {}
    for name, config in runtime.settings.endpoints.items():
        tokens = token_source(config, runtime.client, runtime.house.clock)
        api = LineMenus(LineApi(runtime.client, tokens, api=config.api, api_data=config.api_data))
        menus = runtime.house.endpoints[name].book.current.menus
        try:
            done[name] = await sync_menus(runtime.root, config, api, menus)
        except (ChannelError, BadInput) as error:
            if isinstance(error, FlowError):
                raise
            log.warning("rich menus not brought to LINE", endpoint=name, why=error.message)
    return done
