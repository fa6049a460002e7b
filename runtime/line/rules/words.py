"""The rules in a reader's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from runtime.line.rules.table import Rule

FAMILY_TITLES: Mapping[str, str] = {
    "request": "Requests",
    "narrowcast": "Narrowcast",
    "quickReply": "Quick replies",
    "action@quickReply": "Actions in quick replies",
    "action.uri@quickReply": "Links in quick replies",
    "action.postback@quickReply": "Postbacks in quick replies",
    "sender": "Sender",
    "message.textV2": "Text with substitutions (textV2)",
    "message.text": "Text",
    "emoji": "LINE emoji in a text",
    "substitution": "Substitutions",
    "mentionee": "Mentions",
    "message.sticker": "Stickers",
    "message.image": "Images",
    "message.video": "Videos",
    "message.audio": "Audio",
    "message.location": "Locations",
    "message.coupon": "Coupons",
    "message.file": "Files",
    "message.imagemap": "Imagemaps",
    "imagemap": "Imagemaps: areas and videos",
    "message.template": "Templates",
    "template": "Templates in depth",
    "message.flex": "Flex messages",
    "flex": "Flex messages in depth",
    "message": "All messages",
    "action@": "Labels of actions, by place",
    "action": "Actions",
    "altUri": "Links on the desktop",
    "richmenu": "Rich menus",
    "alias": "Rich menu aliases",
    "bulk": "Rich menus for many people",
    "loading": "Loading animation",
}
"""Sections of the page: the first whose name begins the name of a shape is its section."""

TIERS: Mapping[str, str] = {
    "O": "LINE's API description",
    "D": "LINE's documentation",
    "R": "reports of answers",
    "O+D": "LINE's API description and documentation",
    "O+R": "LINE's API description and reports",
    "D+R": "LINE's documentation and reports",
}
UNITS: Mapping[str, str] = {
    "utf16": "UTF-16 code units",
    "codepoints": "code points",
    "bytes": "bytes",
    "items": "items",
}
TYPES: Mapping[str, str] = {
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "map": "an object",
    "list": "a list",
}


def _span(rule: Rule) -> str:
    low, high = rule.limit
    unit = f" {UNITS[rule.unit]}" if rule.unit else ""
    if low is None or (not low and rule.kind != "range"):
        return f"at most {high}{unit}"
    if high is None:
        return f"at least {low}{unit}"
    return f"exactly {low}{unit}" if low == high else f"{low} to {high}{unit}"


def _words(values: Any) -> str:
    return ", ".join(f"`{value}`" for value in values)


LINKS: Mapping[str, str] = {
    "https": "is an https address, percent-encoded",
    "uri": "is an absolute address, percent-encoded",
    "absolute": "is an absolute address with a scheme",
    "scheme": "has the scheme http, https, line or tel",
    "no_mail": "has another scheme than mailto",
    "no_apk": "does not end in .apk",
}
CHECKS: Mapping[str, str] = {
    "never": "Bots cannot send messages of this type.",
    "partial_needs_quota": "`forbidPartialDelivery` goes only with `upToRemainingQuota`.",
    "recipient_count": "At most 10 audiences and request ids in one narrowcast.",
    "plain_name": "The name has no word that LINE keeps for itself.",
    "quote_endpoint": "A quote token means something only in replies and pushes.",
    "tracking_destination": "`trackingId` is not used in groups and rooms.",
    "current_package": "The sticker is in the list of those that may be sent.",
    "emoji_index": "Each `index` counts UTF-16 code units and points at a `$` in the text.",
    "emoji_twice": "Each `$` has one emoji.",
    "braces": "`{` and `}` come in pairs; a literal one is doubled.",
    "brace_keys": "A key in braces is 1 to 20 of `a-z A-Z 0-9 _`.",
    "keys_defined": "Every key in the text stands in `substitution`.",
    "mention_count": "At most 20 mentions.",
    "emoji_count": "At most 20 emoji.",
    "mention_destination": "Mentions go to groups and rooms only.",
    "mention_endpoint": "Mentions go out by reply and push only.",
    "same_action_count": "All columns have the same number of actions.",
    "same_title": "All columns have a title, or none has.",
    "same_image": "All columns have an image, or none has.",
    "one_text": "`displayText` and `text` exclude each other.",
    "fill_needs_keyboard": "`fillInText` goes only with `inputOption: openKeyboard`.",
    "animated_count": "At most 10 images with `animated: true` in one message.",
    "same_size": "All bubbles of a carousel have the same `size`.",
    "no_video": "No bubble of a carousel has a video.",
    "one_block": "A bubble has a header, hero, body or footer.",
    "video_bubble_size": "A bubble with a video has the size kilo, mega or giga.",
    "absolute_first": "The first component of a block is not placed absolutely.",
    "baseline_gravity": "`gravity` has no meaning in a baseline box.",
    "baseline_offset": "`offsetBottom` is not used in a baseline box.",
    "no_text": "A text component has `text` or `contents`.",
    "menu_ratio": "The width is at least 1.45 times the height.",
    "date_format": "`initial`, `min` and `max` are written as the mode wants them.",
    "date_order": "`min` is not after `max`.",
    "date_initial": "`initial` lies between `min` and `max`.",
    "date_equal": "`min` is before `max`.",
}


def _bytes(rule: Rule) -> str:
    return " and ".join(f"a {kind} is at most {limit} bytes of JSON" for kind, limit in rule.limit.items()) + "."


DEMANDS: Mapping[str, Callable[[Rule], str]] = {
    "required": lambda rule: "must be there.",
    "type": lambda rule: f"is {TYPES[rule.limit]}.",
    "nonempty": lambda rule: "is not empty.",
    "nonblank": lambda rule: "is more than white space.",
    "absent": lambda rule: "is not used here.",
    "positive": lambda rule: "is more than 0.",
    "length": lambda rule: f"is {_span(rule)} long.",
    "size": lambda rule: f"has {_span(rule)}.",
    "range": lambda rule: f"is {_span(rule)}.",
    "step": lambda rule: f"is a multiple of {rule.limit}.",
    "enum": lambda rule: f"is {_words(rule.limit)}." if len(rule.limit) == 1 else f"is one of {_words(rule.limit)}.",
    "pattern": lambda rule: f"matches `{rule.limit}`.".replace("|", "\\|"),
    "url": lambda rule: LINKS[rule.limit] + ".",
    "ratio": lambda rule: f"is at most {rule.limit} times as high as wide.",
    "ratio_parts": lambda rule: f"has numbers from {rule.limit[0]} to {rule.limit[1]}.",
    "children": lambda rule: f"holds only objects of the type {_words(rule.limit)}.",
    "discriminator": lambda rule: "holds only objects with a `type`.",
    "bytes": _bytes,
}


def demand(rule: Rule) -> str:
    """What the rule asks, as a sentence."""
    if rule.kind == "check":
        return CHECKS[rule.limit]
    if rule.kind == "keys":
        return f"Only these keys are known: {_words(rule.limit)}."
    return f"{_names(rule.at)} {DEMANDS[rule.kind](rule)}{_when(rule)}"


def _names(at: Sequence[str]) -> str:
    if len(at) == 1:
        return f"`{at[0]}`"
    return "each of " + (" and ".join(f"`{name}`" for name in at) if len(at) == 2 else _words(at))


def _when(rule: Rule) -> str:
    for how, what in rule.when.items():
        if how == "any":
            return " This holds with " + " or ".join(f"`{key}`" for key in what) + "."
        return f" This holds where `{what[0]}` is {'' if how == 'is' else 'not '}`{what[1]}`."
    return ""


def places(rule: Rule) -> str:
    """The shapes the rule stands on."""
    return ", ".join(f"`{on}`" for on in rule.on)
