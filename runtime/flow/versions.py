"""Compiled flows by version: a session finishes on the one it began with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from runtime.flow.expr import ExprError
from runtime.flow.live import KEY
from runtime.flow.tree import Flows
from runtime.model import Session

KEPT = 50
"""Versions kept at once; of more, the oldest that is not current goes."""


class Book:
    """The current flows and earlier ones that sessions may still be on."""

    __slots__ = ("_current", "_versions")

    def __init__(self, current: Flows, earlier: Iterable[Flows] = ()) -> None:
        self._versions: dict[str, Flows] = {}
        self._current = current
        for flows in earlier:
            self.add(flows)
        self.take(current)

    @property
    def current(self) -> Flows:
        """What new conversations begin on."""
        return self._current

    @property
    def versions(self) -> Mapping[str, Flows]:
        return self._versions

    @property
    def version(self) -> str:
        return self._current.version

    def get(self, version: str) -> Flows | None:
        return self._versions.get(version)

    def take(self, flows: Flows) -> None:
        """From now on conversations begin on these; running ones stay where they are."""
        self._current = flows
        self._versions.pop(flows.version, None)
        self.add(flows)

    def add(self, flows: Flows) -> None:
        """Know an earlier version too."""
        self._versions.setdefault(flows.version, flows)
        while len(self._versions) > KEPT:
            oldest = next(name for name in self._versions if name != self._current.version)
            del self._versions[oldest]

    def missing(self, session: Session) -> set[str]:
        """Versions that a session is pinned to and that are not here."""
        pinned = {frame.version for frame in session.stack}
        pinned |= {session.cursor.version} if session.cursor else set()
        return pinned - self._versions.keys()

    def text(self, text: str, language: str = "") -> str:
        """A text of the settings, or what its `$key` says in a language; without names of a conversation."""
        found = KEY.fullmatch(text)
        if not found:
            return text
        texts = self._current.texts.get(found[1], language or self._current.languages[0])
        try:
            return texts[0].render({"language": language}) if texts else ""
        except ExprError:
            return ""
