"""From one conversation to another: who is meant, what goes along, and what becomes of it there.

What a flow sends on is an event of the other session. It is written in the transaction of the turn that sends it,
so it is never lost, and its id follows from that turn, so it never comes twice.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, get_args

from runtime.errors import NorenError
from runtime.flow.variables import jsonable
from runtime.model import Chat, ChatKind, Data, Event, Output, Place

if TYPE_CHECKING:
    from runtime.flow.state import State

ID = r"[UCR][0-9a-f]{32}"
"""Ids of users, groups and rooms: https://developers.line.biz/en/docs/messaging-api/getting-user-ids/"""
ADDRESS = re.compile(rf"(?:(?P<endpoint>.+?):)?(?P<chat>{ID})(?::(?P<member>U[0-9a-f]{{32}}))?")
KINDS: Mapping[str, ChatKind] = dict(zip("UCR", get_args(ChatKind)[:3], strict=True))
HOPS = 10
"""How often one event may lead to the next in another conversation, nobody having said anything."""


def send_on(kind: str, to: str, at: Place, state: State, *, text: str = "", data: Data, raw: Data) -> str:
    """Have an event arrive in another conversation when this turn is committed; gives that session's key."""
    found = ADDRESS.fullmatch(to.strip())
    if not found:
        what = "nobody" if not to.strip() else "this"
        raise NorenError(f"{what} is no chat to send to; it takes the id of a user, group or room of LINE", at=at)
    endpoint = state.config.name
    if found["endpoint"] not in (None, endpoint):
        raise NorenError(f"that conversation is not one of the endpoint `{endpoint}`", at=at)
    hops = int(state.happened.raw.get("hops", 0)) + 1 if state.happened.kind in ("inject", "notify") else 1
    if hops > HOPS:
        raise NorenError(f"conversations send each other events without end: more than {HOPS} in a row", at=at)
    chat, member = found["chat"], found["member"]
    key = f"{endpoint}:{chat}" + (f":{member}" if member else "")
    made = hashlib.sha256(f"{state.happened.id}/{kind}/{len(state.sent_on)}".encode()).hexdigest()[:32]
    event = Event(
        id=f"{kind}-{made}",
        session=key,
        endpoint=endpoint,
        kind=kind,
        at=state.now,
        due=state.now,
        chat=Chat(KINDS[chat[0]], chat),
        user=member or (chat if chat[0] == "U" else ""),
        text=text,
        data=data,
        received=state.now,
        raw={**raw, "hops": hops},
    )
    state.sent_on.append(event)
    return key


def packed(outputs: list[Output]) -> list[dict[str, Any]]:
    """Outputs as data that goes along with an event."""
    return [jsonable(asdict(output)) for output in outputs]


def unpacked(data: Mapping[str, Any]) -> Output:
    known = {name: value for name, value in data.items() if name in Output.__dataclass_fields__}
    at = known.get("at")
    return Output(**{**known, "quick": tuple(known.get("quick") or ()), "at": Place(**at) if at else None})


def arrived(state: State) -> bool:
    """Whether the event brought its own words, or the place in the flows where it is to begin."""
    event = state.event
    if event.kind == "notify":
        return _told(state)
    return event.kind == "inject" and bool(event.raw.get("goto")) and _begun(state)


def _told(state: State) -> bool:
    """A notification is said as it is; what waits goes on waiting."""
    by: Mapping[str, Any] = state.event.raw.get("say") or {}
    if by:
        spoken = next((one for one in (state.language, state.language.split("-")[0]) if one in by), next(iter(by)))
        for output in by[spoken]:
            state.out(unpacked(output))
    elif state.event.text:
        state.out(Output(kind="text", text=state.event.text))
    if not state.outputs:
        return False
    if state.levels:
        if (timer := state.level.data.pop("silent", None)) is not None:
            state.cancel(timer)
        state.stay()
    return True


def _begun(state: State) -> bool:
    """An injected event that names a flow begins it, with the variables that came along."""
    target = str(state.event.raw["goto"])
    found = state.flows.find(target)
    if found is None or found[1] is None:
        state.trace.append({"note": f"there is no flow `{target}` to begin"})
        return False
    flow, step = found
    state.trace.append({"note": f"begins {target}"})
    state.over(flow, step, again=False)
    for name, value in (state.event.raw.get("in") or {}).items():
        state.assign(name, value, flow.at)
    return True
