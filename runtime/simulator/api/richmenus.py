"""Rich menus. https://developers.line.biz/en/reference/messaging-api/#rich-menu"""

from __future__ import annotations

from typing import Final

from runtime.simulator import answers
from runtime.simulator.account import stamp
from runtime.simulator.answers import Refusal, error
from runtime.simulator.api.call import ApiCall, judged, typed, user_param
from runtime.simulator.values import Answer

NO_DEFAULT: Final = error(404, "no default richmenu", details=[])
NO_MENU: Final = error(404, "the user has no richmenu", details=[])


def _changed(call: ApiCall) -> Answer:
    call.platform.feed.publish("richmenu", {"bot": call.name})
    return Answer()


def create(call: ApiCall) -> Answer:
    judged(call, "richmenu")
    return Answer(200, {"richMenuId": call.account.menus.create(call.data)})


def validate(call: ApiCall) -> Answer:
    judged(call, "richmenu")
    return Answer()


def get(call: ApiCall) -> Answer:
    return Answer(200, call.account.menus.get(call.params["richMenuId"]).plain())


def listing(call: ApiCall) -> Answer:
    return Answer(200, {"richmenus": [menu.plain() for menu in call.account.menus.menus.values()]})


def delete(call: ApiCall) -> Answer:
    call.account.menus.delete(call.params["richMenuId"])
    return _changed(call)


def upload(call: ApiCall) -> Answer:
    """On the host of the content API: https://developers.line.biz/en/reference/messaging-api/#upload-rich-menu-image"""
    call.account.menus.put_image(call.params["richMenuId"], call.body, call.content_type)
    return Answer()


def download(call: ApiCall) -> Answer:
    menu = call.account.menus.get(call.params["richMenuId"])
    if not menu.image:
        raise Refusal(answers.CONTENT_NOT_FOUND)
    return Answer(200, menu.image, (), menu.image_type)


def set_default(call: ApiCall) -> Answer:
    call.account.menus.set_default(call.params["richMenuId"])
    return _changed(call)


def get_default(call: ApiCall) -> Answer:
    if not call.account.menus.default:
        raise Refusal(NO_DEFAULT)
    return Answer(200, {"richMenuId": call.account.menus.default})


def cancel_default(call: ApiCall) -> Answer:
    call.account.menus.default = ""
    return _changed(call)


def create_alias(call: ApiCall) -> Answer:
    typed(call, {"richMenuAliasId": str, "richMenuId": str})
    judged(call, "alias")
    call.account.menus.add_alias(call.data["richMenuAliasId"], call.data["richMenuId"])
    return Answer()


def update_alias(call: ApiCall) -> Answer:
    typed(call, {"richMenuId": str})
    alias = call.params["richMenuAliasId"]
    call.account.menus.alias(alias)
    call.account.menus.change_alias(alias, call.data.get("richMenuId") or "")
    return Answer()


def get_alias(call: ApiCall) -> Answer:
    alias = call.params["richMenuAliasId"]
    return Answer(200, {"richMenuAliasId": alias, "richMenuId": call.account.menus.alias(alias)})


def delete_alias(call: ApiCall) -> Answer:
    call.account.menus.alias(call.params["richMenuAliasId"])
    del call.account.menus.aliases[call.params["richMenuAliasId"]]
    return Answer()


def list_aliases(call: ApiCall) -> Answer:
    found = [{"richMenuAliasId": alias, "richMenuId": menu} for alias, menu in call.account.menus.aliases.items()]
    return Answer(200, {"aliases": found})


def of_user(call: ApiCall) -> Answer:
    menu = call.account.menus.linked.get(user_param(call))
    if menu is None:
        raise Refusal(NO_MENU)
    return Answer(200, {"richMenuId": menu})


def link(call: ApiCall) -> Answer:
    call.account.menus.link(user_param(call), call.params["richMenuId"])
    return _changed(call)


def unlink(call: ApiCall) -> Answer:
    call.account.menus.unlink(user_param(call))
    return _changed(call)


def _users(call: ApiCall) -> list[str]:
    typed(call, {"userIds": list, "richMenuId": str})
    judged(call, "bulk")
    users: list[str] = call.data["userIds"]
    return users


def bulk_link(call: ApiCall) -> Answer:
    for user in _users(call):
        call.account.menus.link(user, call.data.get("richMenuId") or "")
    _changed(call)
    return Answer(202)


def bulk_unlink(call: ApiCall) -> Answer:
    for user in _users(call):
        call.account.menus.unlink(user)
    _changed(call)
    return Answer(202)


def batch(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#batch-control-rich-menus-of-users"""
    operations = call.data.get("operations")
    call.account.menus.check_batch(operations)
    call.account.menus.batch(operations or [])
    call.account.menus.batches[call.request_id] = call.now()
    _changed(call)
    return Answer(202)


def check_batch(call: ApiCall) -> Answer:
    call.account.menus.check_batch(call.data.get("operations"))
    return Answer()


def batch_progress(call: ApiCall) -> Answer:
    at = call.account.menus.batches.get(call.query.get("requestId", ""))
    if at is None:
        raise Refusal(answers.NOT_FOUND)
    return Answer(200, {"phase": "succeeded", "acceptedTime": stamp(at), "completedTime": stamp(at)})
