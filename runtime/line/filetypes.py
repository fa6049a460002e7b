"""Which file is what: by its name for files of the bot, by its first bytes for files of strangers."""

from __future__ import annotations

HEAD = 32
"""Bytes from the start of a file that `detect` looks at."""

ANYTHING = "application/octet-stream"

TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "image/heic",
    "avif": "image/avif",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "3gp": "video/3gpp",
    "webm": "video/webm",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "amr": "audio/amr",
    "flac": "audio/flac",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "bin": ANYTHING,
}
"""Content type by file name extension. None of them can carry a script that a browser would run."""

EXTENSIONS = {kind: extension for extension, kind in reversed(TYPES.items())}

MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftyphev", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftypmsf1", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypM4B", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp3g", "video/3gpp"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
    (0, b"\xff\xfa", "audio/mpeg"),
    (0, b"\xff\xe3", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"OggS", "audio/ogg"),
    (8, b"WAVE", "audio/wav"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"fLaC", "audio/flac"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
)
"""Where which bytes stand; the first that fits counts."""

SIBLINGS = {
    ("audio", "video/mp4"): "audio/mp4",
    ("audio", "video/3gpp"): "audio/mp4",
    ("video", "audio/mp4"): "video/mp4",
}
"""Containers that hold sound or pictures: what the message says decides."""


def detect(head: bytes) -> str:
    """The content type of a file that begins so; `application/octet-stream` when it is none we know."""
    for offset, magic, kind in MAGIC:
        if head.startswith(magic, offset):
            return kind
    return ANYTHING


def fitting(claimed: str, head: bytes) -> str:
    """The content type of a message's content; `claimed` is image, video, audio or file. Empty: it is no such thing."""
    found = detect(head)
    if claimed == "file":
        return found
    found = SIBLINGS.get((claimed, found), found)
    return found if found.startswith(claimed + "/") else ""
