"""What agents say to users, and that they are about to say something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from runtime.desk.call import Asked
from runtime.desk.casework import acted, found
from runtime.desk.costs import cost
from runtime.desk.files import sending
from runtime.desk.house import DeskHouse
from runtime.errors import BadInput
from runtime.handover.routing import workstream_of
from runtime.model import Event

MESSAGE: Final = ("kind", "text", "data", "quick", "alt")
KINDS: Final = ("text", "sticker", "image", "video", "audio", "file", "location", "flex", "coupon", "buttons", "cards")
MOST: Final = 5
"""Messages of one call of LINE, which is one unit per person."""
LONGEST: Final = 5_000
"""Characters of a text message. https://developers.line.biz/en/reference/messaging-api/#text-message"""
QUICK: Final = 13


async def reply(asked: Asked) -> Any:
    """Say something to the user. At most five messages, so that they are one call and one unit."""
    given, row = await asked.body(), await found(asked, asked.part("case"))
    said = prepared(asked.house, row, given.get("messages"))
    if quote := given.get("quote"):
        said[0]["data"] = {**said[0].get("data", {}), "quote": str(quote)}
    join = bool(given.get("join")) and asked.person.leads
    done = await acted(asked, row["session"], "reply", given, case=row["id"], messages=said, join=join)
    items = await asked.house.store.items_by(row["session"], [note["event"] for note in done["notes"][:1]])
    return {**done, "items": items, "cost": await cost(asked.house, row, await asked.house.session(row["session"]))}


def prepared(house: DeskHouse, row: Mapping[str, Any], messages: Any) -> list[dict[str, Any]]:
    """Messages as outputs understand them, files found. Raises `BadInput` or `Refused` naming what is wrong."""
    if not isinstance(messages, list) or not 1 <= len(messages) <= MOST:
        raise BadInput("messages: one to five")
    _, stream = workstream_of(house.settings.handover, str(row["workstream"]))
    found = []
    for one in messages:
        if why := wrong(one):
            raise BadInput(why)
        plain = {key: one[key] for key in MESSAGE if key in one}
        found.append(sending.said(plain, house.files, stream.files))
    return found


def wrong(one: Any) -> str:
    """What is wrong with a message; empty: nothing."""
    if not isinstance(one, dict) or one.get("kind", "text") not in KINDS:
        return f"messages: each of a kind: {', '.join(KINDS)}"
    text = one.get("text", "")
    if not isinstance(text, str) or len(text.encode("utf-16-le")) // 2 > LONGEST:
        return f"messages: a text of at most {LONGEST} characters"
    if one.get("kind", "text") == "text" and not text.strip():
        return "messages: a text that says something"
    if not isinstance(one.get("data", {}), dict):
        return "messages: data is an object"
    quick = one.get("quick", [])
    if not isinstance(quick, list) or len(quick) > QUICK or not all(isinstance(item, dict) for item in quick):
        return f"messages: at most {QUICK} quick replies, each an object"
    return ""


async def typing(asked: Asked) -> Any:
    """An agent writes: colleagues see it, and the user sees LINE's waiting dots in one-to-one chats."""
    row, house = await found(asked, asked.part("case")), asked.house
    await house.hub.tell_all("typing", case=row["id"], agent=asked.person.id, queue=row["queue"])
    channel = house.channels.get(row["endpoint"])
    session = await house.session(row["session"])
    if channel is not None and session is not None and session.chat.kind == "user" and row["agent"] == asked.person.id:
        now = house.clock.now()
        await channel.cue(
            Event(id="", session=session.key, endpoint=row["endpoint"], kind="cue", at=now, due=now, chat=session.chat)
        )
    return {}
