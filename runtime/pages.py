"""Pages that are part of the wheel: built files of one folder, sent with validators and a strict policy."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

INDEX: Final = "index.html"

TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
"""What is served, by ending; nothing else is."""

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob: http: https:",
        "media-src 'self' data: blob: http: https:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""Pictures and sounds may come from anywhere, since bots send addresses; scripts only from here."""

HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-cache",  # ask each time; the answer is usually 304
}

NOT_BUILT: Final = (
    "The page has not been built: this copy of Noren lacks its assets.\n"
    "From a checkout, `make assets` builds them (needs Node.js); a released wheel has them inside.\n"
)


def page(folder: Path, base: str, without: str = "") -> list[Route]:
    """The routes of a page below `base`. `without` tells what works although it was not built."""

    async def serve(request: Request) -> Response:
        name, known = request.path_params.get("file") or INDEX, request.headers.get("if-none-match", "")
        return answer(folder, name, known, without)

    async def home(request: Request) -> Response:
        return RedirectResponse(f"{base}/")

    return [Route(base, home), Route(f"{base}/", serve), Route(f"{base}/{{file}}", serve)]


def answer(folder: Path, name: str, known: str, without: str = "") -> Response:
    """A file of the folder: 304 when `known` holds its tag, 404 when there is none, 503 when nothing was built."""
    path = folder / name
    kind = TYPES.get(path.suffix)
    if kind is None or path.parent != folder or not path.is_file():
        built = (folder / INDEX).is_file()
        return PlainTextResponse("no such file\n" if built else NOT_BUILT + without, 404 if built else 503)
    data = path.read_bytes()
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {**HEADERS, "etag": tag}
    if tag in (one.strip().removeprefix("W/") for one in known.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(data, headers={**headers, "content-type": kind})
