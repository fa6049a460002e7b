"""Rich menus of one bot. https://developers.line.biz/en/reference/messaging-api/#rich-menu"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from runtime.model import Data
from runtime.simulator.answers import Refusal, details, error
from runtime.simulator.ids import Ids

ALIAS: Final = re.compile(r"[a-z0-9_-]{1,32}")
ACTIONS: Final = ("postback", "message", "uri", "datetimepicker", "richmenuswitch", "clipboard")
UNKNOWN_MENU: Final = error(404, "richmenu not found")
UNKNOWN_ALIAS: Final = error(404, "richmenu alias not found")
NO_IMAGE: Final = error(400, "must upload richmenu image before applying it to user")


@dataclass(frozen=True, slots=True)
class Menu:
    id: str
    object: Data
    image: bytes = b""
    image_type: str = ""

    def plain(self) -> dict[str, Any]:
        return {"richMenuId": self.id, **self.object}


def faults(menu: Data) -> Iterator[tuple[str, str]]:
    """(property, message) of what is wrong with a rich menu object."""
    for name, kind in (("name", str), ("chatBarText", str), ("selected", bool), ("size", dict), ("areas", list)):
        if not isinstance(menu.get(name), kind) or menu[name] == "":
            yield name, "must be specified"
    limits = (("name", 300), ("chatBarText", 14))
    for name, limit in limits:
        if isinstance(menu.get(name), str) and len(menu[name]) > limit:
            yield name, f"Length must be between 0 and {limit}"
    if isinstance(menu.get("size"), dict):
        yield from _size_faults(menu["size"])
    if isinstance(menu.get("areas"), list):
        yield from _area_faults(menu["areas"])


def _size_faults(size: Data) -> Iterator[tuple[str, str]]:
    width, height = size.get("width"), size.get("height")
    if not isinstance(width, int) or not 800 <= width <= 2500:
        yield "size.width", "must be between 800 and 2500"
    elif not isinstance(height, int) or height < 250 or width / height < 1.45:
        yield "size.height", "must be at least 250 and at most width / 1.45"


def _area_faults(areas: list[Any]) -> Iterator[tuple[str, str]]:
    if len(areas) > 20:
        yield "areas", "Size must be between 0 and 20"
    for index, area in enumerate(areas):
        bounds = area.get("bounds") if isinstance(area, dict) else None
        if not isinstance(bounds, dict) or any(not isinstance(bounds.get(k), int) for k in ("x", "y")):
            yield f"areas[{index}].bounds", "must be specified"
        action = area.get("action") if isinstance(area, dict) else None
        if not isinstance(action, dict) or action.get("type") not in ACTIONS:
            yield f"areas[{index}].action", "must be specified"
        elif action["type"] == "uri" and ":" not in str(action.get("uri", "")):
            yield f"areas[{index}].action.uri", "invalid uri"


class Menus:
    """Menus, aliases, the default and who has which. Every method raises `Refusal` with LINE's answer."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self.menus: dict[str, Menu] = {}
        self.aliases: dict[str, str] = {}
        self.default = ""
        self.linked: dict[str, str] = {}
        self.batches: dict[str, int] = {}

    def check(self, object: Data) -> None:
        found = list(faults(object))
        if found:
            raise Refusal(details(*found))

    def create(self, object: Data) -> str:
        self.check(object)
        if len(self.menus) >= 1_000:
            raise Refusal(error(400, "The number of rich menus has reached its limit"))
        id = self._ids.chat("richmenu-")
        self.menus[id] = Menu(id, object)
        return id

    def get(self, id: str) -> Menu:
        if id not in self.menus:
            raise Refusal(UNKNOWN_MENU)
        return self.menus[id]

    def delete(self, id: str) -> None:
        self.get(id)
        del self.menus[id]
        self.default = "" if self.default == id else self.default
        self.linked = {user: menu for user, menu in self.linked.items() if menu != id}

    def put_image(self, id: str, image: bytes, type: str) -> None:
        menu = self.get(id)
        if menu.image:
            raise Refusal(error(400, "An image has already been uploaded to the richmenu"))
        if type not in ("image/png", "image/jpeg"):
            raise Refusal(error(415, "The content-type isn't supported"))
        if not image or len(image) > 1024 * 1024:
            raise Refusal(error(400, "The image size is not allowed for richmenu"))
        self.menus[id] = replace(menu, image=image, image_type=type)

    def usable(self, id: str) -> Menu:
        menu = self.get(id)
        if not menu.image:
            raise Refusal(NO_IMAGE)
        return menu

    def set_default(self, id: str) -> None:
        self.default = self.usable(id).id

    def link(self, user: str, id: str) -> None:
        self.linked[user] = self.usable(id).id

    def unlink(self, user: str) -> None:
        self.linked.pop(user, None)

    def shown(self, user: str) -> Menu | None:
        """What the user sees: their own menu, else the default one."""
        return self.menus.get(self.linked.get(user) or self.default)

    def alias(self, name: str) -> str:
        if name not in self.aliases:
            raise Refusal(UNKNOWN_ALIAS)
        return self.aliases[name]

    def add_alias(self, name: str, id: str) -> None:
        if not ALIAS.fullmatch(name):
            raise Refusal(details(("richMenuAliasId", "invalid richMenuAliasId")))
        if name in self.aliases:
            raise Refusal(error(400, "conflict richmenu alias id", details=[]))
        self.change_alias(name, id)

    def change_alias(self, name: str, id: str) -> None:
        if id not in self.menus:
            raise Refusal(details(("richMenuId", "invalid richMenuId")))
        self.aliases[name] = id

    def batch(self, operations: list[Data]) -> None:
        """Replace or remove the menus of many users at once."""
        for operation in operations:
            if operation["type"] == "unlinkAll":
                self.linked.clear()
            elif operation["type"] == "unlink":
                self.linked = {u: m for u, m in self.linked.items() if m != operation["from"]}
            else:
                self.linked = {u: operation["to"] if m == operation["from"] else m for u, m in self.linked.items()}

    def check_batch(self, operations: Any) -> None:
        if not isinstance(operations, list) or not 0 < len(operations) <= 1_000:
            raise Refusal(details(("operations", "Size must be between 1 and 1000")))
        types = [o.get("type") if isinstance(o, dict) else None for o in operations]
        if any(t not in ("link", "unlink", "unlinkAll") for t in types):
            raise Refusal(details(("operations[].type", "must be one of link, unlink, unlinkAll")))
        if "unlinkAll" in types and set(types) != {"unlinkAll"}:
            raise Refusal(details(("operations[].type", "'unlinkAll' type can't be combined with other type")))
        sources = [o["from"] for o in operations if isinstance(o.get("from"), str)]
        for id in sources:
            if sources.count(id) > 1:
                raise Refusal(details(("operations[].from", f"from richmenu ({id}) is duplicated")))
        for operation in operations:
            if operation["type"] == "link":
                self.usable(str(operation.get("to", "")))
