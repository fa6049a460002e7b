"""Bots and people."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starlette.requests import Request

from runtime.simulator.account import Account
from runtime.simulator.control.asked import Wrong, body, known, texts
from runtime.simulator.ids import steady
from runtime.simulator.state import Simulator
from runtime.simulator.values import Bot, Group, User


def shown_bot(account: Account, now: int) -> dict[str, Any]:
    """A bot with its credentials: they are the simulator's own and needed to set up an endpoint."""
    counts = {"billed": account.billed(now), "menus": len(account.menus.menus)}
    return {**asdict(account.bot), **counts, "standby_chats": sorted(account.standby)}


def shown_user(simulator: Simulator, user: User) -> dict[str, Any]:
    relations = {name: account.relation(user) for name, account in simulator.platform.accounts.items()}
    return {**asdict(user), "relations": relations}


async def overview(request: Request, simulator: Simulator) -> Any:
    platform, now = simulator.platform, simulator.clock.now()
    return {
        "clock": {"now": now, "stopped": simulator.clock.stopped},
        "rev": platform.feed.rev,
        "bots": [shown_bot(account, now) for account in platform.accounts.values()],
        "users": [shown_user(simulator, user) for user in platform.people.users.values()],
        "groups": [asdict(group) for group in platform.people.groups.values()],
        "faults": len(simulator.faults.list()),
    }


async def list_bots(request: Request, simulator: Simulator) -> Any:
    now = simulator.clock.now()
    return {"bots": [shown_bot(account, now) for account in simulator.platform.accounts.values()]}


async def add_bot(request: Request, simulator: Simulator) -> Any:
    given = known(Bot, await body(request))
    if not given.get("name"):
        raise Wrong("name: a bot needs one")
    return shown_bot(simulator.platform.add_bot(Bot(**given)), simulator.clock.now())


async def get_bot(request: Request, simulator: Simulator) -> Any:
    return shown_bot(simulator.platform.account(request.path_params["bot"]), simulator.clock.now())


async def change_bot(request: Request, simulator: Simulator) -> Any:
    given = await body(request)
    billed = given.pop("billed", None)
    account = simulator.platform.change_bot(request.path_params["bot"], **known(Bot, given, but=("name",)))
    if billed is not None:
        if not isinstance(billed, int) or billed < 0:
            raise Wrong("billed: a whole number")
        account.bill(billed, simulator.clock.now())
    return shown_bot(account, simulator.clock.now())


async def drop_bot(request: Request, simulator: Simulator) -> Any:
    simulator.platform.drop_bot(request.path_params["bot"])
    return {}


async def list_users(request: Request, simulator: Simulator) -> Any:
    return {"users": [shown_user(simulator, user) for user in simulator.platform.people.users.values()]}


async def add_user(request: Request, simulator: Simulator) -> Any:
    """Without an id, the same name always gets the same one."""
    given = known(User, await body(request))
    if not given.get("name"):
        raise Wrong("name: a person needs one")
    given.setdefault("id", steady("U", f"user:{given['name']}"))
    return shown_user(simulator, simulator.platform.people.add_user(User(**given)))


async def get_user(request: Request, simulator: Simulator) -> Any:
    return shown_user(simulator, simulator.platform.people.user(request.path_params["user"]))


async def change_user(request: Request, simulator: Simulator) -> Any:
    """A `relation` holds for all bots, whatever it was to each."""
    given, id = known(User, await body(request), but=("id",)), request.path_params["user"]
    user = simulator.platform.people.change_user(id, **given)
    if "relation" in given:
        for account in simulator.platform.accounts.values():
            account.relations.pop(id, None)
    return shown_user(simulator, user)


async def drop_user(request: Request, simulator: Simulator) -> Any:
    simulator.platform.people.drop_user(request.path_params["user"])
    return {}


async def follow(request: Request, simulator: Simulator) -> Any:
    account = simulator.platform.account(request.path_params["bot"])
    simulator.acts.follow(account, request.path_params["user"])
    return shown_user(simulator, simulator.platform.people.user(request.path_params["user"]))


async def unfollow(request: Request, simulator: Simulator) -> Any:
    account = simulator.platform.account(request.path_params["bot"])
    simulator.acts.unfollow(account, request.path_params["user"])
    return shown_user(simulator, simulator.platform.people.user(request.path_params["user"]))


async def list_groups(request: Request, simulator: Simulator) -> Any:
    return {"groups": [asdict(group) for group in simulator.platform.people.groups.values()]}


async def add_group(request: Request, simulator: Simulator) -> Any:
    """With `bot`, the bot is invited at once and told."""
    given = known(Group, await body(request), but=("fresh",))
    kind = given.setdefault("kind", "group")
    name = given.setdefault("name", "A group" if kind == "group" else "A room")
    given.setdefault("id", steady("C" if kind == "group" else "R", f"{kind}:{name}"))
    bot = given.pop("bot", "")
    account = simulator.platform.account(bot) if bot else None
    group = simulator.platform.people.add_group(Group(**{**given, "members": tuple(texts(given, "members"))}))
    return asdict(simulator.acts.invite(account, group.id) if account else group)


async def get_group(request: Request, simulator: Simulator) -> Any:
    return asdict(simulator.platform.people.group(request.path_params["group"]))


async def change_group(request: Request, simulator: Simulator) -> Any:
    given = known(Group, await body(request), but=("id", "kind", "members", "bot", "fresh"))
    return asdict(simulator.platform.people.change_group(request.path_params["group"], **given))


async def join(request: Request, simulator: Simulator) -> Any:
    users = texts(await body(request), "users")
    return asdict(simulator.acts.join(request.path_params["group"], users))


async def leave(request: Request, simulator: Simulator) -> Any:
    return asdict(simulator.acts.leave(request.path_params["group"], request.path_params["user"]))


async def invite(request: Request, simulator: Simulator) -> Any:
    account = simulator.platform.account(str((await body(request)).get("bot", "")))
    return asdict(simulator.acts.invite(account, request.path_params["group"]))


async def expel(request: Request, simulator: Simulator) -> Any:
    return asdict(simulator.acts.expel(request.path_params["group"]))
