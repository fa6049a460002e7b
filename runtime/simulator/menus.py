"""Rich menus of one bot. https://developers.line.biz/en/reference/messaging-api/#rich-menu"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from runtime.line.richmenu_image import flaw, picture
from runtime.model import Data
from runtime.simulator.answers import Refusal, details, error
from runtime.simulator.ids import Ids

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


class Menus:
    """Menus, aliases, the default and who has which. Every method raises `Refusal` with LINE's answer."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self.menus: dict[str, Menu] = {}
        self.aliases: dict[str, str] = {}
        self.default = ""
        self.linked: dict[str, str] = {}
        self.batches: dict[str, int] = {}

    def create(self, object: Data) -> str:
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
        if not image or len(image) > 1024 * 1024 or (picture(image).width and flaw(image)):
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
