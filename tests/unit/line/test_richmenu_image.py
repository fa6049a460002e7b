"""What the first bytes of a picture tell, and what LINE would not take."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.line.richmenu_image import Picture, flaw, picture
from tests.pictures import jpeg, png

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("data", "one"),
    [
        (png(2500, 843), Picture("image/png", 2500, 843)),
        (jpeg(1200, 405), Picture("image/jpeg", 1200, 405)),
        (jpeg(1200, 810, frame=0xC2), Picture("image/jpeg", 1200, 810)),
        (jpeg(800, 270, before=b"\xff\xff\xfe\x00\x04ab"), Picture("image/jpeg", 800, 270)),
        (jpeg(800, 270)[:30], Picture("image/jpeg")),
        (png()[:20], Picture("image/png")),
        (b"GIF89a", Picture()),
        (b"", Picture()),
    ],
)
def test_kind_and_size(data: bytes, one: Picture) -> None:
    assert picture(data) == one


def test_a_table_that_looks_like_a_frame_tells_no_size() -> None:
    assert picture(jpeg(1200, 405, frame=0xC4)) == Picture("image/jpeg")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (png(800, 540), ""),
        (png(2500, 250), ""),
        (jpeg(2500, 1686), ""),
        (png(799, 300), "799 pixels wide"),
        (png(2501, 843), "2501 pixels wide"),
        (png(800, 249), "249 pixels high"),
        (png(800, 552), "at least 1.45 times"),
        (jpeg(2500, 1686) + bytes(1024 * 1024), "1,024 KB"),
        (b"GIF89a", "neither a PNG nor a JPEG"),
        (png()[:20], "damaged"),
    ],
)
def test_what_line_would_not_take(data: bytes, said: str) -> None:
    assert flaw(data) == "" if not said else said in flaw(data)


@given(st.binary(max_size=200).map(lambda tail: b"\xff\xd8" + tail))
def test_no_bytes_break_it(data: bytes) -> None:
    assert picture(data).kind == "image/jpeg"


def test_pictures_of_the_sample_bot() -> None:
    assert picture((ROOT / "flows/media/matcha.png").read_bytes()) == Picture("image/png", 1024, 678)
