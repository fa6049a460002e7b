"""Files that flows name: pictures that are not there, addresses LINE does not take, files nobody uses."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import PurePosixPath

from runtime.flow.judging import Web, finding
from runtime.flow.loader import kind_of
from runtime.flow.nodes import Node, maps
from runtime.model import Finding, Place

MEDIA = frozenset(("png", "jpg", "jpeg", "gif", "webp", "apng", "mp4", "m4a", "mp3", "wav", "aac", "mov", "pdf"))
"""What a file's name ends in when it is a picture, a video, a sound or a document."""

ADDRESSES = frozenset(("image", "video", "audio", "url", "preview", "base", "icon"))
"""Keys whose texts are addresses of media, or paths below the flows' folder."""

LINE_ADDRESSES = frozenset(("originalContentUrl", "previewImageUrl", "thumbnailImageUrl", "imageUrl", "baseUrl", "url"))
SIGNS = ("media/", "http://", *sorted(f".{ending}" for ending in MEDIA))
"""What a file without any of it names no media by."""
_FILLED = re.compile(r"\{+[^{}]*\}+")
_PATH = re.compile(r"[\w./-]*media/(?:\{+[^{}\n]*\}+|[^\s\"'`,\]{}])*")


def judge(
    web: Web, files: Mapping[str, str], media: Collection[str] | None, others: Sequence[str] = ()
) -> Iterator[Finding]:
    for address in _addresses(web, files):
        if address.text.startswith("http://"):
            yield finding(
                "not-https",
                address.at,
                "LINE fetches media over https only",
                severity="error",
                why="the message would be refused",
                fix="write https://, or put the file into the folder media/ and write media/…",
            )
        elif "://" not in address.text and address.text.strip() and media is not None:
            yield from _missing(address, media)
    yield from _unused_cards(web, files)
    if media is not None:
        yield from _unused_media(files, media, [*files.values(), *others])


def _addresses(web: Web, files: Mapping[str, str]) -> Iterator[Node]:
    """Every text that stands where an address of media belongs."""
    for name, node in web.found.nodes.items():
        yield from web.shelf(name).get("addresses", partial(_of, node, files.get(node.file, "")))


def _of(node: Node, text: str) -> list[Node]:
    if not any(sign in text for sign in SIGNS):
        return []
    return [
        value
        for one in maps(node)
        for key, value in one.map.items()
        if value.kind == "text" and (key in ADDRESSES or key in LINE_ADDRESSES) and _is_address(value.text)
    ]


def _is_address(text: str) -> bool:
    """Whether a text is an address of media rather than a word under a key of the same name."""
    ending = text.rpartition(".")[2].lower()
    return text.startswith(("http://", "https://", "media/")) or (ending in MEDIA and " " not in text)


def _missing(address: Node, media: Collection[str]) -> Iterator[Finding]:
    text = address.text.split("?")[0].removeprefix("./").lstrip("/")
    if _FILLED.search(text) or text in media or any(one.startswith(f"{text}/") for one in media):
        return
    if any(one.startswith(f"{text}.") or one.rpartition(".")[0] == text for one in media) and "." not in text:
        return
    close = difflib.get_close_matches(text, list(media), n=1)
    yield finding(
        "missing-media",
        address.at,
        f"there is no file `{text}`" + (f"; did you mean `{close[0]}`?" if close else ""),
        severity="error",
        why="a path without https:// is a file below the folder of the flows",
        fix="put it there, or write the https address",
    )


def _unused_cards(web: Web, files: Mapping[str, str]) -> Iterator[Finding]:
    used = {name for reading in web.found.readings.values() for name in reading.files}
    for path in files:
        parts = PurePosixPath(path).parts
        if kind_of(path) == "card" and "/".join(parts[parts.index("cards") :]) not in used:
            message = "no step shows this card"
            yield finding("unused-card", Place(path, 1, 1), message, severity="hint", fix="delete the file")


def _unused_media(files: Mapping[str, str], media: Collection[str], texts: Sequence[str]) -> Iterator[Finding]:
    """Files of media that nothing names, not even a part of it that is filled in later."""
    shown = [path for path in sorted(media) if PurePosixPath(path).suffix.lstrip(".").lower() in MEDIA]
    if not shown:
        return
    everything = "\0".join(texts)
    named = (found[0] for text in texts if "media/" in text for found in _PATH.finditer(text))
    patterns = {_pattern(name) for name in named if "{" in name}
    root = PurePosixPath(next(iter(files), "flows/x")).parts[0]
    for path in shown:
        pure = PurePosixPath(path)
        word = pure.parent.name if pure.stem.isdecimal() else pure.name  # an imagemap's 1040.png: its folder is named
        if word in everything or any(one.fullmatch(path) for one in patterns):
            continue
        fix = f"delete it, or show it with `image: {path}`"
        yield finding("unused-media", Place(f"{root}/{path}"), "nothing shows this file", severity="hint", fix=fix)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in _FILLED.split(text)))
