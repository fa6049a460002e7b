"""What providers tell, taken once and in order, whatever way it came."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from runtime.errors import BadInput, CallError
from runtime.handover.providers import mail
from runtime.handover.providers.arrivals import Arrivals, shown
from runtime.handover.providers.calling import Trouble
from runtime.handover.providers.desk import Desk
from runtime.handover.providers.mail import Address
from runtime.model import Data
from runtime.ports import ProviderEvent
from tests.clock import ManualClock

pytestmark = pytest.mark.anyio
AT = Address("shop", "there", "c1", "shop:U1")
AYA = {"id": "5", "name": "Aya"}


class There(Desk):
    """A provider that has said these things, and may be silent."""

    capabilities = frozenset(("fetch",))

    def __init__(self, *events: ProviderEvent, trouble: Trouble | None = None) -> None:
        super().__init__("there")
        self.events, self.trouble = list(events), trouble

    async def fetch_since(self, cursor: int, known: Data) -> tuple[list[ProviderEvent], int]:
        if self.trouble:
            raise self.trouble
        found = [one for one in self.events if not one.key[1:].isdecimal() or int(one.key[1:]) > cursor]
        return found, max([cursor, *(int(one.key[1:]) for one in found if one.key[1:].isdecimal())])


@dataclass
class Lane:
    """The lane of one case: what it remembers, and what left it."""

    provider: Desk
    known: dict[str, Any] = field(default_factory=dict)
    clock: ManualClock = field(default_factory=ManualClock)
    sent: list[Data] = field(default_factory=list)
    value: dict[str, Any] = field(default_factory=dict)
    broken: bool = False

    async def take(self, *events: ProviderEvent) -> list[str]:
        """What the chat is told: verbs with their words."""

        async def fetch(url: str) -> tuple[bytes, str]:
            if self.broken:
                raise CallError("chat.example answered 404")
            return b"data", url.rpartition("/")[2]

        async def keep(data: bytes, name: str) -> Data:
            if name.endswith(".exe"):
                raise BadInput("this kind of file cannot be sent")
            return {"kind": "image", "url": f"https://bot.example/{name}", "name": name}

        rows = mail.told(AT, "x", "42", list(events))["data"]["told"] if events else []
        args = {"ref": "42", "told": rows, "do": "told" if events else "look"}
        self.value = await Arrivals(self.clock, fetch, keep).take(self.provider, AT, args, self.known)
        self.known, self.sent = self.value["memory"], self.value["send"]
        return [f"{one['data']['do']} {words(one['data'])}".strip() for one in self.sent]


def words(data: Data) -> str:
    said = [one.get("text") or one["data"]["url"] for one in data.get("messages") or []]
    return " ".join(said) or str(data.get("text") or data.get("reason") or data.get("agent_name") or "")


def event(kind: Any, key: str, at: int = 1, **data: Any) -> ProviderEvent:
    return ProviderEvent(kind=kind, ref="42", key=key, at=at, agent=AYA, data=data)


def said(number: int, text: str = "", **data: Any) -> ProviderEvent:
    return event("message", f"m{number}", text=text or f"say {number}", message=str(number), **data)


async def test_what_was_overtaken_or_lost_comes_first_and_nothing_twice() -> None:
    lane = Lane(There(said(1), said(2), said(3)))
    assert await lane.take(said(3)) == ["reply say 1", "reply say 2", "reply say 3"]
    assert await lane.take(said(1)) == []
    assert await lane.take(said(3)) == []
    assert await lane.take() == []


async def test_a_note_that_looks_different_the_second_time_is_the_same_note() -> None:
    lane = Lane(Desk("there"))
    assert await lane.take(event("note", "m9", text="hm")) == ["note hm"]
    assert await lane.take(event("note", "m9", text="hm!")) == []


async def test_what_the_provider_no_longer_lists_is_taken_from_the_webhook() -> None:
    assert await Lane(There()).take(said(7)) == ["reply say 7"]


async def test_a_provider_that_does_not_answer_is_believed_and_looked_at_later() -> None:
    lane = Lane(There(trouble=Trouble("down", again=True)))
    assert await lane.take(said(7)) == ["reply say 7"]
    assert await lane.take() == []
    assert lane.value["timers"][0]["after"] == 60_000


async def test_a_case_that_is_gone_there_ends_here() -> None:
    lane = Lane(There(trouble=Trouble("answered 404", status=404)))
    assert await lane.take() == ["resolve provider_error"]
    assert "timers" not in lane.value


async def test_a_status_counts_when_it_changes_and_is_not_older_than_what_is_known() -> None:
    lane = Lane(Desk("there"))
    assert await lane.take(event("status", "s1", 5, status="open")) == []
    assert await lane.take(event("status", "s2", 9, status="snoozed", until=99)) == ["snooze"]
    assert await lane.take(event("status", "s3", 8, status="resolved")) == [], "that was before"
    assert await lane.take(event("status", "s4", 10, status="open")) == ["wake"]
    assert await lane.take(event("status", "s5", 11, status="resolved")) == ["resolve"]
    assert await lane.take(event("status", "s6", 12, status="resolved")) == []
    (remark,) = await lane.take(event("status", "s7", 13, status="open"))
    assert remark.startswith("note The chat is with the bot again")
    assert lane.sent[0]["session"] == AT.out


async def test_the_pending_status_gives_back() -> None:
    assert await Lane(Desk("there")).take(event("status", "s1", status="returned")) == ["resolve returned_to_bot"]


async def test_who_has_it_is_told_once() -> None:
    lane = Lane(Desk("there"))
    assert await lane.take(event("assigned", "a1", 5)) == ["assign Aya"]
    assert await lane.take(event("assigned", "a2", 6)) == []
    assert lane.sent == []


async def test_agents_of_providers_are_none_of_the_desk() -> None:
    lane = Lane(Desk("there"))
    await lane.take(said(1))
    actor = lane.sent[0]["data"]["actor"]
    assert actor == {"kind": "provider", "id": "there:5", "name": "Aya"}
    assert lane.sent[0]["id"] == "said|there|c1|m1"


async def test_files_come_with_the_words_and_what_cannot_is_told_to_the_agent() -> None:
    lane = Lane(Desk("there"))
    files = [{"url": "https://x.example/a.png"}, {"url": "https://x.example/b.exe"}]
    told = await lane.take(said(1, "look", files=files))
    assert told[0] == "note A file was not sent to the user: this kind of file cannot be sent"
    assert told[1] == "reply look https://bot.example/a.png"
    lane.broken = True
    (only,) = await lane.take(event("message", "m2", text="", files=files[:1]))
    assert only == "note A file was not sent to the user: chat.example answered 404"


async def test_typing_is_shown_while_it_is_news() -> None:
    lane = Lane(Desk("there"))
    now = lane.clock.now()
    await lane.take(event("typing", "t1", now))
    assert lane.value["cue"] is True
    await lane.take(event("typing", "t2", now - 10_000))
    assert lane.value["cue"] is False


async def test_remembered_keys_do_not_grow_for_ever() -> None:
    lane = Lane(Desk("there"))
    for number in range(500):
        await lane.take(said(number + 1))
    assert len(lane.known["seen"]) == 400


def test_what_line_does_not_show_is_a_card_with_a_link() -> None:
    card = shown({"kind": "file", "name": "terms.pdf", "url": "https://bot.example/media/d-1"})
    message = card["data"]["message"]
    assert (message["type"], message["altText"]) == ("flex", "terms.pdf")
    assert message["contents"]["body"]["contents"][1]["action"]["uri"] == "https://bot.example/media/d-1"
