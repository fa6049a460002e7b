"""Rich menus over LINE's API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.line_platform import KEN, MAI, Line, platform
from tests.pictures import png

pytestmark = pytest.mark.anyio

AREA = {"bounds": {"x": 0, "y": 0, "width": 9, "height": 9}, "action": {"type": "message", "label": "Hi", "text": "hi"}}
SIZE = {"width": 2500, "height": 1686}
MENU = {"size": SIZE, "selected": True, "name": "main", "chatBarText": "Menu", "areas": [AREA]}
BASE = "/v2/bot/richmenu"


async def made(line: Line, *, image: bool = True) -> str:
    id = (await line.api("POST", BASE, MENU)).data["richMenuId"]
    if image:
        await line.api("POST", f"{BASE}/{id}/content", b"png", content_type="image/png")
    return str(id)


async def test_making_reading_and_deleting() -> None:
    line = platform()
    id = await made(line)
    assert (await line.api("GET", f"{BASE}/{id}")).data == {"richMenuId": id, **MENU}
    assert (await line.api("GET", f"{BASE}/list")).data["richmenus"][0]["richMenuId"] == id
    assert (await line.api("GET", f"{BASE}/{id}/content")).raw == b"png"
    assert (await line.api("DELETE", f"{BASE}/{id}")).status == 200
    assert (await line.api("GET", f"{BASE}/{id}")).data == {"message": "richmenu not found"}


@pytest.mark.parametrize(("wide", "high", "status"), [(800, 270, 200), (799, 270, 400), (800, 600, 400)])
async def test_pictures_of_a_size_that_line_does_not_take(wide: int, high: int, status: int) -> None:
    line = platform()
    id = await made(line, image=False)
    answer = await line.api("POST", f"{BASE}/{id}/content", png(wide, high), content_type="image/png")
    assert answer.status == status
    assert status == 200 or answer.data["message"] == "The image size is not allowed for richmenu"


@pytest.mark.parametrize(
    ("changes", "property"),
    [
        ({"name": None}, "name"),
        ({"selected": None}, "selected"),
        ({"chatBarText": "x" * 15}, "chatBarText"),
        ({"size": {"width": 100, "height": 100}}, "size"),
        ({"size": {"width": 800, "height": 800}}, "size"),
        ({"areas": [AREA] * 21}, "areas"),
        ({"areas": [{**AREA, "action": {"type": "camera"}}]}, "areas[0].action.type"),
        ({"areas": [{**AREA, "action": {"type": "uri", "uri": "x"}}]}, "areas[0].action.uri"),
        ({"areas": [{"action": AREA["action"]}]}, "areas[0].bounds"),
    ],
)
async def test_faulty_menus(changes: dict[str, Any], property: str) -> None:
    line = platform()
    for path in (BASE, f"{BASE}/validate"):
        answer = await line.api("POST", path, {**MENU, **changes})
        assert answer.status == 400
        assert answer.data["details"][0]["property"] == property
    assert (await line.api("POST", f"{BASE}/validate", MENU)).data == {}


async def test_images() -> None:
    line = platform()
    id = await made(line, image=False)
    path = f"{BASE}/{id}/content"
    assert (await line.api("GET", path)).status == 404
    assert (await line.api("POST", path, b"x", content_type="text/plain")).status == 415
    assert (await line.api("POST", path, b"x" * 1_048_577, content_type="image/png")).status == 400
    assert (await line.api("POST", path, b"x", content_type="image/png")).status == 200
    again = await line.api("POST", path, b"x", content_type="image/png")
    assert again.data == {"message": "An image has already been uploaded to the richmenu"}


async def test_the_default_menu() -> None:
    line = platform()
    path = "/v2/bot/user/all/richmenu"
    assert (await line.api("GET", path)).data == {"message": "no default richmenu", "details": []}
    bare = await made(line, image=False)
    assert (await line.api("POST", f"{path}/{bare}")).data["message"].startswith("must upload")
    id = await made(line)
    await line.api("POST", f"{path}/{id}")
    assert (await line.api("GET", path)).data == {"richMenuId": id}
    await line.api("DELETE", path)
    assert (await line.api("GET", path)).status == 404


async def test_menus_of_users() -> None:
    line = platform()
    one, two = await made(line), await made(line)
    path = f"/v2/bot/user/{MAI}/richmenu"
    assert (await line.api("GET", path)).data["message"] == "the user has no richmenu"
    await line.api("POST", f"{path}/{one}")
    assert (await line.api("GET", path)).data == {"richMenuId": one}
    await line.api("POST", f"{BASE}/bulk/link", {"richMenuId": two, "userIds": [MAI, KEN]})
    assert (await line.api("GET", path)).data == {"richMenuId": two}
    await line.api("POST", f"{BASE}/bulk/unlink", {"userIds": [KEN]})
    await line.api("DELETE", path)
    assert not line.simulator.platform.account("shop").menus.linked
    bad = await line.api("POST", f"{BASE}/bulk/unlink", {"userIds": ["x"]})
    assert bad.data["message"] == "The property, 'userIds[0]', in the request body is invalid (line: -, column: -)"
    assert (await line.api("POST", f"{BASE}/bulk/unlink", {"userIds": []})).status == 400


async def test_batches() -> None:
    line = platform()
    one, two = await made(line), await made(line)
    await line.api("POST", f"/v2/bot/user/{MAI}/richmenu/{one}")
    move = {"operations": [{"type": "link", "from": one, "to": two}]}
    assert (await line.api("POST", f"{BASE}/validate/batch", move)).data == {}
    done = await line.api("POST", f"{BASE}/batch", move)
    assert line.simulator.platform.account("shop").menus.linked == {MAI: two}
    id = done.headers["x-line-request-id"]
    assert (await line.api("GET", f"{BASE}/progress/batch?requestId={id}")).data["phase"] == "succeeded"
    assert (await line.api("GET", f"{BASE}/progress/batch?requestId=x")).status == 404
    await line.api("POST", f"{BASE}/batch", {"operations": [{"type": "unlink", "from": two}]})
    await line.api("POST", f"{BASE}/batch", {"operations": [{"type": "unlinkAll"}]})
    assert not line.simulator.platform.account("shop").menus.linked


@pytest.mark.parametrize(
    "operations",
    [
        [],
        [{"type": "dance"}],
        [{"type": "unlinkAll"}, {"type": "unlink", "from": "a"}],
        [{"type": "unlink", "from": "a"}, {"type": "unlink", "from": "a"}],
        [{"type": "link", "from": "a", "to": "b"}],
    ],
)
async def test_faulty_batches(operations: list[Any]) -> None:
    line = platform()
    assert (await line.api("POST", f"{BASE}/validate/batch", {"operations": operations})).status in (400, 404)


async def test_aliases() -> None:
    line = platform()
    one, two = await made(line), await made(line)
    path = f"{BASE}/alias"
    await line.api("POST", path, {"richMenuAliasId": "a", "richMenuId": one})
    again = await line.api("POST", path, {"richMenuAliasId": "a", "richMenuId": one})
    assert again.data["message"] == "conflict richmenu alias id"
    assert (await line.api("POST", path, {"richMenuAliasId": "A!", "richMenuId": one})).status == 400
    assert (await line.api("POST", path, {"richMenuAliasId": "b", "richMenuId": "none"})).status == 400
    await line.api("POST", f"{path}/a", {"richMenuId": two})
    assert (await line.api("GET", f"{path}/a")).data == {"richMenuAliasId": "a", "richMenuId": two}
    assert len((await line.api("GET", f"{path}/list")).data["aliases"]) == 1
    await line.api("DELETE", f"{path}/a")
    assert (await line.api("GET", f"{path}/a")).data == {"message": "richmenu alias not found"}


async def test_coupons() -> None:
    line = platform()
    assert (await line.api("POST", "/v2/bot/coupon", {"title": "x"})).status == 400
    whole = {
        "acquisitionCondition": {"type": "normal"},
        "endTimestamp": 2,
        "startTimestamp": 1,
        "maxUseCountPerTicket": 1,
    }
    id = (await line.api("POST", "/v2/bot/coupon", {**whole, "title": "Tea"})).data["couponId"]
    assert (await line.api("GET", "/v2/bot/coupon")).data == {"items": [{"couponId": id, "title": "Tea"}]}
    assert [(await line.api("PUT", f"/v2/bot/coupon/{id}/close")).status for _ in range(2)] == [200, 410]
    assert (await line.api("GET", f"/v2/bot/coupon/{id}")).data["status"] == "CLOSED"
    assert (await line.api("GET", "/v2/bot/coupon/none")).status == 404
