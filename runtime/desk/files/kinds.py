"""Which kind of file something is, judged by its content; its name only tells office files and plain texts apart."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Final

from runtime.line.filetypes import HEAD, detect

OFFICE: Final = {
    "word/": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ppt/": ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
"""Folder inside the archive → ending and type."""
PLAIN: Final = {"txt": "text/plain", "csv": "text/csv"}
SOUNDS: Final = {"audio/mp4": "m4a", "audio/mpeg": "mp3"}
"""What LINE plays. https://developers.line.biz/en/reference/messaging-api/#audio-message"""
BY_TYPE: Final = {"application/pdf": "pdf", "application/zip": "zip", "video/mp4": "mp4", **SOUNDS}
TELLING: Final = ("image/", "video/", "audio/")
ENTRIES: Final = 5_000
ENTRY: Final = 400
"""Files in an archive, and bytes that its list has for each."""
END: Final = 65_557
"""Where the end of an archive begins at the earliest, from its last byte."""
CONTENTS: Final = "[Content_Types].xml"
TYPES: Final = 1_000_000
MACROS: Final = (b"macroenabled", b"vbaproject")
ANYTHING: Final = "application/octet-stream"


def kind_of(file: Path, name: str) -> tuple[str, str, str]:
    """`image`, `video`, `audio` or an ending such as `pdf`; its type; its ending. Empty: nothing that may be sent."""
    with file.open("rb") as stream:
        found = detect(stream.read(HEAD))
    for start in TELLING:
        if found.startswith(start):
            return start[:-1], found, BY_TYPE.get(found, "")
    if found == "application/zip":
        ending, type = _office(file)
        return ending, type, ending
    if found in BY_TYPE:
        return BY_TYPE[found], found, BY_TYPE[found]
    ending = name.rpartition(".")[2].lower()
    if ending in PLAIN and _plain(file):
        return ending, PLAIN[ending], ending
    return "", found, ""


def _office(file: Path) -> tuple[str, str]:
    """An office file is an archive that says so; macros make it none that is passed on."""
    if _listed(file) > ENTRIES * ENTRY:
        return "", ANYTHING
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()[: ENTRIES + 1]
            types = _types(archive) if CONTENTS in names else b""
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError, zlib.error):
        return "", ANYTHING
    if len(names) > ENTRIES:
        return "", ANYTHING
    if CONTENTS in names:
        told = types.lower()
        if any(word in told for word in MACROS) or any(name.lower().endswith("vbaproject.bin") for name in names):
            return "", ANYTHING
        for folder, found in OFFICE.items():
            if any(name.startswith(folder) for name in names):
                return found
    return "zip", "application/zip"


def _listed(file: Path) -> int:
    """Bytes of the archive's own list, as its end tells: what opening it would unpack into memory."""
    with file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - END))
        tail = stream.read()
    at = tail.rfind(b"PK\5\6")
    return int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0


def _types(archive: zipfile.ZipFile) -> bytes:
    """What the archive says of its parts; no more than a bit of it, however large it claims to be."""
    with archive.open(CONTENTS) as part:
        return part.read(TYPES)


def _plain(file: Path) -> bool:
    """Words without the signs that only programs write."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in text)


def said(kind: str) -> str:
    """How outputs call it."""
    return kind if kind in ("image", "video", "audio") else "file"
