"""How a setting is written: a dataclass field with a help text and a default."""

from __future__ import annotations

from dataclasses import MISSING, field, is_dataclass
from typing import Any


def setting(help: str, default: Any = MISSING, *, unit: str = "", secret: bool = False) -> Any:
    """A field of the settings; `unit="duration"` reads `30m`, `10s`, `0` as milliseconds."""
    meta = {"help": help, "unit": unit, "secret": secret}
    if default is MISSING:
        return field(metadata=meta)
    if isinstance(default, dict):
        return field(default_factory=lambda: dict(default), metadata=meta)
    if is_dataclass(default):
        return field(default_factory=lambda: default, metadata=meta)
    return field(default=default, metadata=meta)
