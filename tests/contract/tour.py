"""A tour through every operation of LINE's API with the official SDK."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from linebot.v3 import messaging as m
from linebot.v3 import oauth as o

from runtime.simulator.values import Bot
from tests.line_platform import CLUB, KEN, LOUNGE, MAI, Line, bot

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
TEXT = m.TextMessage(text="hi")
DAY = "20261231"

Ask = Callable[..., Awaitable[Any]]


class Called:
    """Calls operations by name, on whichever of the SDK's classes has them, and remembers what they gave."""

    def __init__(self, *apis: Any) -> None:
        self.apis = apis
        self.got: dict[str, Any] = {}

    async def __call__(self, name: str, *args: Any, **more: Any) -> Any:
        method = next(getattr(api, name) for api in self.apis if hasattr(api, name))
        if any(type(api).__name__.startswith("Async") for api in self.apis):
            self.got[name] = await method(*args, **more)
        else:
            self.got[name] = await asyncio.to_thread(method, *args, **more)
        return self.got[name]


@asynccontextmanager
async def blocking(line: Line) -> AsyncIterator[Called]:
    config = m.Configuration(host=line.url, access_token=line.token())
    with m.ApiClient(config) as client, o.ApiClient(o.Configuration(host=line.url)) as tokens:
        yield Called(m.MessagingApi(client), m.MessagingApiBlob(client), o.ChannelAccessToken(tokens))


@asynccontextmanager
async def coroutines(line: Line) -> AsyncIterator[Called]:
    config = m.Configuration(host=line.url, access_token=line.token())
    async with m.AsyncApiClient(config) as client, o.AsyncApiClient(o.Configuration(host=line.url)) as tokens:
        apis = m.AsyncMessagingApi(client), m.AsyncMessagingApiBlob(client), o.AsyncChannelAccessToken(tokens)
        yield Called(*apis)


def shop() -> Bot:
    """A bot that may do everything."""
    return bot(chat_mode="chat", webhook_url="http://bot.test/", keys={"k1": PUBLIC})


async def ready(line: Line) -> None:
    """The bot sits in the group and the room, and time goes on."""
    for chat in (CLUB, LOUNGE):
        await line.control("POST", f"/groups/{chat}/bot", bot="shop")


async def sending(ask: Ask, line: Line) -> None:
    event = await line.say()
    sent = await ask("reply_message", m.ReplyMessageRequest(replyToken=event["replyToken"], messages=[TEXT]))
    assert sent.sent_messages[0].id.isdecimal()
    await ask("push_message", m.PushMessageRequest(to=MAI, messages=[TEXT], customAggregationUnits=["unit"]))
    await ask("multicast", m.MulticastRequest(to=[MAI, KEN], messages=[TEXT]))
    await ask("broadcast", m.BroadcastRequest(messages=[TEXT]))
    narrow = await ask("narrowcast_with_http_info", m.NarrowcastRequest(messages=[TEXT]))
    await ask("narrowcast", m.NarrowcastRequest(messages=[TEXT]))
    progress = await ask("get_narrowcast_progress", narrow.headers["x-line-request-id"])
    assert progress.phase == "succeeded"
    for kind in ("reply", "push", "multicast", "narrowcast", "broadcast"):
        await ask(f"validate_{kind}", m.ValidateMessageRequest(messages=[TEXT]))
    await ask("show_loading_animation", m.ShowLoadingAnimationRequest(chatId=MAI, loadingSeconds=5))
    token = event["message"]["markAsReadToken"]
    await ask("mark_messages_as_read_by_token", m.MarkMessagesAsReadByTokenRequest(markAsReadToken=token))
    await ask("mark_messages_as_read", m.MarkMessagesAsReadRequest(chat=m.ChatReference(userId=MAI)))
    await ask("push_messages_by_phone", m.PnpMessagesRequest(to="a" * 64, messages=[TEXT]))
    await ask("push_templated_messages_by_phone", m.PnpTemplatedMessageRequest(to="a" * 64, templateKey="key"))


async def people(ask: Ask, line: Line) -> None:
    assert (await ask("get_profile", MAI)).display_name == "Mai"
    assert (await ask("get_followers")).user_ids == [MAI, KEN]
    assert (await ask("get_group_summary", CLUB)).group_name == "Club"
    assert (await ask("get_group_member_count", CLUB)).count == 2
    await ask("get_group_members_ids", CLUB)
    await ask("get_group_member_profile", CLUB, KEN)
    await ask("get_room_member_count", LOUNGE)
    await ask("get_room_members_ids", LOUNGE)
    await ask("get_room_member_profile", LOUNGE, KEN)
    await ask("issue_link_token", MAI)
    await ask("leave_group", CLUB)
    await ask("leave_room", LOUNGE)
    await line.control("POST", "/bots/shop/events", kind="membership", chat=MAI, id=3)
    assert (await ask("get_membership_list")).memberships[0].member_count == 1
    await ask("get_membership_subscription", MAI)
    assert (await ask("get_joined_membership_users", 3)).user_ids == [MAI]


async def channel(ask: Ask, line: Line) -> None:
    assert (await ask("get_bot_info")).display_name == "shop"
    assert (await ask("get_message_quota")).type == "none"
    assert (await ask("get_message_quota_consumption")).total_usage > 0
    for how in ("reply", "push", "multicast", "broadcast"):
        await ask(f"get_number_of_sent_{how}_messages", DAY)
    await ask("get_pnp_message_statistics", DAY)
    await ask("get_pnp_templated_message_statistics", DAY)
    assert (await ask("get_aggregation_unit_usage")).num_of_custom_aggregation_units == 1
    assert (await ask("get_aggregation_unit_name_list")).custom_aggregation_units == ["unit"]
    await ask("set_webhook_endpoint", m.SetWebhookEndpointRequest(endpoint="https://bot.test/line"))
    assert (await ask("get_webhook_endpoint")).endpoint == "https://bot.test/line"
    assert (await ask("test_webhook_endpoint")).success
    coupon = m.CouponCreateRequest(
        acquisitionCondition=m.NormalAcquisitionConditionRequest(),
        startTimestamp=1,
        endTimestamp=2,
        maxUseCountPerTicket=1,
        title="Tea",
        visibility="PUBLIC",
        timezone="ASIA_TOKYO",
    )
    id = (await ask("create_coupon", coupon)).coupon_id
    assert (await ask("list_coupon")).items[0].title == "Tea"
    assert (await ask("get_coupon_detail", id)).status == "RUNNING"
    await ask("close_coupon", id)


async def menus(ask: Ask, line: Line) -> None:
    bounds = m.RichMenuBounds(x=0, y=0, width=9, height=9)
    area = m.RichMenuArea(bounds=bounds, action=m.MessageAction(label="Hi", text="hi"))
    size = m.RichMenuSize(width=2500, height=1686)
    menu = m.RichMenuRequest(size=size, selected=True, name="main", chatBarText="Menu", areas=[area])
    await ask("validate_rich_menu_object", menu)
    id = (await ask("create_rich_menu", menu)).rich_menu_id
    await ask("set_rich_menu_image", id, body=b"png", _headers={"Content-Type": "image/png"})
    assert await ask("get_rich_menu_image", id) == b"png"
    assert (await ask("get_rich_menu", id)).name == "main"
    assert (await ask("get_rich_menu_list")).richmenus[0].rich_menu_id == id
    await ask("set_default_rich_menu", id)
    assert (await ask("get_default_rich_menu_id")).rich_menu_id == id
    await ask("cancel_default_rich_menu")
    await ask("link_rich_menu_id_to_user", MAI, id)
    assert (await ask("get_rich_menu_id_of_user", MAI)).rich_menu_id == id
    await ask("unlink_rich_menu_id_from_user", MAI)
    await ask("link_rich_menu_id_to_users", m.RichMenuBulkLinkRequest(richMenuId=id, userIds=[MAI]))
    await ask("unlink_rich_menu_id_from_users", m.RichMenuBulkUnlinkRequest(userIds=[MAI]))
    alias = m.CreateRichMenuAliasRequest(richMenuAliasId="a", richMenuId=id)
    await ask("create_rich_menu_alias", alias)
    await ask("update_rich_menu_alias", "a", m.UpdateRichMenuAliasRequest(richMenuId=id))
    assert (await ask("get_rich_menu_alias", "a")).rich_menu_id == id
    assert len((await ask("get_rich_menu_alias_list")).aliases) == 1
    await ask("delete_rich_menu_alias", "a")
    batch = m.RichMenuBatchRequest(operations=[m.RichMenuBatchUnlinkAllOperation(type="unlinkAll")])
    await ask("validate_rich_menu_batch_request", batch)
    await ask("rich_menu_batch", batch)
    done = await ask("rich_menu_batch_with_http_info", batch)
    assert (await ask("get_rich_menu_batch_progress", done.headers["x-line-request-id"])).phase == "succeeded"
    await ask("delete_rich_menu", id)


async def content(ask: Ask, line: Line) -> None:
    sent = await line.control("POST", f"/bots/shop/chats/{MAI}/messages", type="video")
    id = sent["entries"][0]["id"]
    assert bytes(await ask("get_message_content", id))[4:8] == b"ftyp"
    assert bytes(await ask("get_message_content_preview", id)).startswith(b"\x89PNG")
    assert (await ask("get_message_content_transcoding_by_message_id", id)).status == "succeeded"


async def tokens(ask: Ask, line: Line) -> None:
    shop = line.simulator.platform.account("shop").bot
    expires = line.simulator.clock.now() // 1000 + 600
    claims = {"iss": shop.channel_id, "sub": shop.channel_id, "aud": "https://api.line.me/", "exp": expires}
    signed = jwt.encode({**claims, "token_exp": 900}, KEY, algorithm="RS256", headers={"kid": "k1"})
    grant, own = "client_credentials", (shop.channel_id, shop.channel_secret)
    short = await ask("issue_channel_token", grant, *own)
    assert (await ask("verify_channel_token", short.access_token)).client_id == shop.channel_id
    await ask("revoke_channel_token", short.access_token)
    issued = await ask("issue_channel_token_by_jwt", grant, TYPE, signed)
    kids = await ask("gets_all_valid_channel_access_token_key_ids", TYPE, signed)
    assert kids.kids == [issued.key_id]
    assert (await ask("verify_channel_token_by_jwt", issued.access_token)).expires_in <= 900
    await ask("revoke_channel_token_by_jwt", *own, issued.access_token)
    await ask("issue_stateless_channel_token_by_client_secret", *own)
    await ask("issue_stateless_channel_token_by_jwt_assertion", signed)


PARTS = (sending, people, channel, menus, content, tokens)
