"""Every way of the desk's API, as one table: who may take it and what it does."""

from __future__ import annotations

from typing import Final

from starlette.routing import Route

from runtime.desk import (
    administration,
    answers,
    attachments,
    bulk,
    casework,
    chats,
    elsewhere,
    entrance,
    finding,
    labels,
    push,
    reports,
    shelves,
    streaming,
)
from runtime.desk.call import Way, endpoint
from runtime.desk.house import DeskHouse

BASE: Final = "/desk/api"

WAYS: Final[tuple[Way, ...]] = (
    Way("GET", "/state", entrance.state, role=""),
    Way("POST", "/setup", entrance.set_up, role=""),
    Way("POST", "/sign-in", entrance.sign_in, role=""),
    Way("POST", "/sign-out", entrance.sign_out, stirs=False),
    Way("PUT", "/password", entrance.password),
    Way("GET", "/me", entrance.me),
    Way("PATCH", "/me", entrance.change_me),
    Way("PUT", "/presence", entrance.presence, stirs=False),
    Way("GET", "/agents", entrance.agents),
    Way("GET", "/entrances", entrance.entrances),
    Way("GET", "/labels", labels.listed),
    Way("POST", "/labels", labels.put, status=201),
    Way("PUT", "/labels/{item}", labels.put),
    Way("DELETE", "/labels/{item}", labels.drop),
    Way("GET", "/stream", streaming.stream),
    Way("GET", "/cases", casework.cases),
    Way("GET", "/cases/{case}", casework.case),
    Way("POST", "/cases/{case}/acts", casework.act),
    Way("POST", "/cases/{case}/reply", answers.reply),
    Way("POST", "/cases/{case}/typing", answers.typing),
    Way("POST", "/bulk", bulk.bulk),
    Way("POST", "/files", attachments.upload, status=201),
    Way("GET", "/files/{token}", attachments.show),
    Way("PUT", "/files/{token}/poster", attachments.poster),
    Way("GET", "/chats", chats.chats),
    Way("GET", "/chats/{chat}/timeline", casework.timeline),
    Way("POST", "/chats/{chat}/acts", chats.chat_act),
    Way("GET", "/search", finding.search),
    Way("GET", "/reports", reports.reports),
    Way("GET", "/providers", elsewhere.providers, role="supervisor"),
    Way("POST", "/push", push.subscribe),
    Way("DELETE", "/push", push.unsubscribe),
    Way("POST", "/cases/{case}/macros/{macro}", shelves.run_macro),
    *(Way("GET", f"/{name}", shelves.listed) for name in shelves.SHELVES),
    *(Way("POST", f"/{name}", shelves.put, status=201) for name in shelves.SHELVES),
    *(Way("PUT", f"/{name}/{{item}}", shelves.put) for name in shelves.SHELVES),
    *(Way("DELETE", f"/{name}/{{item}}", shelves.drop) for name in shelves.SHELVES),
    Way("POST", "/agents", administration.add, role="admin", status=201),
    Way("PATCH", "/agents/{agent}", administration.change, role="admin"),
    Way("POST", "/agents/{agent}/password", administration.password, role="admin"),
    Way("GET", "/audit", administration.audit, role="admin"),
)


def routes(house: DeskHouse) -> list[Route]:
    """The table as starlette routes."""
    return [Route(BASE + way.path, endpoint(house, way), methods=[way.method]) for way in WAYS]
