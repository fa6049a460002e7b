"""Brings the rich menus of files to LINE: what is new or changed is made, what is gone is removed, nothing twice.

A menu at LINE cannot be edited, so a changed one is made anew and takes over alias, default and everybody who has the
old one. Noren knows its own by the `name` of a menu, which no user sees: `noren shop/ja 0123456789abcdef`, the last
part made of everything that counts. Menus of other makers are left alone. Each step leaves a state from which the
same function goes on: a sync that died is repeated, not repaired.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from runtime.errors import BadInput, Refused
from runtime.line.richmenu import MenuApi
from runtime.model import Data

OURS = re.compile(r"noren (\S+) ([0-9a-f]{16})")
FINISHED = ("succeeded", "failed")
PATIENCE = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds between looks whether LINE has moved everybody. It answers 100 such questions an hour."""
PICTURED = "already been uploaded"

Pause = Callable[[float], Awaitable[None]]


def file_of(name: str) -> str:
    """The name of the file that a menu at LINE was made of; its own name when Noren did not make it."""
    found = OURS.fullmatch(name)
    return found[1].partition("/")[0] if found else name


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A menu as it should be. `key`: name of the file, and `/ja` behind it where there is one per language."""

    key: str
    alias: str
    menu: Data = field(repr=False)
    picture: bytes = field(repr=False)
    kind: str
    default: bool = False

    @property
    def mark(self) -> str:
        """The same menu with the same picture has the same mark."""
        made = hashlib.sha256(json.dumps(self.menu, sort_keys=True, ensure_ascii=False).encode())
        made.update(f"\0{self.kind}\0".encode() + self.picture)
        return made.hexdigest()[:16]

    @property
    def name(self) -> str:
        return f"noren {self.key} {self.mark}"


@dataclass(frozen=True, slots=True)
class Own:
    """A menu that Noren made."""

    id: str
    key: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What there is to do, in this order. `there`: key → id of what is at LINE as it should be."""

    make: tuple[Wanted, ...] = ()
    finish: tuple[tuple[str, Wanted], ...] = ()
    name: tuple[Wanted, ...] = ()
    show: Wanted | None = None
    hide: bool = False
    move: tuple[tuple[Own, Wanted], ...] = ()
    forget: tuple[str, ...] = ()
    delete: tuple[Own, ...] = ()
    there: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)

    def lines(self) -> list[tuple[str, str]]:
        """What is done, and to what."""
        made = [("upload", f"{one.key} as {one.alias}") for one in self.make]
        made += [("finish", one.key) for _, one in self.finish]
        named = {one.alias for one in self.make}
        made += [("alias", f"{one.alias} → {one.key}") for one in self.name if one.alias not in named]
        made += [("default", self.show.key)] if self.show else []
        made += [("default", "none")] if self.hide else []
        made += [("forget", f"alias {one}") for one in self.forget]
        return made + [("delete", f"{one.key} ({one.id})") for one in self.delete]


@dataclass(frozen=True, slots=True)
class Report:
    """What a sync did (`lines`: verb and thing), what it left as it was, and what has to wait (`later`: why)."""

    lines: tuple[tuple[str, str], ...] = ()
    kept: int = 0
    later: str = ""


async def look(wanted: Sequence[Wanted], api: MenuApi) -> Plan:
    """What a sync would do. Raises `BadInput` when an alias belongs to a menu that Noren did not make."""
    listed, aliases = await api.menus(), await api.aliases()
    default = await api.default()
    return plan(wanted, listed, aliases, default)


def plan(wanted: Sequence[Wanted], listed: Sequence[Data], aliases: Mapping[str, str], default: str) -> Plan:
    """The same from what LINE has."""
    ours = _ours(listed)
    _foreign(wanted, ours, listed, aliases)
    there = {one.key: id for one in wanted if (id := _found(one, ours, aliases))}
    whole = {one.key for one in wanted if there.get(one.key) and aliases.get(one.alias) == there[one.key]}
    stale = tuple(own for own in ours.values() if own.id not in there.values())
    shown = next((one for one in wanted if one.default), None)
    heirs = {own.id: heir for own in stale if (heir := _heir(own, wanted))}
    return Plan(
        make=tuple(one for one in wanted if one.key not in there),
        finish=tuple((there[one.key], one) for one in wanted if one.key in there and one.key not in whole),
        name=tuple(one for one in wanted if one.key not in whole),
        show=shown if shown and there.get(shown.key, "-") != default else None,
        hide=shown is None and default in ours,
        move=tuple((own, heirs[own.id]) for own in stale if own.id in heirs),
        forget=tuple(alias for alias, id in aliases.items() if id in ours and alias not in {w.alias for w in wanted}),
        delete=stale,
        there=there,
        aliases=aliases,
    )


def _ours(listed: Sequence[Data]) -> dict[str, Own]:
    found = ((str(one.get("richMenuId", "")), OURS.fullmatch(str(one.get("name", "")))) for one in listed)
    return {id: Own(id, mark[1], mark[2]) for id, mark in found if mark}


def _found(one: Wanted, ours: Mapping[str, Own], aliases: Mapping[str, str]) -> str:
    """The id of this very menu at LINE; of several, the one that its alias means."""
    same = [own.id for own in ours.values() if (own.key, own.mark) == (one.key, one.mark)]
    named = aliases.get(one.alias, "")
    return named if named in same else next(iter(same), "")


def _heir(own: Own, wanted: Sequence[Wanted]) -> Wanted | None:
    """Who takes over from an old menu: the one of its name, else the same under another name."""
    same = (one for one in wanted if one.mark == own.mark)
    return next((one for one in wanted if one.key == own.key), next(same, None))


def _foreign(
    wanted: Sequence[Wanted], ours: Mapping[str, Own], listed: Sequence[Data], aliases: Mapping[str, str]
) -> None:
    """Take no alias away from somebody else's menu."""
    known = {str(one.get("richMenuId", "")) for one in listed}
    for one in wanted:
        id = aliases.get(one.alias, "")
        if id in known and id not in ours:
            raise BadInput(
                f"the alias `{one.alias}` belongs to {id}, a rich menu that Noren did not make; "
                f"rename the file of the menu `{one.key}`, or delete that alias"
            )


async def sync(wanted: Sequence[Wanted], api: MenuApi, *, pause: Pause = asyncio.sleep) -> Report:
    """Make LINE's rich menus those of the files. Done again, it does nothing.

    Raises `Refused` and `ChannelError` with what was done so far kept at LINE; run again, it goes on from there.
    `later` tells what LINE did not let happen yet, such as removing menus that people still have.
    """
    todo = await look(wanted, api)
    ids = dict(todo.there)
    for one in todo.make:
        ids[one.key] = await api.create({**one.menu, "name": one.name})
        await api.draw(ids[one.key], one.picture, one.kind)
    for id, one in todo.finish:
        await _drawn(api, id, one)
    for one in todo.name:
        await api.name(one.alias, ids[one.key], known=one.alias in todo.aliases)
    if todo.show is not None:
        await api.show_all(ids[todo.show.key])
    elif todo.hide:
        await api.show_none()
    later = await _moved([(own.id, ids[heir.key]) for own, heir in todo.move], api, pause)
    return await _cleared(wanted, todo, later, api)


async def _drawn(api: MenuApi, id: str, one: Wanted) -> None:
    """Give a menu the picture that an earlier sync may not have come to."""
    try:
        await api.draw(id, one.picture, one.kind)
    except Refused as error:
        if PICTURED not in error.message:
            raise


async def _moved(pairs: Sequence[tuple[str, str]], api: MenuApi, pause: Pause) -> str:
    """Let everybody who has an old menu have the new one; why not, when that has to wait."""
    if not pairs:
        return ""
    try:
        request = await api.move(pairs)
        phase = await api.moved(request)
        for wait in PATIENCE:
            if phase in FINISHED:
                break
            await pause(wait)
            phase = await api.moved(request)
    except Refused as error:
        if error.status != 429:
            raise
        return "LINE moves people to other menus three times an hour at most; run it again in an hour"
    return "" if phase == "succeeded" else f"LINE has not moved everybody to the new menus yet ({phase or 'no answer'})"


async def _cleared(wanted: Sequence[Wanted], todo: Plan, later: str, api: MenuApi) -> Report:
    """Remove what is gone; old menus that people still have stay until they were moved."""
    for alias in todo.forget:
        await api.forget(alias)
    waiting = {own.id for own, _ in todo.move} if later else set()
    for own in todo.delete:
        if own.id not in waiting:
            await _deleted(api, own.id)
    lines = [line for line in todo.lines() if not any(f"({id})" in line[1] for id in waiting)]
    return Report(tuple(lines), len(wanted) - len(todo.make), later)


async def _deleted(api: MenuApi, id: str) -> None:
    try:
        await api.delete(id)
    except Refused as error:
        if error.status != 404:  # somebody else was quicker
            raise
