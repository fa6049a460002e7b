"""The desk as somebody uses it who goes by names and roles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.desk.house import Caller
from tests.browser.workbench import watch

REFUSED = re.compile(r"/desk/api/(me|labels|cases/[^/]+/acts|setup|sign-in|stream|files\?)")
"""What may be refused, which Chromium notes: nobody is signed in; a wrong password; somebody else was faster; a file
cannot be sent; the network was away."""


@dataclass
class Seat:
    """A window with the desk in it, and what went wrong in it."""

    page: Page
    pictures: Path
    troubles: list[str] = field(default_factory=list)
    shut_out: bool = False
    """Whether it is meant that the server no longer answers this browser."""

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    def picture(self, name: str) -> None:
        """Kept for people to look at; `test-pictures/` is not under version control."""
        self.page.screenshot(path=self.pictures / f"desk-{name}.png", animations="disabled")

    @property
    def log(self) -> Locator:
        """The conversation in view."""
        return self.page.get_by_role("log")

    @property
    def field(self) -> Locator:
        """Where one writes to the customer."""
        return self.page.get_by_role("textbox", name=re.compile("^Message to "))

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def panel(self) -> Locator:
        """What is known of the customer."""
        return self.page.get_by_role("complementary", name="Customer")

    @property
    def deeds(self) -> Locator:
        return self.page.get_by_role("toolbar", name="What can be done")

    def row(self, name: str) -> Locator:
        """Somebody's chat in the list."""
        return self.page.get_by_role("listitem").filter(has=self.page.get_by_text(name, exact=True))

    def offer(self, name: str) -> Locator:
        return self.page.get_by_role("alertdialog", name=f"Offer: {name}")

    def go(self, view: str) -> None:
        self.page.get_by_role("navigation", name="Views").get_by_role("button", name=re.compile(f"^{view}")).click()

    def open(self, name: str) -> None:
        """Bring somebody's chat into view."""
        self.row(name).get_by_role("button", name=re.compile(re.escape(name))).first.click()
        expect(self.page.get_by_role("heading", level=1, name=name)).to_be_visible()

    def find(self, name: str) -> None:
        """Bring somebody's chat into view out of a list that is long."""
        self.page.get_by_role("searchbox", name="Search").fill(name)
        self.open(name)

    def take(self, name: str) -> None:
        """Take somebody's case out of the waiting ones."""
        self.row(name).get_by_role("button", name="Take").click()
        expect(self.field).to_be_visible()

    def accept(self, name: str) -> None:
        self.offer(name).get_by_role("button", name=re.compile("^Accept")).click()
        expect(self.page.get_by_role("heading", level=1, name=name)).to_be_visible()
        expect(self.field).to_be_visible()

    def say(self, text: str) -> None:
        """Write to the customer and send."""
        self.field.fill(text)
        self.field.press("Control+Enter")

    def note(self, text: str) -> None:
        """Write for colleagues alone."""
        self.page.get_by_role("tab", name=re.compile("^Note")).click()
        field = self.page.get_by_role("textbox", name="Note", exact=True)
        field.fill(text)
        field.press("Control+Enter")
        self.page.get_by_role("tab", name="To the customer").click()

    def do(self, deed: str) -> None:
        """A button over the conversation."""
        self.deeds.get_by_role("button", name=re.compile(f"^{deed}")).click()

    def more(self, deed: str) -> None:
        """Something of the menu over the conversation."""
        self.deeds.get_by_role("button", name="More").click()
        self.page.get_by_role("menuitem", name=re.compile(f"^{deed}")).click()

    def confirm(self, button: str) -> None:
        """The main button of the dialog, which closes it."""
        self.dialog.get_by_role("button", name=button, exact=True).click()
        expect(self.dialog).to_have_count(0)

    def search(self, words: str) -> None:
        """Look through everything the server keeps."""
        field = self.page.get_by_role("searchbox", name="Search")
        field.fill(words)
        field.press("Enter")
        expect(self.page.get_by_text(f"Everything with “{words}”")).to_be_visible()

    def status_of(self, path: str) -> int:
        """What the API answers this browser."""
        return self.context.request.get(f"{self.page.url}api{path}").status

    def heard_by_stream(self) -> Callable[[], list[str]]:
        """Follow the stream as a second page of the same browser would; gives what came by it so far."""
        self.page.evaluate("""() => {
            window.heard = [];
            const source = new EventSource("/desk/api/stream");
            for (const kind of ["hello", "note", "case", "presence", "typing", "quota"])
                source.addEventListener(kind, event => window.heard.push(event.data));
        }""")
        return lambda: list(self.page.evaluate("window.heard"))

    def present(self, status: str) -> None:
        """Say whether one is there; the server has heard of it then."""
        with self.page.expect_response("**/presence"):
            self.page.get_by_role("combobox", name="My status").select_option(label=status)


@contextmanager
def seated(
    browser: Browser,
    url: str,
    pictures: Path,
    who: Caller | None = None,
    *,
    size: tuple[int, int] = (1440, 900),
    dark: bool = False,
    language: str = "en-US",
    touch: bool = False,
) -> Iterator[Seat]:
    """A browser of its own at the desk, as `who`, or before anybody signed in."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        locale=language,
        timezone_id="Asia/Tokyo",
        has_touch=touch,
        reduced_motion="reduce",
    )
    context.set_default_timeout(25_000)
    if who is not None:
        name, _, value = who.cookie.partition("=")
        context.add_cookies(
            [{"name": name, "value": value, "url": f"{url}/desk/", "httpOnly": True, "sameSite": "Strict"}]
        )
    seat = Seat(context.new_page(), pictures)
    watch(seat.page, seat.troubles, REFUSED)
    try:
        seat.page.goto(f"{url}/desk/")
        yield seat
    finally:
        context.close()
