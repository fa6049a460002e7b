"""A bot's folder: noren.yaml, flow files, and what is made from them."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.errors import BadInput, SettingsError
from runtime.flow.expr import Expression
from runtime.flow.expr_check import Trouble
from runtime.flow.source import Node, parse
from runtime.handover.verify import wrongs
from runtime.model import Place
from runtime.settings import Settings, build

FILE = "noren.yaml"
FLOW_FILES = (".yaml", ".yml", ".csv", ".json")
MAX_FILE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Project:
    """A bot's folder with its settings read."""

    root: Path
    settings: Settings

    @property
    def hidden(self) -> Path:
        """`.noren/`: what Noren keeps for itself beside the bot."""
        folder = self.root / ".noren"
        folder.mkdir(exist_ok=True)
        return folder

    def files(self, folder: str) -> dict[str, str]:
        """Path → text of the flow files below a folder, paths relative to the bot's folder."""
        return read_files(self.root, self.root / folder)


def open_project(root: Path, *, overrides: Mapping[str, str] | None = None, lenient: bool = False) -> Project:
    """Read noren.yaml. `lenient` takes an unset environment variable as empty: enough to check, not to serve."""
    root = root.resolve()
    path = root / FILE
    if not path.is_file():
        raise BadInput(f"there is no {FILE} in {root}; go to a bot's folder, or make one with `noren new DIR`")
    text = read_text(path, root)
    env: Mapping[str, str] = {**environment(root), **os.environ, **(overrides or {})}
    return Project(root, settings_of(text, Lenient(env) if lenient else env, root))


def settings_of(text: str, env: Mapping[str, str], root: Path | None = None) -> Settings:
    """Settings of the text of a noren.yaml; an error names its line and column.

    Files that it names are looked for in `root`.
    """
    node, findings = parse(text, FILE)
    if findings:
        raise SettingsError(findings[0].message, at=findings[0].at)
    data = node.plain() if node is not None else {}
    try:
        if root is not None:
            for where, problem in with_files(data, root):
                raise SettingsError(f"{where}: {problem}")
        settings = build(data or {}, env)
        _usable(settings, lenient=isinstance(env, Lenient))
    except SettingsError as error:
        where = error.message.partition(": ")[0]
        raise SettingsError(error.message, at=setting_at(node, where)) from None
    return settings


def _usable(settings: Settings, *, lenient: bool) -> None:
    """Raises `SettingsError` for a handover that would fail when somebody asks for a person."""
    for wrong in wrongs(settings.handover):
        if wrong.severity == "error" and not (lenient and wrong.code == "provider-incomplete"):
            raise SettingsError(f"{wrong.where}: {wrong.message}; {wrong.fix}")
    for name, stream in settings.handover.workstreams.items():
        for number, route in enumerate(stream.queues):
            try:
                Expression(route.when or "true", Place(FILE))
            except Trouble as trouble:
                where = f"handover.workstreams.{name}.queues[{number}].when"
                raise SettingsError(f"{where}: {trouble}; {trouble.finding.fix}") from None


def with_files(data: Any, root: Path) -> Iterator[tuple[str, str]]:
    """Put the contents of files in the place of their names: `holidays: holidays/jp.yaml`.

    Gives the setting's name and the reason for each that cannot be read; it is left out.
    """
    handover = data.get("handover") if isinstance(data, Mapping) else None
    streams = handover.get("workstreams") if isinstance(handover, Mapping) else None
    for name, stream in streams.items() if isinstance(streams, Mapping) else ():
        hours = stream.get("hours") if isinstance(stream, Mapping) else None
        if isinstance(hours, MutableMapping) and isinstance(hours.get("holidays"), str):
            try:
                hours["holidays"] = _dates(hours["holidays"], root)
            except BadInput as error:
                del hours["holidays"]
                yield f"handover.workstreams.{name}.hours.holidays", error.message


def _dates(name: str, root: Path) -> dict[str, Any]:
    """The mapping in a file of the bot's folder. Raises `BadInput`."""
    path = (root / name).resolve()
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        raise BadInput(f"there is no file {name} in the bot's folder; write a mapping of dates, or a file with one")
    node, findings = parse(read_text(path, root.resolve()), name)
    if findings or node is None or node.kind != "map":
        said = f"{findings[0].at}: {findings[0].message}" if findings else f"{name} holds no mapping"
        raise BadInput(f"{said}; write lines such as 2027-01-01: closed")
    return {str(key): value for key, value in node.plain().items()}


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the garbage collector: reading files makes many small values and throws few away.

    It halves the time that a thousand files take.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


class Lenient(dict[str, str]):
    """An environment in which every variable exists."""

    def __contains__(self, name: object) -> bool:
        return True

    def get(self, name: str, default: Any = "") -> Any:
        return super().get(name) or default or ""


def read_files(root: Path, folder: Path) -> dict[str, str]:
    """The text of every flow file below `folder`. Raises `BadInput` for a file that is no text."""
    if not folder.is_dir():
        raise BadInput(f"there is no folder {folder.name}/ in {root}; flow files belong there")
    before = f"{folder.relative_to(root).as_posix()}/".removeprefix("./")
    wanted = (name for name in names_below(folder) if name.endswith(FLOW_FILES))
    return {f"{before}{name}": read_text(folder / name, root) for name in wanted}


def names_below(folder: Path) -> list[str]:
    """Every file below a folder but the hidden ones, `cards/order.json` relative to it, folder by folder in order.

    Many times faster than `Path.rglob`; like it, it does not follow links to folders.
    """
    found: list[str] = []
    for at, _, names in os.walk(folder):
        before = os.path.relpath(at, folder)
        inside = "" if before == "." else f"{Path(before).as_posix()}/"
        found += [f"{inside}{name}" for name in names if not name.startswith(".")]
    found = [name for name in found if os.path.isfile(os.path.join(folder, name))]
    return sorted(found, key=lambda name: name.split("/"))


def read_text(path: Path, root: Path) -> str:
    if path.stat().st_size > MAX_FILE:
        most = f"{MAX_FILE // 1024 // 1024} MB"
        raise BadInput(f"{_named(path, root)} is larger than {most}; that is no file a person writes")
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"{_named(path, root)} cannot be read: {error.strerror}; see its owner and mode") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{_named(path, root)} is not UTF-8 text (byte {error.start}); save it as UTF-8") from None


def _named(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def environment(root: Path) -> dict[str, str]:
    """`NAME=value` lines of a .env file; the environment wins over it."""
    path = root / ".env"
    if not path.is_file():
        return {}
    lines = (line.strip() for line in read_text(path, root).splitlines())
    pairs = (line.removeprefix("export ").partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("'\"") for name, sign, value in pairs if sign}


def setting_at(node: Node | None, where: str) -> Place:
    """The place of `endpoints.shop.late` or `queues[1].when`; of the nearest parent when it is not there."""
    at, left = Place(FILE, 1, 1), where
    while left and node is not None:
        if left.startswith("[") and node.kind == "list":
            number, _, left = left[1:].partition("]")
            if not number.isdecimal() or int(number) >= len(node.items):
                return at
            node = node.items[int(number)]
            at, left = node.at, left.removeprefix(".")
            continue
        name = next((one for one in _names(left) if node.kind == "map" and one in node.map), None)
        if name is None:
            return at
        at, node, left = node.key_at(name), node.map[name], left[len(name) :].removeprefix(".")
    return at


def _names(where: str) -> Iterator[str]:
    """What the first name of a dotted path may be, the longest first: names may hold dots themselves."""
    for end in range(len(where), 0, -1):
        if end == len(where) or where[end] in ".[":
            yield where[:end]
