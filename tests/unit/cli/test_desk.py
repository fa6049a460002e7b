"""`noren desk`: accounts without the page."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.cli.bots import filled, noren


def test_the_first_admin_is_made_by_a_code_or_by_hand(tmp_path: Path) -> None:
    root = str(filled(tmp_path))
    code = noren("desk", "code", "--root", root)
    assert (code.exit_code, len(code.stdout.strip())) == (0, 16)
    assert noren("desk", "code", "--root", root).stdout == code.stdout, "it stays the same"
    made = noren("desk", "add", "Aya@example.com", "--role", "admin", "--name", "Aya", "--root", root)
    assert ": admin Aya@example.com; first password: " in made.stdout
    again = noren("desk", "code", "--root", root)
    assert again.exit_code == 2
    assert "there is an admin already" in again.stderr


def test_accounts_are_listed_and_get_new_passwords(tmp_path: Path) -> None:
    root = str(filled(tmp_path))
    noren("desk", "add", "ben@example.com", "--queue", "orders", "--queue", "general", "--root", root)
    [row] = json.loads(noren("desk", "list", "--format", "json", "--root", root).stdout)
    assert row == {
        "name": "ben", "email": "ben@example.com", "role": "agent", "state": "active", "status": "offline",
        "queues": "orders, general",
    }  # fmt: skip
    assert "new password: " in noren("desk", "password", "ben@example.com", "--root", root).stdout
    nobody = noren("desk", "password", "no@example.com", "--root", root)
    assert (nobody.exit_code, "there is no account" in nobody.stderr) == (2, True)
    twice = noren("desk", "add", "ben@example.com", "--root", root)
    assert "already" in twice.stderr
