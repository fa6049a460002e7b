"""A file in an agent's answer as an output: what LINE shows itself, and a card with a link for everything else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.desk.files.keeping import Files
from runtime.desk.refusal import Refused
from runtime.errors import BadInput
from runtime.settings.handover import FileSettings

MB = 1_048_576


def said(message: Mapping[str, Any], files: Files, rules: FileSettings) -> dict[str, Any]:
    """The message with its file; one without a file as it is. Raises `BadInput`, `Refused`."""
    data = message.get("data")
    token = (data.get("file") or data.get("token")) if isinstance(data, Mapping) else None
    if not token:
        if message.get("kind") == "file":
            raise BadInput("a file is named by the token that POST /files gave")
        return dict(message)
    found = files.told(str(token))
    if found is None:
        raise BadInput("there is no such file any more; send it again")
    permitted(found, rules)
    about = {"file": {key: found[key] for key in ("token", "name", "size", "type")}}
    rest = {key: message[key] for key in ("quick",) if key in message}
    if found["kind"] == "file":
        card, alt = document(found), str(message.get("text") or "") or found["name"]
        return {"kind": "flex", "text": alt, "alt": alt, "data": {**card, **about}, **rest}
    shown = {key: found[key] for key in ("url", "preview", "duration") if key in found}
    return {"kind": found["kind"], "data": {**shown, **about}, **rest}


def permitted(found: Mapping[str, Any], rules: FileSettings) -> None:
    """Raises `Refused` when this kind of work has no such files."""
    if not rules.from_agent:
        raise Refused("agents send no files here (files.from_agent)", 403)
    if found["sort"] not in rules.types:
        raise Refused(f"{found['sort']} files are not sent here; these are: {', '.join(rules.types)}", 415)
    if int(found["size"]) > rules.max_mb * MB:
        raise Refused(f"the file is larger than {rules.max_mb} MB", 413)


def document(found: Mapping[str, Any]) -> dict[str, Any]:
    """A Flex card: name, kind and size, and a tap that opens it."""
    opens = {"type": "uri", "label": str(found["name"])[:20], "uri": found["url"]}
    told = f"{str(found['sort']).upper()} · {size(int(found['size']))}"
    name = {"type": "text", "text": found["name"], "wrap": True, "maxLines": 3, "weight": "bold", "size": "sm"}
    lines = [name, {"type": "text", "text": told, "size": "xs", "color": "#8c8c8c", "margin": "sm"}]
    body = {"type": "box", "layout": "vertical", "contents": lines, "action": opens}
    return {"contents": {"type": "bubble", "size": "kilo", "body": body}}


def size(bytes: int) -> str:
    return f"{bytes / MB:.1f} MB" if bytes >= MB // 10 else f"{max(1, bytes // 1024)} KB"
