"""What the runtime keeps beside conversations: compiled flows, single facts, where content lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from runtime.store import codec
from runtime.store.lanes import Op

SAVE_VERSION = "INSERT INTO versions (hash, files, at) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING"
LOAD_VERSION = "SELECT files FROM versions WHERE hash = ?"
PUT_FACT = """INSERT INTO facts (name, value, at) VALUES (?, ?, ?)
  ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at"""
PUT_FIRST = "INSERT INTO facts (name, value, at) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING"
GET_FACT = "SELECT value, at FROM facts WHERE name = ?"
DROP_FACT = "DELETE FROM facts WHERE name = ?"
ERASED = "SELECT token, message FROM media WHERE state = 'erased' ORDER BY token LIMIT ?"
FORGET = "DELETE FROM media WHERE token = ?"


def save_version(digest: str, files: Mapping[str, Any], now: int) -> Op[None]:
    yield SAVE_VERSION, (digest, codec.text(files), now)


def load_version(digest: str) -> Op[Any]:
    found = yield LOAD_VERSION, (digest,)
    return codec.loads(found[0][0]) if found else None


def put_fact(name: str, value: Any, now: int) -> Op[None]:
    if value is None:
        yield DROP_FACT, (name,)
    else:
        yield PUT_FACT, (name, codec.text(value), now)


def put_first(name: str, value: Any, now: int) -> Op[Any]:
    yield PUT_FIRST, (name, codec.text(value), now)
    [(kept, _)] = yield GET_FACT, (name,)
    return codec.loads(kept)


def get_fact(name: str) -> Op[tuple[Any, int] | None]:
    found = yield GET_FACT, (name,)
    return (codec.loads(found[0][0]), found[0][1]) if found else None


def erased_media(limit: int) -> Op[list[tuple[str, str]]]:
    return [(token, message) for token, message in (yield ERASED, (limit,))]


def forget_media(tokens: Sequence[str]) -> Op[None]:
    if tokens:
        yield FORGET, [(token,) for token in tokens]
