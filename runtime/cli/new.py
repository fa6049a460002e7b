"""`noren new`: a small bot to begin with."""

from __future__ import annotations

import shlex
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from runtime.cli.schemas import write_schemas
from runtime.errors import BadInput

SCAFFOLD = {
    "noren.yaml": "noren.yaml",
    "env.example": ".env.example",
    "gitignore": ".gitignore",
    "vscode.json": ".vscode/settings.json",
    "README.md": "README.md",
    "flows/welcome.yaml": "flows/welcome.yaml",
    "flows/texts/welcome.csv": "flows/texts/welcome.csv",
    "transformers/hello.py": "transformers/hello.py",
    "tests/test_hello.py": "tests/test_hello.py",
    "tests/hello.txt": "tests/hello.txt",
    "tests/hello.yaml": "tests/hello.yaml",
    "tests/cancel.yaml": "tests/cancel.yaml",
    "tests/trouble.yaml": "tests/trouble.yaml",
}
"""File of `runtime/cli/scaffold/` → where it goes. Names that begin with a dot are given here, not there."""


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Into a folder that has files; files of the same name stay as they are.")
def new(folder: Path, force: bool) -> None:
    """Make a small bot in DIR: settings, a flow in two languages, Python, tests, editor settings.

    \b
    Example:
      noren new ~/tea
    """
    if not force and folder.is_dir() and any(folder.iterdir()):
        raise BadInput(f"{folder} is not empty; choose another folder, or say --force to add what is missing")
    source = files("runtime.cli") / "scaffold"
    try:
        written = [name for name, target in SCAFFOLD.items() if place(source / name, folder / target)]
        write_schemas(folder)
    except OSError as error:
        raise BadInput(f"{error.filename or folder} cannot be written: {error.strerror}") from None
    click.echo(f"{len(written)} files in {folder}\n")
    click.echo(f"  cd {shlex.quote(str(folder))}")
    click.echo("  noren chat")


def place(source: Traversable, target: Path) -> bool:
    """Write a file unless there is one; whether it was written."""
    if target.exists():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())
    return True
