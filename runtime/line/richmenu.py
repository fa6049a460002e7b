"""Rich menus at LINE: which one somebody sees, and the calls that make, name and remove them.

https://developers.line.biz/en/reference/messaging-api/#rich-menu. What a flow asks for (`menu` steps) is done here
while people talk; what the files say is brought to LINE by `richmenu_sync`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol
from urllib.parse import quote

from runtime.errors import ChannelError, Refused
from runtime.line.api import LineApi
from runtime.model import Call, Data, Result, Session
from runtime.ports import Clock, Effect

WAITS = (300, 1_000)
"""Milliseconds before the second and the third try."""
PATIENCE = 5.0
"""Seconds after which the turn goes on without its menu: somebody waits for an answer."""
BUSY = frozenset({404, 408, 425, 429, 500, 502, 503, 504})
"""Statuses after which another try may help."""


class MenuApi(Protocol):
    """The calls of LINE's API that a sync needs. They raise `Refused` and `ChannelError`."""

    async def menus(self) -> list[Data]: ...

    async def create(self, menu: Data) -> str: ...

    async def draw(self, menu: str, picture: bytes, kind: str) -> None: ...

    async def delete(self, menu: str) -> None: ...

    async def aliases(self) -> dict[str, str]: ...

    async def name(self, alias: str, menu: str, *, known: bool) -> None: ...

    async def forget(self, alias: str) -> None: ...

    async def default(self) -> str: ...

    async def show_all(self, menu: str) -> None: ...

    async def show_none(self) -> None: ...

    async def move(self, pairs: Sequence[tuple[str, str]]) -> str: ...

    async def moved(self, request: str) -> str: ...


class LineMenus:
    """The same over the runtime's own client."""

    def __init__(self, api: LineApi) -> None:
        self._api = api

    async def menus(self) -> list[Data]:
        """Every rich menu made over the API, by whomever."""
        return list((await self._api.call("GET", "/v2/bot/richmenu/list")).get("richmenus") or ())

    async def create(self, menu: Data) -> str:
        """Make a menu without a picture; its id."""
        return str((await self._api.call("POST", "/v2/bot/richmenu", menu)).get("richMenuId", ""))

    async def draw(self, menu: str, picture: bytes, kind: str) -> None:
        """Give a menu its picture, which can be done once."""
        await self._api.call("POST", f"/v2/bot/richmenu/{_id(menu)}/content", picture, kind=kind)

    async def delete(self, menu: str) -> None:
        await self._api.call("DELETE", f"/v2/bot/richmenu/{_id(menu)}")

    async def aliases(self) -> dict[str, str]:
        """Alias → id."""
        found = (await self._api.call("GET", "/v2/bot/richmenu/alias/list")).get("aliases") or ()
        return {str(one["richMenuAliasId"]): str(one["richMenuId"]) for one in found}

    async def name(self, alias: str, menu: str, *, known: bool) -> None:
        """Let an alias mean a menu; `known`: it means another one already."""
        if known:
            await self._api.call("POST", f"/v2/bot/richmenu/alias/{_id(alias)}", {"richMenuId": menu})
        else:
            await self._api.call("POST", "/v2/bot/richmenu/alias", {"richMenuAliasId": alias, "richMenuId": menu})

    async def forget(self, alias: str) -> None:
        await self._api.call("DELETE", f"/v2/bot/richmenu/alias/{_id(alias)}")

    async def default(self) -> str:
        """The id of the menu that everybody sees; empty when there is none."""
        try:
            return str((await self._api.call("GET", "/v2/bot/user/all/richmenu")).get("richMenuId", ""))
        except Refused as error:
            if error.status == 404:
                return ""
            raise

    async def show_all(self, menu: str) -> None:
        await self._api.call("POST", f"/v2/bot/user/all/richmenu/{_id(menu)}", repeatable=True)

    async def show_none(self) -> None:
        await self._api.call("DELETE", "/v2/bot/user/all/richmenu")

    async def move(self, pairs: Sequence[tuple[str, str]]) -> str:
        """Give whoever has the first of a pair the second; the id of the request, for `moved`."""
        answer = await self._api.ask("POST", "/v2/bot/richmenu/batch", moving(pairs))
        return answer.header("x-line-request-id")

    async def moved(self, request: str) -> str:
        """ongoing, succeeded or failed."""
        path = f"/v2/bot/richmenu/progress/batch?requestId={_id(request)}"
        return str((await self._api.call("GET", path)).get("phase", ""))

    # one person

    async def means(self, alias: str) -> str:
        """The id of the menu that an alias means."""
        return str((await self._api.call("GET", f"/v2/bot/richmenu/alias/{_id(alias)}")).get("richMenuId", ""))

    async def link(self, user: str, menu: str) -> None:
        """Show somebody a menu; the same again changes nothing."""
        await self._api.call("POST", f"/v2/bot/user/{_id(user)}/richmenu/{_id(menu)}", repeatable=True)

    async def unlink(self, user: str) -> None:
        await self._api.call("DELETE", f"/v2/bot/user/{_id(user)}/richmenu")


def moving(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """https://developers.line.biz/en/reference/messaging-api/#batch-control-rich-menus-of-users"""
    return {"operations": [{"type": "link", "from": old, "to": new} for old, new in pairs]}


def _id(value: str) -> str:
    if not value:
        raise ChannelError("this call needs an id, and there is none")
    return quote(value, safe="")


class MenuEffect:
    """Does what `menu` steps ask for: `{do: link, menu, alias}` or `{do: unlink}`, for the user of the session.

    LINE forgets nothing here and doubles nothing, so a try that may have arrived is simply made again.
    """

    def __init__(self, api: LineMenus, clock: Clock, *, patience: float = PATIENCE) -> None:
        self._api, self._clock, self._patience = api, clock, patience

    async def perform(self, call: Call, session: Session) -> Result:
        """An error is told in the result, never raised."""
        try:
            async with asyncio.timeout(self._patience):
                return await self._tries(call.args, session.chat.id)
        except TimeoutError:
            return Result(error="LINE did not answer in time")

    async def _tries(self, args: Data, user: str) -> Result:
        for wait in (*WAITS, None):
            try:
                return await self._do(args, user)
            except ChannelError as error:
                if wait is None or not passing(error):
                    return Result(error=error.message)
            await self._clock.sleep_until(self._clock.now() + wait)
        raise AssertionError("the last try gives a result")

    async def _do(self, args: Data, user: str) -> Result:
        if args.get("do") == "unlink":
            await self._api.unlink(user)
            return Result()
        try:
            menu = await self._api.means(str(args.get("alias")))
        except Refused as error:
            if error.status == 404:
                return Result(error=f"LINE has no menu `{args.get('menu')}` yet; run `noren line richmenu sync`")
            raise
        await self._api.link(user, menu)
        return Result(value=menu)


def passing(error: ChannelError) -> bool:
    """Whether another try may help. 404 is a menu that was made anew since its alias was looked up."""
    return not isinstance(error, Refused) or error.status in BUSY


def menus(api: LineApi, clock: Clock) -> Effect:
    """What performs the `menu` steps of an endpoint."""
    return MenuEffect(LineMenus(api), clock).perform
