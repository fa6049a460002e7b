"""Profiles, groups, followers over LINE's API."""

from __future__ import annotations

import pytest

from tests.line_platform import CLUB, HOOK, KEN, LOUNGE, MAI, Line, bot, platform

pytestmark = pytest.mark.anyio

STRANGER = "U" + "9" * 32


async def inside(line: Line, *chats: str) -> None:
    for chat in chats:
        await line.control("POST", f"/groups/{chat}/bot", bot="shop")


async def test_profiles_are_for_friends() -> None:
    line = platform()
    mai = await line.api("GET", f"/v2/bot/profile/{MAI}")
    assert mai.data == {"displayName": "Mai", "userId": MAI, "language": "th"}
    assert (await line.api("GET", f"/v2/bot/profile/{KEN}")).data["pictureUrl"] == "https://example.com/ken.png"
    assert (await line.api("GET", f"/v2/bot/profile/{STRANGER}")).data == {"message": "Not found"}
    bad = await line.api("GET", "/v2/bot/profile/mai")
    assert bad.data == {"message": "The value for the 'userId' parameter is invalid"}


async def test_members_need_not_be_friends() -> None:
    line = platform()
    await inside(line, CLUB, LOUNGE)
    await line.control("DELETE", f"/bots/shop/followers/{KEN}")
    for path in (f"group/{CLUB}", f"room/{LOUNGE}"):
        member = await line.api("GET", f"/v2/bot/{path}/member/{KEN}")
        assert member.data == {"displayName": "Ken", "userId": KEN, "pictureUrl": "https://example.com/ken.png"}
        assert (await line.api("GET", f"/v2/bot/{path}/member/{STRANGER}")).status == 404
        assert (await line.api("GET", f"/v2/bot/{path}/members/count")).data == {"count": 2}
        assert (await line.api("GET", f"/v2/bot/{path}/members/ids")).data == {"memberIds": [MAI, KEN]}


async def test_a_group_is_unknown_to_bots_outside() -> None:
    line = platform()
    assert (await line.api("GET", f"/v2/bot/group/{CLUB}/summary")).data == {"message": "Not found"}
    await inside(line, CLUB)
    assert (await line.api("GET", f"/v2/bot/group/{CLUB}/summary")).data == {"groupId": CLUB, "groupName": "Club"}
    bad = await line.api("GET", "/v2/bot/group/club/summary")
    assert bad.data == {"message": "The value for the 'groupId' parameter is invalid"}


async def test_leaving() -> None:
    line = platform(bot(webhook_url=HOOK))
    await inside(line, CLUB, LOUNGE)
    assert (await line.api("POST", f"/v2/bot/group/{CLUB}/leave")).status == 200
    assert (await line.api("POST", f"/v2/bot/group/{CLUB}/leave")).status == 404
    assert [(await line.api("POST", f"/v2/bot/room/{LOUNGE}/leave")).status for _ in range(2)] == [200, 200]
    assert (await line.api("POST", "/v2/bot/room/lounge/leave")).status == 400
    await line.simulator.hooks.idle()
    assert [event["type"] for event in line.caught.events if event["type"] == "leave"] == ["leave", "leave"]


async def test_lists_come_in_pages_and_need_a_verified_account() -> None:
    line = platform()
    first = (await line.api("GET", "/v2/bot/followers/ids?limit=1")).data
    second = (await line.api("GET", f"/v2/bot/followers/ids?limit=1&start={first['next']}")).data
    assert (first["userIds"], second) == ([MAI], {"userIds": [KEN]})
    assert (await line.api("GET", "/v2/bot/followers/ids?start=x")).data == {"message": "Invalid start param"}
    assert (await line.api("GET", "/v2/bot/followers/ids?limit=1001")).status == 400
    line.simulator.platform.change_bot("shop", verified=False)
    assert (await line.api("GET", "/v2/bot/followers/ids")).status == 403


async def test_bot_information() -> None:
    line = platform(bot(display_name="The Shop"))
    info = (await line.api("GET", "/v2/bot/info")).data
    assert (info["displayName"], info["chatMode"], info["markAsReadMode"]) == ("The Shop", "bot", "auto")
    assert (await line.api("GET", "/v2/bot/message/quota")).data == {"type": "none"}
    line.simulator.platform.change_bot("shop", quota=5)
    assert (await line.api("GET", "/v2/bot/message/quota")).data == {"type": "limited", "value": 5}
