"""What is inside an MP4 file: its tracks, how each is coded, and whether phones can play that.

Boxes and their names are those of ISO/IEC 14496-12, names of codings those of https://mp4ra.org/registered-types/sampleentries.
What LINE asks of videos and sounds: https://developers.line.biz/en/reference/messaging-api/#video-message
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from runtime.desk.files.moving import boxes, size_of

PICTURE: Final = "vide"
SOUND: Final = "soun"
EVERYWHERE: Final[Mapping[str, frozenset[str]]] = {
    PICTURE: frozenset(("avc1", "avc3")),
    SOUND: frozenset(("mp4a",)),
}
"""H.264 and AAC: what every phone plays."""
SCRAMBLED: Final = frozenset(("encv", "enca", "drms", "drmi"))
CALLED: Final[Mapping[str, str]] = {
    "hvc1": "H.265", "hev1": "H.265", "dvh1": "H.265", "dvhe": "H.265", "av01": "AV1", "vp08": "VP8", "vp09": "VP9",
    "mp4v": "MPEG-4", "s263": "H.263", "apch": "ProRes", "apcn": "ProRes", "apcs": "ProRes", "apco": "ProRes",
    "ap4h": "ProRes", "jpeg": "Motion JPEG", "mjpg": "Motion JPEG", "alac": "Apple Lossless", "Opus": "Opus",
    "ac-3": "Dolby Digital", "ec-3": "Dolby Digital", "fLaC": "FLAC", "samr": "AMR", "twos": "PCM", "sowt": "PCM",
    "lpcm": "PCM",
}  # fmt: skip
FILM: Final = "some phones cannot play this film, whose pictures are {}: send it as MP4 with H.264 and AAC"
TONE: Final = "some phones cannot play the sound of this file, which is {}: send it with AAC"


@dataclass(frozen=True, slots=True)
class Track:
    """`kind` is what the track holds (`vide`, `soun`), `coding` the name of its first sample entry, such as `avc1`."""

    kind: str
    coding: str


def tracks(file: BinaryIO) -> list[Track]:
    """In the order of the file; none when it tells of none."""
    found = []
    for start, end in _inside(file, [(0, size_of(file))], "moov", "trak", "mdia"):
        kinds = [_word(file, at + 8) for at, _ in _inside(file, [(start, end)], "hdlr")]
        entries = _inside(file, [(start, end)], "minf", "stbl", "stsd")
        codings = [_word(file, at + 12) for at, until in entries if until - at >= 16]
        if kinds:
            found.append(Track(kinds[0], codings[0] if codings else ""))
    return found


def _inside(file: BinaryIO, places: Sequence[tuple[int, int]], *way: str) -> list[tuple[int, int]]:
    """First and last place of all boxes that lie at the end of a way of names."""
    found = list(places)
    for name in way:
        found = [place for start, end in found for place in _named(file, start, end, name)]
    return found


def _named(file: BinaryIO, start: int, end: int, name: str) -> Iterator[tuple[int, int]]:
    for called, at, until in list(boxes(file, start, end)):
        if called == name.encode():
            yield at, until


def _word(file: BinaryIO, at: int) -> str:
    file.seek(at)
    return file.read(4).decode("latin-1")


def scrambled(found: Sequence[Track]) -> bool:
    """Whether only a shop's own player can play it."""
    return any(track.coding in SCRAMBLED for track in found)


def warning(found: Sequence[Track]) -> str:
    """What agents should know before they send it; empty: nothing."""
    for kind, words in ((PICTURE, FILM), (SOUND, TONE)):
        for track in found:
            if track.kind == kind and track.coding and track.coding not in EVERYWHERE[kind]:
                return words.format(CALLED.get(track.coding, "of an unusual kind"))
    return ""
