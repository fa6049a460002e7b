"""Profiles, groups, rooms, followers. https://developers.line.biz/en/reference/messaging-api/#users"""

from __future__ import annotations

from typing import Final

from runtime.simulator import answers
from runtime.simulator.answers import Refusal
from runtime.simulator.api.call import ApiCall, page, user_param
from runtime.simulator.values import GROUP_ID, ROOM_ID, Answer, Group, User

PARAMS: Final = {"groupId": GROUP_ID, "roomId": ROOM_ID}


def profile(call: ApiCall) -> Answer:
    """Friends only: https://developers.line.biz/en/reference/messaging-api/#get-profile"""
    user = call.platform.people.users.get(user_param(call))
    if user is None or not user.consent or call.account.relation(user) != "friend":
        raise Refusal(answers.NOT_FOUND)
    more = {"language": user.language, "pictureUrl": user.picture, "statusMessage": user.status_message}
    return Answer(200, {**_name(user), **{key: value for key, value in more.items() if value}})


def _name(user: User) -> dict[str, str]:
    return {"displayName": user.name, "userId": user.id}


def chat_of(call: ApiCall) -> Group:
    """The group or room in the path, if the bot sits in it."""
    name = "groupId" if "groupId" in call.params else "roomId"
    if not PARAMS[name].fullmatch(call.params[name]):
        raise Refusal(answers.invalid_parameter(name))
    group = call.platform.people.groups.get(call.params[name])
    if group is None or group.bot != call.name:
        raise Refusal(answers.NOT_FOUND)
    return group


def member(call: ApiCall) -> Answer:
    """Members need not be friends: https://developers.line.biz/en/reference/messaging-api/#get-group-member-profile"""
    group, user_id = chat_of(call), user_param(call)
    user = call.platform.people.users.get(user_id)
    if user is None or user_id not in group.members or not user.consent:
        raise Refusal(answers.NOT_FOUND)
    return Answer(200, {**_name(user), **({"pictureUrl": user.picture} if user.picture else {})})


def members(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#get-group-member-user-ids"""
    group = chat_of(call)
    if not call.account.bot.verified:
        raise Refusal(answers.NOT_ALLOWED)
    ids, more = page(call, group.members, 100, 100)
    return Answer(200, {"memberIds": ids, **more})


def count(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#get-members-group-count"""
    return Answer(200, {"count": len(chat_of(call).members)})


def summary(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#get-group-summary"""
    group = chat_of(call)
    picture = {"pictureUrl": group.picture} if group.picture else {}
    return Answer(200, {"groupId": group.id, "groupName": group.name, **picture})


def leave_group(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#leave-group"""
    _leave(call, chat_of(call))
    return Answer()


def leave_room(call: ApiCall) -> Answer:
    """200 even where the bot is no member: https://developers.line.biz/en/reference/messaging-api/#leave-room"""
    if not ROOM_ID.fullmatch(call.params["roomId"]):
        raise Refusal(answers.invalid_parameter("roomId"))
    room = call.platform.people.groups.get(call.params["roomId"])
    if room is not None and room.bot == call.name:
        _leave(call, room)
    return Answer()


def _leave(call: ApiCall, group: Group) -> None:
    call.platform.people.change_group(group.id, bot="")
    call.platform.note(call.account, group.id, f"{call.account.bot.display_name} left")
    call.platform.emit(call.account, "leave", {}, chat=group.id)


def followers(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#get-follower-ids"""
    if not call.account.bot.verified:
        raise Refusal(answers.NOT_ALLOWED)
    ids, more = page(call, call.platform.friends(call.account), 1_000, 300)
    return Answer(200, {"userIds": ids, **more})


def link_token(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#issue-link-token"""
    user = user_param(call)
    if user not in call.platform.people.users:
        raise Refusal(answers.NOT_FOUND)
    return Answer(200, {"linkToken": call.platform.links.issue(call.name, user, user, call.now())})
