"""What is wrong with the part `handover` of noren.yaml, as far as the settings alone show it."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from runtime.handover import words
from runtime.handover.hours import BadHours, calendar
from runtime.handover.routing import BACK_TO_BOT, LEAVE_MESSAGE, unreachable
from runtime.settings.handover import HandoverSettings, HoursSettings, ProviderSettings, WorkstreamSettings

HERE: Final = "handover"
SLOTS: Final = ("agent", "queue", "position", "minutes", "next_open", "holiday")
"""What automated messages may name in braces."""
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "chatwoot": ("url", "account", "inbox", "token"),
    "webhook": ("url", "secret"),
}
"""Settings that a provider cannot work without."""

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that is wrong: `where` is the setting's dotted name, `fix` the way out."""

    code: str
    where: str
    message: str
    fix: str
    why: str = ""
    severity: Severity = "error"


def wrongs(settings: HandoverSettings, languages: Collection[str] = ()) -> Iterator[Wrong]:
    """Everything that is wrong. `languages` are those in which users are spoken to."""
    queues = known_queues(settings)
    if settings.default not in settings.providers and settings.default != "desk":
        yield _unknown("provider", settings.default, settings.providers, f"{HERE}.default")
    for name, provider in settings.providers.items():
        yield from _provider(provider, f"{HERE}.providers.{name}")
    for name, stream in settings.workstreams.items():
        yield from _stream(name, stream, settings, queues)
    for name, queue in settings.queues.items():
        if queue.overflow not in (BACK_TO_BOT, LEAVE_MESSAGE, *queues):
            where = f"{HERE}.queues.{name}.overflow"
            yield _unknown("queue", queue.overflow, (*queues, BACK_TO_BOT, LEAVE_MESSAGE), where)
    yield from _rings(settings)
    yield from _messages(settings)
    if settings.workstreams:
        yield from _languages(settings, languages)


def known_queues(settings: HandoverSettings) -> tuple[str, ...]:
    """The queues that there are: those under `queues`, or where none stands there, those that rules name."""
    named = (route.queue for stream in settings.workstreams.values() for route in stream.queues)
    return tuple(settings.queues) or tuple(dict.fromkeys(named))


def nearest(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return close[0] if close else ""


def _unknown(kind: str, word: str, known: Iterable[str], where: str) -> Wrong:
    there, close = list(known), nearest(word, known)
    fix = f"write {close}" if close else f"known here: {', '.join(there)}" if there else f"add it under {HERE}"
    return Wrong(f"unknown-{kind}", where, f"there is no {kind} `{word}`", fix)


def _provider(provider: ProviderSettings, where: str) -> Iterator[Wrong]:
    for name in NEEDED.get(provider.type, ()):
        if not getattr(provider, name):
            message = f"{provider.type} cannot be reached without `{name}`"
            yield Wrong("provider-incomplete", f"{where}.{name}", message, f"add {name}: …")
    if provider.type == "chatwoot" and not (provider.webhook_secret or provider.secret):
        message = "its webhooks are refused: what agents write is found late, by looking"
        fix = "add webhook_secret: …, before Chatwoot 4.13 secret: …"
        yield Wrong("provider-incomplete", f"{where}.webhook_secret", message, fix, severity="warning")
    if provider.url and not provider.url.startswith(("https://", "http://")):
        yield Wrong("bad-setting", f"{where}.url", f"{provider.url} is no address of the web", "write https://…")


def _stream(
    name: str, stream: WorkstreamSettings, settings: HandoverSettings, queues: Collection[str]
) -> Iterator[Wrong]:
    where = f"{HERE}.workstreams.{name}"
    for number, route in enumerate(stream.queues):
        if route.queue not in queues:
            yield _unknown("queue", route.queue, queues, f"{where}.queues[{number}]")
    yield from _routes(stream, queues, where)
    yield from _hours(stream.hours, f"{where}.hours")
    if stream.hours.outside == "transfer":
        to, at = stream.hours.transfer_to, f"{where}.hours.transfer_to"
        if not to:
            fix = "write transfer_to: and a queue"
            yield Wrong("bad-setting", f"{where}.hours.outside", "`transfer` needs a queue to go to", fix)
        elif to not in queues:
            yield _unknown("queue", to, queues, at)


def _routes(stream: WorkstreamSettings, queues: Collection[str], where: str) -> Iterator[Wrong]:
    routes = [(route.queue, route.when) for route in stream.queues]
    for number in unreachable(routes):
        first = next(queue for queue, when in routes if not when.strip())
        message = f"no case comes to this rule: `{first}` above it takes every one"
        fix = "give the rule above a `when`, or move this one up"
        yield Wrong("dead-route", f"{where}.queues[{number}]", message, fix, severity="warning")
    if routes and routes[-1][1].strip() and not any(not when.strip() for _, when in routes):
        message = "what no rule takes has no queue of its own"
        why = f"it goes to `{routes[-1][0]}`, the last one"
        at = f"{where}.queues[{len(routes) - 1}]"
        yield Wrong("no-fallback", at, message, "end with a queue that has no `when`", why, "warning")
    elif not routes and len(queues) > 1:
        last = list(queues)[-1]
        message, why = "this workstream names no queue", f"all its cases go to `{last}`, the last one"
        yield Wrong("no-fallback", where, message, f"write queues: [{last}]", why, "warning")


def _hours(hours: HoursSettings, where: str) -> Iterator[Wrong]:
    """Every part that cannot be read by itself."""
    bare = replace(hours, week={}, holidays={})
    zone = _unreadable(bare)
    if zone:
        yield Wrong("bad-hours", f"{where}.timezone", zone, "write a name such as Asia/Tokyo or Asia/Bangkok")
        bare = replace(bare, timezone="UTC")
    for part in ("week", "holidays"):
        for key, value in getattr(hours, part).items():
            alone = replace(bare, week={key: value}) if part == "week" else replace(bare, holidays={key: value})
            said = _unreadable(alone)
            if said:
                what, _, way = said.partition("; ")
                _, _, other = what.partition(": write ")
                message = f"`{key}: {value}` cannot be read" if other else what
                yield Wrong("bad-hours", f"{where}.{part}.{key}", message, f"write {other}" if other else way)


def _unreadable(hours: HoursSettings) -> str:
    try:
        calendar(hours)
    except BadHours as error:
        return str(error)
    return ""


def _rings(settings: HandoverSettings) -> Iterator[Wrong]:
    """Full queues that send their cases round in a circle."""
    told: set[str] = set()
    for name in settings.queues:
        way = [name]
        while way[-1] in settings.queues and settings.queues[way[-1]].overflow not in way:
            way.append(settings.queues[way[-1]].overflow)
        last = settings.queues.get(way[-1])
        if last is None or last.overflow != name or told & set(way):
            continue
        told |= set(way)
        ring = " → ".join((*way, name))
        why = "when all of them are full, the bot has the chat again"
        at, fix = f"{HERE}.queues.{name}.overflow", f"let one of them end with {LEAVE_MESSAGE} or {BACK_TO_BOT}"
        yield Wrong("overflow-circle", at, f"full queues lead in a circle: {ring}", fix, why, "warning")


def _messages(settings: HandoverSettings) -> Iterator[Wrong]:
    for name, message in settings.messages.items():
        where = f"{HERE}.messages.{name}"
        if name not in words.MESSAGES:
            close = nearest(name, words.MESSAGES)
            fix = f"write {close}" if close else f"known here: {', '.join(words.MESSAGES)}"
            yield Wrong("bad-setting", where, f"there is no automated message `{name}`", fix)
        for language, text in message.text.items():
            for slot in words.SLOT.findall(text):
                if slot not in SLOTS:
                    close = nearest(slot, SLOTS)
                    fix = f"write {{{close}}}" if close else f"known here: {', '.join(SLOTS)}"
                    at = f"{where}.text.{language}"
                    yield Wrong("bad-setting", at, f"`{{{slot}}}` says nothing here", fix, severity="warning")


def _languages(settings: HandoverSettings, languages: Collection[str]) -> Iterator[Wrong]:
    """Languages in which users would read English."""
    for language in languages:
        missing = [name for name in words.MESSAGES if not _has(settings, name, language)]
        if missing and language.partition("-")[0] != "en":
            more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
            message = f"who speaks {language} reads these in English: {', '.join(missing[:3])}{more}"
            fix = f"write messages: {{{missing[0]}: {{text: {{{language}: …}}}}}}"
            yield Wrong("handover-language", f"{HERE}.messages", message, fix, severity="warning")


def _has(settings: HandoverSettings, name: str, language: str) -> bool:
    own = settings.messages[name].text if name in settings.messages else {}
    base = language.partition("-")[0]
    there = {**words.MESSAGES[name], **own}
    return any(one.partition("-")[0] == base for one in there)
