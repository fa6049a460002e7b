"""Chats of the bot: which there are, for those who may take one over or have the bot pause in it."""

from __future__ import annotations

from typing import Any, Final

from runtime.desk.call import Asked, Missing
from runtime.desk.casework import acted
from runtime.desk.refusal import Refused
from runtime.errors import BadInput
from runtime.store.chats import OWNERS

ACTS: Final = frozenset(("take_over", "pause", "resume", "give_back"))


async def chats(asked: Asked) -> Any:
    """Chats that the bot has (or where it pauses), newest first. Agents see them where `takeover` lets them write."""
    owner, house = asked.query("owner", "bot"), asked.house
    if owner not in OWNERS:
        raise BadInput(f"owner: one of {', '.join(OWNERS)}")
    _may(asked)
    rows = await house.store.list_chats(owner, asked.query("q")[:80], asked.number("limit", 50, 200))
    return {"chats": rows}


def _may(asked: Asked) -> None:
    if not asked.person.leads and not asked.house.settings.handover.takeover:
        raise Refused("only supervisors see the bot's chats (handover.takeover)", 403)


async def chat_act(asked: Asked) -> Any:
    """Take a chat of the bot over, or have the bot pause in it."""
    given, chat = await asked.body(), asked.part("chat")
    do = str(given.get("do") or "")
    if do not in ACTS or (do == "give_back" and not asked.person.leads):
        raise BadInput(f"do: one of {', '.join(sorted(ACTS))}")
    _may(asked)
    session = await asked.house.session(chat)
    if session is None or session.chat.kind == "none" or not _theirs(asked, session.case):
        raise Missing("there is no such chat, or it is not of your queues")
    wanted = {key: given[key] for key in ("workstream", "queue") if key in given}
    more = {"case": wanted} if wanted and do == "take_over" else {}
    return await acted(asked, chat, do, given, **more, **({"until": given["until"]} if "until" in given else {}))


def _theirs(asked: Asked, case: Any) -> bool:
    """Whether the people who have the chat, if any, are this person's."""
    return case is None or asked.person.sees(case.queue, case.agent)
