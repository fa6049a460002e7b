"""The bot's own images, videos and sounds: links that LINE can fetch for as long as a chat is read.

LINE's apps fetch media when somebody looks at a message, days or years after it was sent, so the links do not
expire. https://developers.line.biz/en/reference/messaging-api/#image-message
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import stat
from pathlib import Path, PurePosixPath

from runtime.errors import BadInput, SettingsError
from runtime.line.filetypes import TYPES

MAC = 16
TAG = 6
LONGEST = 4_096
WHOLE = 16 * 1_048_576  # a larger file is known by its size and its ends: reading it would hold up a turn
END = 65_536
SIZES = (240, 300, 460, 700, 1040)
"""Widths in pixels that LINE asks for under an imagemap's base URL.
https://developers.line.biz/en/reference/messaging-api/#base-url"""
WIDTHS = tuple(map(str, SIZES))

PURPOSE = b"noren media 1\0"


class MediaLinks:
    """Signed links to the media files under one folder.

    A link holds the file's path and a mark of its content: an edited file gets a new link, so caches are never
    wrong, while links sent earlier go on working and show the file as it is now.
    """

    def __init__(self, key: str | bytes, public_url: str, folder: Path) -> None:
        """`public_url` is where LINE reaches this runtime; raises `SettingsError` when `key` is too short."""
        self._key = key.encode("utf-8") if isinstance(key, str) else key
        if len(self._key) < 16:
            raise SettingsError("media_key: write at least 16 characters, or leave it out to have one made")
        self._base = public_url.rstrip("/")
        self._folder = folder
        self._root = folder.resolve()
        self._made: dict[str, tuple[tuple[int, int], str]] = {}

    def link(self, path: str) -> str:
        """The https address of a file such as `media/shop.jpg`; what is an address already stays as it is.

        A folder is linked for an imagemap: it holds `1040.png` and perhaps 700, 460, 300 and 240. Raises `BadInput`
        when there is no such media file, or no `public_url`.
        """
        if "://" in path:
            return path
        if not self._base:
            raise BadInput(f"{path}: set public_url in noren.yaml, the https address LINE can fetch it from")
        try:
            state = os.stat(self._folder / path)
        except (OSError, ValueError):
            raise BadInput(f"{path}: there is no such file in {self._folder.name}/") from None
        stamp = (state.st_mtime_ns, state.st_size)
        made = self._made.get(path)
        if made is None or made[0] != stamp or stat.S_ISDIR(state.st_mode):
            made = self._made[path] = (stamp, f"{self._base}/media/{self._token(path)}")
        return made[1]

    def open(self, token: str) -> tuple[Path, str] | None:
        """The file of a link's token and its content type; None when we did not make it or the file is gone.

        `token/1040` asks for an imagemap's width: a folder's image of that width or the next larger one.
        """
        token, _, width = token.partition("/")
        path = self._read(token)
        file = self._inside(path) if path else None
        if file is not None and width:
            file = _sized(file, width)
        kind = TYPES.get(file.suffix[1:].lower(), "") if file is not None else ""
        return (file, kind) if file is not None and _shown(kind) and file.is_file() else None

    def _token(self, path: str) -> str:
        file = self._inside(path)
        if file is None:
            raise BadInput(f"{path}: media lies in {self._folder.name}/, and its path leads there without ..")
        if file.is_dir():
            if _sized(file, "1040") is None:
                raise BadInput(f"{path}: this folder has no images named by their width, such as 1040.png")
        elif not _shown(TYPES.get(file.suffix[1:].lower(), "")):
            raise BadInput(f"{path}: LINE shows jpg and png images, mp4 videos, m4a and mp3 sounds")
        content = _mark(file) + path.encode("utf-8")
        return base64.urlsafe_b64encode(self._mac(content) + content).rstrip(b"=").decode("ascii")

    def _read(self, token: str) -> str:
        if not token or len(token) > LONGEST:
            return ""
        try:
            data = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except (binascii.Error, UnicodeEncodeError):
            return ""
        if not hmac.compare_digest(self._mac(data[MAC:]), data[:MAC]):
            return ""
        return data[MAC + TAG :].decode("utf-8")

    def _mac(self, content: bytes) -> bytes:
        return hmac.digest(self._key, PURPOSE + content, "sha256")[:MAC]

    def _inside(self, path: str) -> Path | None:
        """The real place of a path, unless it or a symbolic link on its way leads out of the folder."""
        pure = PurePosixPath(path)
        if not pure.parts or pure.is_absolute() or ".." in pure.parts or "\\" in path or "\0" in path:
            return None
        file = (self._root / pure).resolve()
        return file if file.is_relative_to(self._root) and file != self._root else None


def _shown(kind: str) -> bool:
    return kind.startswith(("image/", "video/", "audio/"))


def _sized(place: Path, width: str) -> Path | None:
    """An imagemap's image; a single file serves for every width."""
    if width not in WIDTHS:
        return None
    if not place.is_dir():
        return place
    at = WIDTHS.index(width)
    for size in (*SIZES[at:], *reversed(SIZES[:at])):
        for extension in ("png", "jpg", "jpeg"):
            file = place / f"{size}.{extension}"
            if file.is_file() and not file.is_symlink():
                return file
    return None


def _mark(file: Path) -> bytes:
    """A short mark of the content, the same on every machine."""
    digest = hashlib.sha256()
    for piece in sorted(file.iterdir()) if file.is_dir() else [file]:
        if piece.is_file():
            digest.update(piece.name.encode("utf-8", "surrogateescape") + _content(piece))
    return digest.digest()[:TAG]


def _content(file: Path) -> bytes:
    size = file.stat().st_size
    if size <= WHOLE:
        return hashlib.sha256(file.read_bytes()).digest()
    with file.open("rb") as stream:
        head = stream.read(END)
        stream.seek(-END, os.SEEK_END)
        return hashlib.sha256(head + stream.read(END) + str(size).encode()).digest()
