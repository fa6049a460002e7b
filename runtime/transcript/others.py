"""Systems of other people in a test: Chatwoot, or one behind a webhook. No test calls them.

What they are asked to do is remembered and answered here, at once and well unless the test says otherwise. What their
agents do comes into the chat as it comes from the real ones, each act an event of the provider.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runtime.errors import BadInput
from runtime.flow.shapes import By, Dict, Fields, One
from runtime.handover.case.machine import KIND
from runtime.handover.providers import mail
from runtime.handover.providers.mail import Address
from runtime.model import Call, Case, Data, Event, Result, Session
from runtime.ports import Effect, Effects
from runtime.settings.handover import ProviderSettings
from runtime.transcript.words import Wording

if TYPE_CHECKING:
    from runtime.transcript.play import Player
    from runtime.transcript.script import Line

ANSWERS: dict[str, Data] = {
    "accepts": {"do": "ack"},
    "refuses": {"do": "nack"},
    "unsupported": {"do": "nack", "reason": "unsupported"},
    "returns": {"do": "resolve", "reason": "returned_to_bot"},
}
"""What a provider may say of a case, and the event that says it."""
GIVEN = Dict(One(("accepts", "refuses", "unsupported", "silent")))
"""How each provider takes new cases; those that are not named accept them."""
DONE = By(
    One(tuple(ANSWERS)),
    map=Fields({"says": Wording()}, needs=("says",), what="what it says"),
)
ACTS = ("reply", "note", "resolve", "snooze", "wake", "assign")
"""What agents of other systems can do to a case."""
TAKEN = ("accept", "claim")
"""What agents of a desk do to have a case; in another system it is given to them."""
AT_THE_DESK = ("give_back", "pause", "resume", "done")
"""What is done at our own desk, wherever the case is worked."""
THERE: Data = {"available": True, "online": 1, "free": 1, "waiting": 0, "wait": 0, "open": True, "next_open": ""}


class Others:
    """The other systems of one test; `asked` is what they were asked to do, as `NAME verb`."""

    def __init__(self, providers: Mapping[str, ProviderSettings], default: str) -> None:
        self._types = {name: one.type for name, one in providers.items()}
        self._default = default
        self.answers: Mapping[str, str] = {}
        self.asked: list[str] = []

    def around(self, effects: Effects) -> Effects:
        """The effects of an endpoint, with those of other systems played here."""
        return {**effects, "provider": self._perform, "availability": self._available(effects["availability"])}

    async def _perform(self, call: Call, session: Session) -> Result:
        args, at = call.args, mail.address(call.args, session.endpoint)
        self.asked.append(f"{at.provider} {args.get('do')}")
        known, sends = dict(session.memory), []
        if args.get("do") == "open" and (answer := ANSWERS.get(self._answer(at.provider))):
            known["ref"] = f"{at.provider}-1"
            sends = [mail.to_chat(at, str(answer["do"]), known["ref"], **answer)]
        return Result({"memory": known, "send": sends})

    def _answer(self, provider: str) -> str:
        return self.answers.get(provider, "accepts")

    def _available(self, desk: Effect) -> Effect:
        async def available(call: Call, session: Session) -> Result:
            name = str(call.args.get("provider") or self._default)
            if self._types.get(name, "desk") == "desk":
                return await desk(call, session)
            there = self._answer(name) == "accepts"
            return Result(THERE if there else {**THERE, "available": False, "online": 0, "free": 0})

        return available


def event_of(player: Player, session: Session, case: Case, number: int, data: Data, who: str = "") -> Event:
    """Something that the provider of a case tells the chat; `who` is the agent there who does it."""
    stage = player.stage
    at = Address(stage.bot, case.provider, case.id, session.key)
    actor = {"actor": {"kind": mail.PROVIDER, "id": f"{case.provider}:{who}", "name": who.title()}} if who else {}
    made = mail.to_chat(at, f"m{number}", case.ref, **{**data, **actor})
    now = stage.clock.now()
    return Event(
        id=made["id"], session=session.key, endpoint=stage.bot, kind=KIND, at=now, due=now, chat=session.chat,
        data=made["data"],
    )  # fmt: skip


def act_of(case: Case, act: str, who: str, name: str, told: Data) -> dict[str, Any]:
    """What an agent of another system does, as the provider tells it. Raises `BadInput` for what they cannot do."""
    do = str(told["do"])
    if act in TAKEN:
        return {"do": "assign", "agent": f"{case.provider}:{who}", "agent_name": name}
    if do not in ACTS:
        raise BadInput(f"the case is worked on in {case.provider}, where nobody can do that")
    if do == "assign":
        return {"do": do, "agent": f"{case.provider}:{told['agent']}", "agent_name": str(told["agent"]).title()}
    return dict(told)


def answer_of(player: Player, line: Line) -> Data:
    """What a line `provider` has the provider tell."""
    if isinstance(line.value, str):
        return ANSWERS[line.value]
    return {"do": "tell", "text": player.words.plain(line.value["says"])}
