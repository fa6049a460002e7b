"""What a file is follows from its content."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.desk.files.kinds import kind_of
from tests.unit.desk.files.samples import DOCX, PDF, archive, mp3, mp4, picture

SCRIPT = b"<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (picture(), "a.exe", "image"),
        (picture("PNG"), "a.png", "image"),
        (mp4(), "a.mp4", "video"),
        (mp4(brand=b"M4A "), "a.m4a", "audio"),
        (mp3(), "a.mp3", "audio"),
        (PDF, "a.html", "pdf"),
        (DOCX, "a.docx", "docx"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "a", "xlsx"),
        (archive("[Content_Types].xml", "ppt/x.xml"), "a", "pptx"),
        (archive("a.txt"), "a.zip", "zip"),
        (b"a,b\n1,2\n", "a.csv", "csv"),
        ("予約".encode(), "a.TXT", "txt"),
        (archive("[Content_Types].xml", "word/vbaProject.bin"), "a.docm", ""),
        (SCRIPT, "a.png", ""),
        (SCRIPT, "a.svg", ""),
        (SCRIPT, "a.html", ""),
        (b"a\0b", "a.txt", ""),
        (b"\xff\xfe\xfa", "a.txt", ""),
        (b"PK\x03\x04 no archive", "a.docx", ""),
        (b"MZ\x90", "a.pdf", ""),
    ],
)
def test_the_content_decides(tmp_path: Path, data: bytes, name: str, kind: str) -> None:
    file = tmp_path / "x"
    file.write_bytes(data)
    assert kind_of(file, name)[0] == kind
