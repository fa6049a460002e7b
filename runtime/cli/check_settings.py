"""What is wrong with noren.yaml, as findings with their places; everything, not only the first."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from runtime.cli import check_handover
from runtime.errors import SettingsError
from runtime.flow.locales import is_language
from runtime.flow.source import Node, parse
from runtime.flow.tongues import code_of
from runtime.model import Finding, Place
from runtime.project import FILE, setting_at, with_files
from runtime.settings import EndpointSettings, Settings, build

MOST = 100


@dataclass(frozen=True, slots=True)
class Read:
    """noren.yaml as far as it can be used; wrong settings are left at their defaults."""

    settings: Settings | None
    node: Node | None
    findings: tuple[Finding, ...]

    def at(self, where: str) -> Place:
        """The place of `endpoints.shop.late`."""
        return setting_at(self.node, where)


def read(text: str, env: Mapping[str, str], root: Path | None = None) -> Read:
    """All settings that can be used, and a finding for each that cannot. Files they name are looked for in `root`."""
    node, findings = parse(text, FILE)
    if node is None or node.kind not in ("map", "nothing"):
        told = findings or [_wrong(Place(FILE, 1, 1), "noren.yaml: expected a mapping", "begin with endpoints:")]
        return Read(None, None, tuple(told))
    data: dict[str, Any] = node.plain() or {}
    told = list(findings)
    for where, problem in with_files(data, root) if root is not None else ():
        told.append(_of(f"{where}: {problem}", setting_at(node, where)))
    for _ in range(MOST):
        try:
            settings = build(data, env)
        except SettingsError as error:
            where = error.message.partition(": ")[0]
            told.append(_of(error.message, setting_at(node, where)))
            if not _drop(data, where):
                return Read(None, node, tuple(told))
        else:
            told += _judge(settings, node)
            return Read(settings, node, tuple(told))
    return Read(None, node, tuple(told))


def _of(message: str, at: Place) -> Finding:
    """`endpoints.shop.lates: unknown setting; did you mean late?` with its way out apart."""
    what, _, close = message.partition("; did you mean ")
    if close:
        return _wrong(at, message, f"write {close.rstrip('?')}")
    said, _, way = what.partition("; write ")
    listed = re.search(r"expected one of (.+)$", said)
    if listed:
        way = listed[1].replace(", ", " or ")
    return _wrong(at, said, f"write {way}" if way else "what it takes is in docs/reference/settings.md")


def _wrong(at: Place, message: str, fix: str = "", code: str = "bad-setting", why: str = "") -> Finding:
    return Finding(code=code, severity="error", at=at, message=message, fix=fix, why=why)


def _warn(at: Place, message: str, fix: str = "", code: str = "bad-setting", why: str = "") -> Finding:
    return Finding(code=code, severity="warning", at=at, message=message, fix=fix, why=why)


def _drop(data: Any, where: str) -> bool:
    """Leave out the setting at a dotted path; false when nothing is there to leave out."""
    parts = [part.partition("[")[0] for part in where.split(".")]
    for part in parts[:-1]:
        if not isinstance(data, dict) or part not in data:
            return False
        data = data[part]
    return isinstance(data, dict) and data.pop(parts[-1], _drop) is not _drop


def _judge(settings: Settings, node: Node) -> Iterator[Finding]:
    """What the form of a setting cannot know."""
    yield from _open_secrets(Settings, node, "")
    if settings.public_url and not settings.public_url.startswith("https://"):
        at = setting_at(node, "public_url")
        yield _warn(at, f"public_url: {settings.public_url} is no https address", "LINE reaches https only")
    if not settings.endpoints:
        at = setting_at(node, "endpoints")
        yield _wrong(at, "there is no endpoint, so nobody can talk to the bot", "add endpoints: {shop: {…}}")
    for name, endpoint in settings.endpoints.items():
        yield from _endpoint(f"endpoints.{name}", endpoint, node)
    yield from check_handover.settings(settings, node)


def _endpoint(where: str, endpoint: EndpointSettings, node: Node) -> Iterator[Finding]:
    if not _is_zone(endpoint.timezone):
        close = _nearest_zone(endpoint.timezone)
        fix = f"write {close}" if close else "write a name such as Asia/Tokyo or Asia/Bangkok"
        at = setting_at(node, f"{where}.timezone")
        yield _wrong(at, f"{where}.timezone: `{endpoint.timezone}` is no time zone", fix)
    for language in endpoint.languages:
        if not is_language(language):
            at = setting_at(node, f"{where}.languages")
            code = code_of(language)
            fix = f"write {code}" if code else "write a code such as ja, th, zh-TW, id or en"
            yield _wrong(at, f"{where}.languages: `{language}` is no code of a language", fix)
    if endpoint.session.expired_say:
        at, why = setting_at(node, f"{where}.session.expired_say"), "a session expires long after the user wrote"
        message = "this is said without a reply token: it is pushed, and LINE bills it"
        yield Finding(code="billed-push", severity="hint", at=at, message=message, why=why)
    if not endpoint.languages:
        yield _wrong(setting_at(node, f"{where}.languages"), f"{where}.languages: at least one", "write [en]")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return bool(name)


def _nearest_zone(name: str) -> str:
    """The zone of a city, or the one that is written alike."""
    city = name.strip().lower().replace(" ", "_")
    zones = {zone.lower(): zone for zone in sorted(available_timezones(), reverse=True) if "/" in zone}
    named = [zone for lower, zone in zones.items() if city and lower.endswith(f"/{city}")]
    close = get_close_matches(city, list(zones), n=1)
    return named[0] if named else zones[close[0]] if close else ""


def _open_secrets(kind: type, node: Node | None, where: str) -> Iterator[Finding]:
    """Secrets written out in noren.yaml instead of `${NAME}`."""
    hints = get_type_hints(kind)
    for one in fields(kind):
        value = node.get(one.name) if node is not None else None
        if value is None:
            continue
        path = f"{where}{one.name}"
        inner = hints[one.name]
        if one.metadata.get("secret"):
            yield from _open(value, path)
        elif is_dataclass(inner) and isinstance(inner, type):
            yield from _open_secrets(inner, value, f"{path}.")
        elif value.kind == "map" and get_args(inner)[1:] and is_dataclass(get_args(inner)[1]):
            for name, part in value.map.items():
                yield from _open_secrets(get_args(inner)[1], part, f"{path}.{name}.")


def _open(value: Node, path: str) -> Iterator[Finding]:
    for one in value.map.values() if value.kind == "map" else [value]:
        if one.text and "${" not in one.text and (value.kind != "map" or len(one.text) > 15):
            name = re.sub(r"\W+", "_", path.removeprefix("endpoints.")).upper()
            why = "noren.yaml is shared and kept in version control"
            fix = f"write ${{{name}}} and set {name} in the environment or in .env"
            if bare := re.fullmatch(r"\$([A-Za-z_]\w*)", one.text):
                why = f"`{one.text}` is read as this very text: a name of the environment stands in braces"
                yield _wrong(one.at, f"{path} is no secret", f"write ${{{bare[1]}}}", "secret", why)
                continue
            yield _warn(one.at, f"{path} is a secret, and it is written out here", fix, "secret", why)


def connections(asked: Collection[tuple[str, str, Place]], settings: Settings, node: Node | None) -> Iterator[Finding]:
    """`http` steps with a connection that is not in noren.yaml, or an address that leads nowhere."""
    for name, address, at in asked:
        if name and name not in settings.connections:
            known = ", ".join(settings.connections) or "none yet"
            fix = f"add it to noren.yaml: connections: {{{name}: {{url: https://…}}}} (there: {known})"
            yield _wrong(at, f"there is no connection `{name}` in noren.yaml", fix, "unknown-connection")
        if not name and address and "{{" not in address[:8]:
            yield from _address(address, at, settings)
    for name in settings.connections:
        if name not in {one[0] for one in asked}:
            at = setting_at(node, f"connections.{name}")
            message = f"no step uses the connection `{name}`"
            yield Finding(code="unused-connection", severity="hint", at=at, message=message, fix="remove it")


def _address(address: str, at: Place, settings: Settings) -> Iterator[Finding]:
    if not re.match(r"https?://", address):
        fix = "write https://…, or name a `connection` that the path belongs to"
        yield _wrong(at, f"`{address[:60]}` is no address of the web", fix, "bad-address")
        return
    host = urlsplit(address.split("{{")[0]).hostname or ""
    if is_private(host) and host not in settings.http.allow_private:
        fix = f"allow it in noren.yaml: http: {{allow_private: [{host}]}}"
        yield _warn(at, f"`{host}` lies in a private network; the step will be refused", fix, "private-address")


def is_private(host: str) -> bool:
    """Whether a host as it is written is one of this machine or a private network."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False
