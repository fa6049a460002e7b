"""The built pages: what is committed is what a build gives, they need nothing from elsewhere, they are in the wheel."""

from __future__ import annotations

import gzip
import re
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.node import installed, run

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"


@dataclass(frozen=True)
class Page:
    """A built page: the folder below `runtime/`, the settings it is built with, its script, packages it needs not."""

    room: str
    config: str
    script: str
    without: frozenset[str] = frozenset()

    @property
    def folder(self) -> Path:
        return ROOT / "runtime" / self.room / "page"

    @property
    def needed(self) -> set[str]:
        return {"index.html", self.script, "style.css", "icon.svg", "LICENSES.txt"}


PAGES = (
    Page("simulator", "vite.config.ts", "page.js"),
    Page("desk", "vite.desk.config.ts", "desk.js", frozenset({"dompurify"})),
)
SIZE = 150_000
"""Bytes that the page may weigh, compressed."""
NAMES = ("http://www.w3.org/",)
"""Beginnings of addresses that only are names."""
LINKS = ("https://www.google.com/maps/search/",)
"""Where somebody gets who clicks a link; nothing is fetched from there by itself."""


@pytest.fixture(params=PAGES, ids=lambda page: page.room)
def page(request: pytest.FixtureRequest) -> Page:
    found: Page = request.param
    return found


@pytest.fixture(scope="module")
def frontend() -> Path:
    return installed(FRONTEND, "assets")


def npm(frontend: Path, *command: str) -> str:
    done = run("npm", *command, cwd=frontend)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_is_committed_is_what_a_build_gives(frontend: Path, tmp_path: Path, page: Page) -> None:
    with_config = ("--config", page.config, "--logLevel", "error", "--outDir", str(tmp_path))
    npm(frontend, "exec", "--", "vite", "build", *with_config)
    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    committed = {path.name: path.read_bytes() for path in page.folder.iterdir()}
    assert sorted(built) == sorted(committed)
    stale = [name for name in built if built[name] != committed[name]]
    assert not stale, "these differ from a fresh build; run `make assets`"


def test_types_and_tests_of_the_page(frontend: Path) -> None:
    npm(frontend, "run", "check")
    assert "passed" in npm(frontend, "test")


def test_all_parts_are_there_and_light(page: Page) -> None:
    assert {path.name for path in page.folder.iterdir()} >= page.needed
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in sorted(page.folder.iterdir())}
    print(f"the {page.room}'s page, compressed: {sum(sizes.values()):,} bytes {sizes}")
    assert sum(sizes.values()) < SIZE


def test_no_script_stands_in_the_page_itself(page: Page) -> None:
    html = (page.folder / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", html, re.DOTALL)
    assert scripts
    assert all("src=" in attributes and not body.strip() for attributes, body in scripts)
    assert not re.findall(r"<style|\son\w+\s*=|javascript:", html)


def test_nothing_is_fetched_from_elsewhere(page: Page) -> None:
    names = sorted(page.needed - {"LICENSES.txt"})
    text = "\n".join((page.folder / name).read_text(encoding="utf-8") for name in names)
    addresses = set(re.findall(r"""(?:https?:|["'`(])//[a-z0-9-]+(?:\.[a-z0-9-]+)+[^\s"'`)<>]*""", text))
    assert not {one for one in addresses if not one.startswith(NAMES + LINKS)}


def test_no_code_is_made_from_text(page: Page) -> None:
    script = (page.folder / page.script).read_text(encoding="utf-8")
    assert not re.findall(r"\beval\(|\bnew Function\(|\.dangerouslySetInnerHTML=|document\.write\(", script)


def test_licences_of_what_is_bundled_are_shipped(page: Page) -> None:
    shipped = (page.folder / "LICENSES.txt").read_text(encoding="utf-8")
    named = set(re.findall(r"^-{70,}\n(\S+) \S+ \(", shipped, re.MULTILINE))
    lock = (FRONTEND / "package.json").read_text(encoding="utf-8").partition('"devDependencies"')[0]
    wanted = set(re.findall(r'"(@?[\w/-]+)": "\d', lock.partition('"dependencies"')[2]))
    assert wanted
    assert wanted - page.without <= named


def test_the_wheel_has_the_pages(tmp_path: Path) -> None:
    done = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path), cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    [wheel] = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for page in PAGES:
        assert {f"runtime/{page.room}/page/{path.name}" for path in page.folder.iterdir()} <= names
    assert not [name for name in names if "node_modules" in name or name.endswith((".ts", ".tsx"))]
