"""Links to the bot's own media."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.errors import BadInput, SettingsError
from runtime.line import media
from runtime.line.media import MediaLinks

KEY = "a key of enough characters"
SITE = "https://shop.example"


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    folder = tmp_path / "flows"
    (folder / "media" / "map").mkdir(parents=True)
    (folder / "media" / "shop.jpg").write_bytes(b"a picture")
    (folder / "media" / "ร้าน น้ำชา.PNG").write_bytes(b"another")
    (folder / "media" / "tour.mp4").write_bytes(b"a video")
    (folder / "media" / "map" / "1040.png").write_bytes(b"wide")
    (folder / "media" / "map" / "460.jpg").write_bytes(b"narrow")
    (folder / "main.yaml").write_text("secret: yes")
    (tmp_path / "outside.jpg").write_bytes(b"not ours")
    return folder


@pytest.fixture
def links(flows: Path) -> MediaLinks:
    return MediaLinks(KEY, SITE + "/", flows)


def token(link: str) -> str:
    assert link.startswith(f"{SITE}/media/")
    return link.removeprefix(f"{SITE}/media/")


@pytest.mark.parametrize(
    ("path", "kind"),
    [("media/shop.jpg", "image/jpeg"), ("media/ร้าน น้ำชา.PNG", "image/png"), ("media/tour.mp4", "video/mp4")],
)
def test_a_link_opens_its_file(links: MediaLinks, flows: Path, path: str, kind: str) -> None:
    link = links.link(path)
    assert re.fullmatch(r"https://shop\.example/media/[A-Za-z0-9_-]+", link)
    assert links.open(token(link)) == ((flows / path).resolve(), kind)


def test_an_address_stays_as_it_is(links: MediaLinks) -> None:
    assert links.link("https://elsewhere.example/a.jpg") == "https://elsewhere.example/a.jpg"


def test_a_link_is_the_same_on_every_machine_and_follows_the_content(links: MediaLinks, flows: Path) -> None:
    file = flows / "media" / "shop.jpg"
    first = links.link("media/shop.jpg")
    os.utime(file, ns=(1, 1))
    assert links.link("media/shop.jpg") == first == MediaLinks(KEY, SITE, flows).link("media/shop.jpg")
    file.write_bytes(b"a newer picture")
    second = links.link("media/shop.jpg")
    assert second != first
    assert links.open(token(first)) == links.open(token(second))


def test_a_large_file_is_known_by_its_ends(tmp_path: Path) -> None:
    links = MediaLinks(KEY, SITE, tmp_path)
    file = tmp_path / "long.mp4"
    file.touch()
    os.truncate(file, media.WHOLE + 1)
    first = links.link("long.mp4")
    with file.open("r+b") as stream:
        stream.seek(-3, os.SEEK_END)
        stream.write(b"end")
    os.utime(file, ns=(5, 5))
    assert links.link("long.mp4") != first


@pytest.mark.parametrize(
    "path",
    ["", ".", "media", "media/none.jpg", "main.yaml", "../outside.jpg", "media/../../outside.jpg", "media/a\0.jpg"],
)
def test_nothing_but_media_of_the_folder_is_linked(links: MediaLinks, path: str) -> None:
    with pytest.raises(BadInput):
        links.link(path)


def test_a_path_from_the_root_or_through_a_link_is_refused(links: MediaLinks, flows: Path) -> None:
    outside = flows.parent / "outside.jpg"
    (flows / "media" / "door.jpg").symlink_to(outside)
    (flows / "media" / "yard").symlink_to(flows.parent)
    for path in (str(outside), "media/door.jpg", "media/yard/outside.jpg"):
        with pytest.raises(BadInput, match="media lies in flows/"):
            links.link(path)


def test_a_file_that_became_a_link_to_elsewhere_is_no_longer_served(links: MediaLinks, flows: Path) -> None:
    made = token(links.link("media/shop.jpg"))
    (flows / "media" / "shop.jpg").unlink()
    assert links.open(made) is None
    (flows / "media" / "shop.jpg").symlink_to(flows.parent / "outside.jpg")
    assert links.open(made) is None


def test_an_imagemap_has_a_folder_of_widths(links: MediaLinks, flows: Path) -> None:
    base = token(links.link("media/map"))
    folder = flows.resolve() / "media" / "map"
    assert links.open(base) is None
    assert links.open(f"{base}/1040") == (folder / "1040.png", "image/png")
    assert links.open(f"{base}/700") == (folder / "1040.png", "image/png")
    assert links.open(f"{base}/240") == (folder / "460.jpg", "image/jpeg")
    odds = ("241", "x", "../shop.jpg", "1040/1040", "²", "9" * 5_000)
    assert [links.open(f"{base}/{odd}") for odd in odds] == [None] * 6
    single = token(links.link("media/shop.jpg"))
    assert links.open(f"{single}/700") == links.open(single)
    (folder / "460.jpg").write_bytes(b"narrower")
    assert token(links.link("media/map")) != base


def test_without_an_address_of_our_own_there_are_no_links(flows: Path) -> None:
    with pytest.raises(BadInput, match="public_url"):
        MediaLinks(KEY, "", flows).link("media/shop.jpg")


def test_a_short_key_signs_nothing(flows: Path) -> None:
    with pytest.raises(SettingsError, match="media_key"):
        MediaLinks("short", SITE, flows)


def test_a_link_of_another_key_is_not_ours(links: MediaLinks, flows: Path) -> None:
    other = MediaLinks("quite another key for this", SITE, flows)
    assert links.open(token(other.link("media/shop.jpg"))) is None


@pytest.mark.parametrize("odd", ["", "a", "=", "é", "\udc80", "a" * 5_000, "../../main.yaml", "AAAA", "A" * 40, "\0"])
def test_what_is_no_token_opens_nothing(links: MediaLinks, odd: str) -> None:
    assert links.open(odd) is None


@settings(max_examples=200)
@given(st.data())
def test_a_changed_token_opens_nothing(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.getbasetemp() / "signed"
    folder.mkdir(exist_ok=True)
    (folder / "a.jpg").write_bytes(b"a")
    links = MediaLinks(KEY, SITE, folder)
    good = token(links.link("a.jpg"))
    at = data.draw(st.integers(0, len(good) - 2))  # the last character has bits that say nothing
    other = data.draw(st.sampled_from("ABCxyz0189-_").filter(lambda c: c != good[at]))
    assert links.open(good[:at] + other + good[at + 1 :]) is None
