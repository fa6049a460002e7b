"""The page as somebody uses it who goes by names and roles: what a screen reader would read out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Route, expect

from tests.browser.dev import Dev

CODE = {"script", "stylesheet", "font", "fetch", "xhr", "eventsource", "websocket", "document", "manifest"}
"""What a page must never load from elsewhere; pictures and sounds of messages come from where bots say."""
ELSEWHERE = re.compile(r"^(?!data:|blob:|http://127\.0\.0\.1:)")
"""Only these requests wait for the test, which may itself wait for what the others bring."""
HARMLESS = (
    "net::ERR_FAILED",
    "net::ERR_INTERNET_DISCONNECTED",
    "net::ERR_BLOCKED_BY_CLIENT",
    "net::ERR_CONNECTION_REFUSED",
)
"""In what Chromium writes when a picture or sound of a message cannot be had."""
REFUSED = re.compile(r"/simulator/api/(bots/[^/]+/users/[^/]+/menu|workbench/(sessions|recordings)/[^/]+)$")
"""What may be refused, which Chromium notes: there is no menu; no session before the first event or while the bot is
stopped; a recording of that name is there already."""


@dataclass
class Workbench:
    """A window with the page in it, and what went wrong in it."""

    page: Page
    dev: Dev
    pictures: Path
    troubles: list[str] = field(default_factory=list)

    def picture(self, name: str, of: Locator | None = None) -> None:
        """Kept for people to look at; `test-pictures/` is not under version control."""
        (of or self.page).screenshot(path=self.pictures / f"{name}.png", animations="disabled")

    @property
    def log(self) -> Locator:
        """The chat in view."""
        return self.page.get_by_role("log")

    @property
    def field(self) -> Locator:
        """Where one writes."""
        return self.page.get_by_role("textbox", name="Message", exact=True)

    @property
    def sheet(self) -> Locator:
        """What lies over the phone and wants an answer."""
        return self.page.get_by_role("dialog")

    @property
    def last(self) -> Locator:
        """The last message in the chat."""
        return self.log.get_by_role("article").last

    @property
    def inspector(self) -> Locator:
        return self.page.get_by_role("complementary", name="Inspector")

    def go_to(self, chat: str) -> None:
        """Bring the chat of somebody or some group into view, by name."""
        self.page.get_by_role("navigation", name="Chats").get_by_role("button", name=re.compile(f"^{chat}")).click()

    def say(self, text: str) -> None:
        """Write and send, as people do."""
        self.field.fill(text)
        self.field.press("Enter")

    def hears(self, text: str) -> None:
        """The bot's last word is this."""
        expect(self.last).to_contain_text(text)

    def talk(self, text: str, answer: str) -> None:
        self.say(text)
        self.hears(answer)

    def ask(self, text: str) -> Locator:
        """Write, and wait for the bot's answer, which is given back."""
        before = self.last.get_attribute("data-id") if self.log.get_by_role("article").count() else ""
        self.say(text)
        expect(self.last).not_to_have_attribute("data-id", before or "")
        expect(self.last).to_have_attribute("data-via", re.compile("reply|push"))
        return self.last

    def quick(self, label: str) -> None:
        """Tap a quick reply."""
        self.page.get_by_role("group", name="Quick replies").get_by_role("button", name=label, exact=True).click()

    def tap(self, label: str) -> None:
        """Tap a button of the last message."""
        self.last.get_by_role("button", name=label, exact=True).click()

    def open_tab(self, name: str) -> Locator:
        """The inspector's panel of that name."""
        self.inspector.get_by_role("tab", name=re.compile(f"^{name}")).click()
        return self.inspector.get_by_role("tabpanel")

    def menu_of(self, message: Locator, item: str) -> None:
        """What can be done with a message: its menu, and one thing in it."""
        message.hover()
        message.get_by_role("button", name="What to do with this message").click()
        self.page.get_by_role("menuitem", name=item, exact=True).click()


@contextmanager
def opened(
    browser: Browser,
    of: Dev,
    pictures: Path,
    *,
    size: tuple[int, int] = (1440, 900),
    dark: bool = False,
    language: str = "en-US",
    touch: bool = False,
    calm: bool = True,
    chat: str = "",
) -> Iterator[Workbench]:
    """A window of its own, with nothing kept from others.

    `chat`: the id of whom to open at. `calm`: somebody who asked for less motion.
    """
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        locale=language,
        timezone_id="Asia/Tokyo",
        has_touch=touch,
        reduced_motion="reduce" if calm else "no-preference",
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(25_000)
    page = context.new_page()
    window = Workbench(page, of, pictures)
    watch(page, window.troubles, REFUSED)
    try:
        page.goto(f"{of.url}/simulator/" + (f"#/shop/{chat}" if chat else ""))
        expect(page.get_by_role("status").filter(has_text=re.compile("Connected|接続中"))).to_be_visible()
        yield window
    finally:
        context.close()


def watch(page: Page, troubles: list[str], refused: re.Pattern[str]) -> None:
    """Note errors, what is asked of elsewhere, and what is refused but where `refused` finds it in the address."""

    def asked(route: Route, request: Request) -> None:
        if request.resource_type in CODE:
            troubles.append(f"asks {request.url} for a {request.resource_type}")
        route.abort()

    def wrote(message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        harmless = any(one in message.text for one in HARMLESS) or bool(refused.search(where))
        if message.type in ("error", "warning") and not harmless:
            troubles.append(f"{message.type}: {message.text} ({where})")

    page.context.route(ELSEWHERE, asked)
    page.on("console", wrote)
    page.on("pageerror", lambda error: troubles.append(f"error: {error}"))


def names(tree: Any) -> Iterator[tuple[str, str]]:
    """Role and name of each node of an accessibility tree."""
    yield tree.get("role", ""), tree.get("name", "")
    for child in tree.get("children", ()):
        yield from names(child)
