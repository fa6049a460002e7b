"""Which waiting case is offered to which agent: a plain function of what waits and who is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from runtime.settings.handover import DistributionSettings, Method

ROUND: Final = 30_000
"""How long those who said no are left in peace before they are asked again, in ms."""
URGENCY: Final[Mapping[str, int]] = {"urgent": 0, "high": 1, "normal": 2, "low": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A case that waits. `since` is when it began to wait in this queue, `skills` those it asks for with its queue's.

    `wanted` is the agent that the user had before, `named` the one a colleague handed it to; `declined` have rejected
    it or missed it, the last of them at `asked`.
    """

    case: str
    queue: str
    since: int
    priority: str = "normal"
    skills: tuple[str, ...] = ()
    language: str = ""
    wanted: str = ""
    named: str = ""
    declined: tuple[str, ...] = ()
    asked: int = 0
    units: int = 1
    rules: DistributionSettings = DistributionSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Somebody who may take cases. `load` counts units of what they hold and are offered.

    `last` is when they were last given a case, `idle` since when they hold none (0: they hold some).
    """

    id: str
    queues: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    online: bool = True
    capacity: int = 5
    load: int = 0
    last: int = 0
    idle: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """This case to this agent; `why` in a word."""

    case: str
    agent: str
    why: str


def share(cases: Iterable[Waiting], agents: Iterable[Agent], now: int) -> list[Choice]:
    """Offers to be made now: the most urgent first, then the oldest. Ties are broken by ids, so that one state of
    the world gives one answer."""
    staff = {agent.id: agent for agent in agents}
    made: list[Choice] = []
    for case in sorted(cases, key=lambda one: (URGENCY.get(one.priority, 2), one.since, one.case)):
        if case.rules.offer == "pick":
            continue
        found = choose(case, list(staff.values()), now)
        if found is None:
            continue
        agent, why = found
        made.append(Choice(case.case, agent.id, why))
        staff[agent.id] = replace(agent, load=agent.load + case.units, last=now, idle=0)
    return made


def choose(case: Waiting, agents: Sequence[Agent], now: int) -> tuple[Agent, str] | None:
    """Who is asked for this case, and why; None: nobody may be asked now."""
    if case.named and case.named not in case.declined:
        found = next((agent for agent in agents if agent.id == case.named and agent.online), None)
        if found is not None and found.load + case.units <= found.capacity:
            return found, "named"
        if found is not None and now - case.since < case.rules.accept_within:
            return None  # they are there, and may be free in a moment
    if case.wanted and case.rules.sticky != "off":
        found = next((agent for agent in agents if agent.id == case.wanted), None)
        if found is not None and found.id not in case.declined:
            if able(case, found):
                return found, "sticky"
            if case.rules.sticky == "force" and found.online:
                return None  # only this agent, and they have no room now
    willing = [agent for agent in agents if able(case, agent) and agent.id not in case.declined]
    if not willing and case.declined and now - case.asked >= ROUND:  # everybody said no: the round begins again
        willing = [agent for agent in agents if able(case, agent)]
    fitting = list(fit(case, willing, now))
    if not fitting:
        return None
    return min(fitting, key=lambda agent: (_order(case.rules.method, agent), agent.id)), case.rules.method


def moments(case: Waiting) -> Iterator[int]:
    """When `choose` may answer otherwise for no other reason than that time has passed."""
    if case.named:
        yield case.since + case.rules.accept_within
    if case.declined:
        yield case.asked + ROUND
    if case.skills and case.rules.skills == "closest":
        yield case.since + case.rules.relax_after


def able(case: Waiting, agent: Agent) -> bool:
    """Whether an agent may take the case at all, skills aside."""
    return agent.online and case.queue in agent.queues and agent.load + case.units <= agent.capacity


def fit(case: Waiting, agents: Sequence[Agent], now: int) -> Iterator[Agent]:
    """Those whose skills and language fit, as strictly as the workstream wants it, and laxer after a while."""
    rules = case.rules
    speaks = [agent for agent in agents if not case.language or not agent.languages or _speaks(agent, case.language)]
    pool = speaks if speaks or rules.skills == "exact" else list(agents)
    if rules.skills == "none" or not case.skills:
        yield from pool
        return
    wanted = set(case.skills)
    whole = [agent for agent in pool if wanted <= agent.skills]
    if whole or rules.skills == "exact" or now - case.since < rules.relax_after:
        yield from whole
        return
    best = max((len(wanted & agent.skills) for agent in pool), default=0)
    yield from (agent for agent in pool if len(wanted & agent.skills) == best)


def _speaks(agent: Agent, language: str) -> bool:
    base = language.partition("-")[0]
    return any(one.partition("-")[0] == base for one in agent.languages)


def _order(method: Method, agent: Agent) -> tuple[int, ...]:
    """The smallest comes first."""
    free = agent.capacity - agent.load
    orders: Mapping[Method, tuple[int, ...]] = {
        "round_robin": (agent.last,),
        "least_recent": (agent.last, -free),
        "most_free": (-free, agent.last),
        "longest_idle": (agent.idle or 2**62, agent.last),
    }
    return orders[method]


def estimate(position: int, handled: Sequence[int], agents: int) -> int:
    """Expected wait in ms of the case at this place (1 = next), from how long the last cases took. 0: unknown."""
    if not handled or not agents:
        return 0
    middle = sorted(handled)[len(handled) // 2]
    return position * middle // agents
