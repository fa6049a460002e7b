"""Chats: reading them, writing in them, tapping, and what else happens there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from runtime.errors import BadInput
from runtime.simulator.account import Account
from runtime.simulator.buttons import buttons, of_menu
from runtime.simulator.control.asked import Wrong, body, number
from runtime.simulator.state import Simulator
from runtime.simulator.taps import tap
from runtime.simulator.values import Impossible, Missing, Said
from runtime.simulator.written import Form, formed, need, ready, some

LONGEST_WAIT: Final = 60_000


def shown(said: Said) -> dict[str, Any]:
    """An entry of a chat; messages of bots with what can be tapped in them."""
    plain = said.plain()
    if said.who == "bot" and (found := buttons(said.message)):
        plain["buttons"] = [button.plain(index) for index, button in enumerate(found)]
    return plain


def _account(request: Request, simulator: Simulator) -> Account:
    return simulator.platform.account(request.path_params["bot"])


async def chats(request: Request, simulator: Simulator) -> Any:
    account = _account(request, simulator)
    found = simulator.platform.chats.of_bot(account.bot.name)
    return {"chats": [{"chat": chat, "last": last.plain()} for chat, last in found]}


async def chat(request: Request, simulator: Simulator) -> Any:
    """`after` gives what is new or changed since that rev; `wait` holds the answer until there is something.

    `before` (the id of an entry) gives what stands above it, to go back page by page.
    """
    account, id = _account(request, simulator), request.path_params["chat"]
    after, wait = number(request, "after", 0), number(request, "wait", 0, LONGEST_WAIT)
    limit, before = number(request, "limit", 1_000), request.query_params.get("before", "")
    platform, name = simulator.platform, account.bot.name
    deadline = _seconds() + wait / 1000
    while not (found := platform.chats.history(name, id, after, limit, before)):
        left = deadline - _seconds()
        if left <= 0 or not await platform.feed.changed(left):
            break
    return {
        "after": max((said.rev for said in found), default=after),
        "entries": [shown(said) for said in found],
        "loading": max(0, platform.chats.loading.get((name, id), 0) - simulator.clock.now()),
        "read": platform.chats.read.get((name, id), ""),
    }


def _seconds() -> float:
    return asyncio.get_running_loop().time()


async def send(request: Request, simulator: Simulator) -> Any:
    account, given = _account(request, simulator), await body(request)
    user = str(given.pop("user", None) or "")
    said = simulator.acts.send(account, request.path_params["chat"], given, user)
    return {"entries": [shown(entry) for entry in said]}


async def tapped(request: Request, simulator: Simulator) -> Any:
    account = _account(request, simulator)
    return tap(simulator.acts, account, request.path_params["chat"], await body(request))


async def unsend(request: Request, simulator: Simulator) -> Any:
    return shown(simulator.acts.unsend(request.path_params["message"]))


async def edit(request: Request, simulator: Simulator) -> Any:
    return shown(simulator.acts.edit(request.path_params["message"], await body(request)))


async def watch(request: Request, simulator: Simulator) -> Any:
    simulator.acts.watch(request.path_params["message"])
    return {}


async def menu(request: Request, simulator: Simulator) -> Any:
    """The rich menu a user sees, with its areas as buttons."""
    account = _account(request, simulator)
    found = account.menus.shown(simulator.platform.people.user(request.path_params["user"]).id)
    if found is None:
        raise Missing("no rich menu is shown")
    return {**found.plain(), "buttons": [b.plain(i) for i, b in enumerate(of_menu(found.object))]}


async def menu_image(request: Request, simulator: Simulator) -> Any:
    found = _account(request, simulator).menus.menus.get(request.path_params["menu"])
    if found is None or not found.image:
        raise Missing("no such rich menu, or it has no image")
    return Response(found.image, media_type=found.image_type)


# ── content ───────────────────────────────────────────────────────────────────────────────────────────────────


async def get_content(request: Request, simulator: Simulator) -> Any:
    found = simulator.platform.contents.get(request.path_params["message"])
    if found is None or found.state != "kept":
        raise Missing("no content of this message")
    headers = {"content-security-policy": "sandbox", "x-content-type-options": "nosniff"}
    return Response(found.data, media_type=found.type, headers=headers)


async def put_content(request: Request, simulator: Simulator) -> Any:
    """The request's own bytes become the content."""
    id, data = request.path_params["message"], await request.body()
    changes: dict[str, Any] = {"data": data, "state": "kept"}
    if "content-type" in request.headers:
        changes["type"] = request.headers["content-type"]
    found = simulator.platform.contents.get(id)
    if found is None:
        raise Missing(f"no content of message {id}")
    simulator.platform.contents.put(id, simulator.platform.contents.change(id, **changes))
    return {"bytes": len(data)}


async def change_content(request: Request, simulator: Simulator) -> Any:
    """`preparing`: true or milliseconds; false ends it. `state`: kept, gone or failed."""
    id, given = request.path_params["message"], await body(request)
    platform = simulator.platform
    if "preparing" in given:
        platform.contents.change(id, ready=ready(platform, given["preparing"] or 0))
    if given.get("state") in ("kept", "failed"):
        platform.contents.change(id, state=given["state"])
    elif given.get("state") == "gone":
        platform.contents.change(id)
        platform.contents.gone(id)
    elif "state" in given:
        raise Wrong("state: kept, gone or failed")
    return {}


# ── events ────────────────────────────────────────────────────────────────────────────────────────────────────

Happening = Callable[[Simulator, Account, str, Mapping[str, Any]], None]


def _beacon(simulator: Simulator, account: Account, chat: str, given: Mapping[str, Any]) -> None:
    own = {"hwid": given.get("hwid", "0123456789"), "type": given.get("type", "enter"), **some(given, "dm")}
    if own["type"] not in ("enter", "banner", "stay"):
        raise BadInput("type: enter, banner or stay")
    simulator.platform.emit(account, "beacon", {"beacon": own}, chat=chat, user=chat)


def _account_link(simulator: Simulator, account: Account, chat: str, given: Mapping[str, Any]) -> None:
    """https://developers.line.biz/en/docs/messaging-api/linking-accounts/

    With `link_token`, an unknown, used or expired one tells the bot nothing, as on LINE.
    """
    result, token = given.get("result", "ok"), given.get("link_token")
    if token is not None and simulator.platform.links.take(str(token), account.bot.name, simulator.clock.now()) is None:
        raise Impossible("this link token is unknown, used or expired; the bot is told nothing")
    own = {"link": {"result": result, "nonce": need(given, "nonce", str)}}
    if result not in ("ok", "failed"):
        raise BadInput("result: ok or failed")
    kind = "account_link" if result == "ok" else "account_link_failed"
    simulator.platform.emit(account, kind, own, chat=chat, user=chat)


def _membership(simulator: Simulator, account: Account, chat: str, given: Mapping[str, Any]) -> None:
    type, id = given.get("type", "joined"), given.get("id", 1)
    if type not in ("joined", "left", "renewed") or not isinstance(id, int):
        raise BadInput("type: joined, left or renewed; id: a whole number")
    plan = {"title": f"Plan {id}", "description": "A plan of the simulator", "benefits": ["A benefit"]}
    money = {"price": 500.0, "currency": "JPY", "memberLimit": 1_000, "isInAppPurchase": True, "isPublished": True}
    account.memberships.setdefault(id, {"membershipId": id, **plan, **money})
    members = account.members.setdefault(id, {})
    if type == "left":
        members.pop(chat, None)
    else:
        members.setdefault(chat, len(members) + 1)
    simulator.platform.emit(
        account, "membership", {"membership": {"type": type, "membershipId": id}}, chat=chat, user=chat
    )


def _module(simulator: Simulator, account: Account, chat: str, given: Mapping[str, Any]) -> None:
    type = given.get("type", "attached")
    more = {"attached": {"scopes": given.get("scopes", ["message:send", "message:receive"])}}
    more["detached"] = {"reason": given.get("reason", "bot_deleted")}
    if type not in more:
        raise BadInput("type: attached or detached")
    own = {"type": type, "botId": given.get("bot", account.bot.user_id), **more[type]}
    simulator.platform.emit(account, "module", {"module": own})


def _delivery(simulator: Simulator, account: Account, chat: str, given: Mapping[str, Any]) -> None:
    simulator.platform.emit(account, "delivery", {"delivery": {"data": need(given, "data", str)}})


def _postback(simulator: Simulator, account: Account, chat: str, given: Mapping[str, Any]) -> None:
    own = {"data": need(given, "data", str), **some(given, "params")}
    who = simulator.acts.author(account, chat, given.get("user") or "")
    simulator.platform.emit(account, "postback", {"postback": own}, chat=chat, user=who)


def _video_complete(simulator: Simulator, account: Account, chat: str, given: Mapping[str, Any]) -> None:
    own = {"videoPlayComplete": {"trackingId": need(given, "tracking", str)}}
    simulator.platform.emit(account, "video_complete", own, chat=chat, user=chat)


def _raw(simulator: Simulator, account: Account, chat: str, given: Mapping[str, Any]) -> None:
    """An event as given, with what is missing of the common properties added."""
    event, now = need(given, "event", dict), simulator.clock.now()
    common = {"mode": "active", "timestamp": now, "webhookEventId": simulator.platform.ids.ulid(now)}
    whole = {**common, "deliveryContext": {"isRedelivery": False}, **event}
    need(whole, "type", str)
    simulator.platform.outgoing(account, chat, whole)


EVENTS: Final[Mapping[str, Happening]] = {
    "beacon": _beacon,
    "account_link": _account_link,
    "membership": _membership,
    "module": _module,
    "delivery": _delivery,
    "postback": _postback,
    "video_complete": _video_complete,
    "raw": _raw,
    "follow": lambda simulator, account, chat, given: simulator.acts.follow(account, chat),
    "unfollow": lambda simulator, account, chat, given: simulator.acts.unfollow(account, chat),
    "activated": lambda simulator, account, chat, given: simulator.acts.control(account, chat, True),
    "deactivated": lambda simulator, account, chat, given: simulator.acts.control(account, chat, False),
    "bot_suspended": lambda simulator, account, chat, given: simulator.acts.suspend(account, True),
    "bot_resumed": lambda simulator, account, chat, given: simulator.acts.suspend(account, False),
}
"""What can happen beside writing and tapping."""

EVENT_FORMS: Final[Mapping[str, Mapping[str, Form]]] = {
    "beacon": {"hwid": str, "type": str, "dm": str},
    "account_link": {"nonce": str, "result": str, "link_token": str},
    "membership": {"type": str, "id": int},
    "module": {"type": str, "bot": str, "scopes": list, "reason": str},
    "delivery": {"data": str},
    "postback": {"data": str, "params": dict, "user": str},
    "video_complete": {"tracking": str},
    "raw": {"event": dict},
}
"""What may be said about an event, by kind."""

CHATLESS: Final = ("module", "delivery", "bot_suspended", "bot_resumed", "raw")


async def event(request: Request, simulator: Simulator) -> Any:
    account, given = _account(request, simulator), await body(request)
    kind, chat = given.pop("kind", ""), str(given.pop("chat", None) or "")
    if not isinstance(kind, str) or kind not in EVENTS:
        raise Wrong(f"kind: one of {', '.join(EVENTS)}")
    formed(given, EVENT_FORMS.get(kind, {}))
    if kind not in CHATLESS:
        _exists(simulator, chat)
    EVENTS[kind](simulator, account, chat, given)
    return {}


def _exists(simulator: Simulator, chat: str) -> None:
    if chat.startswith("U"):
        simulator.platform.people.user(chat)
    else:
        simulator.platform.people.group(chat)
