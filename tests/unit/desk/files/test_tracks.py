"""What a film is coded with, and what agents are told of it."""

from __future__ import annotations

import io

import pytest

from runtime.desk.files import moving
from runtime.desk.files.tracks import Track, scrambled, tracks, warning
from tests.unit.desk.files.samples import box, mp4, mvhd

VIDEO, AUDIO = b"vide", b"soun"


def inside(data: bytes) -> list[Track]:
    return tracks(io.BytesIO(data))


def test_tracks_and_their_codings_are_read() -> None:
    found = inside(mp4(inside=((VIDEO, b"avc1"), (AUDIO, b"mp4a"), (b"text", b"tx3g"))))
    assert found == [Track("vide", "avc1"), Track("soun", "mp4a"), Track("text", "tx3g")]
    assert warning(found) == ""
    assert not scrambled(found)


@pytest.mark.parametrize(
    ("codings", "told"),
    [
        (((VIDEO, b"hvc1"), (AUDIO, b"mp4a")), "some phones cannot play this film, whose pictures are H.265"),
        (((VIDEO, b"hev1"),), "H.265"),
        (((VIDEO, b"av01"),), "AV1"),
        (((VIDEO, b"vp09"),), "VP9"),
        (((VIDEO, b"zzzz"),), "of an unusual kind"),
        (((VIDEO, b"avc1"), (AUDIO, b"Opus")), "some phones cannot play the sound of this file, which is Opus"),
        (((AUDIO, b"alac"),), "Apple Lossless"),
        (((VIDEO, b"avc3"), (AUDIO, b"mp4a")), ""),
    ],
)
def test_what_phones_may_not_play_is_told(codings: tuple[tuple[bytes, bytes], ...], told: str) -> None:
    said = warning(inside(mp4(inside=codings)))
    assert told in said
    assert bool(said) == bool(told)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        mp4()[:300],
        box(b"moov", box(b"trak", box(b"mdia", box(b"hdlr", bytes(4))))),
        box(b"moov", box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", box(b"stsd", bytes(3))))))),
        box(b"moov", (3).to_bytes(4, "big") + b"trak"),
        box(b"moov", (2**31).to_bytes(4, "big") + b"trak" + bytes(50)),
        box(b"moov", box(b"free", b"") * 20_000),
    ],
)
def test_broken_files_have_none(data: bytes) -> None:
    assert [track for track in inside(data) if track.kind in ("vide", "soun")] == []


def test_a_film_in_fragments_tells_how_long_it_is() -> None:
    """Browsers record so: `mvhd` knows nothing yet."""
    mehd = box(b"mvex", box(b"mehd", bytes(4) + (2_500).to_bytes(4, "big")))
    assert moving.mp4_duration(io.BytesIO(box(b"moov", mvhd(0) + mehd))) == 2_500
    long = box(b"mvex", box(b"mehd", b"\1" + bytes(3) + (2_500).to_bytes(8, "big")))
    assert moving.mp4_duration(io.BytesIO(box(b"moov", mvhd(0) + long))) == 2_500
    assert moving.mp4_duration(io.BytesIO(box(b"moov", mvhd(2**32 - 1)))) == 0


def test_what_stands_beside_the_film_is_blanked_too() -> None:
    data = mp4() + box(b"uuid", bytes(16) + b"<x:xmpmeta>Tokyo</x:xmpmeta>") + box(b"meta", b"maker")
    file = io.BytesIO(data)
    assert moving.silence(file) == 2
    assert b"Tokyo" not in file.getvalue()
    assert b"maker" not in file.getvalue()
