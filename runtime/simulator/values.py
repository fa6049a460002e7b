"""What the platform consists of: bots, people, what was said. All frozen; a change is `replace`.

Times are whole milliseconds since the Unix epoch, durations whole milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from runtime.errors import BadInput
from runtime.model import NOTHING, Data, Message
from runtime.simulator.ids import steady

USER_ID: Final = re.compile(r"U[0-9a-f]{32}")
GROUP_ID: Final = re.compile(r"C[0-9a-f]{32}")
ROOM_ID: Final = re.compile(r"R[0-9a-f]{32}")
CHAT_ID: Final = re.compile(r"[UCR][0-9a-f]{32}")
REAL_HOSTS: Final = ("line.me", "line-apps.com", "line.biz", "line-scdn.net", "linecorp.com", "lycorp.co.jp")

Relation = Literal["friend", "blocked", "none"]
State = Literal["sent", "edited", "unsent"]


class Missing(BadInput):
    """There is no such thing on this platform."""


class Impossible(BadInput):
    """A person could not do this in LINE's app now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """One LINE Official Account with its Messaging API channel.

    `quota` is the monthly limit of billed messages, None for no limit. `redelivery` repeats webhooks that were
    not answered with 2xx, every `redelivery_every` ms, at most `redelivery_times` times. `timeout` is how long
    LINE waits for the webhook's answer. `batch` is the most events in one webhook body, `copies` how often each
    body is sent. `hold` keeps webhooks back until they are released. `open` accepts reply tokens and user ids
    this platform never issued (each token once). `keys` maps a `kid` to the registered public key (JWK), for
    channel access tokens v2.1.
    """

    name: str
    channel_id: str = ""
    channel_secret: str = field(default="", repr=False)
    access_token: str = field(default="", repr=False)
    webhook_url: str = ""
    webhook: bool = True
    user_id: str = ""
    display_name: str = ""
    picture: str = ""
    quota: int | None = None
    chat_mode: Literal["bot", "chat"] = "bot"
    read_mode: Literal["auto", "manual"] = "auto"
    verified: bool = True
    standby: bool = False
    suspended: bool = False
    open: bool = False
    redelivery: bool = False
    redelivery_every: int = 60_000
    redelivery_times: int = 16
    timeout: int = 2_000
    batch: int = 1
    copies: int = 1
    hold: bool = False
    keys: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)

    def complete(self) -> Bot:
        """The bot with what was left out filled in, the same in every run. Raises `BadInput`."""
        check_webhook(self.webhook_url)
        if self.batch < 1 or self.copies < 1:
            raise BadInput(f"bot {self.name}: batch and copies count from 1")
        user_id = self.user_id or steady("U", f"bot:{self.name}")
        if not USER_ID.fullmatch(user_id):
            raise BadInput(f"bot {self.name}: user_id is U and 32 hex digits in lower case")
        return replace(
            self,
            channel_id=self.channel_id or str(1_000_000_000 + int(steady("", self.name)[:7], 16)),
            channel_secret=self.channel_secret or steady("", f"secret:{self.name}"),
            access_token=self.access_token or steady("simulator-", f"token:{self.name}"),
            user_id=user_id,
            display_name=self.display_name or self.name,
        )


def check_webhook(url: str) -> None:
    """Raises `BadInput` for a webhook address this platform must not call: no URL, or one of LINE itself."""
    if not url:
        return
    try:
        parts = urlsplit(url)
    except ValueError:
        raise BadInput("this is no URL") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > 500:
        raise BadInput("a webhook URL is http or https, has a host and at most 500 characters")
    if any(parts.hostname == host or parts.hostname.endswith(f".{host}") for host in REAL_HOSTS):
        raise BadInput(f"{parts.hostname} belongs to the real LINE; the simulator only calls bots of your own")


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person with LINE's app. `relation` holds for bots that have none of their own with this person."""

    id: str
    name: str
    language: str = "en"
    picture: str = ""
    status_message: str = ""
    relation: Relation = "friend"
    consent: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group or a room (`kind`). `bot` is the one account in it; `fresh` until a room's first event."""

    id: str
    kind: Literal["group", "room"]
    name: str
    members: tuple[str, ...] = ()
    bot: str = ""
    picture: str = ""
    fresh: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that stands in a chat, on either side.

    `via`: user, tap, reply, push, multicast, broadcast, narrowcast, pnp or note (somebody came or left). `message`
    is the message object as the bot sent it, or as LINE's webhook shows the user's. `rev` rises with each change.
    """

    id: str
    bot: str
    chat: str
    who: str
    via: str
    at: int
    message: Message
    state: State = "sent"
    quote_token: str = ""
    quoted: str = ""
    tapped: bool = False
    rev: int = 0

    def plain(self) -> dict[str, Any]:
        """As the control API shows it."""
        extra: dict[str, Any] = {"quoted": self.quoted} if self.quoted else {}
        extra |= {"tapped": True} if self.tapped else {}
        return {
            "rev": self.rev,
            "id": self.id,
            "bot": self.bot,
            "chat": self.chat,
            "who": self.who,
            "via": self.via,
            "at": self.at,
            "state": self.state,
            "message": self.message if self.state != "unsent" else {"type": self.message["type"]},
            **extra,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Bytes of an image, video, audio or file. `ready` is when preparing ends; None: until told."""

    data: bytes = field(repr=False)
    type: str
    kind: str
    ready: int | None = 0
    state: Literal["kept", "gone", "failed"] = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A request with a retry key that was carried out."""

    at: int
    request_id: str
    sent: tuple[Data, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API answers. `body`: a JSON object, or bytes of the content type `type`."""

    status: int = 200
    body: Data | bytes = field(default_factory=lambda: NOTHING)
    headers: tuple[tuple[str, str], ...] = ()
    type: str = "application/json"
