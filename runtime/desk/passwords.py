"""Agents' passwords: argon2id, and nothing of them anywhere else."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from runtime.errors import BadInput

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST: Final = 10
"""Characters a password has at least."""
WANTED: Final = "the desk needs its extra: pip install 'noren[desk]'"


def hashed(password: str) -> str:
    """The form that is kept. Raises `BadInput` for one that is too short, or when the extra is not installed."""
    if len(password) < SHORTEST:
        raise BadInput(f"a password has at least {SHORTEST} characters")
    return str(_hasher().hash(password))


def fits(hash: str, password: str) -> bool:
    """Whether this is the password. Takes as long for an agent that does not exist."""
    from argon2.exceptions import InvalidHashError, VerificationError

    hasher = _hasher()
    try:
        return bool(hasher.verify(hash or _nobody(), password)) and bool(hash)
    except (VerificationError, InvalidHashError):
        return False


_known: dict[str, str] = {}


def _nobody() -> str:
    """A hash that no password fits."""
    if "nobody" not in _known:
        _known["nobody"] = str(_hasher().hash(secrets.token_hex(16)))
    return _known["nobody"]


def _hasher() -> PasswordHasher:
    try:
        from argon2 import PasswordHasher
    except ImportError:
        raise BadInput(WANTED) from None
    return PasswordHasher()
