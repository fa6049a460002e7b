"""Plays a test: one person's conversation with the bot on stage, every answer compared."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from runtime.errors import BadInput, NorenError, describe
from runtime.flow.reading import nearest
from runtime.flow.tree import Flows
from runtime.model import NOTHING, Chat, Event, Place, Session, Turn
from runtime.project import Project
from runtime.simulator.ids import steady
from runtime.simulator.values import Group, Said, User
from runtime.transcript import diff
from runtime.transcript.acts import ACTS
from runtime.transcript.agents import Staff
from runtime.transcript.beginning import remembered
from runtime.transcript.coverage import visited
from runtime.transcript.expect import Facts, at_the_end, verify
from runtime.transcript.heard import Wanted
from runtime.transcript.script import CLOCK, DEFAULT_NAME, Given, Line, Moment, Script
from runtime.transcript.stage import Compile, Stage, staged
from runtime.transcript.words import Words


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that is not as the test says: where, in a sentence, and more lines to read."""

    at: Place
    message: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """What the bot said where the test has `bot` lines; for `--update`."""

    lines: tuple[Line, ...]
    said: tuple[Said, ...]
    pairs: diff.Pairs

    @property
    def right(self) -> bool:
        return all(wanted is not None and said is not None for wanted, said in self.pairs)


@dataclass(slots=True)
class Outcome:
    """How a test went. `steps` are those of the flows that were done; `ms` how long it took."""

    script: Script
    language: str
    failures: list[Failure] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    steps: set[str] = field(default_factory=set)
    flows: Flows | None = None
    endpoint: str = ""
    exchanges: int = 0
    ms: float = 0.0

    @property
    def passed(self) -> bool:
        return not self.failures

    @property
    def name(self) -> str:
        several = len(self.script.given.languages) > 1
        return f"{self.script.name} [{self.language}]" if several else self.script.name


class Player:
    """Goes through a test, line by line."""

    def __init__(self, stage: Stage, script: Script, language: str, outcome: Outcome) -> None:
        self.stage, self.script, self.outcome = stage, script, outcome
        self.words = Words(stage.flows, language)
        self.group = ""
        self.staff = Staff(self)
        self.user = self.chat = ""
        self._read = self._since = self._sent = 0
        self._counts = any(line.verb == "expect" and "billed" in line.value for line in script.lines)
        self._mine: dict[str, Said] = {}
        self._before: dict[str, int] = {}

    # people and places

    def enter(self, given: Given) -> None:
        people = self.stage.simulator.platform.people
        for name in self._names(given):
            profile = given.profile if not self.user else {}
            person = User(
                id=steady("U", f"user:{name}"),
                name=name,
                language=self.words.language,
                picture=str(profile.get("picture", "")),
                status_message=str(profile.get("status", "")),
                relation="friend" if given.friend else "none",
            )
            people.add_user(person)
            self.user = self.user or person.id
        self.chat = self.user
        if given.group:  # a group has no language of its own: the bot begins in its first
            self.words = Words(self.stage.flows, self.stage.settings.languages[0])
            self.group = self.chat = steady("C", f"group:{given.group}")
            people.add_group(Group(id=self.chat, kind="group", name=given.group, members=tuple(people.users)))
            if not any(line.act == "join" for line in self.script.lines):
                people.change_group(self.chat, bot=self.stage.bot)

    @staticmethod
    def _names(given: Given) -> tuple[str, ...]:
        first = str(given.profile.get("name", "")) or (given.members[0] if given.members else DEFAULT_NAME)
        return tuple(dict.fromkeys((first, *given.members)))

    def person(self, name: str) -> str:
        """The id of a person of this test, who comes into being by being named."""
        made = steady("U", f"user:{name}")
        people = self.stage.simulator.platform.people
        if made not in people.users:
            people.add_user(User(id=made, name=name, language=self.words.language))
        return made

    def a_group(self) -> str:
        if not self.group:
            raise BadInput("this test has no group; add `group: name` to `given`")
        return self.group

    @property
    def key(self) -> str:
        per_member = self.stage.settings.session.per == "member" and self.group
        return f"{self.stage.bot}:{self.chat}" + (f":{self.user}" if per_member else "")

    def send(self, who: str, message: Mapping[str, Any]) -> None:
        sent = self.stage.simulator.acts.send(self.stage.account, self.chat, message, who if self.group else "")
        self._mine[who] = sent[-1]

    def last(self, who: str) -> Said:
        if who not in self._mine:
            raise BadInput("nothing was sent yet that could be changed or taken back")
        return self._mine[who]

    # what is remembered

    async def session(self) -> Session | None:
        return await self.stage.store.load_session(self.key)

    async def remember(self, values: Mapping[str, Any], places: Mapping[str, Place]) -> None:
        """Begin with these variables."""
        now, bot = self.stage.clock.now(), self.stage.bot
        event = Event(
            id="given",
            session=self.key,
            endpoint=bot,
            kind="timer",
            at=now,
            due=now,
            chat=self._place(),
            user=self.user,
        )
        [claim] = await self.stage.store.accept([event], worker=self.stage.runtime.house.worker, now=now)
        held, kept = remembered(values, self.stage.flows, places.get("vars", self.script.at))
        session = replace(claim.session, vars=held, kept=kept, started=now, seen=now)
        turn = Turn(event=event, session=session)
        await self.stage.store.commit(turn, worker=self.stage.runtime.house.worker, now=now)

    def _place(self) -> Chat:
        return Chat("group" if self.group else "user", self.chat)

    # line by line

    async def play(self) -> None:
        lines = self.script.lines
        index = 0
        while index < len(lines):
            line = lines[index]
            if line.verb == "bot":
                together = 1
                while index + together < len(lines) and lines[index + together].verb == "bot":
                    together += 1
                self._hear(lines[index : index + together])
                index += together
                continue
            if not await self._step(line):
                return
            index += 1

    async def _step(self, line: Line) -> bool:
        """One line that is none of the bot; false when there is no use in going on."""
        if line.verb == "expect":
            self._fail(line, verify(line.value, await self.facts(self._since, self._sent, self._before)))
            return True
        self._read = self._since = len(self.stage.said(self.chat))
        self._sent = len(await self._outbox()) if self._counts else 0
        self._before = {name: len(said) for name, said in self._elsewhere({}).items()}
        await self.staff.noted(fresh=True)
        if not await self._happens(line):
            return False
        await self.stage.settle()
        session = await self.session()
        if session is not None and session.language and session.language != self.words.language:
            self.words = Words(self.stage.flows, session.language)
        return True

    async def _happens(self, line: Line) -> bool:
        """Time passes, or somebody does something; false when that is not possible."""
        if line.verb == "clock":
            return await self._turn(line)
        if line.verb not in ("agent", "agents", "provider"):
            return self._act(line)
        self.outcome.exchanges += 1
        try:
            why = await self.staff.step(line)
        except BadInput as error:
            why = error.message
        if why:
            self.outcome.failures.append(Failure(line.at, f"{line.act or line.verb}: {why}"))
        return not why

    async def _turn(self, line: Line) -> bool:
        until = moment(line.value, self.stage)
        if until < self.stage.clock.now():
            self.outcome.failures.append(Failure(line.at, "clock: it is later than that already"))
            return False
        await self.stage.turn_to(until)
        return True

    async def _outbox(self) -> list[dict[str, Any]]:
        """Deliveries, oldest first."""
        return (await self.stage.store.list_outbox(None, None, 100_000))[::-1]

    def _act(self, line: Line) -> bool:
        self.outcome.exchanges += 1
        who = self.person(line.who) if line.who else self.user
        try:
            with self._alone(who) if line.beside.get("alone") else contextlib.nullcontext():
                ACTS[line.act].run(self, who, line.value, line.beside)
        except BadInput as error:
            self.outcome.failures.append(Failure(line.at, f"{line.act}: {error.message}"))
            return False
        return True

    @contextlib.contextmanager
    def _alone(self, who: str) -> Iterator[None]:
        """Inside, what a person does is done in their own chat with the bot."""
        before = self.chat, self.group
        self.chat, self.group = who, ""
        try:
            yield
        finally:
            self.chat, self.group = before

    def _hear(self, lines: Sequence[Line]) -> None:
        wanted: list[Wanted] = [one for line in lines for one in line.value]
        said = self.stage.said(self.chat)[self._read :]
        self._read += len(said)
        pairs = diff.aligned(wanted, said, self.words)
        answered = Answered(tuple(lines), tuple(said), pairs)
        self.outcome.answered.append(answered)
        if not answered.right:
            first = next((one.node.at for one, heard in pairs if one is not None and heard is None), lines[0].at)
            self.outcome.failures.append(Failure(first, diff.headline(pairs), tuple(diff.lines(pairs, self.words))))

    def _fail(self, line: Line, found: Sequence[tuple[str, str]]) -> None:
        for name, message in found:
            at = line.node.key_at(name) if line.node.kind == "map" else line.at
            self.outcome.failures.append(Failure(at, f"{name}: {message}"))

    def _elsewhere(self, before: Mapping[str, int]) -> dict[str, list[Said]]:
        """What was said to each person in a chat that is not this one, after so many messages."""
        people = self.stage.simulator.platform.people.users.values()
        others = [one for one in people if one.id != self.chat]
        return {one.name: self.stage.said(one.id)[before.get(one.name, 0) :] for one in others}

    async def facts(self, since: int = 0, sent: int = 0, before: Mapping[str, int] = NOTHING) -> Facts:
        """What is known; of what was said and sent, what came after so many messages and deliveries."""
        stage = self.stage
        log = stage.simulator.journal.since(0, way="api", path="/message/", limit=100_000)
        refused = [_words(one.answered, one.status) for one in log if one.status >= 400 and "/content" not in one.path]
        return Facts(
            said=stage.said(self.chat)[since:],
            session=await self.session(),
            flows=stage.flows,
            events=await stage.dossier(),
            deliveries=(await self._outbox())[sent:],
            refused=refused,
            asked=stage.mocks.asked,
            menu=stage.menu("" if self.group else self.user),
            words=self.words,
            elsewhere=self._elsewhere(before),
            notes=await self.staff.noted(whole=before is NOTHING),
            passed_on=stage.others.asked,
        )

    async def finish(self) -> None:
        facts = await self.facts()
        line = self.script.expect or Line("expect", self.script.at, self.script.lines[-1].node, value={})
        found = at_the_end(line.value, facts, self.stage.mocks.unknown)
        self._fail(line if self.script.expect else replace(line, node=line.node), found)
        self.outcome.steps |= visited(facts.rows())


def _words(answered: bytes, status: int) -> str:
    text = answered.decode("utf-8", "replace")
    return f"{status} {text}"


def moment(given: Moment, stage: Stage) -> int:
    """In ms since the epoch; without a zone, in that of the endpoint."""
    return stage.clock.now() + given.later if given.at is None else epoch(given.at, stage.settings.timezone)


def epoch(at: datetime, zone: str) -> int:
    whole = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))
    return round(whole.timestamp() * 1000)


async def run(
    project: Project, script: Script, language: str, *, flows: Compile, content: Path | None = None
) -> Outcome:
    """One test in one language. What goes wrong is a failure of the test, whatever it is."""
    outcome = Outcome(script, language)
    begun = time.perf_counter()
    try:
        await _run(project, script, language, outcome, flows, content)
    except NorenError as error:
        outcome.failures.append(Failure(error.at or script.at, error.message))
    except Exception as error:  # one test that breaks this program takes no other with it
        outcome.failures.append(Failure(script.at, f"this test cannot be played: {describe(error)}"))
    outcome.ms = (time.perf_counter() - begun) * 1000
    return outcome


async def _run(
    project: Project, script: Script, language: str, outcome: Outcome, flows: Compile, content: Path | None
) -> None:
    bot = endpoint_of(project, script)
    now = begins(script, project.settings.endpoints[bot].timezone)
    async with staged(
        project.root, project.settings, bot=bot, now=now, mocks=script.mocks, flows=flows, content=content
    ) as stage:
        outcome.flows, outcome.endpoint = stage.flows, bot
        player = Player(stage, script, language, outcome)
        player.enter(script.given)
        if script.given.vars:
            await player.remember(script.given.vars, script.given.places)
        stage.others.answers = _known(script.given, project)
        await player.staff.begin(script.given.agents, script.lines)
        await player.play()
        await player.finish()


def _known(given: Given, project: Project) -> Mapping[str, str]:
    """How providers answer. Raises `BadInput` for one that noren.yaml does not have."""
    there = project.settings.handover.providers
    for name in given.providers:
        if name not in there:
            at = given.places.get("providers", given.at)
            close = nearest(name, there) or f"; known: {', '.join(there) or 'none'}"
            raise BadInput(f"there is no provider `{name}` in noren.yaml{close}", at=at)
    return given.providers


def endpoint_of(project: Project, script: Script) -> str:
    """The endpoint a test is for: the one it names, or the only one, or the first."""
    known = project.settings.endpoints
    if script.given.endpoint:
        if script.given.endpoint not in known:
            close = nearest(script.given.endpoint, known)
            at = script.given.places.get("endpoint", script.at)
            raise BadInput(f"there is no endpoint `{script.given.endpoint}` in noren.yaml{close}", at=at)
        return script.given.endpoint
    if not known:
        raise BadInput("noren.yaml has no endpoint")
    return next(iter(known))


def begins(script: Script, zone: str) -> int:
    given = script.given.clock
    if given is None:
        return CLOCK
    return CLOCK + given.later if given.at is None else epoch(given.at, zone)


def languages(project: Project, script: Script) -> tuple[str, ...]:
    """The languages a test is played in."""
    return script.given.languages or project.settings.endpoints[endpoint_of(project, script)].languages[:1]
