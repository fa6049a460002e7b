"""Ids and tokens that look like LINE's."""

from __future__ import annotations

import hashlib
from random import Random
from typing import Final
from uuid import UUID

CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALPHABET: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
LETTERS: Final = bytes(ALPHABET[byte % len(ALPHABET)] for byte in range(256))


class Ids:
    """Makes ids; with a `seed` the same ones in every run."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = Random(seed)
        self._message = 500_000_000_000_000_000 + self._random.getrandbits(48)
        self._ulid = (0, 0)

    def message(self) -> str:
        """A message id: 18 digits, rising, always a string."""
        self._message += 1 + self._random.getrandbits(16)
        return str(self._message)

    def ulid(self, at: int) -> str:
        """A webhook event id: 26 characters that sort by time, rising within one millisecond.

        https://developers.line.biz/en/reference/messaging-api/#common-properties
        """
        last_at, last = self._ulid
        chance = last + 1 if at == last_at else self._random.getrandbits(79)
        self._ulid = (at, chance)
        number = (at << 80) | chance
        return "".join(CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))

    def chat(self, prefix: str) -> str:
        """`U…` of a person, `C…` of a group, `R…` of a room: 32 lower-case hex digits after the letter."""
        return f"{prefix}{self._random.getrandbits(128):032x}"

    def token(self, length: int = 43) -> str:
        """An opaque token."""
        return self._random.randbytes(length).translate(LETTERS).decode("ascii")

    def short(self) -> str:
        """A reply token: 32 hex digits."""
        return f"{self._random.getrandbits(128):032x}"

    def request(self) -> str:
        """A request id, as in `x-line-request-id`."""
        return str(UUID(int=self._random.getrandbits(128), version=4))


def steady(prefix: str, name: str) -> str:
    """The same id for the same name in every run."""
    return prefix + hashlib.sha256(f"{prefix}:{name}".encode()).hexdigest()[:32]
