"""One picture of many messages: `python tests/browser/contact_sheet.py FOLDER… --out test-pictures/messages.png`.

Draws the Flex messages of JSON files (one message, a list of messages, or a bare bubble or carousel each) and the
project's own cards with the page's own code, in Chromium, at the width of a phone. Images that are elsewhere are
replaced by neutral ones, so that nothing is fetched. Needs Node, for the gallery is served by Vite.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen
from zlib import crc32

from playwright.sync_api import Page, Route, sync_playwright

ROOT: Final = Path(__file__).parents[2]
FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
HIGHEST: Final = 16_000
"""Pixels: Chromium draws no picture that is higher."""
COLUMN: Final = 14


def shots(folders: list[Path], every: bool) -> list[dict[str, Any]]:
    """What the gallery shows: a title and messages for each file."""
    found = []
    for file in sorted(file for folder in folders for file in folder.rglob("*.json")):
        messages = [m for m in _messages(json.loads(file.read_text("utf-8"))) if every or m.get("type") == "flex"]
        if messages:
            found.append({"title": file.stem, "messages": messages})
    return found


def _messages(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for item in data:
            yield from _messages(item)
    elif isinstance(data, dict) and data.get("type") in ("bubble", "carousel"):
        yield {"type": "flex", "altText": "a card", "contents": data}
    elif isinstance(data, dict) and "type" in data:
        yield data


@contextmanager
def gallery() -> Iterator[str]:
    """The address of the gallery, served until the end of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["node", "node_modules/vite/bin/vite.js", "--port", str(port), "--strictPort", "--host", "127.0.0.1"]
    server = subprocess.Popen(command, cwd=ROOT / "frontend", stdout=subprocess.DEVNULL, start_new_session=True)
    url = f"http://127.0.0.1:{port}/simulator/gallery.html"
    try:
        _answers(url, server)
        yield url
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(10)


def _answers(url: str, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        try:
            urlopen(url, timeout=5).close()
        except OSError:  # not listening yet, or only just
            continue
        return
    raise SystemExit("Vite did not start: run `npm ci` in frontend/ first")


def neutral(route: Route) -> None:
    """A soft drawing without a shape of its own instead of whatever is elsewhere; nothing leaves this machine."""
    url = route.request.url
    if url.startswith(("http://127.0.0.1:", "data:", "blob:")):
        route.continue_()
    elif route.request.resource_type == "image":
        hue = crc32(url.encode()) % 360
        stops = f'<stop stop-color="hsl({hue} 30% 78%)"/><stop offset="1" stop-color="hsl({hue} 26% 58%)"/>'
        shade = f'<linearGradient id="g" x2="1" y2="1">{stops}</linearGradient>'
        frame = '<rect width="100%" height="100%" fill="url(#g)"/><path d="M0 100 40 45 65 78 78 62 100 100z"'
        head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" preserveAspectRatio="none">'
        route.fulfill(content_type="image/svg+xml", body=f'{head}{shade}{frame} fill="#fff5"/></svg>')
    else:
        route.abort()


@contextmanager
def opened(url: str, shown: list[dict[str, Any]], width: int, columns: int, scale: float = 1) -> Iterator[Page]:
    """The gallery with these messages, loaded; a message that breaks the page ends the program."""
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        size = {"width": columns * (width + COLUMN) + COLUMN, "height": 1200}
        page = browser.new_page(viewport=size, device_scale_factor=scale)  # type: ignore[arg-type]  # a TypedDict
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.route("**/*", neutral)
        page.add_init_script(f"window.gallery = {json.dumps(shown)}")
        page.goto(url)
        page.wait_for_selector(".gallery-shot")
        page.add_style_tag(content=f":root {{ --width: {width}px }}")
        _load_all(page)
        if errors:
            raise SystemExit("\n".join(errors))
        yield page
        browser.close()


def _load_all(page: Page) -> None:
    """Images load when they come into view: here all of them, before the picture."""
    page.evaluate("document.querySelectorAll('img').forEach((image) => (image.loading = 'eager'))")
    page.wait_for_function("[...document.images].every((image) => image.complete)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "folders", nargs="*", type=Path, help="where the JSON files are; the project's cards are always shown"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "test-pictures" / "messages.png")
    parser.add_argument("--width", type=int, default=375, help="of a phone, in pixels")
    parser.add_argument("--columns", type=int, default=8)
    parser.add_argument("--all", action="store_true", help="messages of all types, not only Flex")
    parser.add_argument("--each", type=Path, help="a folder for one larger picture of each file")
    given = parser.parse_args()
    shown = shots([*given.folders, ROOT / "flows" / "cards"], given.all)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    with gallery() as url:
        with opened(url, shown, given.width, given.columns) as page:
            height = page.evaluate("document.documentElement.scrollHeight")
            if height > HIGHEST:
                sys.exit(f"the picture would be {height} pixels high: ask for more --columns")
            page.screenshot(path=given.out, full_page=True)
        if given.each:
            _pictures(url, shown, given.each, given.width)
    print(f"{given.out}: {len(shown)} files, {sum(len(shot['messages']) for shot in shown)} messages")


def _pictures(url: str, shown: list[dict[str, Any]], folder: Path, width: int) -> None:
    """Of each file one, twice as large."""
    folder.mkdir(parents=True, exist_ok=True)
    with opened(url, shown, width, columns=2, scale=2) as page:
        for at, shot in enumerate(shown):
            page.locator(f"#shot-{at}").screenshot(path=folder / f"{shot['title']}.png")


if __name__ == "__main__":
    main()
