"""Names that expressions see; those that are not of the flow itself are worked out when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runtime.flow.scene import Scene

SHARED = "*"
"""Where `session.…` variables lie among the variables of the flows; no flow can have this name."""


class Names(dict[str, Any]):
    """Variables, and behind them what every flow sees."""

    __slots__ = ("_scene",)

    def __init__(self, known: Mapping[str, Any], scene: Scene) -> None:
        super().__init__(known)
        self._scene = scene

    def __missing__(self, name: str) -> Any:
        value = self[name] = EVERYWHERE[name](self._scene)
        return value

    def more(self, names: Mapping[str, Any]) -> Names:
        """The same with further names in front."""
        made = Names(self, self._scene)
        made.update(names)
        return made


def _input(scene: Scene) -> dict[str, Any]:
    event = scene.event
    return {
        "text": event.text,
        "kind": event.data.get("type", "text") if event.kind == "message" else event.kind,
        "data": event.data,
        "values": event.data.get("values") or {},
        "intent": "",
        "slots": {},
        "language": scene.language,
        "missed": scene.missed,
        "handover": _handover(scene),
    }


def _event(scene: Scene) -> dict[str, Any]:
    event = scene.event
    return {"id": event.id, "kind": event.kind, "at": event.at, "data": event.data, "text": event.text}


def _chat(scene: Scene) -> dict[str, Any]:
    kind = scene.event.chat.kind
    return {"kind": kind, "group": kind in ("group", "room"), "id": scene.event.chat.id, "user": scene.event.user}


def _endpoint(scene: Scene) -> dict[str, Any]:
    config = scene.config
    return {"name": config.name, "languages": list(config.languages), "timezone": config.timezone}


def _handover(scene: Scene) -> dict[str, Any]:
    """What people last let the flow know, in the names that flows of Cognigy use."""
    told = scene.event.data if scene.event.kind == "handover" else scene.memory.get("handover_result") or {}
    case, request, result = scene.session.case, told.get("request") or {}, told.get("result") or {}
    return {
        "status": str(told.get("status") or ""),
        "owner": scene.session.control.owner,
        "result": result,
        "error": told.get("error") or {"reason": "", "message": ""},
        "data": {"alternativeText": "", **request, "request": request},
        "inactivityCount": int(told.get("inactivityCount") or 0),
        "agent": str(told.get("agent") or result.get("agent") or (case.agent if case else "")),
    }


EVERYWHERE: Mapping[str, Callable[[Scene], Any]] = {
    "input": _input,
    "event": _event,
    "chat": _chat,
    "endpoint": _endpoint,
    "handover": _handover,
    "profile": lambda scene: {name: value for name, value in scene.profile.items() if name != "user"},
    "session": lambda scene: scene.shelf.get(SHARED, {}),
    "now": lambda scene: scene.moment,
    "today": lambda scene: scene.moment.day_of(),
    "language": lambda scene: scene.language,
    "timezone": lambda scene: scene.config.timezone,
    "error": lambda scene: scene.failure,
}
"""What every expression may use, by its first name."""
