"""Who is talking: the display name, language and picture of a user, kept in `Session.profile`.

https://developers.line.biz/en/reference/messaging-api/#get-profile
https://developers.line.biz/en/reference/messaging-api/#get-group-member-profile

`Session.profile` is `{"user", "name", "language", "picture", "status", "at"}` of whoever spoke last; in a group that
shares one session, `members` holds those who spoke before by user id, and `group` is `{"name", "picture", "at"}` of the
group itself. Someone LINE tells nothing about (no friend, blocked, no consent) is `{"user", "unknown": true, "at"}`.

https://developers.line.biz/en/reference/messaging-api/#get-group-summary
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from runtime.errors import ChannelError, Refused
from runtime.log import Logger
from runtime.model import Chat, Data, Event, Session
from runtime.settings import EndpointSettings

FRESH = 24 * 3_600_000
"""Milliseconds for which a profile is not asked for again."""

UNKNOWN = 3_600_000
"""Milliseconds for which somebody unknown is not asked for again, unless they follow the account."""

PATIENCE = 3.0
"""Seconds an answer may be held up by a profile."""

MEMBERS = 20
"""Earlier speakers of a group that are remembered."""

SHARED = ("members", "group")
"""What is of the whole group, not of who speaks."""

KINDS = frozenset(
    {"message", "edited", "follow", "postback", "beacon", "account_link", "membership", "video_complete", "inject"}
)
FIELDS = {"name": "displayName", "language": "language", "picture": "pictureUrl", "status": "statusMessage"}
GROUP_FIELDS = {"name": "groupName", "picture": "pictureUrl"}

SCRIPTS = {"zh-hant": ("zh-tw", "zh-hk", "zh-mo"), "zh-hans": ("zh-cn", "zh-sg", "zh-my")}
OLD_TAGS = {"in": "id", "iw": "he", "ji": "yi", "tl": "fil", "no": "nb"}

log = Logger("line.profile")


class ProfileApi(Protocol):
    """The calls that tell who somebody is. They raise `Refused` and `ChannelError`."""

    async def profile(self, user: str) -> Data: ...

    async def member_profile(self, chat: Chat, user: str) -> Data: ...

    async def group_summary(self, group: str) -> Data: ...


async def enrich(
    event: Event,
    session: Session,
    api: ProfileApi,
    config: EndpointSettings,
    now: int,
    *,
    patience: float = PATIENCE,
) -> Session:
    """The session with the profile of the event's user, asked for at most once a day.

    A failure, or no answer within `patience` seconds, leaves the session as it is; the next event tries again. The
    profile's language becomes that of the session while the session has none.
    """
    if not _asked_for(event, config):
        return session
    profile = _known(session.profile, event, now)
    if profile is None:
        profile = await _fetched(event, api, now, patience)
    if profile is None:
        return session
    known = _with(session, profile, config)
    if _group_known(known.profile, event, now):
        return known
    group = await _group(event, api, now, patience)
    return known if group is None else replace(known, profile={**known.profile, "group": group})


def at_hand(event: Event, session: Session, config: EndpointSettings, now: int) -> bool:
    """Whether `enrich` leaves the session as it is: the profile is fresh, and that of who speaks.

    In a group somebody else may have spoken last. Their profile is no longer that of the session then, although nobody
    has to be asked.
    """
    if not _asked_for(event, config):
        return True
    known = session.profile.get("user") == event.user and _known(session.profile, event, now) is not None
    return known and _group_known(session.profile, event, now)


def _asked_for(event: Event, config: EndpointSettings) -> bool:
    return bool(
        config.profile and event.user and not event.standby and event.chat.kind != "none" and event.kind in KINDS
    )


def _known(kept: Data, event: Event, now: int) -> Data | None:
    """What is known of the event's user, while it is fresh."""
    members = kept.get("members") or {}
    known: Data | None = kept if kept.get("user") == event.user else members.get(event.user)
    if not known:
        return None
    unknown = bool(known.get("unknown"))
    if unknown and event.kind == "follow":
        return None
    return known if now - known.get("at", 0) < (UNKNOWN if unknown else FRESH) else None


def _group_known(kept: Data, event: Event, now: int) -> bool:
    """Whether there is nothing to ask about the group. Rooms have no names."""
    return event.chat.kind != "group" or now - int((kept.get("group") or {}).get("at", -FRESH)) < FRESH


async def _group(event: Event, api: ProfileApi, now: int, patience: float) -> Data | None:
    """Name and picture of the event's group; None: ask again with the next event."""
    try:
        async with asyncio.timeout(patience):
            answer = await api.group_summary(event.chat.id)
    except Refused:
        return {"at": now}
    except (ChannelError, TimeoutError) as error:
        log.warning("group not reached", endpoint=event.endpoint, why=str(error) or type(error).__name__)
        return None
    return {**_texts(answer, GROUP_FIELDS), "at": now}


async def _fetched(event: Event, api: ProfileApi, now: int, patience: float) -> Data | None:
    try:
        async with asyncio.timeout(patience):
            if event.chat.kind == "user":
                answer = await api.profile(event.user)
            else:
                answer = await api.member_profile(event.chat, event.user)
    except Refused as refused:
        if refused.status == 404:
            return {"user": event.user, "unknown": True, "at": now}
        log.warning("profile not told", endpoint=event.endpoint, status=refused.status)
    except (ChannelError, TimeoutError) as error:
        log.warning("profile not reached", endpoint=event.endpoint, why=str(error) or type(error).__name__)
    else:
        return {"user": event.user, **_texts(answer), "at": now}
    return None


def _texts(answer: Data, fields: Mapping[str, str] = FIELDS) -> dict[str, Any]:
    found = {ours: answer.get(theirs) for ours, theirs in fields.items()}
    return {ours: value for ours, value in found.items() if isinstance(value, str) and value}


def _with(session: Session, profile: Data, config: EndpointSettings) -> Session:
    language = session.language or matching(profile.get("language", ""), config.languages)
    kept = _speaking(session.profile, profile)
    if kept == session.profile and language == session.language:
        return session
    return replace(session, profile=kept, language=language)


def _speaking(kept: Data, profile: Data) -> Data:
    """`profile` in front, whoever was there before among the members."""
    own = {name: value for name, value in profile.items() if name not in SHARED}
    members = dict(kept.get("members") or {})
    before = {name: value for name, value in kept.items() if name not in SHARED}
    if before.get("user") and before["user"] != own["user"]:
        members[before["user"]] = before
    members.pop(own["user"], None)
    latest = dict(list(members.items())[-MEMBERS:])
    shared = {"members": latest, "group": kept.get("group")}
    return {**own, **{name: value for name, value in shared.items() if value}}


def matching(tag: str, languages: Sequence[str]) -> str:
    """The one of `languages` that serves a reader of `tag` (BCP 47) best; empty when none does.

    The same tag comes first, then the same script (`zh-Hant` and `zh-TW`), then the same language.
    """
    wanted = _wide(tag)
    if not wanted:
        return ""
    for fits in (_same, _same_script, _same_language):
        found = [language for language in languages if fits(wanted, _wide(language))]
        if found:
            return found[0]
    return ""


def _wide(tag: str) -> str:
    base, _, rest = tag.strip().lower().replace("_", "-").partition("-")
    base = OLD_TAGS.get(base, base)
    return f"{base}-{rest}" if rest else base


def _same(wanted: str, language: str) -> bool:
    return wanted == language


def _same_script(wanted: str, language: str) -> bool:
    return _script(wanted) == _script(language) != ""


def _same_language(wanted: str, language: str) -> bool:
    return wanted.partition("-")[0] == language.partition("-")[0]


def _script(tag: str) -> str:
    """The Chinese script a tag means: by name, or by where it is written."""
    for script, places in SCRIPTS.items():
        if tag == script or tag.startswith(script + "-") or tag in places:
            return script
    return ""
