"""Files that were made to do harm: what agents upload and what providers hand over is judged by what it holds."""

from __future__ import annotations

import io
import resource
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image

from runtime.desk.files import kinds, pictures
from runtime.desk.files.keeping import safe
from runtime.errors import BadInput
from tests.unit.desk.files.samples import archive, box, picture

WORD = "application/vnd.ms-word.document.macroEnabled.main+xml"


def judged(folder: Path, data: bytes, name: str) -> str:
    file = folder / "draft"
    file.write_bytes(data)
    return kinds.kind_of(file, name)[0]


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name.replace("__", "/").replace("CONTENTS", "[Content_Types].xml"), data)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        zipped(CONTENTS=f'<Override ContentType="{WORD}"/>'.encode(), word__document=b"x"),
        zipped(CONTENTS=b"application/vnd.ms-office.vbaProject", word__document=b"x", word__harmless=b"macro"),
        archive("[Content_Types].xml", "word/VBAPROJECT.BIN"),
    ],
)
def test_macros_are_found_under_any_name(tmp_path: Path, data: bytes) -> None:
    assert judged(tmp_path, data, "a.docx") == ""


def test_an_archive_that_unpacks_to_a_mountain_is_not_unpacked(tmp_path: Path) -> None:
    data = zipped(CONTENTS=bytes(300_000_000), word__document=b"x")
    assert len(data) < 400_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert judged(tmp_path, data, "a.docx") == "docx"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000, "KiB"


def test_an_archive_with_too_many_files_is_none_that_is_sent(tmp_path: Path) -> None:
    assert judged(tmp_path, archive(*(f"{n}.txt" for n in range(kinds.ENTRIES + 1))), "a.zip") == ""
    lying = bytearray(archive("a.txt"))
    at = lying.rfind(b"PK\5\6")
    lying[at + 12 : at + 16] = struct.pack("<I", 2**31)
    assert judged(tmp_path, bytes(lying), "a.zip") == ""


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.png"),
        (b"<?xml version='1.0'?><svg/>", "a.jpg"),
        (b"<!doctype html><script>alert(1)</script>", "a.jpeg"),
        (b"\xef\xbb\xbf<html>", "a.gif"),
        (b"MZ\x90\0" + bytes(100), "a.mp4"),
        (b"\x7fELF" + bytes(100), "a.mp3"),
        (b"#!/bin/sh\nrm -rf /\n", "a.m4a"),
        (b"PK\3\4" + bytes(100), "a.zip"),
        (bytes(1), "a.txt"),
    ],
)
def test_what_is_disguised_is_nothing(tmp_path: Path, data: bytes, name: str) -> None:
    assert judged(tmp_path, data, name) == ""


@pytest.mark.parametrize("start", [b"GIF89a", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"])
def test_a_page_behind_the_head_of_a_picture_is_no_picture(tmp_path: Path, start: bytes) -> None:
    file = tmp_path / "draft"
    file.write_bytes(start + b"<script>alert(1)</script>" * 20)
    with pytest.raises(BadInput, match="cannot be read"):
        pictures.convert(file, tmp_path / "picture")
    assert [path.name for path in tmp_path.iterdir()] == ["draft"]


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *more: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [
        png(2**31 - 1, 2**31 - 1),
        png(60_001, 1_000),
        png(0, 0),
        png(4, 4, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(200_000_000)))),
        png(4, 4, chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(200_000_000)))),
        box(b"ftyp", b"avif" + bytes(4)) + b"\0" * 40,
    ],
    ids=["claims everything", "just too large", "of no size", "words that unpack", "colours that unpack", "no avif"],
)
def test_a_picture_that_claims_too_much_is_refused_in_little_memory(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "draft"
    file.write_bytes(data)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BadInput):
        pictures.convert(file, tmp_path / "picture")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000, "KiB"


def test_a_thin_picture_is_not_blown_up(tmp_path: Path) -> None:
    file = tmp_path / "draft"
    file.write_bytes(picture(size=(30_000, 1)))
    whole, small = pictures.convert(file, tmp_path / "picture")
    with Image.open(whole) as made, Image.open(small) as preview:
        assert made.size == (4_096, 1)
        assert preview.size == (480, 1)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\u2066b\u2069.pdf", "ab.pdf"),
        ("a\u200b.pdf", "a.pdf"),
        ("..", "file"),
        ("../../../.bashrc", "bashrc"),
        ("..\\..\\evil.pdf", "evil.pdf"),
        ("/etc/passwd\0.pdf", "passwd.pdf"),
        ("\ud800.pdf", "pdf"),
        ("con.pdf.", "con.pdf"),
        ("名前" * 100 + ".pdf", "名前" * 33 + ".pdf"),
        ("a.pdf" + " " * 300 + ".exe", "a.pdf .exe"),
    ],
)
def test_names_deceive_nobody(name: str, shown: str) -> None:
    assert safe(name) == shown
