"""The LINE account behind an endpoint, spoken to with LINE's official SDK. https://github.com/line/line-bot-sdk-python"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from runtime.cli.project import open_project
from runtime.clock import SystemClock
from runtime.errors import BadInput, ChannelError, Refused
from runtime.flow.reading import nearest
from runtime.line.api import words
from runtime.line.client import Client
from runtime.line.tokens import token_source
from runtime.model import Data
from runtime.project import Project
from runtime.settings import EndpointSettings

T = TypeVar("T")
PATIENCE = 15.0
"""Seconds in which LINE answers or is taken for unreachable."""
NO_TIME = 408

endpoint_option = click.option("--endpoint", metavar="NAME", help="Which endpoint of noren.yaml.")


class Account:
    """One channel. `ask` calls an operation of the SDK by its name."""

    def __init__(self, config: EndpointSettings, api: Any, blob: Any) -> None:
        self.config, self._api, self._blob = config, api, blob

    async def ask(self, name: str, *args: Any, **more: Any) -> Any:
        """What LINE answered, as the SDK gives it. Raises `Refused` with LINE's words, `ChannelError` without any."""
        import aiohttp
        from linebot.v3 import messaging

        api = self._api if hasattr(self._api, name) else self._blob
        try:
            return await getattr(api, name)(*args, _request_timeout=PATIENCE, **more)
        except messaging.ApiException as error:
            raise refused(error) from None
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            why = str(error) or "no answer in time"
            raise ChannelError(f"{self.config.api} cannot be reached: {why}") from None

    async def found(self, name: str, *args: Any) -> Any:
        """The same; None for what is not there (404)."""
        try:
            return await self.ask(name, *args)
        except Refused as error:
            if error.status == 404:
                return None
            raise


def refused(error: Any) -> Refused:
    """The SDK's exception as ours."""
    try:
        body: Data = json.loads(error.body)
    except (TypeError, ValueError):
        body = {}
    return Refused(int(error.status or NO_TIME), words(body) or str(error.reason or ""), answer=body)


@contextlib.asynccontextmanager
async def account(config: EndpointSettings) -> AsyncIterator[Account]:
    """The account of an endpoint while the block runs. Raises `SettingsError` when it has no usable token."""
    from linebot.v3 import messaging

    client = Client()
    try:
        token = await token_source(config, client, SystemClock()).token()
    finally:
        await client.close()
    plain = messaging.Configuration(host=config.api, access_token=token)
    data = messaging.Configuration(host=config.api_data, access_token=token)
    async with messaging.AsyncApiClient(plain) as one, messaging.AsyncApiClient(data) as other:
        yield Account(config, messaging.AsyncMessagingApi(one), messaging.AsyncMessagingApiBlob(other))


class SdkMenus:
    """The calls of a sync of rich menus, made by the SDK."""

    def __init__(self, line: Account) -> None:
        self._line = line

    async def menus(self) -> list[Data]:
        found = await self._line.ask("get_rich_menu_list")
        return [{"richMenuId": one.rich_menu_id, "name": one.name} for one in found.richmenus or ()]

    async def create(self, menu: Data) -> str:
        from linebot.v3 import messaging

        return str((await self._line.ask("create_rich_menu", messaging.RichMenuRequest.from_dict(menu))).rich_menu_id)

    async def refusal(self, menu: Data) -> str:
        """Why LINE would not take a menu, in its words; empty when it would. Nothing is made."""
        from linebot.v3 import messaging

        try:
            await self._line.ask("validate_rich_menu_object", messaging.RichMenuRequest.from_dict(menu))
        except Refused as error:
            if error.status != 400:
                raise
            return error.message
        return ""

    async def draw(self, menu: str, picture: bytes, kind: str) -> None:
        await self._line.ask("set_rich_menu_image", menu, picture, _headers={"Content-Type": kind})

    async def delete(self, menu: str) -> None:
        await self._line.ask("delete_rich_menu", menu)

    async def aliases(self) -> dict[str, str]:
        found = await self._line.ask("get_rich_menu_alias_list")
        return {one.rich_menu_alias_id: one.rich_menu_id for one in found.aliases or ()}

    async def name(self, alias: str, menu: str, *, known: bool) -> None:
        from linebot.v3 import messaging

        if known:
            request = messaging.UpdateRichMenuAliasRequest(richMenuId=menu)
            await self._line.ask("update_rich_menu_alias", alias, request)
        else:
            made = messaging.CreateRichMenuAliasRequest(richMenuAliasId=alias, richMenuId=menu)
            await self._line.ask("create_rich_menu_alias", made)

    async def forget(self, alias: str) -> None:
        await self._line.ask("delete_rich_menu_alias", alias)

    async def default(self) -> str:
        found = await self._line.found("get_default_rich_menu_id")
        return str(found.rich_menu_id) if found is not None else ""

    async def show_all(self, menu: str) -> None:
        await self._line.ask("set_default_rich_menu", menu)

    async def show_none(self) -> None:
        await self._line.ask("cancel_default_rich_menu")

    async def move(self, pairs: Sequence[tuple[str, str]]) -> str:
        from linebot.v3 import messaging

        links = [messaging.RichMenuBatchLinkOperation(**{"from": old, "to": new}) for old, new in pairs]
        answer = await self._line.ask(
            "rich_menu_batch_with_http_info", messaging.RichMenuBatchRequest(operations=links)
        )
        return str(answer.headers.get("x-line-request-id", ""))

    async def moved(self, request: str) -> str:
        phase = (await self._line.ask("get_rich_menu_batch_progress", request)).phase
        return str(getattr(phase, "value", phase))


def run(root: Path, name: str | None, job: Callable[[Account], Awaitable[T]]) -> T:
    """Do something with one account and give what it gives. Raises `ChannelError` in words that say what to do."""
    return each(root, name, job, several=False)[0][1]


def each(
    root: Path, name: str | None, job: Callable[[Account], Awaitable[T]], *, several: bool = True
) -> list[tuple[str, T]]:
    """Do something with the account of the named endpoint, or of every one."""
    project = open_project(root)
    configs = chosen(project, name, several=several)

    async def one(config: EndpointSettings) -> T:
        async with account(config) as line:
            return await job(line)

    return [(config.name, told(one(config), config)) for config in configs]


def told(work: Coroutine[Any, Any, T], config: EndpointSettings) -> T:
    """Run it; what goes wrong between here and LINE is one clear line."""
    try:
        return asyncio.run(work)
    except Refused as error:
        raise ChannelError(f"endpoints.{config.name}: {explained(error)}") from None


def explained(error: Refused) -> str:
    """What an error status of LINE's means and what to do about it, with LINE's own words."""
    said = f" (LINE says: {error.message})" if error.message else ""
    return MEANINGS.get(error.status, f"LINE answered {error.status}") + said


MEANINGS = {
    400: "LINE does not take this",
    401: "LINE does not accept the access token: issue one in the LINE Developers console, on the channel's tab "
    "Messaging API, and set it in the environment that noren.yaml names",
    403: "this account may not do that: some calls are for verified or paid accounts only",
    404: "LINE does not know this",
    429: "LINE's limit of requests is reached: wait, then run it again; it goes on where it was",
    500: "LINE has a fault of its own: try again in a minute",
    503: "LINE is busy: try again in a minute",
}


def chosen(project: Project, name: str | None, *, several: bool) -> list[EndpointSettings]:
    """The endpoint of that name; without a name all of them, or the only one."""
    known = project.settings.endpoints
    if name and name not in known:
        raise BadInput(f"there is no endpoint `{name}` in noren.yaml{nearest(name, known)}")
    if name:
        return [known[name]]
    if not known:
        raise BadInput("noren.yaml has no endpoint")
    if len(known) > 1 and not several:
        raise BadInput(f"say which endpoint: --endpoint {' or '.join(known)}")
    return list(known.values())
