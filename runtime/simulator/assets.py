"""The page at /simulator/: built files that lie beside this one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from runtime import pages

FOLDER: Final = Path(__file__).parent / "page"
WITHOUT: Final = "The control API under /simulator/api and `noren chat` work without.\n"


def page(folder: Path = FOLDER) -> list[Route]:
    """The routes of the page."""

    async def home(request: Request) -> Response:
        return RedirectResponse("/simulator/")

    return [Route("/", home), *pages.page(folder, "/simulator", WITHOUT)]
