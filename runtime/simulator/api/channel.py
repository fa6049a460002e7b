"""The channel itself: quota, statistics, bot information, webhook, memberships, coupons.

https://developers.line.biz/en/reference/messaging-api/
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from runtime.errors import BadInput
from runtime.simulator import answers
from runtime.simulator.answers import Refusal, details
from runtime.simulator.api.call import ApiCall, page, typed, user_param
from runtime.simulator.values import Answer, check_webhook

DATE: Final = re.compile(r"\d{8}")
BAD_WEBHOOK: Final = answers.error(400, "Invalid webhook endpoint URL")
NO_WEBHOOK: Final = answers.error(404, "Webhook endpoint not found")
COUPON: Final = ("acquisitionCondition", "endTimestamp", "maxUseCountPerTicket", "startTimestamp", "title")


def quota(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#get-quota"""
    limit = call.account.bot.quota
    return Answer(200, {"type": "none"} if limit is None else {"type": "limited", "value": limit})


def consumption(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#get-consumption"""
    return Answer(200, {"totalUsage": call.account.billed(call.now())})


def sent(how: str) -> Callable[[ApiCall], Answer]:
    """https://developers.line.biz/en/reference/messaging-api/#get-number-of-reply-messages"""

    def operation(call: ApiCall) -> Answer:
        date = call.query.get("date", "")
        if not DATE.fullmatch(date):
            raise Refusal(answers.invalid_parameter("date"))
        return Answer(200, {"status": "ready", "success": call.account.sent(how, date)})

    return operation


def unit_count(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#get-number-of-units-used-this-month"""
    return Answer(200, {"numOfCustomAggregationUnits": len(call.account.units)})


def unit_names(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#get-name-list-of-units-used-this-month"""
    names, more = page(call, sorted(call.account.units), 100, 100)
    return Answer(200, {"customAggregationUnits": names, **more})


def info(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#get-bot-info"""
    bot = call.account.bot
    basic = {"userId": bot.user_id, "basicId": f"@{bot.user_id[1:9]}", "displayName": bot.display_name}
    picture = {"pictureUrl": bot.picture} if bot.picture else {}
    return Answer(200, {**basic, **picture, "chatMode": bot.chat_mode, "markAsReadMode": bot.read_mode})


def webhook(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#get-webhook-endpoint-information"""
    bot = call.account.bot
    if not bot.webhook_url:
        raise Refusal(NO_WEBHOOK)
    return Answer(200, {"endpoint": bot.webhook_url, "active": bot.webhook})


def set_webhook(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#set-webhook-endpoint-url

    Plain http is taken too: the bot runs on this machine.
    """
    typed(call, {"endpoint": str})
    url = call.data.get("endpoint") or ""
    if not _usable(url):
        raise Refusal(BAD_WEBHOOK)
    call.platform.change_bot(call.name, webhook_url=url)
    return Answer()


def _usable(url: str) -> bool:
    try:
        check_webhook(url)
    except BadInput:
        return False
    return bool(urlsplit(url).hostname)


async def test_webhook(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#test-webhook-endpoint"""
    typed(call, {"endpoint": str})
    url = call.data.get("endpoint") or call.account.bot.webhook_url
    if not url:
        raise Refusal(NO_WEBHOOK)
    if not _usable(url):
        raise Refusal(BAD_WEBHOOK)
    return Answer(200, await call.test(call.account, url))


def memberships(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#get-membership-plans"""
    if not call.account.memberships:
        raise Refusal(answers.error(404, "Membership plan not found"))
    counted = [
        {**plan, "memberCount": len(call.account.members.get(id, {}))} for id, plan in call.account.memberships.items()
    ]
    return Answer(200, {"memberships": counted})


def subscription(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#get-a-users-membership-subscription-status"""
    user, account = user_param(call), call.account
    found = [
        {"membership": _plan(account.memberships[id]), "user": _member(number)}
        for id, members in account.members.items()
        if (number := members.get(user)) and id in account.memberships
    ]
    if not found:
        raise Refusal(answers.NOT_FOUND)
    return Answer(200, {"subscriptions": found})


def _plan(plan: Any) -> dict[str, Any]:
    return {k: plan[k] for k in ("membershipId", "title", "description", "benefits", "price", "currency")}


def _member(number: int) -> dict[str, Any]:
    return {"membershipNo": number, "joinedTime": 0, "nextBillingDate": "2100-01-01", "totalSubscriptionMonths": 1}


def subscribers(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#get-membership-user-ids"""
    id = call.params["membershipId"]
    if not id.isdecimal() or int(id) not in call.account.memberships:
        raise Refusal(answers.error(404, "Membership ID is not found"))
    ids, more = page(call, list(call.account.members.get(int(id), {})), 1_000, 300)
    return Answer(200, {"userIds": ids, **more})


def create_coupon(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#create-coupon"""
    missing = [(name, "must be specified") for name in COUPON if name not in call.data]
    if missing:
        raise Refusal(details(*missing))
    id = call.platform.ids.chat("")[:26].upper()
    call.account.coupons[id] = {
        **call.data,
        "couponId": id,
        "createdTimestamp": call.now() // 1_000,
        "status": "RUNNING",
    }
    return Answer(200, {"couponId": id})


def coupons(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#get-coupons-list"""
    ids, more = page(call, list(call.account.coupons), 100, 20)
    items = [{"couponId": id, "title": call.account.coupons[id]["title"]} for id in ids]
    return Answer(200, {"items": items, **more})


def coupon(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#get-coupon"""
    return Answer(200, _coupon(call))


def close_coupon(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#discontinue-coupon"""
    found = _coupon(call)
    if found["status"] == "CLOSED":
        raise Refusal(answers.error(410, "The request body has 1 error(s)"))
    found["status"] = "CLOSED"
    return Answer()


def _coupon(call: ApiCall) -> dict[str, object]:
    found = call.account.coupons.get(call.params["couponId"])
    if found is None:
        raise Refusal(answers.error(404, "The request body has 1 error(s)"))
    return found
