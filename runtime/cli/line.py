"""`noren line`: the account at LINE behind an endpoint."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import click

from runtime.cli.line_account import Account, endpoint_option, run
from runtime.cli.line_menus import richmenu
from runtime.cli.line_verify import expected, quota_of, tested, verify
from runtime.cli.project import root_option
from runtime.cli.tables import format_option, shown
from runtime.errors import BadInput, Refused

USER = re.compile(r"U[0-9a-f]{32}")


@click.group()
def line() -> None:
    """The account at LINE: settings, webhook, quota, rich menus, who somebody is; with LINE's official SDK.

    \b
    Example:
      noren line verify
      noren line webhook https://bot.example.com/line/shop --test
      noren line richmenu sync
    """


line.add_command(verify)
line.add_command(richmenu)


@line.command()
@click.argument("url", required=False)
@root_option
@endpoint_option
@click.option("--test", is_flag=True, help="Let LINE send an empty webhook there and say how it went.")
@format_option
def webhook(url: str | None, root: Path, endpoint: str | None, test: bool, form: str) -> None:
    """Show where LINE sends webhooks, with URL set it, with --test try it.

    Exit code 1 when the test fails. LINE takes up to a minute to follow a new URL.

    \b
    Example:
      noren line webhook
      noren line webhook https://bot.example.com/line/shop --test
    """
    if url is not None and not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise BadInput(f"{url}: LINE sends webhooks to https addresses only")
    found = run(root, endpoint, lambda one: _webhook(one, root, url, test))
    shown(found, form)
    sys.exit(1 if found.get("test", {}).get("success") is False else 0)


async def _webhook(one: Account, root: Path, url: str | None, test: bool) -> dict[str, Any]:
    if url is not None:
        from linebot.v3 import messaging

        await one.ask("set_webhook_endpoint", messaging.SetWebhookEndpointRequest(endpoint=url))
    found = await one.found("get_webhook_endpoint")
    made: dict[str, Any] = {
        "endpoint": one.config.name,
        "url": found.endpoint if found is not None else "",
        "active": bool(found is not None and found.active),
        "expected": expected(root, one.config),
    }
    if test:
        if found is None:
            raise BadInput("there is no webhook URL to test: say noren line webhook URL --test")
        made["test"] = await tested(one)
    return made


@line.command()
@root_option
@endpoint_option
@format_option
def quota(root: Path, endpoint: str | None, form: str) -> None:
    """Show how many billed messages are left this month. LINE counts late, so it is about that many.

    \b
    Example:
      noren line quota --endpoint shop
    """
    shown(run(root, endpoint, quota_of), form)


@line.command()
@click.argument("user")
@root_option
@endpoint_option
@format_option
def profile(user: str, root: Path, endpoint: str | None, form: str) -> None:
    """Show what LINE tells about a USER: name, language, picture, status.

    USER is the id that webhooks bring, U and 32 hex digits; `noren sessions list` shows them.

    \b
    Example:
      noren line profile U4af4980629a0b1c2d3e4f5a6b7c8d9e0
    """
    if not USER.fullmatch(user):
        raise BadInput("a user id is U and 32 hex digits in lower case; names and @ids of accounts are not")
    shown(run(root, endpoint, lambda one: _profile(one, user)), form)


async def _profile(one: Account, user: str) -> dict[str, Any]:
    found = await one.found("get_profile", user)
    if found is None:
        raise Refused(404, "nobody LINE tells about: no friend of this account, or blocked it, or the id is another's")
    plain = {"name": found.display_name, "language": found.language, "picture": found.picture_url}
    return {key: value for key, value in {**plain, "status": found.status_message}.items() if value}
