"""Files of a page: types, tags, policy, and what is said when they are missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.pages import answer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "page"
    made.mkdir()
    (made / "index.html").write_text("<!doctype html><title>Noren</title>")
    (made / "page.js").write_text("export {}")
    (made / "notes.md").write_text("not for the world")
    (tmp_path / "secret.js").write_text("outside")
    return made


def test_a_file_has_its_type_its_tag_and_the_policy(folder: Path) -> None:
    got = answer(folder, "page.js", "")
    assert (got.status_code, got.body) == (200, b"export {}")
    assert got.headers["content-type"] == "text/javascript; charset=utf-8"
    assert got.headers["x-content-type-options"] == "nosniff"
    policy = got.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy


def test_an_unchanged_file_is_not_sent_again(folder: Path) -> None:
    tag = answer(folder, "page.js", "").headers["etag"]
    for known in (tag, f'"other", W/{tag}'):
        again = answer(folder, "page.js", known)
        assert (again.status_code, again.body, again.headers["etag"]) == (304, b"", tag)
    (folder / "page.js").write_text("export default 1")
    assert answer(folder, "page.js", tag).status_code == 200


@pytest.mark.parametrize("name", ["nothing.js", "notes.md", "../secret.js", "..", "index.html/x", ""])
def test_nothing_else_is_served(folder: Path, name: str) -> None:
    assert answer(folder, name, "").status_code == 404


def test_a_copy_without_assets_says_how_to_get_them(tmp_path: Path) -> None:
    got = answer(tmp_path, "index.html", "")
    assert got.status_code == 503
    assert b"make assets" in got.body
