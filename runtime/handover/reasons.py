"""Why an agent is asked for a case, and why others are not: the distributor's own rules, told in words."""

from __future__ import annotations

from collections.abc import Sequence

from runtime.handover.distribution import Agent, Waiting, able, choose, fit


def reasons(case: Waiting, agents: Sequence[Agent], now: int) -> dict[str, str]:
    """Agent → why not, in a few words; empty for those who may be asked, `next` for who is asked first."""
    found = choose(case, agents, now)
    fitting = {agent.id for agent in fit(case, [one for one in agents if able(case, one)], now)}
    made = {agent.id: _why_not(case, agent, agent.id in fitting) for agent in agents}
    return made if found is None else {**made, found[0].id: "next"}


def _why_not(case: Waiting, agent: Agent, fits: bool) -> str:
    if not agent.online:
        return "not online"
    if case.queue not in agent.queues:
        return f"not of the queue {case.queue}"
    if agent.load + case.units > agent.capacity:
        return f"has no room: {agent.load} of {agent.capacity} units taken"
    if agent.id in case.declined:
        return "has said no, or missed it"
    if not fits:
        missing = sorted(set(case.skills) - agent.skills)
        return f"lacks {', '.join(missing)}" if missing else f"does not speak {case.language}"
    return ""
