"""What arrives for the flow while the chat is not the flow's: it waits, is said in spite of that, or is dropped.

Nothing rings again and again meanwhile. What waits lies in the inbox until the bot has the chat, which wakes it in
that very transaction (`Move.own`), or until it has waited too long.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from runtime.handover.case.move import DAY, LATER, Move

FROM_OUTSIDE: Final = frozenset(("inject", "notify"))
LONGEST: Final = 30 * DAY
"""How long a timer of the flow sleeps before it looks whether the chat is the flow's again; it is woken sooner."""
MOST: Final = 200
"""How many notifications and injected events may wait for one chat."""


def put_off(move: Move) -> None:
    """Whatever the settings, or who sent it, want for an event that is the flow's business."""
    event = move.event
    if event.kind not in FROM_OUTSIDE:
        _sleeps(move, move.now + LONGEST)
        return
    wish = str(event.raw.get("during") or getattr(move.stream.meanwhile, event.kind))
    keep, waiting = move.stream.meanwhile.keep, move.memory.get(LATER) or ()
    if wish == "now" and event.kind == "notify" and not move.mute:
        move.plays = True
    elif wish == "drop":
        _dropped(move, "people have the chat")
    elif keep and move.now >= event.at + keep:
        _dropped(move, "it waited too long")
    elif len(waiting) >= MOST and event.id not in waiting:
        _dropped(move, f"{MOST} wait already")
    else:
        _sleeps(move, event.at + keep if keep else move.now + LONGEST)


def _sleeps(move: Move, until: int) -> None:
    event, waiting = move.event, list(move.memory.get(LATER) or ())
    move.timers[event.id] = replace(event, due=until)
    if event.id not in waiting:
        move.memory[LATER] = [*waiting, event.id]
        if event.kind in FROM_OUTSIDE:
            move.note("event.waits", kind=event.kind, until=until)


def _dropped(move: Move, why: str) -> None:
    waiting = [one for one in move.memory.get(LATER) or () if one != move.event.id]
    move.memory.pop(LATER, None)
    if waiting:
        move.memory[LATER] = waiting
    move.note("event.dropped", kind=move.event.kind, why=why)
