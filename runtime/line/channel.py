"""`LineChannel`: one LINE channel behind the `Channel` port. What it does is done in the modules it calls."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Sequence

from runtime.errors import ChannelError, SettingsError
from runtime.line import content, profile, rules
from runtime.line.api import LineApi
from runtime.line.client import Client, target
from runtime.line.gaps import OnGap
from runtime.line.quota import Members, Quota
from runtime.line.render import Page, render
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
    fetched).
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
    ) -> None:
        self.api = api
        self._config, self._sender, self._clock, self._contents = config, sender, clock, contents
        self._pages = {group: Page(links, group) for group in (False, True)}

    def render(self, output: Output, session: Session) -> list[Message]:
        return render(output, self._pages[session.chat.kind in ("group", "room")])

    def check(
        self, rendered: Sequence[tuple[Output, list[Message]]], chat: Chat
    ) -> tuple[list[Message], list[Violation]]:
        messages, violations = rules.repair(rendered, chat.kind, self._config.on_violation)
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
) -> LineChannel:
    """The channel of an endpoint's settings. Raises `SettingsError` for what cannot be used."""
    for name, url in (("api", config.api), ("api_data", config.api_data)):
        try:
            target(url)
        except ValueError as error:
            raise SettingsError(f"endpoints.{config.name}.{name}: {error}") from None
    api = LineApi(client, token_source(config, client, clock), api=config.api, api_data=config.api_data)
    sender = Sender(api, Quota(api, clock), Members(api, clock), config, clock, on_gap=on_gap)
    return LineChannel(config, api, sender, clock, links=links, contents=contents)


_chance = random.Random()
os.register_at_fork(after_in_child=_chance.seed)


def retry_key() -> str:
    """A random UUID in LINE's form. It has to be unique, not secret, and `uuid.uuid4` takes ten times as long.

    From a generator of its own: a bot's function may seed the one of the `random` module, and a key that comes a
    second time is a message that LINE takes for sent. https://developers.line.biz/en/docs/messaging-api/retrying-api-request/
    """
    h = f"{_chance.getrandbits(128):032x}"
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"


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
