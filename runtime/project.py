"""A bot's folder: noren.yaml, flow files, and what is made from them."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.errors import BadInput, SettingsError
from runtime.flow.source import parse
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
    return Project(root, settings_of(text, Lenient(env) if lenient else env))


def settings_of(text: str, env: Mapping[str, str]) -> Settings:
    """Settings of the text of a noren.yaml; an error names its line and column."""
    node, findings = parse(text, FILE)
    if findings:
        raise SettingsError(findings[0].message, at=findings[0].at)
    data = node.plain() if node is not None else {}
    try:
        return build(data or {}, env)
    except SettingsError as error:
        where = error.message.partition(":")[0]
        raise SettingsError(error.message, at=setting_at(node, where)) from None


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
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in FLOW_FILES and path.is_file() and not path.name.startswith("."):
            found[path.relative_to(root).as_posix()] = read_text(path, root)
    return found


def read_text(path: Path, root: Path) -> str:
    name = path.relative_to(root).as_posix()
    if path.stat().st_size > MAX_FILE:
        raise BadInput(f"{name} is larger than {MAX_FILE // 1024 // 1024} MB; that is no file a person writes")
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"{name} cannot be read: {error.strerror}; see its owner and mode") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{name} is not UTF-8 text (byte {error.start}); save it as UTF-8") from None


def environment(root: Path) -> dict[str, str]:
    """`NAME=value` lines of a .env file; the environment wins over it."""
    path = root / ".env"
    if not path.is_file():
        return {}
    lines = (line.strip() for line in read_text(path, root).splitlines())
    pairs = (line.removeprefix("export ").partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("'\"") for name, sign, value in pairs if sign}


def setting_at(node: Any, where: str) -> Place:
    """The place of `endpoints.shop.late` in the file; of the nearest parent when the key is not there."""
    at = Place(FILE, 1, 1)
    for part in where.split("."):
        name = part.partition("[")[0]
        if node is None or node.kind != "map" or name not in node.value:
            return at
        at, node = node.key_at(name), node.value[name]
    return at
