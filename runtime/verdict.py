"""A broken message rule as a finding at a place of the bot's files: LINE's words, its limit, the rule, the way out."""

from __future__ import annotations

import re
from typing import Final

from runtime.flow.reading import meant
from runtime.line.rules.table import Rule, rules
from runtime.line.rules.words import demand
from runtime.model import Finding, Place, Violation

Key = str | int
RULE: Final = "message-rule"
_STEP = re.compile(r"\[(\d+)\]|\.?([^.\[\]]+)")


def finding(violation: Violation, at: Place, path: str = "") -> Finding:
    """As `noren check` tells it; `path` leads to the step."""
    rule = rules()[violation.rule]
    measured = rule.kind in ("length", "size", "range") and violation.actual is not None
    number = f": this is {violation.actual}, the limit is {violation.limit}" if measured else ""
    return Finding(
        code=RULE,
        severity=violation.severity,
        at=at,
        message=f"{says(violation)} ({violation.property}){number}",
        why=f"{violation.rule}: {violation.url}",
        fix=_near_key(rule, violation) or remedy(rule),
        path=path,
    )


def _near_key(rule: Rule, violation: Violation) -> str:
    """The key that a misspelt one means."""
    key = str(next(reversed(keys(violation.path)), ""))
    close = meant(key, rule.limit) if rule.kind == "keys" else ""
    return f"did you mean `{close}`?" if close else ""


def says(violation: Violation) -> str:
    return f"LINE answers “{violation.message}”" if violation.severity == "error" else violation.message


def remedy(rule: Rule) -> str:
    """What to do about it."""
    return rule.fix or demand(rule)


def keys(path: str) -> list[Key]:
    """`messages[0].template.title` as its keys."""
    return [int(index) if index else name for index, name in _STEP.findall(path)]
