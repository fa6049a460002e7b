"""One Chromium for all browser tests; pages that tell of every error, blocked script and request to elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.browser.dev import ROOT, Dev, dev, folder
from tests.browser.workbench import Workbench, opened
from tests.required import missing

PICTURES = ROOT / "test-pictures"
LIGHT = "chromium-headless-shell"
"""The same pages for half the work; it has no notifications and nobody to push to."""
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
]

Start = Callable[[str], Dev]
Open = Callable[..., Workbench]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright keeps an event loop running, beside which no other test can run one."""
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in here:
        item.add_marker("browser")
    last = set(here)
    items[:] = [*(item for item in items if item not in last), *here]


def program(names: Sequence[str] = (LIGHT, *PROGRAMS)) -> str:
    """Where Chromium is."""
    found = next((found for name in names if (found := shutil.which(name))), None)
    if found is None:
        missing("browser", f"none of {', '.join(names)} is here")
    return found


@pytest.fixture(scope="session")
def playing() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playing: Playwright) -> Iterator[Browser]:
    yield from launched(playing, program())


def launched(playing: Playwright, chromium: str) -> Iterator[Browser]:
    if not (ROOT / "runtime/simulator/page/index.html").is_file():
        missing("browser", "the page is not built; run `make assets`")
    expect.set_options(timeout=30_000)  # machines that test something else at the same time are slow
    started = playing.chromium.launch(executable_path=chromium, args=SWITCHES)
    yield started
    started.close()


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """`kept("kinds")`: that bot under `noren dev`, the same one for all tests that only talk to it."""
    running: dict[str, Dev] = {}
    with ExitStack() as stack:

        def start(bot: str) -> Dev:
            if bot not in running:
                root = folder(bot, tmp_path_factory.mktemp(bot))
                running[bot] = stack.enter_context(dev(root))
            return running[bot]

        yield start


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Start]:
    """`own("talk")`: that bot in a folder of this test alone, to be edited, killed or filled."""
    with ExitStack() as stack:
        yield lambda bot: stack.enter_context(dev(folder(bot, tmp_path / bot)))


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens the page of a `Dev` in a browser window of its own.

    Afterwards there must have been no error and no request for code from elsewhere. A window whose test failed
    leaves a picture.
    """
    PICTURES.mkdir(exist_ok=True)
    windows: list[Workbench] = []
    with ExitStack() as stack:

        def open_one(of: Dev, **how: Any) -> Workbench:
            windows.append(stack.enter_context(opened(browser, of, PICTURES, **how)))
            return windows[-1]

        yield open_one
        if getattr(request.node, "failed_call", False):
            for number, window in enumerate(windows):
                window.picture(f"failed-{request.node.name}-{number}")
    troubles = [trouble for window in windows for trouble in window.troubles]
    assert not troubles


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    if report.when == "call" and report.failed:
        item.failed_call = True  # type: ignore[attr-defined]  # read by the fixture that takes the picture
    return report
