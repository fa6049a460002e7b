"""One person in one chat with a bot at the simulator."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from urllib.parse import urlsplit

import click

from runtime.cli.talk.bubbles import Tap, bubble, mentioned, numeric, spelled, taps_of, trouble
from runtime.cli.talk.control import Control
from runtime.cli.talk.eyes import Eyes
from runtime.cli.talk.screen import Screen, prompt
from runtime.errors import BadInput, ChannelError
from runtime.model import Data

LONG_POLL = 25_000
TURN = 120.0
"""Seconds a turn may take before the next line goes out all the same."""
GLANCE = 0.03
PATIENCE, QUIET = 4.0, 0.5
"""Without a look at the store: seconds to wait for the first answer, and for silence after it."""


class Room:
    """What is seen and done there. `taps` are the buttons of the last turn, by what is typed to tap them."""

    def __init__(self, control: Control, bot: Data, screen: Screen, eyes: Eyes | None = None) -> None:
        self.control, self.screen, self.eyes = control, screen, eyes
        self.bot, self.bot_name = str(bot["name"]), str(bot.get("display_name") or bot["name"])
        self._host = urlsplit(str(bot.get("webhook_url", ""))).netloc or "-"  # its links are there, without TLS
        self.user: dict[str, Any] = {}
        self.chat = self.group = ""
        self.taps: dict[str, Tap] = {}
        self.mine = self.typed = ""
        self.told = False  # whether the bot heard of the last line
        self._heard = 0.0  # when the bot spoke after it
        self._asked = False  # whether it was something that a bot may answer
        self.failed = False
        self._rev = self._log = 0
        self._entries: dict[str, str] = {}
        self._speaker = ""
        self._reading = asyncio.Lock()
        self._names: dict[str, str] = {}

    @property
    def path(self) -> str:
        return f"/bots/{self.bot}/chats/{self.chat}"

    @property
    def own_key(self) -> str:
        return self.eyes.key(self.chat, self.user["id"]) if self.eyes else ""

    # ── who and where ─────────────────────────────────────────────────────────────────────────────────────

    async def become(self, name: str, language: str) -> None:
        """Write as this person from now on; made if there is nobody of that name."""
        known = {user["name"]: user for user in (await self.control.get("/users"))["users"]}
        if name in known:
            self.user = await self.control.patch(f"/users/{known[name]['id']}", language=language)
        else:
            self.user = await self.control.post("/users", name=name, language=language)
        self.screen.prompt = name

    async def enter(self, chat: str, group: str = "") -> None:
        """Turn to a chat; what was said there before is not shown again."""
        self.chat, self.group, self.taps, self.mine = chat, group, {}, ""
        found = await self.control.get(self.path, limit=1)
        self._rev = max(self._rev, found["after"])
        log = (await self.control.get("/log", limit=1, bot=self.bot))["log"]
        self._log = max(self._log, *(line["n"] for line in log)) if log else self._log
        if self.eyes:
            await self.eyes.skip(self.own_key)

    # ── doing ─────────────────────────────────────────────────────────────────────────────────────────────

    async def send(self, **message: Any) -> None:
        self.forget()
        sent = await self.control.post(f"{self.path}/messages", user=self.user["id"], **message)
        self.mine, self._asked = sent["entries"][-1]["id"], True

    async def tap(self, tap: Tap, **chosen: Any) -> None:
        """Tap a button, and say what the app would open, copy or type."""
        if tap.action["type"] == "datetimepicker" and "value" not in chosen and "initial" not in tap.action:
            raise BadInput(
                f"this opens a {tap.action['mode']} picker: choose with /pick {EXAMPLES[tap.action['mode']]}"
            )
        kept = dict(self.taps)
        if tap.action["type"] not in STAYS:
            self.forget()
        try:
            target = {"message": tap.message, "index": tap.index, "user": self.user["id"]}
            done = await self.control.post(f"{self.path}/tap", **target, **chosen)
        except BadInput:
            self.taps = kept
            raise
        self._asked, self.mine = True, str(done.get("said") or self.mine)
        if lines := effects(done):
            self.tell([f"({line})" for line in lines])

    def begin(self, line: str) -> None:
        """A new line was typed."""
        self.typed, self.told, self._heard, self._asked = line, False, 0.0, False

    def forget(self) -> None:
        """Something new was said: earlier buttons are no longer numbered."""
        self.taps, self._speaker = {}, ""

    def tell(self, lines: list[str], **style: Any) -> None:
        """A word of the chat program itself."""
        self.screen.show([click.style(line, **(style or {"dim": True})) for line in lines])
        self._speaker = ""

    def complain(self, line: str) -> None:
        """A word about what went wrong; the exit code will say so too."""
        self.failed, self._heard = True, time.monotonic()
        self.tell([f"✗ {line}"], fg="red")

    # ── seeing ────────────────────────────────────────────────────────────────────────────────────────────

    async def watch(self) -> None:
        """Show what arrives, as it arrives."""
        while True:
            chat, rev = self.chat, self._rev
            found = await self.control.get(self.path, after=rev, wait=LONG_POLL, limit=1)
            if found["entries"] and (chat, rev) == (self.chat, self._rev):
                await self.refresh()

    async def refresh(self) -> None:
        """Show what is new in the chat, and what went wrong."""
        async with self._reading:
            found = await self.control.get(self.path, after=self._rev)
            self._rev = found["after"]
            for entry in found["entries"]:
                await self._show(entry)
            await self._report()

    async def _show(self, entry: Data) -> None:
        before = self._entries.get(entry["id"])
        self._entries[entry["id"]] = entry["state"]
        if before is not None:
            if before != entry["state"]:
                self.tell([f"({entry['state']}) {entry['message'].get('text', '')}".rstrip()])
        elif entry["via"] == "note":
            self.tell([f"— {await self._name(entry['who'])} {entry['message'].get('text', '')}".replace("  ", " ")])
        elif entry["who"] == "bot":
            self._say(await self._spelled(entry))
        elif entry["via"] == "tap":
            text = entry["message"].get("text") or f"({entry['message'].get('type')})"
            if text != self.typed:
                self.screen.show([prompt(await self._name(entry["who"])) + text])
            self._speaker = ""

    async def _spelled(self, entry: Data) -> Data:
        """An entry whose mentions are names and whose emoji are signs."""
        message = entry["message"]
        if message.get("type") != "textV2":
            return entry
        people = {one: await self._name(one) for one in mentioned(message)}
        return {**entry, "message": {**message, "text": spelled(message, people)}}

    def _say(self, entry: Data) -> None:
        self.taps = {key: tap for key, tap in self.taps.items() if not tap.quick}  # new words take their place
        letters = numeric(entry) or any(key.isalpha() for key in self.taps)
        taps = taps_of(entry, len(self.taps), letters)
        self.taps |= {tap.key: tap for tap in taps}
        first = self._speaker != entry["who"]
        lines = bubble(entry, taps, self.bot_name, self.screen.columns, first=first)
        self.screen.show([line.replace(f"https://{self._host}/", f"http://{self._host}/") for line in lines])
        self._speaker, self._heard = entry["who"], time.monotonic()

    async def _name(self, user: str) -> str:
        if user and user not in self._names:
            found = (await self.control.get("/users"))["users"]
            self._names = {one["id"]: one["name"] for one in found}
        return self._names.get(user, "")

    async def _report(self) -> None:
        """Calls LINE refused, webhooks that failed, rules that were broken, turns that were parked."""
        for line in (await self.control.get("/log", after=self._log, bot=self.bot))["log"]:
            self._log = max(self._log, line["n"])
            self.told = self.told or line["way"] == "webhook"
            if line["way"] == "webhook" and line["outcome"] != "OK":
                self.complain(trouble(line))
            elif line["way"] == "api" and line["status"] >= 400 and line["status"] != 409:
                self.tell([f"✗ {trouble(line)}"], fg="red")
                self._heard = time.monotonic()
        for news in await self.eyes.news(self.own_key) if self.eyes else ():
            self._heard = time.monotonic()
            self.tell([f"⚠ {news}"], fg="yellow")

    # ── waiting ───────────────────────────────────────────────────────────────────────────────────────────

    async def settled(self) -> None:
        """Return when what was just done is answered, and the answer shown."""
        await self.control.post("/webhooks/settle")
        until = time.monotonic() + TURN
        if self.eyes:
            while await self.eyes.busy(self.own_key, await self.now()) and time.monotonic() < until:  # noqa: ASYNC110
                await asyncio.sleep(GLANCE)  # another process's store tells nobody
            await self.refresh()
            await self._unanswered()
            return
        await self.refresh()
        begun = time.monotonic()
        while self.told and time.monotonic() < min(until, self._heard + QUIET if self._heard else begun + PATIENCE):
            await asyncio.sleep(GLANCE)
            await self.refresh()

    async def _unanswered(self) -> None:
        """Say that nothing came back: silence looks the same whatever it comes from."""
        if not self._asked or not self.told or self._heard or self.eyes is None:
            return
        session = (await self.eyes.session(self.own_key)).get("state") or {}
        owner = (session.get("control") or {}).get("owner", "bot")
        self.tell(["(no answer)" if owner == "bot" else "(no answer: the bot does not have this chat)"])

    async def now(self) -> int:
        """The platform's time, which a bot beside it shares."""
        return int((await self.control.get("/clock"))["now"])


STAYS = ("uri", "clipboard")
"""Actions that leave the chat as it is."""
EXAMPLES = {"date": "2026-12-05", "time": "18:30", "datetime": "2026-12-05T18:30"}


def effects(done: Data) -> list[str]:
    """What the app would do beside telling the bot."""
    lines = []
    if "uri" in done:
        lines.append(f"opens {done['uri']}")
    if "clipboard" in done:
        lines.append(f"copied {done['clipboard']}")
    if "input" in done:
        text = done["input"]["text"]
        lines.append(f"the app shows {done['input']['option']}" + (f", filled with {text!r}" if text else ""))
    if not lines and "said" not in done and "shown" not in done:
        lines.append(f"tapped {done['label']}")
    return lines


async def gone(room: Room) -> str:
    """Run until the simulator is gone; why."""
    try:
        await room.watch()
    except (ChannelError, BadInput) as error:
        return error.message
    return ""
