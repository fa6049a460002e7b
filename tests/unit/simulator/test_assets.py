"""The page at /simulator/: where it is served, and that the wheel holds it."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from runtime.pages import TYPES
from runtime.simulator.assets import FOLDER
from tests.line_platform import Line, platform, request

ROOT = Path(__file__).resolve().parents[3]


async def get(line: Line, path: str) -> tuple[int, dict[str, str], bytes]:
    got = await request(line.app, "GET", path, b"", {"host": "127.0.0.1:8001"})
    return got.status, got.headers, got.raw


@pytest.mark.anyio
async def test_the_simulator_serves_the_page_and_leads_to_it() -> None:
    line = platform()
    for path in ("/", "/simulator"):
        status, headers, _ = await get(line, path)
        assert (status, headers["location"]) == (307, "/simulator/")
    status, headers, body = await get(line, "/simulator/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    for name in re.findall(r'(?:src|href)="(?:/simulator|\.)/([^"]+)"', body.decode()):
        status, headers, _ = await get(line, f"/simulator/{name}")
        assert (name, status) == (name, 200)
    assert (await get(line, "/simulator/nothing.js"))[0] == 404


def test_the_page_runs_no_script_the_policy_forbids() -> None:
    html = (FOLDER / "index.html").read_text(encoding="utf-8")
    assert not re.findall(r"<script(?![^>]*\bsrc=)", html)
    assert not re.findall(r"\son\w+=", html)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)


def test_the_wheel_holds_the_page(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    built = {f"runtime/simulator/page/{path.name}" for path in FOLDER.iterdir() if path.suffix in TYPES}
    assert "runtime/simulator/page/index.html" in built
    assert built <= inside
