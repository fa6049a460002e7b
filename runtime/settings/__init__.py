"""`noren.yaml` and the environment, as frozen settings.

Every setting is a dataclass field with a default and a help text; `docs/reference/settings.md` is made from
these fields. Reading the YAML file is the command line's work: this module takes the parsed mapping.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from runtime.errors import SettingsError
from runtime.settings.field import setting
from runtime.settings.handover import AutomatedSettings, CancelSettings, HandoverSettings, RouteSettings

T = TypeVar("T")
UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
SHORT: Mapping[type, str] = {RouteSettings: "queue", CancelSettings: "until"}
"""Settings that may be written as one text, and which of their parts that is."""
TEXTS: Mapping[type, str] = {AutomatedSettings: "text"}
"""Settings that may be written as their texts by language alone, and which of their parts those are."""

_DURATION = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)\s*$")
_ENV = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSettings:
    """How the channel access token is got. Give one of `long_lived`, `key_file` (v2.1) or `stateless`."""

    long_lived: str = setting("A long-lived channel access token from the LINE Developers console.", "", secret=True)
    channel_id: str = setting("The channel id; needed for v2.1 and stateless tokens.", "")
    key_file: str = setting("Path of the private key (JWK or PEM) whose public half is registered: v2.1 tokens.", "")
    key_id: str = setting("The `kid` LINE gave for that key.", "")
    stateless: bool = setting("Issue stateless tokens (15 minutes each) from channel id and channel secret.", False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSettings:
    """When a conversation begins and ends."""

    per: Literal["chat", "member"] = setting(
        "In groups and rooms: one session for the chat, or one per member.", "chat"
    )
    expire: int = setting("Silence after which the next message starts afresh; 0 = never.", 1_800_000, unit="duration")
    expired_say: str = setting("Text or `$key` said when a session expires (a billed push); empty = nothing.", "")
    expired_hook: str = setting("`file.py:function` called when a session expires.", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformerSettings:
    """Python functions around the flow, each as `file.py` or `file.py:function`, run in order."""

    input: tuple[str, ...] = setting("Run on each event before the flow (`handle_input`).", ())
    output: tuple[str, ...] = setting("Run on each output after the flow (`handle_output`).", ())
    finished: tuple[str, ...] = setting("Run on all outputs of a turn together (`handle_finished`).", ())
    inject: tuple[str, ...] = setting("Run on injected events (`handle_inject`).", ())
    notify: tuple[str, ...] = setting("Run on notifications (`handle_notify`).", ())
    error: tuple[str, ...] = setting("Run when a turn fails (`handle_error`).", ())
    on_error: Literal["continue", "abort"] = setting(
        "After an error in a function: go on without it, or end the turn.", "continue"
    )
    timeout: int = setting("Time one call may take.", 5_000, unit="duration")


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaSettings:
    """Images, videos, audio and files, both ways."""

    fetch: bool = setting("Fetch what users send at once, before LINE deletes it.", True)
    max_mb: int = setting("Content larger than this is not kept.", 50)
    wait: int = setting("How long to wait while LINE prepares large content (202).", 40_000, unit="duration")


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSettings:
    """One LINE channel: its URL is `/line/{name}`."""

    name: str = setting("Set by the key under `endpoints`.", "")
    enabled: bool = setting("A disabled endpoint answers 404.", True)
    channel_secret: str = setting("Channel secret; checks the webhook's signature.", "", secret=True)
    access_token: str = setting("Short form of `token: {long_lived: …}`.", "", secret=True)
    token: TokenSettings = setting("How the channel access token is got.", TokenSettings())
    flows: str = setting("Folder of flow files, relative to noren.yaml.", "flows")
    languages: tuple[str, ...] = setting("Languages the texts are written in; the first is the fallback.", ("en",))
    timezone: str = setting("IANA time zone of dates, times and `today`.", "UTC")
    session: SessionSettings = setting("When a conversation begins and ends.", SessionSettings())
    transformers: TransformerSettings = setting("Python functions around the flow.", TransformerSettings())
    media: MediaSettings = setting("Images, videos, audio and files.", MediaSettings())
    reply_within: int = setting("Age up to which a reply token is used.", 50_000, unit="duration")
    late: Literal["push", "button"] = setting(
        'When the answer comes after that: push it (billed), or offer "tap for the answer" in time (free).',
        "push",
    )
    late_text: str = setting("Text or `$key` of the button's message.", "The answer takes a little longer.")
    late_label: str = setting("Text or `$key` on the button, at most 20 characters.", "Show the answer")
    loading: int = setting(
        "Show LINE's waiting dots when a turn takes longer than this; 0 = never.", 1_500, unit="duration"
    )
    quota: Literal["hold", "push"] = setting(
        "When the month's quota is used up: hold answers for the user's next free token, or try to push anyway.",
        "hold",
    )
    on_violation: Literal["repair", "fallback", "block"] = setting(
        "An outgoing message that breaks a LINE rule is repaired, replaced by its `alt` text, or not sent.",
        "repair",
    )
    fallback: tuple[str, ...] = setting(
        "Texts or `$keys` said to what nobody understands: the 1st, 2nd, … time in a row; the last stays.", ()
    )
    trouble: str = setting("Text or `$key` sent when a turn fails for good; empty = nothing.", "")
    groups: Literal["all", "mention", "off"] = setting(
        "In groups and rooms: answer everything, only when mentioned (or asked a question), or never.", "all"
    )
    reload: Literal["keep", "move"] = setting(
        "Conversations under way when flows change: stay on the flows they began with, or move where they fit.",
        "keep",
    )
    profile: bool = setting("Fetch the user's display name and language from LINE.", True)
    transcripts: bool = setting(
        "Keep what was said in transcripts; off keeps kinds and times only. Inbox and outbox: until `noren db prune`.",
        True,
    )
    api: str = setting("Base of LINE's API; another one for the simulator.", "https://api.line.me")
    api_data: str = setting("Base of LINE's content API.", "https://api-data.line.me")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionSettings:
    """A named connection for `http` steps."""

    url: str = setting("Base URL; steps give the path.", "")
    headers: Mapping[str, str] = setting("Headers sent along, such as an API key.", {}, secret=True)
    bearer: str = setting("A bearer token.", "", secret=True)
    user: str = setting("User name for basic authentication.", "")
    password: str = setting("Password for basic authentication.", "", secret=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """Limits of `http` steps."""

    max_kb: int = setting("Largest answer that is read.", 1_024)
    allow_private: tuple[str, ...] = setting("Hosts on private networks that steps may call.", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """How events are worked."""

    lanes: int = setting("Sessions worked at once in one process.", 64)
    attempts: int = setting("Tries before an event is parked as dead.", 5)
    backoff: int = setting("Wait after the first failure; doubles each time.", 2_000, unit="duration")
    poll: int = setting("How often the store is asked for work nobody announced.", 1_000, unit="duration")
    turn: int = setting("Time one turn may take in all.", 120_000, unit="duration")
    grace: int = setting("Time running turns get when the process is told to stop.", 25_000, unit="duration")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole of noren.yaml."""

    store: str = setting("`sqlite:///noren.db` or `postgresql://user@host/database`.", "sqlite:///noren.db")
    public_url: str = setting("The https address LINE reaches this runtime under; needed for media.", "")
    media_key: str = setting("Key that signs /media links; made and kept in .noren/ when empty.", "", secret=True)
    host: str = setting("Address to listen on.", "127.0.0.1")
    port: int = setting("Port to listen on.", 8000)
    proxies: tuple[str, ...] = setting(
        "Addresses and networks of your own proxies: what they say of a browser's address (`X-Forwarded-For`) is "
        "believed.",
        ("127.0.0.1", "::1"),
    )
    max_body_kb: int = setting("Largest webhook body.", 2_048)
    log: Literal["plain", "json"] = setting("Form of the log.", "plain")
    log_level: Literal["debug", "info", "warning", "error"] = setting("What is logged.", "info")
    endpoints: Mapping[str, EndpointSettings] = setting("One entry per LINE channel.", {})
    connections: Mapping[str, ConnectionSettings] = setting("Named connections for `http` steps.", {})
    http: HttpSettings = setting("Limits of `http` steps.", HttpSettings())
    handover: HandoverSettings = setting("Handing chats over to people.", HandoverSettings())
    worker: WorkerSettings = setting("How events are worked.", WorkerSettings())


def duration(value: Any, where: str) -> int:
    """Milliseconds of `30m`, `1.5h`, `250ms` or `0`."""
    if value == 0 or value == "0":
        return 0
    found = _DURATION.match(value) if isinstance(value, str) else None
    if not found:
        raise SettingsError(f"{where}: {value!r} is no duration; write 10s, 30m, 1.5h, 2d or 0")
    return round(float(found[1]) * UNITS[found[2]])


def expand(value: str, env: Mapping[str, str], where: str) -> str:
    """`${NAME}` and `${NAME:-default}` from the environment; a missing one is an error that names it."""

    def one(found: re.Match[str]) -> str:
        name, default = found[1], found[2]
        if name not in env and default is None:
            raise SettingsError(
                f"{where}: the environment variable {name} is not set; set it, or write {name}=… into .env"
            )
        return env.get(name, default or "")

    return _ENV.sub(one, value)


def build(data: Mapping[str, Any], env: Mapping[str, str]) -> Settings:
    """Settings from the parsed `noren.yaml`. Raises `SettingsError` that names the setting and the way out."""
    settings = _dataclass(Settings, data, env, "")
    named = {name: _named(name, endpoint) for name, endpoint in settings.endpoints.items()}
    _networks(settings.proxies)
    return replace(settings, endpoints=named)


def _networks(proxies: tuple[str, ...]) -> None:
    for one in proxies:
        try:
            ipaddress.ip_network(one, strict=False)
        except ValueError:
            raise SettingsError(f"proxies: {one!r} is no address; write 10.0.0.5 or 10.0.0.0/8") from None


def _named(name: str, endpoint: EndpointSettings) -> EndpointSettings:
    token = endpoint.token
    if endpoint.access_token and not token.long_lived:
        token = replace(token, long_lived=endpoint.access_token)
    return replace(endpoint, name=name, token=token)


def _dataclass(kind: type[T], data: Any, env: Mapping[str, str], where: str) -> T:
    if not isinstance(data, Mapping):
        named = kind is EndpointSettings and where.rpartition(".")[2] in {f.name for f in fields(EndpointSettings)}
        way = "; settings of an endpoint are indented below its name" if named else ""
        raise SettingsError(f"{where or 'noren.yaml'}: expected a mapping, found {_name(data)}{way}")
    known = {f.name: f for f in fields(cast(Any, kind))}
    if kind in TEXTS and data and not set(data) & set(known):
        data = {TEXTS[kind]: data}
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for key, value in data.items():
        at = f"{where}.{key}" if where else str(key)
        if key not in known or (key == "name" and kind is EndpointSettings):
            raise SettingsError(f"{at}: unknown setting{_nearest(str(key), known)}")
        values[key] = _value(hints[key], value, env, at, known[key].metadata)
    return kind(**values)


def _value(hint: Any, value: Any, env: Mapping[str, str], at: str, meta: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        value = expand(value, env, at)
    if meta.get("unit") == "duration":
        return duration(value, at)
    if is_dataclass(hint):
        short = SHORT.get(cast(type, hint))
        named = {short: value} if short and isinstance(value, str) else value
        return _dataclass(cast(type, hint), named, env, at)
    origin = get_origin(hint)
    if origin is Literal:
        return _choice(get_args(hint), value, at)
    if origin is tuple:
        items = value if isinstance(value, list) else [value]
        inner = get_args(hint)[0]
        short = SHORT.get(inner)
        items = [{short: item} if short and isinstance(item, str) else item for item in items]
        return tuple(_value(inner, item, env, f"{at}[{i}]", {}) for i, item in enumerate(items))
    if origin is not None and issubclass(origin, Mapping):
        inner = get_args(hint)[1]
        if not isinstance(value, Mapping):
            raise SettingsError(f"{at}: expected a mapping, found {_name(value)}")
        return {str(k): _value(inner, v, env, f"{at}.{k}", {}) for k, v in value.items()}
    return _scalar(hint, value, at)


def _scalar(hint: Any, value: Any, at: str) -> Any:
    if hint is int and isinstance(value, str) and value.isdecimal():
        return int(value)  # a number that came from the environment
    if hint is bool and isinstance(value, str) and value in ("true", "false"):
        return value == "true"
    if hint is str and isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise SettingsError(f"{at}: expected {_kind(hint)}, found {_name(value)}")
    return value


def _choice(options: tuple[Any, ...], value: Any, at: str) -> Any:
    if value not in options:
        raise SettingsError(f"{at}: expected one of {', '.join(options)}{_nearest(str(value), options)}")
    return value


def _nearest(word: str, known: typing.Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _kind(hint: Any) -> str:
    return {int: "a whole number", str: "a text", bool: "true or false"}.get(hint, getattr(hint, "__name__", "?"))


def _name(value: Any) -> str:
    if value is None:
        return "nothing"
    names: dict[type | types.UnionType, str] = {
        str: "a text",
        int: "a number",
        float: "a number",
        bool: "true or false",
        list: "a list",
    }
    return names.get(type(value), "a mapping" if isinstance(value, Mapping) else type(value).__name__)
