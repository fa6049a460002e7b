"""Pictures as LINE takes them, and nothing that cameras write."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from runtime.desk.files import pictures
from runtime.errors import BadInput
from tests.unit.desk.files.samples import mp4, picture


def put(folder: Path, data: bytes) -> Path:
    file = folder / "draft"
    file.write_bytes(data)
    return file


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_every_picture_becomes_one_of_line(tmp_path: Path, kind: str) -> None:
    whole, small = pictures.convert(put(tmp_path, picture(kind, place=kind == "JPEG")), tmp_path / "picture")
    with Image.open(whole) as made, Image.open(small) as preview:
        assert (made.format, preview.format, made.size) == ("JPEG", "JPEG", (64, 48))
        assert not made.getexif()
    assert b"Secret Camera" not in whole.read_bytes() + small.read_bytes()


def test_what_is_transparent_stays_so(tmp_path: Path) -> None:
    whole, small = pictures.convert(put(tmp_path, picture("PNG", mode="RGBA")), tmp_path / "picture")
    with Image.open(whole) as made, Image.open(small) as preview:
        assert (made.format, made.mode, preview.format) == ("PNG", "RGBA", "JPEG")


def test_a_large_picture_fits_afterwards(tmp_path: Path) -> None:
    noise = Image.frombytes("RGB", (5_000, 600), os.urandom(5_000 * 600 * 3))
    out = io.BytesIO()
    noise.save(out, "PNG")
    whole, small = pictures.convert(put(tmp_path, out.getvalue()), tmp_path / "picture")
    with Image.open(whole) as made, Image.open(small) as preview:
        assert max(made.size) <= pictures.LONGEST
        assert max(preview.size) <= pictures.SMALL
    assert whole.stat().st_size <= pictures.ORIGINAL
    assert small.stat().st_size <= pictures.PREVIEW


def test_it_is_written_smaller_until_it_fits(tmp_path: Path) -> None:
    noise = Image.frombytes("RGB", (400, 400), os.urandom(400 * 400 * 3))
    file = pictures._written(noise, tmp_path / "x.jpg", 20_000)
    assert file.stat().st_size <= 20_000


def test_a_picture_is_turned_as_it_was_held(tmp_path: Path) -> None:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 20)).save(out, "JPEG", exif=exif)
    whole, _ = pictures.convert(put(tmp_path, out.getvalue()), tmp_path / "picture")
    with Image.open(whole) as made:
        assert made.size == (20, 40)


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff nothing", picture()[:200], b"GIF89a" + bytes(20)])
def test_what_is_no_picture_is_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        pictures.convert(put(tmp_path, data), tmp_path / "picture")


def test_a_picture_too_large_to_unpack_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(out, "PNG")
    assert len(out.getvalue()) < 50_000
    with pytest.raises(BadInput, match="million pixels"):
        pictures.convert(put(tmp_path, out.getvalue()), tmp_path / "picture")


def test_a_film_has_a_picture_also_when_none_can_be_taken_from_it(tmp_path: Path) -> None:
    film = put(tmp_path, mp4())
    with Image.open(pictures.poster(film, tmp_path / "video.jpg")) as made:
        assert made.format == "JPEG"
