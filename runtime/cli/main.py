"""The command `noren`: a literal table of commands, each loaded only when it is used."""

from __future__ import annotations

import difflib
import importlib
import sys
from typing import Any

import click

from runtime import __version__
from runtime.errors import BadInput, FlowError, NorenError

COMMANDS = {
    "chat": "runtime.cli.chat:chat",
    "check": "runtime.cli.check:check",
    "db": "runtime.cli.db:db",
    "desk": "runtime.cli.desk:desk",
    "dev": "runtime.cli.dev:dev",
    "events": "runtime.cli.events:events",
    "graph": "runtime.cli.graph:graph",
    "line": "runtime.cli.line:line",
    "new": "runtime.cli.new:new",
    "outbox": "runtime.cli.outbox:outbox",
    "queues": "runtime.cli.queues:queues",
    "reference": "runtime.cli.reference:reference",
    "replay": "runtime.cli.replay:replay",
    "rules": "runtime.cli.rules:rules",
    "serve": "runtime.cli.serve:serve",
    "sessions": "runtime.cli.sessions:sessions",
    "simulator": "runtime.cli.simulator:simulator",
    "texts": "runtime.cli.texts:texts",
    "test": "runtime.cli.test:test",
}


EXIT_CODES = """Exit codes: 0 fine; 1 findings, or something that failed; 2 input or settings that cannot be used."""


class Lazy(click.Group):
    """Commands by name; what goes wrong on purpose is one line and an exit code, never a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            close = difflib.get_close_matches(name, COMMANDS, n=1)
            if close:
                raise click.UsageError(f"there is no command {name!r}; did you mean {close[0]}?", ctx)
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        tell_exit_codes(command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except FlowError as error:
            for finding in error.findings:
                click.echo(f"{finding.at}: {finding.severity}: {finding.message}", err=True)
                if finding.fix:
                    click.echo(f"    fix: {finding.fix}", err=True)
            sys.exit(2)
        except BadInput as error:
            click.echo(f"noren: {error}", err=True)
            sys.exit(2)
        except NorenError as error:
            click.echo(f"noren: {error}", err=True)
            sys.exit(1)
        except BrokenPipeError:
            sys.exit(1)
        except (PermissionError, IsADirectoryError) as error:
            click.echo(f"noren: {error.filename}: {error.strerror}", err=True)
            sys.exit(1)


def tell_exit_codes(command: click.Command) -> None:
    """The last lines of a command's help, and of the commands in it."""
    command.epilog = command.epilog or EXIT_CODES
    for one in command.commands.values() if isinstance(command, click.Group) else ():
        tell_exit_codes(one)


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="noren")
def cli() -> None:
    """A self-hosted bot-runtime endpoint for LINE.

    In a folder with a noren.yaml: `noren dev` tries the bot on this machine, `noren check` says what is wrong
    with its files, `noren serve` runs it for real. `noren new DIR` makes such a folder.
    """
