"""What people do in a test: write, tap, choose, send, come and go; done at the simulator as LINE's app does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from runtime.errors import BadInput
from runtime.flow.shapes import By, Dict, Fields, Flag, Many, Number, Plain, Shape
from runtime.model import Data
from runtime.simulator.buttons import Button, buttons
from runtime.simulator.control.chats import EVENT_FORMS, EVENTS
from runtime.simulator.taps import MODES, tap
from runtime.simulator.values import Impossible, Said
from runtime.simulator.written import formed
from runtime.transcript.heard import Object
from runtime.transcript.words import Wording, quoted

if TYPE_CHECKING:
    from runtime.transcript.play import Player

TOKYO: Data = {"title": "Tokyo Station", "latitude": 35.681236, "longitude": 139.767125}
LOOK_BACK = 30
"""Messages among which a button is looked for, the latest first."""

Run = Callable[["Player", str, Any, Mapping[str, Any]], None]
"""Does it: the player, who does it, the value, the words beside it (`card`, `quote`)."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something a person does."""

    shape: Shape
    run: Run
    says: str


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────


def _text(player: Player, who: str, value: Any, more: Mapping[str, Any]) -> None:
    text, name = player.words.plain(value), player.stage.account.bot.display_name
    text = text.replace("@bot", f"@{name}")
    mention = {"mention": [{"to": "bot"}]} if f"@{name}" in text and player.group else {}
    quote = {"quote": _quoted(player, more["quote"]).id} if "quote" in more else {}
    player.send(who, {"type": "text", "text": text, **mention, **quote})


def _quoted(player: Player, pattern: Any) -> Said:
    """The latest message of the chat that says this."""
    history = player.stage.simulator.platform.chats.history(player.stage.bot, player.chat)
    for said in reversed(history):
        text = said.message.get("text") or said.message.get("altText") or ""
        if said.via != "note" and player.words.fits(pattern, str(text)):
            return said
    raise BadInput(f"nothing in this chat says {player.words.shown(pattern)}")


def _sticker(player: Player, who: str, value: Any, more: Mapping[str, Any]) -> None:
    ids = dict(zip(("package", "sticker"), value.split("/"), strict=False)) if isinstance(value, str) else {}
    player.send(who, {"type": "sticker", **(value if isinstance(value, dict) else ids)})


def _media(kind: str) -> Run:
    def run(player: Player, who: str, value: Any, more: Mapping[str, Any]) -> None:
        given = value if isinstance(value, dict) else {"name": value} if isinstance(value, str) else {}
        player.send(who, {"type": kind, **given})

    return run


def _location(player: Player, who: str, value: Any, more: Mapping[str, Any]) -> None:
    given = value if isinstance(value, dict) else {"title": value} if isinstance(value, str) else {}
    player.send(who, {"type": "location", **TOKYO, **given})


def _unsend(player: Player, who: str, value: Any, more: Mapping[str, Any]) -> None:
    player.stage.simulator.acts.unsend(player.last(who).id)


def _edit(player: Player, who: str, value: Any, more: Mapping[str, Any]) -> None:
    player.stage.simulator.acts.edit(player.last(who).id, {"text": player.words.plain(value)})


# ── tapping ───────────────────────────────────────────────────────────────────────────────────────────────────


def _tap(player: Player, who: str, value: Any, more: Mapping[str, Any]) -> None:
    label = player.words.plain(value)
    fits = [
        *(lambda button: button.label == label, lambda button: worth(button) == label),
        *(lambda button: button.action.get("data") == label, lambda button: button.action.get("text") == label),
    ]
    said, index = _button(player, fits, quoted(label), more.get("card", 1))
    _touch(player, who, said, index, {})


def _pick(player: Player, who: str, value: Any, more: Mapping[str, Any]) -> None:
    mode = next((mode for mode, form in MODES.items() if form.fullmatch(value)), None)
    if mode is None:
        raise BadInput(f"{value} is no date, time or datetime; write 2026-12-05, 18:30 or 2026-12-05T18:30")
    said, index = _button(player, [lambda button: button.action.get("mode") == mode], f"a {mode} picker", 1)
    _touch(player, who, said, index, {"value": value})


def _touch(player: Player, who: str, said: Said, index: int, more: Mapping[str, Any]) -> None:
    stage = player.stage
    tap(stage.simulator.acts, stage.account, player.chat, {"user": who, "message": said.id, "index": index, **more})


def _button(player: Player, fits: list[Callable[[Button], bool]], name: str, number: int) -> tuple[Said, int]:
    """The `number`th button of the latest message that has one that fits; labels before values before data."""
    recent = player.stage.said(player.chat)[-LOOK_BACK:][::-1]
    for said in recent:
        there = buttons(said.message)
        for fit in fits:
            found = [index for index, button in enumerate(there) if fit(button)]
            if len(found) >= number:
                return said, found[number - 1]
    labels = [button.label for said in recent for button in buttons(said.message)]
    shown = ", ".join(quoted(one) for one in dict.fromkeys(labels)) or "none"
    raise Impossible(f"there is no button {name} here; there are: {shown}")


def worth(button: Button) -> str:
    """The answer that a button of a question stands for."""
    found = parse_qs(str(button.action.get("data", "")), keep_blank_values=True).get("answer")
    return found[0] if found else "\0"


def _menu(player: Player, who: str, value: Any, more: Mapping[str, Any]) -> None:
    body = {"user": who, "menu": True, "label": player.words.plain(value)}
    tap(player.stage.simulator.acts, player.stage.account, player.chat, body)


# ── coming, going, happening ──────────────────────────────────────────────────────────────────────────────────


def _join(player: Player, who: str, value: Any, more: Mapping[str, Any]) -> None:
    player.stage.simulator.acts.invite(player.stage.account, player.a_group())


def _leave(player: Player, who: str, value: Any, more: Mapping[str, Any]) -> None:
    player.stage.simulator.acts.expel(player.a_group())


def _joined(player: Player, who: str, value: Any, more: Mapping[str, Any]) -> None:
    player.stage.simulator.acts.join(player.a_group(), [player.person(name) for name in value])


def _left(player: Player, who: str, value: Any, more: Mapping[str, Any]) -> None:
    player.stage.simulator.acts.leave(player.a_group(), player.person(value))


def _watched(player: Player, who: str, value: Any, more: Mapping[str, Any]) -> None:
    videos = [said for said in player.stage.said(player.chat) if said.message["type"] == "video"]
    if not videos:
        raise Impossible("the bot has sent no video here")
    player.stage.simulator.acts.watch(videos[-1].id)


def _event(kind: str) -> Run:
    """An event of the simulator that needs nothing of this test but a chat."""

    def run(player: Player, who: str, value: Any, more: Mapping[str, Any]) -> None:
        given = dict(value) if isinstance(value, dict) else {}
        if kind == "postback":
            given = {"data": _data(value), "user": who}
        if kind == "account_link":
            given.setdefault("nonce", "nonce")
        formed(given, EVENT_FORMS.get(kind, {}))
        EVENTS[kind](player.stage.simulator, player.stage.account, player.chat if kind == "postback" else who, given)

    return run


def _data(value: Any) -> str:
    """Data of a postback: as it is, or a mapping as flows write it."""
    if isinstance(value, dict):
        return "&".join(f"{name}={one}" for name, one in value.items())
    return str(value)


FLAG = Flag()
THING = By(FLAG, map=Object(), nothing=True)
NAMED = By(Plain(), map=Object(), nothing=True)

SAID: dict[str, Act] = {
    "text": Act(Wording(), _text, "writes; with `quote`, to a message that says this"),
    "tap": Act(
        Wording(), _tap, "taps a button or quick reply: its label, its value or its data; `card`: which of them"
    ),
    "pick": Act(Plain(), _pick, "chooses in the picker that is shown: 2026-12-05, 18:30, 2026-12-05T18:30"),
    "menu": Act(Wording(), _menu, "taps an area of the rich menu"),
    "postback": Act(By(Plain(), map=Dict(Plain())), _event("postback"), "a postback, as from a button"),
    "sticker": Act(By(Plain(), map=Object()), _sticker, "sends a sticker: true, package/sticker, or with keywords"),
    "image": Act(THING, _media("image"), "sends a picture"),
    "video": Act(THING, _media("video"), "sends a video"),
    "audio": Act(THING, _media("audio"), "sends a sound"),
    "file": Act(NAMED, _media("file"), "sends a file: true, or its name"),
    "location": Act(NAMED, _location, "sends a place: true, its title, or title, address, latitude, longitude"),
    "unsend": Act(FLAG, _unsend, "takes their last message back"),
    "edit": Act(Wording(), _edit, "changes their last message (in groups)"),
}
"""What follows the name of a person."""

HAPPENS: dict[str, Act] = {
    "follow": Act(THING, _event("follow"), "adds the bot as a friend, or unblocks it"),
    "unfollow": Act(THING, _event("unfollow"), "blocks the bot"),
    "join": Act(THING, _join, "the bot is invited into the group"),
    "leave": Act(THING, _leave, "the bot is removed from the group"),
    "member_joined": Act(Many(Plain(), single=True), _joined, "people come into the group"),
    "member_left": Act(Plain(), _left, "somebody leaves the group"),
    "beacon": Act(THING, _event("beacon"), "comes near a beacon: hwid, type, dm"),
    "account_link": Act(THING, _event("account_link"), "links an account: nonce, result"),
    "membership": Act(THING, _event("membership"), "joins, leaves or renews a membership: type, id"),
    "video_complete": Act(THING, _watched, "watches the bot's last video to its end"),
    "activated": Act(THING, _event("activated"), "the bot gets the chat back from another module"),
    "deactivated": Act(THING, _event("deactivated"), "another module takes the chat"),
    "bot_suspended": Act(THING, _event("bot_suspended"), "LINE suspends the bot"),
    "bot_resumed": Act(THING, _event("bot_resumed"), "LINE ends that"),
}
"""What `event` and the name of a person may tell."""

ACTS = SAID | HAPPENS
BESIDE: dict[str, Shape] = {"card": Number(1), "quote": Wording(), "alone": Flag()}
"""Words beside an act."""

DONE = Fields({name: act.shape for name, act in ACTS.items()} | BESIDE, one_of=tuple(ACTS), what="what somebody does")
