"""All kinds of steps. A new one is a class in one of these files and an entry in `STEPS`."""

from __future__ import annotations

from runtime.flow.steps.ask import Ask
from runtime.flow.steps.cards import Buttons, Cards, Confirm, ImageCards, Imagemap, Listing
from runtime.flow.steps.control import End, Every, Goto, Once, Return, Run, Stop, Switch, Think, When
from runtime.flow.steps.data import Goal, Language, Log, Push, Record, Reset, Set, Task, Unset
from runtime.flow.steps.effects import CallFunction, Http, Loading, MarkRead
from runtime.flow.steps.handover import Availability, CloseHandover, Handover, Inactivity
from runtime.flow.steps.menu import ShowMenu
from runtime.flow.steps.rate import Rate
from runtime.flow.steps.say import Audio, Coupon, Flex, Image, Line, Location, Say, Sticker, Video
from runtime.flow.steps.sending import Inject, Notify
from runtime.flow.steps.timing import Delay, Wait
from runtime.flow.tree import Step

STEPS: dict[str, type[Step]] = {
    "say": Say,
    "sticker": Sticker,
    "image": Image,
    "video": Video,
    "audio": Audio,
    "location": Location,
    "imagemap": Imagemap,
    "buttons": Buttons,
    "confirm": Confirm,
    "cards": Cards,
    "image_cards": ImageCards,
    "list": Listing,
    "flex": Flex,
    "coupon": Coupon,
    "line": Line,
    "ask": Ask,
    "when": When,
    "switch": Switch,
    "once": Once,
    "every": Every,
    "goto": Goto,
    "run": Run,
    "return": Return,
    "stop": Stop,
    "end": End,
    "think": Think,
    "set": Set,
    "unset": Unset,
    "push": Push,
    "reset": Reset,
    "wait": Wait,
    "delay": Delay,
    "http": Http,
    "call": CallFunction,
    "loading": Loading,
    "mark_read": MarkRead,
    "menu": ShowMenu,
    "language": Language,
    "goal": Goal,
    "task": Task,
    "rate": Rate,
    "record": Record,
    "handover": Handover,
    "availability": Availability,
    "inactivity": Inactivity,
    "close_handover": CloseHandover,
    "inject": Inject,
    "notify": Notify,
    "log": Log,
}

LATER = frozenset(
    (
        *("llm", "understand", "translate"),
        *("profile", "subscribe", "identify", "forget_me"),
    )
)
"""Verbs of the language that this version does not know yet."""
