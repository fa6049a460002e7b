"""All menus of a bot together: which of them speak several languages, under which alias LINE knows each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from runtime.flow.menus.menu import Area, Menu, Told
from runtime.flow.texts import Texts

ANY = ""
"""The language of a menu that is the same in all."""


@dataclass(frozen=True)
class Menus:
    """Menus by name, with the texts they use."""

    by: Mapping[str, Menu]
    texts: Texts

    def __iter__(self) -> Iterator[str]:
        return iter(self.by)

    def __contains__(self, name: object) -> bool:
        return name in self.by

    @cached_property
    def spoken(self) -> frozenset[str]:
        """Menus that differ by language: their words or pictures do, or those of a menu they switch to.

        A tab has to lead to the tab of the same language, so a menu beside one that speaks speaks too.
        """
        found = {name for name, menu in self.by.items() if any(self._differs(one) for one in menu.told())}
        while more := {
            name
            for name, menu in self.by.items()
            if name not in found and any(area.switch in found for area in menu.areas)
        }:
            found |= more
        return frozenset(found)

    def _differs(self, told: Told) -> bool:
        if told.key:
            return any(language != ANY for language, _ in self.texts.templates(told.key))
        return ANY not in told.by

    def languages(self, name: str) -> tuple[str, ...]:
        """The languages a menu is made in; `("",)` for one that is the same in all."""
        return self.texts.languages if name in self.spoken else (ANY,)

    def alias(self, name: str, language: str) -> str:
        """The alias at LINE of a menu for somebody who speaks this.

        The menu's name; with `-ja` behind it in each language but the endpoint's first.
        """
        own = self.language(name, language)
        return name if own in (ANY, self.texts.languages[0]) else f"{name}-{own.lower()}"

    def language(self, name: str, language: str) -> str:
        """Of the languages a menu is made in, the one for a reader of this."""
        made = self.languages(name)
        base = language.split("-")[0]
        kin = (one for one in made if one.split("-")[0] == base)
        return language if language in made else next(kin, made[0])

    def words(self, told: Told, language: str) -> str:
        """What is told to a reader of this language."""
        if told.key:
            variants = self.texts.get(told.key, language or self.texts.languages[0])
            return variants[0].text if variants else ""
        for one in (language, language.split("-")[0], ANY, *self.texts.languages):
            if one in told.by:
                return told.by[one]
        return next(iter(told.by.values()), "")

    def button(self, area: Area, language: str) -> dict[str, Any]:
        """What a tap does, in the form of an output's button; a switch leads to the menu of the same language."""
        parts = {
            key: self.words(part, language) if isinstance(part, Told) else part for key, part in area.parts.items()
        }
        if area.switch:
            parts.setdefault("postback", {"menu": area.switch})
            parts["switch"] = self.alias(area.switch, language) if area.switch in self.by else area.switch
        return {"label": "", **parts}

    def pictures(self, menu: Menu) -> dict[str, str]:
        """Language → name of the picture's file; empty names where the file only bears the menu's name."""
        made = self.languages(menu.name)
        return {one: self.words(menu.picture, one) if menu.picture else "" for one in made}
