"""`noren line verify`: the settings of a real account, one by one, each with what to click when it is wrong."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import click

from runtime.cli.line_account import Account, SdkMenus, each, endpoint_option, explained
from runtime.cli.project import open_project, root_option
from runtime.cli.tables import as_json, format_option
from runtime.errors import BadInput, FlowError, Refused
from runtime.line.richmenu_sync import look
from runtime.menus import wanted
from runtime.settings import EndpointSettings

CONSOLE = "LINE Developers console (developers.line.biz/console) → the channel → Messaging API"
MANAGER = "LINE Official Account Manager (manager.line.biz) → Settings"
NEARLY = 0.1
"""Share of the quota below which it is told."""
MARKS: Mapping[str, tuple[str, str]] = {"ok": ("✓", "green"), "wrong": ("✗", "red"), "look": ("?", "yellow")}


@dataclass(frozen=True, slots=True)
class Check:
    """One setting. `look`: LINE does not tell, or it may be meant so; `todo` says where and what to click."""

    name: str
    state: Literal["ok", "wrong", "look"]
    says: str
    todo: str = ""


@click.command()
@root_option
@endpoint_option
@format_option
def verify(root: Path, endpoint: str | None, form: str) -> None:
    """Check the settings of the LINE account one by one, and say what to click where one is wrong.

    Exit code 1 when something is wrong. What LINE tells nobody (marked with ?) is for you to look at. Without
    --endpoint, for every endpoint. LINE lets its webhook test be run 60 times an hour.

    \b
    Example:
      noren line verify
      noren line verify --endpoint shop --format json
    """
    found = each(root, endpoint, lambda one: _all(root.resolve(), one))
    if form == "json":
        click.echo(as_json([{"endpoint": name, **asdict(check)} for name, checks in found for check in checks]))
    else:
        for name, checks in found:
            _print(name, checks)
    sys.exit(1 if any(check.state == "wrong" for _, checks in found for check in checks) else 0)


def _print(name: str, checks: list[Check]) -> None:
    click.secho(name, bold=True)
    for check in checks:
        sign, colour = MARKS[check.state]
        click.echo(f"  {click.style(sign, fg=colour)} {check.name:<18} {check.says}")
        if check.todo:
            click.echo(f"      → {check.todo}")
    wrong = sum(check.state == "wrong" for check in checks)
    click.echo(f"  {wrong} wrong" if wrong else "  nothing wrong")


async def _all(root: Path, one: Account) -> list[Check]:
    try:
        info = await one.ask("get_bot_info")
    except Refused as error:
        if error.status == 401:
            return [Check("access token", "wrong", explained(error), f"{CONSOLE} → Channel access token → Issue")]
        raise
    found = [Check("access token", "ok", "LINE accepts it"), *_account(info)]
    found += [check async for check in _webhook(root, one)]
    return [*found, *UNTOLD, await _quota(one), *await _menus(root, one)]


def _account(info: Any) -> list[Check]:
    premium = f", premium id {info.premium_id}" if info.premium_id else ", no premium id"
    chat = _worth(info.chat_mode)
    reading = _worth(info.mark_as_read_mode)
    made = [Check("account", "ok", f"{info.display_name} {info.basic_id}{premium}")]
    if chat == "bot":
        made.append(Check("chat", "ok", "off: only the bot answers"))
    else:
        todo = f"{MANAGER} → Response settings → Chat: off, unless people answer there too"
        made.append(Check("chat", "look", "on: people may answer beside the bot in LINE's own chat screen", todo))
    says = {
        "auto": "automatic: what users write is shown as read at once; a `mark_read` step changes nothing",
        "manual": "by hand: shown as read when a `mark_read` step or a person says so",
    }
    made.append(Check("mark as read", "ok", says.get(reading, reading)))
    return made


def _worth(value: Any) -> str:
    return str(getattr(value, "value", value) or "")


def expected(root: Path, config: EndpointSettings) -> str:
    """Where LINE should send webhooks; empty when noren.yaml does not say."""
    public = open_project(root).settings.public_url
    return f"{public.rstrip('/')}/line/{config.name}" if public else ""


async def _webhook(root: Path, one: Account) -> AsyncIterator[Check]:
    url, name = expected(root, one.config), one.config.name
    if not one.config.enabled:
        yield Check(
            "endpoint", "wrong", "it is disabled and answers 404", f"noren.yaml → endpoints.{name}.enabled: true"
        )
    found = await one.found("get_webhook_endpoint")
    by_hand = f"{CONSOLE} → Webhook settings → Webhook URL; or: noren line webhook {url or 'URL'} --endpoint {name}"
    if found is None or not found.endpoint:
        yield Check("webhook URL", "wrong", f"is not set{f'; it should be {url}' if url else ''}", by_hand)
        return
    if not url:
        todo = "noren.yaml → public_url: the https address that LINE reaches this bot under"
        yield Check(
            "webhook URL", "look", f"is {found.endpoint}; noren.yaml has no public_url to compare it with", todo
        )
    elif found.endpoint != url:
        yield Check("webhook URL", "wrong", f"is {found.endpoint}, and should be {url}", by_hand)
    else:
        yield Check("webhook URL", "ok", url)
    if found.active:
        yield Check("use webhook", "ok", "on")
    else:
        yield Check("use webhook", "wrong", "off: LINE sends nothing", f"{CONSOLE} → Use webhook: on")
    yield await _reached(one)


async def tested(one: Account) -> dict[str, Any]:
    """How LINE's test of the webhook went: https://developers.line.biz/en/reference/messaging-api/#test-webhook-endpoint"""
    found = await one.ask("test_webhook_endpoint")
    return {
        "success": bool(found.success),
        "status": found.status_code,
        "reason": found.reason or "",
        "detail": found.detail or "",
    }


async def _reached(one: Account) -> Check:
    try:
        found = await tested(one)
    except Refused as error:
        if error.status == 429:
            return Check("webhook test", "look", "LINE tests 60 times an hour at most", "run it again later")
        raise
    if found["success"]:
        return Check("webhook test", "ok", f"LINE reaches the bot, which answers {found['status']}")
    said = " ".join(str(found[key]) for key in ("reason", "detail") if found[key])
    return Check("webhook test", "wrong", f"failed: {said} (status {found['status']})", _remedy(found))


def _remedy(found: Mapping[str, Any]) -> str:
    """What to do about a failed test."""
    return REMEDIES.get(found["status"]) or REMEDIES.get(found["reason"]) or "see the log of `noren serve`"


REMEDIES: Mapping[Any, str] = {
    401: "the channel secret in noren.yaml is another channel's: Basic settings → Channel secret",
    404: "the last part of the URL must be the endpoint's name in noren.yaml, and the endpoint enabled",
    503: "the bot could not store the event: see the log of `noren serve`",
    "COULD_NOT_CONNECT": "is `noren serve` running, and does the address lead to it, with a certificate of a public "
    "authority? Try: curl -i the address + /healthz",
    "REQUEST_TIMEOUT": "the bot or a proxy before it is too slow to answer: see /metrics",
    "UNCLASSIFIED": "the address answered with something that is no HTTP",
}

UNTOLD = (
    Check("redelivery", "look", "LINE tells nobody; it should be on", f"{CONSOLE} → Webhook redelivery: on"),
    Check(
        *("greeting", "look", "LINE tells nobody; it should be off, or it speaks beside the bot"),
        f"{MANAGER} → Response settings → Greeting message: off",
    ),
    Check(
        *("auto-response", "look", "LINE tells nobody; it should be off, or it answers beside the bot"),
        f"{MANAGER} → Response settings → Auto-response messages: off",
    ),
)


async def quota_of(one: Account) -> dict[str, Any]:
    """Billed messages of this month: allowed (None: no limit), used, left."""
    limit = await one.ask("get_message_quota")
    used = int((await one.ask("get_message_quota_consumption")).total_usage or 0)
    most = int(limit.value or 0) if _worth(limit.type) == "limited" else None
    return {
        "endpoint": one.config.name,
        "limit": most,
        "used": used,
        "left": None if most is None else max(0, most - used),
    }


async def _quota(one: Account) -> Check:
    found = await quota_of(one)
    limit, used, left = found["limit"], found["used"], found["left"]
    if limit is None:
        return Check("quota", "ok", f"no limit; {used} billed messages sent this month")
    said = f"{left} of {limit} billed messages left this month"
    todo = f"{MANAGER} → Monthly plan"
    if not left:
        return Check("quota", "wrong", f"{said}: only replies are sent", todo)
    return Check("quota", "look", said, todo) if left < limit * NEARLY else Check("quota", "ok", said)


async def _menus(root: Path, one: Account) -> list[Check]:
    try:
        menus = wanted(root, one.config)
        todo = await look(menus, SdkMenus(one))
    except FlowError as error:
        return [Check("rich menus", "wrong", f"{error.findings[0].at}: {error.findings[0].message}", "noren check")]
    except BadInput as error:
        return [Check("rich menus", "wrong", error.message)]
    if todo.lines():
        command = f"noren line richmenu sync --endpoint {one.config.name}"
        return [Check("rich menus", "wrong", f"{len(todo.lines())} changes of the files are not at LINE", command)]
    return [Check("rich menus", "ok", f"{len(menus)} as in the files")] if menus else []
