"""Which kind of file something is, judged by its content; its name only tells office files and plain texts apart."""

from __future__ import annotations

import zipfile
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
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()[:ENTRIES]
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        return "", "application/octet-stream"
    if "[Content_Types].xml" in names:
        if any(name.endswith("vbaProject.bin") for name in names):
            return "", "application/octet-stream"
        for folder, found in OFFICE.items():
            if any(name.startswith(folder) for name in names):
                return found
    return "zip", "application/zip"


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
