"""The routes of the control API, as one table. `docs/reference/simulator.md` describes each."""

from __future__ import annotations

from typing import Final

from starlette.routing import Route

from runtime.simulator.control import bots, chats, weather
from runtime.simulator.control.asked import Handler, endpoint
from runtime.simulator.state import Simulator

BASE: Final = "/simulator/api"

ROUTES: Final[tuple[tuple[str, str, Handler], ...]] = (
    ("GET", "/", bots.overview),
    ("GET", "/bots", bots.list_bots),
    ("POST", "/bots", bots.add_bot),
    ("GET", "/bots/{bot}", bots.get_bot),
    ("PATCH", "/bots/{bot}", bots.change_bot),
    ("DELETE", "/bots/{bot}", bots.drop_bot),
    ("POST", "/bots/{bot}/followers/{user}", bots.follow),
    ("DELETE", "/bots/{bot}/followers/{user}", bots.unfollow),
    ("GET", "/bots/{bot}/chats", chats.chats),
    ("GET", "/bots/{bot}/chats/{chat}", chats.chat),
    ("POST", "/bots/{bot}/chats/{chat}/messages", chats.send),
    ("POST", "/bots/{bot}/chats/{chat}/tap", chats.tapped),
    ("POST", "/bots/{bot}/events", chats.event),
    ("GET", "/bots/{bot}/menus/{menu}/image", chats.menu_image),
    ("GET", "/bots/{bot}/users/{user}/menu", chats.menu),
    ("GET", "/bots/{bot}/webhooks", weather.list_webhooks),
    ("POST", "/bots/{bot}/webhooks/release", weather.release),
    ("GET", "/users", bots.list_users),
    ("POST", "/users", bots.add_user),
    ("GET", "/users/{user}", bots.get_user),
    ("PATCH", "/users/{user}", bots.change_user),
    ("DELETE", "/users/{user}", bots.drop_user),
    ("GET", "/groups", bots.list_groups),
    ("POST", "/groups", bots.add_group),
    ("GET", "/groups/{group}", bots.get_group),
    ("PATCH", "/groups/{group}", bots.change_group),
    ("POST", "/groups/{group}/members", bots.join),
    ("DELETE", "/groups/{group}/members/{user}", bots.leave),
    ("POST", "/groups/{group}/bot", bots.invite),
    ("DELETE", "/groups/{group}/bot", bots.expel),
    ("PATCH", "/messages/{message}", chats.edit),
    ("DELETE", "/messages/{message}", chats.unsend),
    ("POST", "/messages/{message}/watch", chats.watch),
    ("GET", "/messages/{message}/content", chats.get_content),
    ("PUT", "/messages/{message}/content", chats.put_content),
    ("PATCH", "/messages/{message}/content", chats.change_content),
    ("POST", "/webhooks/redeliver", weather.redeliver),
    ("POST", "/webhooks/settle", weather.settle),
    ("GET", "/faults", weather.list_faults),
    ("POST", "/faults", weather.add_fault),
    ("DELETE", "/faults", weather.clear_faults),
    ("DELETE", "/faults/{fault}", weather.remove_fault),
    ("GET", "/clock", weather.get_clock),
    ("POST", "/clock", weather.set_clock),
    ("GET", "/log", weather.log),
    ("DELETE", "/log", weather.clear_log),
    ("GET", "/stream", weather.stream),
    ("POST", "/reset", weather.reset),
)
"""Method, path under `BASE`, handler."""

CREATES: Final = (bots.add_bot, bots.add_user, bots.add_group, weather.add_fault)


def routes(simulator: Simulator) -> list[Route]:
    """The table as starlette routes over one simulator; making something answers 201."""
    return [
        Route(BASE + path, endpoint(simulator, handler, 201 if handler in CREATES else 200), methods=[method])
        for method, path, handler in ROUTES
    ]
