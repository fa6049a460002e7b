"""`LineChannel`: one LINE channel behind the `Channel` port. What it does is done in the modules it calls."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from runtime.errors import ChannelError, SettingsError
from runtime.line import content, profile, rules
from runtime.line.api import LineApi
from runtime.line.client import Client, target
from runtime.line.gaps import OnGap
from runtime.line.quota import Members, Quota
from runtime.line.render import Page, render
from runtime.line.rules.sizes import encode
from runtime.line.sender import Sender
from runtime.line.tokens import token_source
from runtime.log import Logger
from runtime.model import Chat, Delivery, Event, Message, Outcome, Output, Session, Violation
from runtime.ports import Clock
from runtime.settings import EndpointSettings

log = Logger("line.channel")

PACK = 5
"""Message objects one call takes. https://developers.line.biz/en/reference/messaging-api/#send-reply-message"""

ANSWER = "noren=answer"
"""Postback data of the "tap for the answer" button."""

DOTS = 30
"""Seconds the waiting dots are shown, unless a message ends them sooner."""


class LineChannel:
    """Renders, checks, packs and sends for one endpoint.

    `links` turns a media path into a link (`MediaLinks.link`), `contents` keeps what users send (None: nothing is
    fetched), `broken` counts by rule what outgoing messages broke.
    """

    def __init__(
        self,
        config: EndpointSettings,
        api: LineApi,
        sender: Sender,
        clock: Clock,
        *,
        links: Callable[[str], str],
        contents: content.Contents | None = None,
        broken: Counter[str] | None = None,
        quota: Quota | None = None,
        members: Members | None = None,
    ) -> None:
        self.api = api
        self._quota, self._members = quota, members
        self._broken = Counter() if broken is None else broken
        self._config, self._sender, self._clock, self._contents = config, sender, clock, contents
        self._pages = {group: Page(links, group) for group in (False, True)}

    def render(self, output: Output, session: Session) -> list[Message]:
        return render(output, self._pages[session.chat.kind in ("group", "room")])

    def check(
        self, rendered: Sequence[tuple[Output, list[Message]]], chat: Chat
    ) -> tuple[list[Message], list[Violation]]:
        spelled = [(output, [speakable(message) for message in messages]) for output, messages in rendered]
        messages, violations = rules.repair(spelled, chat.kind, self._config.on_violation)
        for one in violations:
            self._broken[one.rule] += 1
            tell = log.warning if one.severity == "error" else log.info
            tell("message rule broken", endpoint=self._config.name, rule=one.rule, at=str(one.at or ""), done=one.done)
        return with_quick_last(messages), violations

    def pack(self, messages: Sequence[Message], event: Event, session: Session, now: int) -> list[Delivery]:
        if event.standby:
            return []  # another module has the chat: nothing may be sent
        config = self._config
        fresh = bool(event.reply_to) and now - event.received <= config.reply_within
        return [
            Delivery(
                id=f"{event.id}/{n}",
                session=session.key,
                endpoint=session.endpoint,
                chat=event.chat if event.chat.kind != "none" else session.chat,
                messages=tuple(messages[begin : begin + PACK]),
                via="reply" if fresh and n == 0 else "push",
                reply_to=event.reply_to if fresh and n == 0 else None,
                received=event.received,
                retry_key=retry_key(),
                epoch=session.control.epoch,
                state="waiting",
                created=now,
            )
            for n, begin in enumerate(range(0, len(messages), PACK))
        ]

    async def send(self, delivery: Delivery, *, again: bool) -> Outcome:
        return await self._sender.send(delivery, again=again)

    async def cue(self, event: Event) -> None:
        if event.standby or event.chat.kind != "user":
            return
        try:
            await self.api.loading(event.chat.id, DOTS)
        except ChannelError as error:
            log.warning("waiting dots not shown", endpoint=event.endpoint, why=error.message)

    async def mark_read(self, event: Event) -> None:
        """https://developers.line.biz/en/reference/messaging-api/#mark-as-read; only accounts with chat get a token."""
        token = event.data.get("read_token")
        if event.standby or not token:
            return
        try:
            await self.api.mark_as_read(str(token))
        except ChannelError as error:
            log.warning("not marked as read", endpoint=event.endpoint, why=error.message)

    async def button(self, event: Event, text: str, label: str) -> bool:
        if event.standby or not event.reply_to:
            return False
        action = {"type": "postback", "label": label[:20], "data": ANSWER, "displayText": label[:20]}
        message = {"type": "text", "text": text, "quickReply": {"items": [{"type": "action", "action": action}]}}
        return await self._sender.spend(event.reply_to, [message])

    def at_hand(self, event: Event, session: Session) -> bool:
        if self._contents is not None and content.wanted(event, self._config):
            return False
        return profile.at_hand(event, session, self._config, self._clock.now())

    async def enrich(self, event: Event, session: Session) -> Session:
        return await profile.enrich(event, session, self.api, self._config, self._clock.now())

    async def keep_content(self, event: Event) -> Event:
        if self._contents is None:
            return event
        return await content.keep(event, self.api, self._contents, self._config, self._clock)

    async def price(self, chat: Chat) -> int | None:
        """How many people LINE bills for a push to this chat; None when it does not tell."""
        return await self._members.count(chat) if self._members is not None else None

    async def budget(self) -> tuple[int | None, int]:
        """The month's limit of billed messages (None: none known) and what of it is used."""
        return await self._quota.numbers() if self._quota is not None else (None, 0)

    async def forget(self, message_ids: Sequence[str]) -> None:
        if self._contents is not None:
            for message in message_ids:
                await self._contents.erase(message)


def line_channel(
    config: EndpointSettings,
    client: Client,
    clock: Clock,
    *,
    links: Callable[[str], str],
    contents: content.Contents | None = None,
    on_gap: OnGap | None = None,
    broken: Counter[str] | None = None,
) -> LineChannel:
    """The channel of an endpoint's settings. Raises `SettingsError` for what cannot be used."""
    for name, url in (("api", config.api), ("api_data", config.api_data)):
        try:
            target(url)
        except ValueError as error:
            raise SettingsError(f"endpoints.{config.name}.{name}: {error}") from None
    api = LineApi(client, token_source(config, client, clock), api=config.api, api_data=config.api_data)
    quota, members = Quota(api, clock), Members(api, clock)
    sender = Sender(api, quota, members, config, clock, on_gap=on_gap)
    return LineChannel(
        config, api, sender, clock, links=links, contents=contents, broken=broken, quota=quota, members=members
    )


_chance = random.Random()
os.register_at_fork(after_in_child=_chance.seed)


def retry_key() -> str:
    """A random UUID in LINE's form. It has to be unique, not secret, and `uuid.uuid4` takes ten times as long.

    From a generator of its own: a bot's function may seed the one of the `random` module, and a key that comes a
    second time is a message that LINE takes for sent. https://developers.line.biz/en/docs/messaging-api/retrying-api-request/
    """
    h = f"{_chance.getrandbits(128):032x}"
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"


def speakable(message: Message) -> Message:
    """The message without halves of characters (lone surrogates), which no JSON can carry."""
    try:
        encode(message)
    except UnicodeEncodeError:
        log.warning("half a character left out", type=str(message.get("type")))
        whole: Message = _whole(message)
        return whole
    except (RecursionError, TypeError, ValueError, OverflowError):
        return message  # the rules say what is wrong with it
    return message


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    if isinstance(value, dict):
        return {_whole(key): _whole(part) for key, part in value.items()}
    return [_whole(part) for part in value] if isinstance(value, (list, tuple)) else value


def with_quick_last(messages: list[Message]) -> list[Message]:
    """The last quick replies of the turn under its last message: LINE shows no others.

    https://developers.line.biz/en/docs/messaging-api/using-quick-reply/
    """
    holders = [n for n, message in enumerate(messages) if "quickReply" in message]
    if not holders or holders == [len(messages) - 1]:
        return messages
    quick = messages[holders[-1]]["quickReply"]
    bare = [{k: v for k, v in message.items() if k != "quickReply"} for message in messages]
    return [*bare[:-1], bare[-1] | {"quickReply": quick}]
