"""Every operation of LINE's API that the simulator has, as one table.

Limits of rate: https://developers.line.biz/en/reference/messaging-api/#rate-limits
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from runtime.simulator.api import channel, content, messages, oauth, people, richmenus
from runtime.simulator.api.call import ApiCall
from runtime.simulator.values import Answer

Operation = Callable[[ApiCall], Answer | Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """`body`: what the operation reads. `retry`: takes a retry key. `rate`: (requests, milliseconds)."""

    run: Operation
    body: Literal["json", "maybe", "form", "bytes", "none"] = "none"
    auth: bool = True
    retry: bool = False
    rate: tuple[int, int] = (2_000, 1_000)


HOURLY: Final = (60, 3_600_000)
MENUS_AN_HOUR: Final = (100, 3_600_000)
SECOND_200: Final = (200, 1_000)
LONG: Final = ("long", "short")
V21: Final = ("v2.1", "stateless")

ROUTES: Final[Mapping[str, Mapping[str, Route]]] = {
    "/v2/bot/message/reply": {"POST": Route(messages.reply, "json")},
    "/v2/bot/message/push": {"POST": Route(messages.push, "json", retry=True)},
    "/v2/bot/message/multicast": {"POST": Route(messages.multicast, "json", retry=True, rate=SECOND_200)},
    "/v2/bot/message/narrowcast": {"POST": Route(messages.narrowcast, "json", retry=True, rate=HOURLY)},
    "/v2/bot/message/broadcast": {"POST": Route(messages.broadcast, "json", retry=True, rate=HOURLY)},
    "/v2/bot/message/progress/narrowcast": {"GET": Route(messages.narrowcast_progress)},
    "/v2/bot/message/validate/reply": {"POST": Route(messages.validate, "json")},
    "/v2/bot/message/validate/push": {"POST": Route(messages.validate, "json")},
    "/v2/bot/message/validate/multicast": {"POST": Route(messages.validate, "json")},
    "/v2/bot/message/validate/narrowcast": {"POST": Route(messages.validate, "json")},
    "/v2/bot/message/validate/broadcast": {"POST": Route(messages.validate, "json")},
    "/v2/bot/chat/loading/start": {"POST": Route(messages.loading, "json", rate=(100, 1_000))},
    "/v2/bot/chat/markAsRead": {"POST": Route(messages.mark_as_read, "json")},
    "/v2/bot/message/markAsRead": {"POST": Route(messages.mark_as_read_by_user, "json")},
    "/bot/pnp/push": {"POST": Route(messages.notification, "json")},
    "/v2/bot/message/pnp/templated/push": {"POST": Route(messages.templated_notification, "json")},
    "/v2/bot/message/{messageId}/content": {"GET": Route(content.content)},
    "/v2/bot/message/{messageId}/content/preview": {"GET": Route(content.preview)},
    "/v2/bot/message/{messageId}/content/transcoding": {"GET": Route(content.transcoding)},
    "/v2/bot/message/quota": {"GET": Route(channel.quota)},
    "/v2/bot/message/quota/consumption": {"GET": Route(channel.consumption)},
    "/v2/bot/message/delivery/reply": {"GET": Route(channel.sent("reply"))},
    "/v2/bot/message/delivery/push": {"GET": Route(channel.sent("push"))},
    "/v2/bot/message/delivery/multicast": {"GET": Route(channel.sent("multicast"))},
    "/v2/bot/message/delivery/broadcast": {"GET": Route(channel.sent("broadcast"))},
    "/v2/bot/message/delivery/pnp": {"GET": Route(channel.sent("pnp"))},
    "/v2/bot/message/delivery/pnp/templated": {"GET": Route(channel.sent("pnp_templated"))},
    "/v2/bot/message/aggregation/info": {"GET": Route(channel.unit_count)},
    "/v2/bot/message/aggregation/list": {"GET": Route(channel.unit_names)},
    "/v2/bot/profile/{userId}": {"GET": Route(people.profile)},
    "/v2/bot/followers/ids": {"GET": Route(people.followers)},
    "/v2/bot/info": {"GET": Route(channel.info)},
    "/v2/bot/user/{userId}/linkToken": {"POST": Route(people.link_token)},
    "/v2/bot/group/{groupId}/summary": {"GET": Route(people.summary)},
    "/v2/bot/group/{groupId}/leave": {"POST": Route(people.leave_group)},
    "/v2/bot/group/{groupId}/members/count": {"GET": Route(people.count)},
    "/v2/bot/group/{groupId}/members/ids": {"GET": Route(people.members)},
    "/v2/bot/group/{groupId}/member/{userId}": {"GET": Route(people.member)},
    "/v2/bot/room/{roomId}/leave": {"POST": Route(people.leave_room)},
    "/v2/bot/room/{roomId}/members/count": {"GET": Route(people.count)},
    "/v2/bot/room/{roomId}/members/ids": {"GET": Route(people.members)},
    "/v2/bot/room/{roomId}/member/{userId}": {"GET": Route(people.member)},
    "/v2/bot/channel/webhook/endpoint": {
        "GET": Route(channel.webhook, rate=(1_000, 60_000)),
        "PUT": Route(channel.set_webhook, "json", rate=(1_000, 60_000)),
    },
    "/v2/bot/channel/webhook/test": {"POST": Route(channel.test_webhook, "maybe", rate=HOURLY)},
    "/v2/bot/richmenu": {"POST": Route(richmenus.create, "json", rate=MENUS_AN_HOUR)},
    "/v2/bot/richmenu/validate": {"POST": Route(richmenus.validate, "json")},
    "/v2/bot/richmenu/list": {"GET": Route(richmenus.listing, rate=(10, 1_000))},
    "/v2/bot/richmenu/alias": {"POST": Route(richmenus.create_alias, "json")},
    "/v2/bot/richmenu/alias/list": {"GET": Route(richmenus.list_aliases)},
    "/v2/bot/richmenu/alias/{richMenuAliasId}": {
        "GET": Route(richmenus.get_alias),
        "POST": Route(richmenus.update_alias, "json"),
        "DELETE": Route(richmenus.delete_alias, rate=MENUS_AN_HOUR),
    },
    "/v2/bot/richmenu/bulk/link": {"POST": Route(richmenus.bulk_link, "json")},
    "/v2/bot/richmenu/bulk/unlink": {"POST": Route(richmenus.bulk_unlink, "json")},
    "/v2/bot/richmenu/batch": {"POST": Route(richmenus.batch, "json", rate=(3, 3_600_000))},
    "/v2/bot/richmenu/validate/batch": {"POST": Route(richmenus.check_batch, "json")},
    "/v2/bot/richmenu/progress/batch": {"GET": Route(richmenus.batch_progress, rate=MENUS_AN_HOUR)},
    "/v2/bot/richmenu/{richMenuId}": {
        "GET": Route(richmenus.get),
        "DELETE": Route(richmenus.delete, rate=MENUS_AN_HOUR),
    },
    "/v2/bot/richmenu/{richMenuId}/content": {
        "GET": Route(richmenus.download),
        "POST": Route(richmenus.upload, "bytes"),
    },
    "/v2/bot/user/all/richmenu": {
        "GET": Route(richmenus.get_default),
        "DELETE": Route(richmenus.cancel_default),
    },
    "/v2/bot/user/all/richmenu/{richMenuId}": {"POST": Route(richmenus.set_default)},
    "/v2/bot/user/{userId}/richmenu": {"GET": Route(richmenus.of_user), "DELETE": Route(richmenus.unlink)},
    "/v2/bot/user/{userId}/richmenu/{richMenuId}": {"POST": Route(richmenus.link)},
    "/v2/bot/membership/list": {"GET": Route(channel.memberships, rate=SECOND_200)},
    "/v2/bot/membership/subscription/{userId}": {"GET": Route(channel.subscription, rate=SECOND_200)},
    "/v2/bot/membership/{membershipId}/users/ids": {"GET": Route(channel.subscribers, rate=SECOND_200)},
    "/v2/bot/coupon": {
        "GET": Route(channel.coupons, rate=SECOND_200),
        "POST": Route(channel.create_coupon, "maybe", rate=SECOND_200),
    },
    "/v2/bot/coupon/{couponId}": {"GET": Route(channel.coupon, rate=SECOND_200)},
    "/v2/bot/coupon/{couponId}/close": {"PUT": Route(channel.close_coupon, rate=SECOND_200)},
    "/v2/oauth/accessToken": {"POST": Route(oauth.issue_short, "form", auth=False, rate=(370, 1_000))},
    "/v2/oauth/verify": {"POST": Route(oauth.verify(LONG, "P CM"), "form", auth=False)},
    "/v2/oauth/revoke": {"POST": Route(oauth.revoke, "form", auth=False)},
    "/oauth2/v2.1/token": {"POST": Route(oauth.issue_by_assertion, "form", auth=False)},
    "/oauth2/v2.1/tokens/kid": {"GET": Route(oauth.key_ids, auth=False)},
    "/oauth2/v2.1/verify": {"GET": Route(oauth.verify(V21, "profile chat_message.write"), auth=False)},
    "/oauth2/v2.1/revoke": {"POST": Route(oauth.revoke_by_secret, "form", auth=False)},
    "/oauth2/v3/token": {"POST": Route(oauth.issue_stateless, "form", auth=False)},
}
"""Path → method → route. Where two paths fit, the earlier one is taken."""


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))


_PATTERNS: Final = [(_pattern(path), path) for path in ROUTES if "{" in path]


def find(path: str) -> tuple[str, Mapping[str, str]] | None:
    """The path's entry in `ROUTES` and the values of its variables."""
    if path in ROUTES and "{" not in path:
        return path, {}
    for pattern, name in _PATTERNS:
        found = pattern.fullmatch(path)
        if found:
            return name, found.groupdict()
    return None
