"""`noren line richmenu`: the rich menus of the files, at LINE."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from runtime.cli.line_account import Account, SdkMenus, each, endpoint_option
from runtime.cli.project import root_option
from runtime.cli.tables import as_json, field, format_option, listed
from runtime.line.richmenu_sync import OURS, look
from runtime.line.richmenu_sync import sync as carried_out
from runtime.menus import wanted

DRY = {
    "upload": "would upload",
    "refused": "LINE would refuse",
    "finish": "would finish",
    "alias": "would set alias",
    "default": "would make default",
    "forget": "would forget",
    "delete": "would delete",
}
DONE = {
    "upload": "uploaded",
    "finish": "finished",
    "alias": "set alias",
    "default": "default is",
    "forget": "forgot",
    "delete": "deleted",
}


@click.group()
def richmenu() -> None:
    """The rich menus of flows/menus/ at LINE.

    \b
    Example:
      noren line richmenu sync --dry-run
      noren line richmenu list
    """


@richmenu.command()
@root_option
@endpoint_option
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@format_option
def sync(root: Path, endpoint: str | None, dry_run: bool, form: str) -> None:
    """Make LINE's rich menus those of the files: upload what is new or changed, remove what is gone.

    Run again, it does nothing; after a failure it goes on where it was. Menus that Noren did not make are left
    alone. Without --endpoint, for every endpoint. With --dry-run, LINE is asked whether it would take what is new;
    exit code 1 when it would not.

    \b
    Example:
      noren line richmenu sync
      noren line richmenu sync --dry-run --endpoint shop
    """
    done = each(root, endpoint, lambda one: _synced(root.resolve(), one, dry_run))
    if form == "json":
        click.echo(as_json([{"endpoint": name, **found} for name, found in done]))
    else:
        for name, found in done:
            _say(name, found, DRY if dry_run else DONE)
    sys.exit(1 if any(verb == "refused" for _, found in done for verb, _ in found["lines"]) else 0)


async def _synced(root: Path, one: Account, dry: bool) -> dict[str, Any]:
    menus, api = wanted(root, one.config), SdkMenus(one)
    if dry:
        todo = await look(menus, api)
        said = [(one.key, await api.refusal({**one.menu, "name": one.name})) for one in todo.make]
        refused = [("refused", f"{key}: {words}") for key, words in said if words]
        return {"lines": [*todo.lines(), *refused], "kept": len(menus) - len(todo.make), "later": ""}
    report = await carried_out(menus, api)
    return {"lines": list(report.lines), "kept": report.kept, "later": report.later}


def _say(name: str, found: Mapping[str, Any], verbs: Mapping[str, str]) -> None:
    click.secho(name, bold=True)
    for verb, what in found["lines"]:
        click.echo(f"  {verbs[verb]} {what}")
    if found["kept"]:
        click.echo(f"  {found['kept']} as they were")
    if not found["lines"] and not found["kept"]:
        click.echo("  there are no rich menus")
    if found["later"]:
        click.secho(f"  later: {found['later']}", fg="yellow")


COLUMNS = (field("endpoint"), field("alias"), field("menu"), field("default"), field("state"), field("id"))


@richmenu.command("list")
@root_option
@endpoint_option
@format_option
def listing(root: Path, endpoint: str | None, form: str) -> None:
    """List the rich menus at LINE: alias, file and language, whether it is as in the files.

    \b
    Example:
      noren line richmenu list --format json
    """
    rows = [row for _, found in each(root, endpoint, lambda one: _listed(root.resolve(), one)) for row in found]
    listed(rows, COLUMNS, form, "there are no rich menus at LINE")


async def _listed(root: Path, one: Account) -> list[dict[str, Any]]:
    api = SdkMenus(one)
    menus, aliases, default = await api.menus(), await api.aliases(), await api.default()
    names = {menu.name for menu in wanted(root, one.config)}
    meant: dict[str, list[str]] = {}
    for alias, id in aliases.items():
        meant.setdefault(id, []).append(alias)
    return [
        {
            "endpoint": one.config.name,
            "alias": ", ".join(meant.get(str(menu["richMenuId"]), ())),
            "menu": _called(str(menu["name"])),
            "default": "default" if menu["richMenuId"] == default else "",
            "state": _state(str(menu["name"]), names),
            "id": menu["richMenuId"],
        }
        for menu in menus
    ]


def _called(name: str) -> str:
    found = OURS.fullmatch(name)
    return found[1] if found else name


def _state(name: str, wanted: set[str]) -> str:
    if not OURS.fullmatch(name):
        return "not made by Noren"
    return "as in the files" if name in wanted else "old: sync removes it"
