"""How long a film or a sound is, and what it no longer tells."""

from __future__ import annotations

import io

import pytest

from runtime.desk.files import moving
from tests.unit.desk.files.samples import box, long_box, long_mvhd, mp3, mp4


@pytest.mark.parametrize(
    ("data", "ms"),
    [
        (mp4(4_500), 4_500),
        (mp4(head=long_mvhd(90_000)), 90_000),
        (box(b"ftyp", b"isom") + long_box(b"moov", long_mvhd(1_234)), 1_234),
        (mp4()[:600], 0),
        (mp4(head=box(b"mvhd", bytes(4))), 0),
        (mp4(head=box(b"mvhd", bytes(96))), 0),
        (b"\0\0\0\2moov", 0),
        (b"", 0),
    ],
)
def test_a_film_tells_how_long_it_is(data: bytes, ms: int) -> None:
    assert moving.mp4_duration(io.BytesIO(data)) == ms


@pytest.mark.parametrize(
    ("data", "ms"), [(mp3(100), 2612), (mp3(100, tagged=True), 2612), (b"no sound at all", 0), (mp3(1)[:3], 0)]
)
def test_a_sound_is_as_long_as_its_frames(data: bytes, ms: int) -> None:
    assert moving.mp3_duration(io.BytesIO(data)) == ms


@pytest.mark.parametrize("outer", [box, long_box])
def test_the_place_of_a_film_is_blanked_and_nothing_moves(outer: object) -> None:
    data = mp4(told=b"+35.6586+139.7454/")
    file = io.BytesIO(data)
    assert moving.silence(file) == 2
    after = file.getvalue()
    assert b"35.6586" not in after
    assert b"udta" not in after
    assert len(after) == len(data)
    assert moving.mp4_duration(io.BytesIO(after)) == 4_500
    long = io.BytesIO(box(b"ftyp", b"isom") + box(b"moov", long_mvhd(10) + long_box(b"udta", b"+35.6586")))
    assert moving.silence(long) == 1
    assert b"35.6586" not in long.getvalue()
    assert b"udta" not in long.getvalue()
