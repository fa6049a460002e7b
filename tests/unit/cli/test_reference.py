"""Pages of the reference that are made from the code."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from runtime import errors
from runtime.cli import reference


def test_a_setting_is_a_row_with_its_kind_default_and_help() -> None:
    page = reference.settings_page()
    assert "| `port` | number | `8000` | Port to listen on. |" in page
    assert "| `expire` | duration | `30m` | Silence after which" in page
    assert "| `late` | `push`, `button` | `push` |" in page
    assert "| `languages` | list of texts | `[en]` |" in page


def test_settings_of_one_endpoint_stand_below_its_name() -> None:
    page = reference.settings_page()
    assert "## `endpoints.NAME.session`" in page
    assert "## `worker`" in page
    assert "| `name` |" not in page  # it is the key, not a setting


def test_secrets_are_marked() -> None:
    row = next(line for line in reference.settings_page().splitlines() if line.startswith("| `channel_secret`"))
    assert row.endswith("*Secret.* |")


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (250, "250ms"), (1_500, "1500ms"), (50_000, "50s"), (1_800_000, "30m")]
)
def test_durations_are_written_the_shortest_way(value: int, text: str) -> None:
    assert reference._duration(value) == text


def test_errors_say_where_they_are_seen() -> None:
    page = reference.errors_page()
    assert f"| `Unverified` | `NorenError` | HTTP 401 | {errors.Unverified.__doc__} |" in page
    assert "| `SettingsError` | `BadInput` | exit code 2 |" in page
    assert "| `Refused` | `ChannelError` | log, trace |" in page


def test_commands_are_found_with_the_words_that_call_them() -> None:
    @click.group()
    def top() -> None: ...

    @top.group()
    def events() -> None:
        """Events."""

    @events.command("list")
    @click.option("--state", help="Only those.", type=click.Choice(["due", "dead"]))
    def list_(state: str) -> None:
        """What is parked.

        \b
        Example:
          noren events list
        """

    @top.command(hidden=True)
    def secret() -> None: ...

    found = dict(reference.commands(top, "noren"))
    assert list(found) == ["noren events", "noren events list"]
    page = reference._command("noren events list", found["noren events list"])
    assert "## `noren events list`" in page
    assert "noren events list [OPTIONS]" in page
    assert "| `--state [due\\|dead]` | Only those. |" in page
    assert "Example:\n\n```console\nnoren events list\n```" in page
    assert "--help" not in page


def test_pages_are_written_into_a_folder(tmp_path: Path) -> None:
    made = {"settings.md": reference.settings_page()}
    result = CliRunner().invoke(reference.reference, [str(tmp_path), "--only", "settings.md"])
    assert result.exit_code == 0, result.output
    assert {p.name: p.read_text(encoding="utf-8") for p in tmp_path.iterdir()} == made


def test_reference_is_no_command_for_users() -> None:
    assert reference.reference.hidden
