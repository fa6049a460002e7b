"""The page at /desk/: served beside the API, and built so that the policy lets it run."""

from __future__ import annotations

import re
from pathlib import Path

import aiohttp
import pytest

from runtime.desk.app import FOLDER
from tests.unit.handover.test_whole import CONFIG, FILES
from tests.world import world

pytestmark = pytest.mark.anyio


async def test_the_page_lies_beside_the_api(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, aiohttp.ClientSession() as client:
        async with client.get(f"{w.url}/desk", allow_redirects=False) as answer:
            assert (answer.status, answer.headers["location"]) == (307, "/desk/")
        async with client.get(f"{w.url}/desk/") as answer:
            html = await answer.text()
            assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        for name in re.findall(r'(?:src|href)="(?:/desk|\.)/([^"]+)"', html):
            async with client.get(f"{w.url}/desk/{name}") as answer:
                assert (name, answer.status) == (name, 200)
        async with client.get(f"{w.url}/desk/nothing.js") as answer:
            assert answer.status == 404


def test_the_page_runs_no_script_the_policy_forbids() -> None:
    html = (FOLDER / "index.html").read_text(encoding="utf-8")
    assert not re.findall(r"<script(?![^>]*\bsrc=)", html)
    assert not re.findall(r"\son\w+=", html)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)
