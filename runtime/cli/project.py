"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from runtime.project import Project, open_project, read_files, settings_of

__all__ = ["Project", "open_project", "read_files", "root_option", "settings_of"]


def root_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--root DIR`: the bot's folder."""
    kind = click.Path(exists=True, file_okay=False, path_type=Path)
    return click.option("--root", default=".", type=kind, help="The bot's folder, where noren.yaml is.")(command)
