"""Findings that only follow from other findings: one mistake is told once, where it was made.

A designer who forgot a bracket should not read that a card is unused, which the file with the bracket shows, or that
a text is empty, of which nothing could be made. What is left out here is told again when its cause has been mended.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from pathlib import PurePosixPath
from typing import TypeAlias

from runtime.model import Finding, Place

LOST = frozenset(
    (
        *("unknown-verb", "two-verbs", "reserved-verb", "wrong-kind", "unknown-key", "missing-key"),
        *("no-flow", "duplicate-flow"),
    )
)
"""Errors because of which a step or more was not read."""

IDLE = frozenset(("unused-card", "unused-media", "unused-variable", "text-unused", "unreachable", "no-way-out"))
"""What says that something is not there, nothing leads to it or nothing uses it."""

JUMPS = frozenset(("dangling-goto", "dangling-run"))
ONCE = frozenset(("text-csv", "text-twice"))
"""Codes of which a line says only the first: the others come from the same cells."""

MEANT = "did you mean"
SPOKEN = re.compile(r"\.languages: |; did you mean languages\?")
"""What is said of the languages of an endpoint."""

Echo: TypeAlias = Callable[[Finding], bool]


def unreadable(one: Finding) -> bool:
    """Whether a step or more was not read because of this error: what seems unused may be used there."""
    return one.severity == "error" and (one.code.startswith(("yaml-", "json-", "text-csv")) or one.code in LOST)


def causes(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in their order, without doubles and without those that only follow from others among them."""
    told = list(dict.fromkeys(findings))
    echoes = [make(told) for make in ECHOES]
    return [one for one in told if not any(is_echo(one) for is_echo in echoes)]


def _of_unread(told: Collection[Finding]) -> Echo:
    """What nothing uses, while a file could not be read that may use it."""
    lost = any(unreadable(one) for one in told)
    silent = IDLE | {"menu-tap"} if lost else frozenset[str]()
    return lambda one: one.code in silent


def _of_triggers(told: Collection[Finding]) -> Echo:
    """Postbacks that no flow takes, while a trigger is wrong that may; and what that one seems to take from others."""
    wrong = any(one.severity == "error" and one.path.startswith(("start[", "anytime[")) for one in told)
    return lambda one: wrong and one.code in ("menu-tap", "dead-trigger")


def _of_jumps(told: Collection[Finding]) -> Echo:
    """What nothing leads to, while a jump or the name of a card leads nowhere."""
    codes = {one.code for one in told}
    silent = {"unreachable"} if codes & JUMPS else set[str]()
    silent |= {"unused-card"} if "missing-card" in codes else set()
    return lambda one: one.code in silent


def _of_keys(told: Collection[Finding]) -> Echo:
    """What is missing in a mapping or a step because its key is misspelt."""
    keys = {
        (one.at.file, one.path): MEANT in one.message or one.fix.startswith("write ")
        for one in told
        if one.code == "unknown-key"
    }
    return lambda one: (
        (one.code == "text-missing" and keys.get((one.at.file, one.path), False))
        or (one.code == "menu-area" and "no layout" in one.message and keys.get((one.at.file, ""), False))
        or (one.code == "missing-key" and keys.get((one.at.file, one.path), False))
        or (one.code == "one-of" and (one.at.file, one.path) in keys)
    )


def _of_cards(told: Collection[Finding]) -> Echo:
    """Cards that are said to be missing, while they are there and cannot be read."""
    broken = {PurePosixPath(one.at.file).name for one in told if one.code.startswith("json-")}
    return lambda one: one.code == "missing-card" and any(f"/{name}`" in one.message for name in broken)


def _of_texts(told: Collection[Finding]) -> Echo:
    """Texts that are said to be missing, while their file cannot be read; unused ones that a misspelt key means."""
    lost = any("texts" in PurePosixPath(one.at.file).parts and unreadable(one) for one in told)
    meant = {one.fix for one in told if one.code == "text-unknown"}
    wanted = {words.split("`")[1] for words in meant if words.startswith(f"{MEANT} `")}
    return lambda one: (
        (lost and one.code == "text-unknown")
        or (one.code == "text-unused" and any(f"`{key}`" in one.message for key in wanted))
    )


def _of_languages(told: Collection[Finding]) -> Echo:
    """Texts that are missing in a language, while its code is misspelt in their file or in the settings."""
    files = {one.at.file for one in told if one.code == "text-language" and one.severity == "error"}
    all_ = any(one.code == "bad-setting" and SPOKEN.search(one.message) for one in told)
    codes = ("text-missing", "unknown-language", "text-language", "handover-language") if all_ else ("text-missing",)
    return lambda one: one.code in codes and one.severity != "error" and (all_ or one.at.file in files)


def _of_settings(told: Collection[Finding]) -> Echo:
    """What a part of noren.yaml does not have because its name is misspelt."""
    lost = {one.message.rpartition(f"{MEANT} ")[2].rstrip("?") for one in told if one.code == "bad-setting"}
    people = ("no-workstream", "unknown-queue", "unknown-workstream", "unknown-provider")
    return lambda one: (
        ("handover" in lost and one.code in people)
        or ("queues" in lost and one.code == "unknown-queue")
        or ("endpoints" in lost and one.code == "bad-setting" and one.message.startswith("there is no endpoint,"))
    )


def _of_yaml(told: Collection[Finding]) -> Echo:
    """What is made of a text that YAML does not take as one."""
    braces = {one.at for one in told if one.code in ("yaml-braces", "yaml-odd-key", "yaml-tag")}
    merged = {(one.at.file, one.at.column) for one in told if one.code == "yaml-merge"}
    return lambda one: (
        (one.at in braces and not one.code.startswith("yaml-"))
        or (one.code == "unknown-verb" and (one.at.file, one.at.column) in merged)
    )


def _of_rules(told: Collection[Finding]) -> Echo:
    """Rules of LINE that words break of which an expression could not be read, or that another finding tells better."""
    unread = {_line(one.at) for one in told if one.code.startswith("expr-") and one.severity == "error"}
    better = {one.at for one in told if one.code == "not-https"}
    rules = {(one.at, _rule(one)) for one in told if one.code == "message-rule"}
    return lambda one: (
        one.code in ("message-rule", "message-risk")
        and (
            _line(one.at) in unread
            or one.at in better
            or any(at == one.at and _rule(one).startswith(f"{rule}.") for at, rule in rules)
        )
    )


def _of_lines(told: Collection[Finding]) -> Echo:
    """The second of what a line of a table says for one reason."""
    first: dict[tuple[str, str, int], Finding] = {}
    for one in sorted(told, key=lambda one: one.at.column):
        first.setdefault((one.code, *_line(one.at)), one)
    return lambda one: one.code in ONCE and first[one.code, *_line(one.at)] is not one


def _line(at: Place) -> tuple[str, int]:
    return at.file, at.line


def _rule(one: Finding) -> str:
    """The id of the broken rule."""
    return one.why.partition(": ")[0]


ECHOES: tuple[Callable[[Collection[Finding]], Echo], ...] = (
    _of_unread,
    _of_triggers,
    _of_jumps,
    _of_keys,
    _of_cards,
    _of_texts,
    _of_languages,
    _of_settings,
    _of_yaml,
    _of_rules,
    _of_lines,
)
"""What follows from what."""
