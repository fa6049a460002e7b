"""Single repairs: each changes one place of a message so that it keeps a rule.

Every repair takes the message, the broken rule's place below it and what is known of the output, changes the
message in place and says whether it did. The table names the repair of each rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote, urlsplit

from runtime.line.rules.checks import Path
from runtime.line.rules.kinds import URLS
from runtime.line.rules.table import Rule
from runtime.line.rules.units import ELLIPSIS, cut

RESERVED = "!#$%&'()*+,-./:;=?@_~[]"
_HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}([/?#:]|$)")
_BRACED = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]")
_HEX = re.compile(r"#?([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
OPTIONAL_LINKS = ("thumbnailImageUrl", "iconUrl")
NOTHING_TO_SAY = "–"


@dataclass(frozen=True, slots=True)
class Job:
    """One repair to be done: at which place, for which rule, with which words at hand."""

    path: Path
    rule: Rule
    words: str


Message: TypeAlias = dict[str, Any]
Mend: TypeAlias = Callable[[Message, Job], bool]


def at(node: Any, path: Path) -> Any:
    """The value at a path."""
    for key in path:
        node = node[key]
    return node


def _set(message: Message, path: Path, value: Any) -> bool:
    holder = at(message, path[:-1])
    changed = path[-1] not in holder or holder[path[-1]] != value or type(holder[path[-1]]) is not type(value)
    holder[path[-1]] = value
    return changed


def drop_key(message: Message, job: Job) -> bool:
    if not job.path:
        return False
    del at(message, job.path[:-1])[job.path[-1]]
    return True


def _without(message: Message, job: Job, path: Path) -> bool:
    return drop_key(message, Job(path, job.rule, job.words))


def drop_parent(message: Message, job: Job) -> bool:
    return _without(message, job, job.path[:-1])


def drop_item(message: Message, job: Job) -> bool:
    path = job.path
    while path and not isinstance(path[-1], int):
        path = path[:-1]
    return _without(message, job, path)


def cut_text(message: Message, job: Job) -> bool:
    value = at(message, job.path)
    most = job.rule.limit[1]
    return _set(message, job.path, cut(value, most, job.rule.unit)) if isinstance(value, str) else False


def drop_extra(message: Message, job: Job) -> bool:
    return _set(message, job.path, at(message, job.path)[: job.rule.limit[1]])


def first_value(message: Message, job: Job) -> bool:
    return _set(message, job.path, job.rule.limit[0])


def _encoded(uri: str) -> str:
    return quote(uri.strip(), safe=RESERVED, errors="replace")


def https(message: Message, job: Job) -> bool:
    uri = at(message, job.path)
    better = _encoded(re.sub(r"(?i)^(http:)?//", "https://", uri.strip()))
    if URLS["https"](better):
        return _set(message, job.path, better)
    icon = job.path[-1] == "imageUrl" and "items" in job.path
    return (icon or job.path[-1] in OPTIONAL_LINKS) and drop_key(message, job)


def encode(message: Message, job: Job) -> bool:
    uri = at(message, job.path).strip()
    better = _encoded("https://" + uri if _HOST.match(uri) else uri)
    return URLS["uri"](better) and _set(message, job.path, better)


def words(message: Message, job: Job) -> bool:
    """Something to read where there must be something."""
    return _set(message, job.path, cut(job.words or NOTHING_TO_SAY, 60))


def placeholder(message: Message, job: Job) -> bool:
    node = at(message, job.path)
    path = (*job.path, "text") if isinstance(node, dict) else job.path
    return _set(message, path, NOTHING_TO_SAY)


def alternative(message: Message, job: Job) -> bool:
    return _set(message, ("altText",), cut(job.words or ELLIPSIS, 1500, "utf16"))


def duration(message: Message, job: Job) -> bool:
    return _set(message, job.path, 1000)


def zero(message: Message, job: Job) -> bool:
    return _set(message, job.path, 0)


def preview(message: Message, job: Job) -> bool:
    """A picture can be its own preview."""
    own = message.get("originalContentUrl")
    return job.path == ("previewImageUrl",) and isinstance(own, str) and _set(message, job.path, own)


def label(message: Message, job: Job) -> bool:
    action = at(message, job.path[:-1])
    known = [action.get(key) for key in ("displayText", "text", "clipboardText")]
    known.append(urlsplit(str(action.get("uri", ""))).hostname)
    text = next((k for k in known if isinstance(k, str) and k.strip()), ELLIPSIS)
    return _set(message, job.path, cut(text, 20))


def label_text(message: Message, job: Job) -> bool:
    own = at(message, job.path[:-1]).get("label")
    return isinstance(own, str) and own != "" and _set(message, job.path, own)


def drop_text(message: Message, job: Job) -> bool:
    return _without(message, job, (*job.path, "text"))


def drop_range(message: Message, job: Job) -> bool:
    return _without(message, job, (*job.path, "min")) and _without(message, job, (*job.path, "max"))


def even_actions(message: Message, job: Job) -> bool:
    """Shorter columns repeat their last action: nothing a person could tap is lost."""
    columns = at(message, job.path)
    most = max(len(column["actions"]) for column in columns)
    for column in columns:
        column["actions"] += column["actions"][-1:] * (most - len(column["actions"]))
    return True


def even_title(message: Message, job: Job) -> bool:
    for column in at(message, job.path):
        if not column.get("title"):
            column["title"] = cut(column["text"].strip().partition("\n")[0], 40)
    return True


def even_image(message: Message, job: Job) -> bool:
    for column in at(message, job.path):
        column.pop("thumbnailImageUrl", None)
    return True


def to_buttons(message: Message, job: Job) -> bool:
    template = at(message, job.path[:-1])
    template["type"] = "buttons"
    return True


def plain_text(message: Message, job: Job) -> bool:
    """A text with substitutions becomes a text without."""
    keep = {"{{": "{", "}}": "}"}
    message["text"] = _BRACED.sub(lambda m: keep.get(m[0], m[0] if len(m[0]) == 1 else ""), message["text"])
    message["type"] = "text"
    message.pop("substitution", None)
    return True


def mega(message: Message, job: Job) -> bool:
    return _set(message, job.path, "mega")


def color(message: Message, job: Job) -> bool:
    value = at(message, job.path)
    found = _HEX.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        return drop_key(message, job)
    digits = found[1] if len(found[1]) > 4 else "".join(d * 2 for d in found[1])
    return _set(message, job.path, "#" + digits)


def integer(message: Message, job: Job) -> bool:
    value = at(message, job.path)
    try:
        return _set(message, job.path, int(float(value)))
    except (TypeError, ValueError, OverflowError):
        return drop_key(message, job)


def boolean(message: Message, job: Job) -> bool:
    value = {"true": True, "false": False}.get(str(at(message, job.path)).lower())
    return drop_key(message, job) if value is None else _set(message, job.path, value)


def string(message: Message, job: Job) -> bool:
    value = at(message, job.path)
    return not isinstance(value, (dict, list)) and _set(message, job.path, str(value))


def drop_animation(message: Message, job: Job) -> bool:
    """The first ten pictures go on moving."""
    todo, seen = [at(message, job.path)], 0
    while todo:
        node = todo.pop(0)
        if isinstance(node, dict) and node.get("animated") is True:
            seen += 1
            if seen > 10:
                del node["animated"]
        if isinstance(node, (dict, list)):
            todo += list(node.values() if isinstance(node, dict) else node)
    return True


MENDS: dict[str, Mend] = {
    "alt": alternative,
    "boolean": boolean,
    "color": color,
    "cut": cut_text,
    "dash": words,
    "dash_text": placeholder,
    "drop_animation": drop_animation,
    "drop_component": drop_parent,
    "drop_extra": drop_extra,
    "drop_item": drop_item,
    "drop_key": drop_key,
    "drop_list": drop_item,
    "drop_parent": drop_parent,
    "drop_range": drop_range,
    "drop_text": drop_text,
    "duration": duration,
    "encode": encode,
    "even_actions": even_actions,
    "even_image": even_image,
    "even_title": even_title,
    "first_value": first_value,
    "https": https,
    "integer": integer,
    "label": label,
    "label_text": label_text,
    "mega": mega,
    "plain_text": plain_text,
    "preview": preview,
    "space": placeholder,
    "string": string,
    "to_buttons": to_buttons,
    "zero": zero,
}
BROKEN = (KeyError, IndexError, TypeError, AttributeError, ValueError)
"""What a repair may raise when another one has changed the place before it."""


def mend(message: Message, job: Job) -> bool:
    """Do the repair that the table names for the rule; false when there is none or it did not help."""
    todo = MENDS.get(job.rule.repair)
    try:
        return todo is not None and todo(message, job)
    except BROKEN:
        return False
