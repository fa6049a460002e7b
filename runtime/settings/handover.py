"""The part `handover` of noren.yaml: who takes chats over, how they are shared out, and what is said meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from runtime.settings.field import setting

BY_MODE = -1
"""A timer that was not set: its value follows from the workstream's mode."""

Mode = Literal["async", "live"]
Method = Literal["round_robin", "most_free", "least_recent", "longest_idle"]
Delivery = Literal["free_only", "push"]

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSettings:
    """A system that human agents work in."""

    type: Literal["desk", "chatwoot", "webhook"] = setting("Which kind of system it is.", "desk")
    url: str = setting("Its address; the desk has none.", "")
    account: int = setting("Chatwoot: number of the account.", 0)
    inbox: int = setting("Chatwoot: number of the API inbox.", 0)
    token: str = setting("Chatwoot: access token of an administrator.", "", secret=True)
    webhook_secret: str = setting("Chatwoot from 4.13 on: secret its inbox signs webhooks with.", "", secret=True)
    secret: str = setting(
        "Webhook: secret that both sides sign with. Chatwoot before 4.13: 16 characters or more at the end of the "
        "webhook's address.",
        "",
        secret=True,
    )
    timeout: int = setting("Time one call may take; it is tried three times.", 10_000, unit="duration")


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSettings:
    """One rule that sends cases to a queue."""

    queue: str = setting("The queue.", "")
    when: str = setting("Expression over the case's context, `profile`, `language`; empty: always.", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionSettings:
    """How waiting cases find an agent."""

    method: Method = setting("Who comes first of those who may take a case.", "round_robin")
    offer: Literal["push", "pick", "auto"] = setting(
        "`push` offers a case to one agent, who accepts or rejects; `pick` lets agents take them; `auto` assigns.",
        "push",
    )
    accept_within: int = setting("How long an offer stands.", 2 * MINUTE, unit="duration")
    capacity: int = setting("Units of an agent's capacity that one case takes.", 1)
    sticky: Literal["off", "if_available", "force"] = setting(
        "Whether somebody who comes back is offered to the agent they had.", "if_available"
    )
    sticky_window: int = setting(
        "For how long after a case an agent counts as the one they had.", 3 * DAY, unit="duration"
    )
    skills: Literal["exact", "closest", "none"] = setting(
        "Agents need all skills of a case, as many as possible, or none.", "closest"
    )
    relax_after: int = setting("`closest`: wait until agents with fewer skills are asked too.", MINUTE, unit="duration")
    missed: int = setting("Offers missed in a row after which an agent is set to away.", 2)
    grace: int = setting("How long a disconnected agent keeps their cases.", MINUTE, unit="duration")


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursSettings:
    """When agents are there."""

    timezone: str = setting("IANA time zone.", "UTC")
    week: Mapping[str, str] = setting('Days and times: `mon-fri: "09:00-12:00 13:00-18:00"`; none: always open.', {})
    holidays: Mapping[str, str] = setting(
        'Dates that differ: `"2027-01-01": closed` or times, a name behind them is told to users; or a file of them.',
        {},
    )
    outside: Literal["leave_message", "stay_in_queue", "back_to_bot", "transfer"] = setting(
        "What happens outside these hours.", "leave_message"
    )
    transfer_to: str = setting("With `transfer`: the queue.", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTimerSettings:
    """When something is done because nothing happened. What is not set follows from the mode; 0 switches it off."""

    assign: int = setting("Waiting for an agent: then `no_agent`. live 5m, async off.", BY_MODE, unit="duration")
    first_reply: int = setting(
        "An assigned agent writes nothing: back to the queue. live 2m, async 4h.", BY_MODE, unit="duration"
    )
    next_reply: int = setting("The user waits for an answer: an alert. live 5m, async 24h.", BY_MODE, unit="duration")
    park: int = setting(
        "The user owes an answer: the case waits and frees its agent. live off, async 30m.", BY_MODE, unit="duration"
    )
    auto_close: int = setting("Both sides are silent: the case ends. live 10m, async 24h.", BY_MODE, unit="duration")
    abandoned: int = setting("A queued or open case nobody touched ends.", 30 * DAY, unit="duration")
    wrap_up: int = setting("Time an agent has for notes after the end. live 30s, async 1d.", BY_MODE, unit="duration")
    unreachable: int = setting("A user who blocked the account: the case ends.", DAY, unit="duration")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSettings:
    """Files between users and agents."""

    from_user: bool = setting("Users may send files.", True)
    from_agent: bool = setting("Agents may send files.", True)
    max_mb: int = setting("Largest file.", 20)
    types: tuple[str, ...] = setting("Kinds agents may send.", ("image", "video", "audio", "pdf"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveySettings:
    """A question about the service when a case ends."""

    when: Literal["never", "resolved", "ended"] = setting("After which endings it is asked.", "never")
    kind: Literal["stars", "thumbs"] = setting("One to five stars, or thumbs up and down.", "stars")
    comment: bool = setting("Ask for a few words too.", False)
    until: int = setting("How long an answer counts.", 14 * DAY, unit="duration")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanwhileSettings:
    """What becomes of what is sent into a chat from outside while people have it."""

    notify: Literal["now", "later", "drop"] = setting(
        "Notifications: said all the same, when the bot has the chat again, or not at all.", "later"
    )
    inject: Literal["later", "drop"] = setting(
        "Injected events: heard when the bot has the chat again, or not at all.", "later"
    )
    keep: int = setting("How long they may wait; then they are dropped. 0 = without end.", DAY, unit="duration")


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelSettings:
    """How those who wait say that they do not want to any more, beside the button."""

    until: Literal["queue", "any", "never"] = setting(
        "Until when the user may cancel: while they wait, at any time, or never; also written `cancel: any`.", "queue"
    )
    words: tuple[str, ...] = setting("Words that cancel, in any language; each has to be all that is written.", ())
    intent: str = setting("Intent that cancels: each of its examples does, when it is all that is written.", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionSettings:
    """Telling those who wait where they stand."""

    tell: Literal["never", "on_message", "on_change"] = setting(
        "With the answer to the user's own next message (free), or by a push when it changed.", "on_message"
    )
    pushes: int = setting("At most so many pushes for one case.", 2)
    wait: bool = setting("Tell the expected waiting time too.", True)
    max_position: int = setting("Beyond this place another text is said instead; 0 = never.", 0)
    max_wait: int = setting("Beyond this expected wait too; 0 = never.", 0, unit="duration")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSettings:
    """Where cases wait."""

    title: str = setting("What agents see.", "")
    skills: tuple[str, ...] = setting("Skills that its agents need.", ())
    max_length: int = setting("Beyond so many waiting cases it is full; 0 = never.", 0)
    max_wait: int = setting("Beyond this waiting time it is full; 0 = never.", 0, unit="duration")
    overflow: str = setting("What a full queue does: another queue, `leave_message` or `back_to_bot`.", "back_to_bot")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkstreamSettings:
    """One kind of work: its queues, how its cases find agents, and what happens to them over time."""

    mode: Mode = setting("`live`: answers within minutes. `async`: as people write on LINE.", "async")
    queues: tuple[RouteSettings, ...] = setting("Rules from the top, each a queue and `when`; the last takes all.", ())
    distribution: DistributionSettings = setting("How waiting cases find an agent.", DistributionSettings())
    hours: HoursSettings = setting("When agents are there.", HoursSettings())
    timers: CaseTimerSettings = setting("What silence leads to.", CaseTimerSettings())
    files: FileSettings = setting("Files between users and agents.", FileSettings())
    survey: SurveySettings = setting("A question when a case ends.", SurveySettings())
    position: PositionSettings = setting("Telling those who wait where they stand.", PositionSettings())
    context: tuple[str, ...] = setting("Variables of the flow that agents see and rules may use.", ())
    cancel: CancelSettings = setting("How and until when the user may cancel.", CancelSettings())
    meanwhile: MeanwhileSettings = setting("What is sent in from outside meanwhile.", MeanwhileSettings())
    copilot: str = setting(
        "Flow that hears what users write while people have the chat; what it says is a note for the agent.", ""
    )
    reopen: int = setting("A message this soon after the end opens the case again.", 0, unit="duration")


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomatedSettings:
    """One automated message."""

    text: Mapping[str, str] = setting("Texts by language; an empty one says nothing.", {})
    delivery: Delivery = setting("Only when it is free, or also as a billed push.", "free_only")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverSettings:
    """Handing chats over to people."""

    default: str = setting("The provider of a `handover` step that names none.", "desk")
    providers: Mapping[str, ProviderSettings] = setting("Systems that agents work in.", {"desk": ProviderSettings()})
    workstreams: Mapping[str, WorkstreamSettings] = setting("Kinds of work; the first is the default.", {})
    queues: Mapping[str, QueueSettings] = setting("Where cases wait.", {})
    messages: Mapping[str, AutomatedSettings] = setting("Automated messages that differ from the built-in ones.", {})
    monitoring: bool = setting(
        "Agents see in a case of theirs that a supervisor looked into it; the log says so in any case.", False
    )
    takeover: bool = setting("An agent who writes into a chat of the bot takes it over.", True)
