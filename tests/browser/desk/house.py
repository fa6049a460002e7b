"""A bot whose chats people can take over, as a process of its own, and those who write to it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, TypeVar

from runtime.desk.streaming import BEAT
from tests.browser.dev import ROOT, Dev, dev, folder

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds that something may take on a machine that tests something else at the same time."""
PASSWORD = "a few words are enough"
ROOMS = 60
"""Queues of the test bot: each test works in one of its own."""
STEP = 15_000
"""How far time is turned at once, in ms."""


@dataclass
class Caller:
    """Somebody who is signed in and uses the API alone."""

    url: str
    cookie: str = ""
    csrf: str = ""
    id: str = ""

    def ask(self, method: str, path: str, /, *, raw: bytes | None = None, **body: Any) -> Any:
        """What the desk answers, which must be no error."""
        data = raw if raw is not None else json.dumps(body).encode() if method != "GET" else None
        headers = {
            "x-noren-csrf": self.csrf,
            "origin": self.url,
            "cookie": self.cookie,
            "content-type": "application/json",
        }
        request = urllib.request.Request(f"{self.url}/desk/api{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                if given := answer.headers.get("set-cookie"):
                    self.cookie = given.partition(";")[0]
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{method} {path}: {refused.code} {refused.read().decode()}") from None

    def enter(self, path: str, /, **body: Any) -> None:
        found = self.ask("POST", path, **body)
        self.csrf, self.id = found["csrf"], found["agent"]["id"]


@dataclass
class Guest:
    """A person with LINE's app, or a group of them."""

    dev: Dev
    id: str
    name: str

    def says(self, text: str, **more: Any) -> str:
        """The message's id."""
        return self.sends(type="text", text=text, **more)

    def sends(self, **message: Any) -> str:
        found = self.dev.control("POST", f"/bots/shop/chats/{self.id}/messages", **message)
        self.settle()
        return str(found["entries"][0]["id"])

    def taps(self, label: str, **more: Any) -> None:
        self.dev.control("POST", f"/bots/shop/chats/{self.id}/tap", label=label, **more)
        self.settle()

    def settle(self) -> None:
        self.dev.control("POST", "/webhooks/settle")

    def entries(self) -> list[dict[str, Any]]:
        found = self.dev.control("GET", f"/bots/shop/chats/{self.id}")
        return list(found["entries"])

    def heard(self) -> list[str]:
        """What came from the account: texts, or kinds of messages without one."""
        said = [one for one in self.entries() if one["via"] in ("reply", "push")]
        return [
            str(one["message"].get("text") or one["message"].get("altText") or one["message"]["type"]) for one in said
        ]

    def hears(self, text: str, times: int = 1) -> dict[str, Any]:
        """Wait until the account said this, and so often; the last entry with it."""
        path, rev = f"/bots/shop/chats/{self.id}", 0
        end = time.monotonic() + PATIENCE
        while True:
            answer = self.dev.control("GET", f"{path}?wait=250&after={rev}")
            rev = answer["after"]
            found = [
                one for one in self.entries() if _said(one) and text in json.dumps(one["message"], ensure_ascii=False)
            ]
            if len(found) >= times or time.monotonic() > end:
                break
        assert len(found) == times, f"{self.name} heard {self.heard()}"
        return found[-1]


def _said(entry: dict[str, Any]) -> bool:
    """Whether it came from the account."""
    return entry["via"] in ("reply", "push")


@dataclass
class House:
    """A running desk. `admin` is its first account, of which only the API is used."""

    dev: Dev
    url: str
    admin: Caller
    rooms: Iterator[int] = field(default_factory=lambda: iter(range(1, ROOMS + 1)))
    people: int = 0

    def room(self) -> Room:
        return Room(self, f"q{next(self.rooms):02}")

    def forward(self, ms: int) -> None:
        """Let time pass in steps, so that desks that are open are always heard of in time."""
        while ms > 0:
            now = self.dev.control("POST", "/clock", advance=min(ms, STEP))["now"]
            for _ in range(100):
                if not self._silent(now):
                    break
                self.admin.ask("GET", "/state")
            ms -= STEP

    def silence(self, agent: str) -> None:
        """Nobody has heard of this agent for long, as when what they told could not be written down."""
        with closing(sqlite3.connect(f"{self.dev.root}/.noren/dev.db", timeout=20)) as store, store:
            store.execute("UPDATE presence SET seen = 1 WHERE agent = ?", (agent,))

    def _silent(self, now: int) -> int:
        """How many of those whose desk is open have not been heard of for long."""
        silent = "SELECT count(*) FROM presence WHERE status <> 'offline' AND gone = 0 AND seen < ?"
        with closing(sqlite3.connect(f"file:{self.dev.root}/.noren/dev.db?mode=ro", uri=True)) as store:
            return int(store.execute(silent, (now - BEAT - 1_000,)).fetchone()[0])


@dataclass
class Room:
    """A queue with its agents and guests, who are of one test alone."""

    house: House
    queue: str
    agents: dict[str, Caller] = field(default_factory=dict)

    def agent(self, name: str, role: str = "agent", **more: Any) -> Caller:
        """Somebody who works in this queue and is signed in."""
        self.house.people += 1
        email = f"agent{self.house.people}@example.com"
        body = {"queues": [self.queue], "capacity": 50, "languages": [], **more}
        self.house.admin.ask("POST", "/agents", email=email, name=name, role=role, password=PASSWORD, **body)
        caller = Caller(self.house.url)
        caller.enter("/sign-in", email=email, password=PASSWORD)
        self.agents[name] = caller
        return caller

    def guest(self, name: str, **more: Any) -> Guest:
        """Somebody who was never here; there may be others of that name."""
        id = "U" + hashlib.md5(f"{self.queue} {name}".encode(), usedforsecurity=False).hexdigest()
        self.house.dev.control("POST", "/users", id=id, name=name, **more)
        return Guest(self.house.dev, id, name)

    def asks(self, name: str, **more: Any) -> Guest:
        """Somebody new who asks for a person."""
        guest = self.guest(name, **more)
        guest.says(f"help {self.queue}")
        return guest

    def case(self, name: str, view: str = "all") -> dict[str, Any]:
        """The case of somebody."""
        path = f"/cases?view={view}&queue={self.queue}&limit=500"
        [found] = until(lambda: [one for one in self.house.admin.ask("GET", path)["cases"] if one["subject"] == name])
        return dict(found)

    def offered_to(self, name: str) -> str:
        """The name of the agent who is asked to take somebody's case."""
        return self._agent(lambda: (self.case(name).get("offer") or {}).get("agent", ""))

    def owner(self, name: str) -> str:
        """The name of the agent who has somebody's case."""
        return self._agent(lambda: self.case(name)["agent"])

    def _agent(self, asked: Callable[[], str]) -> str:
        id = until(asked)
        return next(name for name, caller in self.agents.items() if caller.id == id)


def until(asked: Callable[[], T]) -> T:
    """The first answer that is not empty; each question takes the server a moment in which it goes on."""
    end = time.monotonic() + PATIENCE
    while not (found := asked()):
        assert time.monotonic() < end, "it did not happen"
    return found


def prepared(root: Path) -> Path:
    """The test bot in this folder, with as many queues as there are tests."""
    folder("desk", root)
    queues = [f"q{number:02}" for number in range(1, ROOMS + 1)]
    rules = "".join(f"        - {{queue: {name}, when: '\"{name}\" in topic'}}\n" for name in queues)
    titles = ", ".join(f"{name}: {{title: Queue {name[1:]}}}" for name in queues)
    file = root / "noren.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("      queues: [general]\n", f"      queues:\n{rules}        - general\n")
    file.write_text(text.replace("queues: {general:", f"queues: {{{titles}, general:"), encoding="utf-8")
    return root


@contextmanager
def house(root: Path) -> Iterator[House]:
    """`noren dev` with a desk, until the block is left."""
    with dev(root) as started:
        [bot] = started.control("GET", "/bots")["bots"]
        url = str(bot["webhook_url"]).partition("/line/")[0]
        made = House(started, url, Caller(url))
        made.admin.cookie = _ticket(started.url)
        made.admin.csrf = made.admin.ask("GET", "/me")["csrf"]
        yield made


def _ticket(simulator: str) -> str:
    """What lets whoever tries the bot into its desk."""
    connection = HTTPConnection(simulator.removeprefix("http://"), timeout=20)
    with closing(connection):
        connection.request("GET", "/simulator/desk")
        return (connection.getresponse().getheader("set-cookie") or "").partition(";")[0]


@contextmanager
def fresh(root: Path) -> Iterator[tuple[str, str]]:
    """`noren serve` where nobody ever signed in: address of the desk's server, and the code of its log."""
    command = [sys.executable, "-m", "runtime", "serve", "--root", str(root), "--port", "0"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=root, env=env, text=True, stdout=pipe, stderr=subprocess.STDOUT) as process:
        try:
            assert process.stdout is not None
            said, url = "", None
            for line in process.stdout:
                said += line
                code, url = re.search(r"code=(\w+)", said), re.search(r"http://127\.0\.0\.1:\d+", said)
                if code and url:
                    yield url[0], code[1]
                    break
            else:
                raise AssertionError(said)
        finally:
            process.terminate()
