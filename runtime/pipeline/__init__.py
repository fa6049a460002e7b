"""The line: what one event goes through. `run` plays and commits an event, then sends what it left to send.

`ponder` is the line as it is drawn, step by step; `think` is the same without waiting, which is most turns.
Nothing is registered and nothing subscribes; an event never walks back to a room it has left. Up to `commit`
nothing has been sent and nothing written, so a turn that fails or loses its hold leaves no trace but its error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from runtime.errors import BadInput, EndpointGone
from runtime.flow.engine import play as steps
from runtime.flow.loader import load
from runtime.flow.tree import Flows
from runtime.flow.versions import Book
from runtime.log import Logger
from runtime.model import Call, Claim, Data, Delivery, Event, Message, Outcome, Output, Result, Session, Turn
from runtime.pipeline import people, provided
from runtime.pipeline.gate import Gate
from runtime.pipeline.people import Nobody, People
from runtime.pipeline.record import broken, entries, private
from runtime.pipeline.trying import Failing, Gone, ignored
from runtime.ports import Channel, Clock, Effects, Store, Transformer
from runtime.settings import EndpointSettings
from runtime.watch import Watch

log = Logger("pipeline")

Rendered = list[tuple[Output, list[Message]]]

OWNERS = {"deactivated": "module", "activated": "bot"}
"""Who speaks after LINE says that a module channel took or gave back the chat.
https://developers.line.biz/en/docs/partner-docs/module-technical-using-messaging-api/"""

ANSWER = "noren=answer"
"""Postback data of the "tap for the answer" button; its event only brings a fresh reply token."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One LINE channel with everything its turns need."""

    settings: EndpointSettings
    channel: Channel
    transformer: Transformer
    book: Book
    effects: Effects


@dataclass(frozen=True, slots=True)
class Token:
    """What became of the event's reply token while the turn ran: spent on a button, which LINE took or not."""

    spent: bool = False
    offered: bool = False


FRESH = Token()


@dataclass(frozen=True, slots=True)
class House:
    """What all turns share."""

    endpoints: Mapping[str, Endpoint]
    store: Store
    clock: Clock
    worker: str
    people: People = field(default_factory=Nobody)
    gate: Gate = field(default_factory=Gate)
    gone: Gone = field(default_factory=Gone)
    failing: Failing = ignored


async def run(house: House, claim: Claim) -> Claim | None:
    """Play and commit a claim's event, or send a claim's deliveries.

    Returns the session's next claim (after an event with answers: the deliveries), or None when it was let go.
    """
    if claim.event is None:
        return await send(house, claim)
    turn = think(house, claim) or await ponder(house, claim)
    return await commit(house, claim, turn)


async def ponder(house: House, claim: Claim) -> Turn:
    """The whole turn of an event that needs something from outside: steps 1 to 6."""
    endpoint = endpoint_of(house, claim)
    with Watch(house.clock, endpoint.settings, endpoint.channel, claim, sayer(endpoint, claim)) as watch:
        event, session = await inputs(endpoint, claim, watch)
        turn = await speak(house, endpoint, claim, session, event, watch)
        turn = remember(claim, turn, event, session)
        outputs, session = await transform(endpoint, turn, watch)
        rendered = render(endpoint, outputs, session)
        messages, findings = check(endpoint, rendered, session)
        await watch.settled()
        token = Token(spent=watch.spent, offered=watch.offered)
        return pack(house, endpoint, turn, session, outputs, messages, findings, held(claim), token)


async def speak(
    house: House, endpoint: Endpoint, claim: Claim, session: Session, event: Event | None, watch: Watch
) -> Turn:
    """The turn of whoever has the chat: people, the flow, or nobody."""

    async def flow(session: Session, event: Event) -> Turn:
        return await play(house, endpoint, session, event, watch)

    now = house.clock.now()
    match speaker(session, event):
        case "people":
            assert event is not None
            meant = endpoint.book.current.meant(event.text) if event.kind == "message" else frozenset()
            turn = await people.handle(house.people, session, event, now, flow, meant)
            turn = provided.unheard(turn, now)
        case "provider":
            assert event is not None
            return await provide(endpoint, claim, session, event, now)
        case "copilot":
            assert event is not None
            turn = await people.advise(session, event, now, flow)
        case "bot":
            assert event is not None
            turn = await people.after(house.people, await flow(session, event), now, flow)
        case _:
            turn = heard(claim, session, event)
    return people.for_agents(turn, now)


def think(house: House, claim: Claim) -> Turn | None:
    """The same without waiting for anything, which is most turns; None when something has to be waited for."""
    endpoint, event, session = endpoint_of(house, claim), claim.event, claim.session
    if event is None or not endpoint.transformer.quick or endpoint.book.missing(session):
        return None
    if event.kind != "timer" and not event.standby and not endpoint.channel.at_hand(event, session):
        return None
    who = speaker(session, event)
    if who in ("people", "copilot", "provider"):
        return None
    if who == "bot":
        try:
            next(steps(endpoint.book, session, event, endpoint.settings, house.clock.now()))
            return None  # it asks for an effect; nothing was done yet, and `ponder` begins anew
        except StopIteration as done:
            turn: Turn = done.value
        if turn.handover or people.whispers(turn):
            return None
    else:
        turn = heard(claim, session, event)
    messages, findings = check(endpoint, render(endpoint, turn.outputs, turn.session), turn.session)
    return pack(house, endpoint, turn, turn.session, turn.outputs, messages, findings, held(claim), FRESH)


async def inputs(endpoint: Endpoint, claim: Claim, watch: Watch) -> tuple[Event | None, Session]:
    """The event as the flow sees it: content fetched, profile known, input transformers run. None: dropped."""
    event, session = claim.event, claim.session
    assert event is not None
    if event.kind in ("timer", people.PROVIDER) or event.standby:
        return event, session
    at_hand = endpoint.channel.at_hand(event, session)
    if at_hand and endpoint.transformer.quick:
        return event, session
    watch.begin()
    if not at_hand:
        event = await endpoint.channel.keep_content(event)
        session = await endpoint.channel.enrich(event, session)
    return await endpoint.transformer.inputs(event, session)


def speaker(session: Session, event: Event | None) -> str:
    """Who answers: people, the bot, or nobody: standby events, taps that only bring a token, what was dropped."""
    if event is None or event.standby or event.data.get("data") == ANSWER:
        return "nobody"
    if event.kind == people.PROVIDER:
        return "provider"
    if people.takes(session, event):
        return "people"
    if people.of_copilot(session):
        return "copilot"
    return "nobody" if event.kind in OWNERS else session.control.owner


async def provide(endpoint: Endpoint, claim: Claim, session: Session, event: Event, now: int) -> Turn:
    """The turn of a lane in which a provider is called or heard."""
    effect = endpoint.effects.get(people.PROVIDER)
    if effect is None:
        raise BadInput("nothing here calls providers")
    turn, typing = await provided.provided(session, event, claim.attempts, now, effect)
    if typing:
        await endpoint.channel.cue(provided.typing_at(event))
    return turn


async def play(house: House, endpoint: Endpoint, session: Session, event: Event, watch: Watch) -> Turn:
    """Drive the flow's generator, performing each effect it asks for."""
    book, now = endpoint.book, house.clock.now()
    await pinned(house, endpoint, session)
    walk = steps(book, session, event, endpoint.settings, now)
    result: Result | None = None
    try:
        while True:
            call = next(walk) if result is None else walk.send(result)
            watch.begin()
            result = await house.gate.unless_taken(session.key, perform(endpoint, call, event, session))
    except StopIteration as done:
        turn: Turn = done.value
        return turn


async def pinned(house: House, endpoint: Endpoint, session: Session) -> None:
    """Have the flows at hand that the session began with, also when they were edited before a restart."""
    for version in endpoint.book.missing(session):
        files = await house.store.load_version(version)
        if files is not None:
            endpoint.book.add(compiled(files, endpoint.settings))


def compiled(files: Mapping[str, str], config: EndpointSettings) -> Flows:
    """Flow files as an endpoint runs them. Raises `FlowError` with every finding."""
    return load(files, languages=config.languages)


async def perform(endpoint: Endpoint, call: Call, event: Event, session: Session) -> Result:
    """One effect. What is unknown here is an error of the step, not of the turn."""
    if call.action == "loading":
        await endpoint.channel.cue(event)
        return Result()
    if call.action == "mark_read":
        await endpoint.channel.mark_read(event)
        return Result()
    effect = endpoint.effects.get(call.action)
    return await effect(call, session) if effect else Result(error=f"nothing here performs {call.action}")


def remember(claim: Claim, turn: Turn, event: Event | None, session: Session) -> Turn:
    """The turn with what came from outside before it in its trace: a replay asks neither LINE nor functions again."""
    before, was = claim.event, claim.session
    if event is None or before is None or (event is before and session is was):
        return turn
    again = tuple(replace(before, due=one.due) if one.id == before.id else one for one in turn.timers)
    turn = replace(turn, timers=again)  # what comes again goes through the functions again, as it came
    seen: dict[str, object] = {
        name: getattr(event, name) for name in ("kind", "text", "user") if getattr(event, name) != getattr(before, name)
    }
    if {**event.data, "content": None} != {**before.data, "content": None}:  # content is kept with the event itself
        seen["data"] = event.data
    for name in ("profile", "language", "storage"):
        if getattr(session, name) != getattr(was, name):
            seen[name] = getattr(session, name)
    return replace(turn, trace=({"input": seen}, *turn.trace)) if seen else turn


def heard(claim: Claim, session: Session, event: Event | None) -> Turn:
    """The turn of an event that no flow plays: dropped by a transformer, standby, or somebody else's chat."""
    assert claim.event is not None
    owner = OWNERS.get(claim.event.kind)
    if owner and owner != session.control.owner:
        session = replace(session, control=replace(session.control, owner=owner, epoch=session.control.epoch + 1))
    why = "dropped by a transformer" if event is None else "not played"
    taken_back = (str(claim.event.data.get("id", "")),) if claim.event.kind == "unsend" else ()
    return Turn(event=event or claim.event, session=session, erase=taken_back, trace=({"note": why},))


async def transform(endpoint: Endpoint, turn: Turn, watch: Watch) -> tuple[list[Output], Session]:
    """The outputs after the output transformers."""
    if not turn.outputs:
        return [], turn.session
    return await endpoint.transformer.outputs(
        turn.outputs, lambda output: endpoint.channel.render(output, turn.session), turn.session
    )


def render(endpoint: Endpoint, outputs: Sequence[Output], session: Session) -> Rendered:
    """Each output with its LINE message objects."""
    return [(output, endpoint.channel.render(output, session)) for output in outputs]


def check(endpoint: Endpoint, rendered: Rendered, session: Session) -> tuple[list[Message], tuple[Data, ...]]:
    """What may be sent, and what the rules said about it."""
    if not rendered:
        return [], ()
    messages, violations = endpoint.channel.check(rendered, session.chat)
    return messages, tuple(
        {
            "rule": v.rule,
            "property": v.property,
            "message": v.message,
            "severity": v.severity,
            "at": str(v.at or ""),
            "done": v.done,
        }
        for v in violations
    )


def pack(
    house: House,
    endpoint: Endpoint,
    turn: Turn,
    session: Session,
    outputs: Sequence[Output],
    messages: list[Message],
    findings: tuple[Data, ...],
    held: tuple[Delivery, ...],
    token: Token,
) -> Turn:
    """The turn with its deliveries: held messages first, now that there may be a fresh token for them."""
    now = house.clock.now()
    event = replace(turn.event, reply_to=None) if token.spent else turn.event
    stale = tuple(delivery.id for delivery in held if delivery.epoch != session.control.epoch)
    held = tuple(delivery for delivery in held if delivery.id not in stale) if event.reply_to else ()
    every = [message for delivery in held for message in delivery.messages] + messages
    deliveries = endpoint.channel.pack(every, event, session, now) if every else []
    if token.offered:
        deliveries = [replace(delivery, state="held") for delivery in deliveries]
    secret = private(endpoint.channel, turn, outputs)
    recorded = turn.entries or entries(endpoint.settings.transcripts, secret, turn, messages, now)
    return replace(
        turn,
        session=session,
        outputs=tuple(outputs),
        deliveries=tuple(deliveries),
        merged=tuple(delivery.id for delivery in held),
        suppressed=stale,
        entries=recorded + broken(turn, findings, now),
        trace=turn.trace + tuple({"violation": finding} for finding in findings),
    )


async def commit(house: House, claim: Claim, turn: Turn) -> Claim | None:
    """Everything in one transaction; content that was taken back goes before it.

    Whatever fails or dies in between, the event comes again and the content is looked for again.
    """
    if claim.event is not None and turn.event.id != claim.event.id:
        raise BadInput("a transformer changed the event's id")
    if turn.erase:
        await endpoint_of(house, claim).channel.forget(turn.erase)
    after = await house.store.commit(turn, worker=house.worker, now=house.clock.now())
    if turn.notes:
        house.people.told()
    return after


def held(claim: Claim) -> tuple[Delivery, ...]:
    """Deliveries that waited for a fresh reply token."""
    return tuple(delivery for delivery in claim.deliveries if delivery.state == "held") if claim.deliveries else ()


async def send(house: House, claim: Claim) -> Claim | None:
    """Send a session's deliveries in order; one that must wait holds back those behind it.

    One that comes as `sending` was already under way when a process died: it may have reached LINE.
    """
    channel = endpoint_of(house, claim).channel
    results: list[tuple[Delivery, Outcome]] = []
    held = False
    for delivery in claim.deliveries:
        if delivery.state == "held":
            continue
        if held:
            outcome = Outcome(state="held", via=delivery.via, detail="waits behind an earlier message")
        elif delivery.epoch != claim.session.control.epoch:
            outcome = Outcome(state="suppressed", via=delivery.via, detail="somebody else speaks in this chat now")
        else:
            outcome = await channel.send(delivery, again=delivery.state == "sending")
        results.append((delivery, outcome))
        held = held or outcome.state == "held"
        if outcome.state == "retry":
            break  # those behind it stay as they are, and the store lines them up behind it
    now = house.clock.now()
    after = await house.store.settle(claim.session.key, results, worker=house.worker, now=now)
    if told := provided.outcomes(claim.session.endpoint, claim.session.key, results, now):
        await house.store.accept(told, worker=None, now=now)
    return after


def sayer(endpoint: Endpoint, claim: Claim) -> Callable[[str], str]:
    """Texts of the settings, which may be `$keys`, in the language of the session."""
    return lambda text: endpoint.book.text(text, claim.session.language)


def endpoint_of(house: House, claim: Claim) -> Endpoint:
    endpoint = house.endpoints.get(claim.session.endpoint)
    if endpoint is None:
        raise EndpointGone(f"the endpoint {claim.session.endpoint} is no longer in noren.yaml")
    return endpoint
