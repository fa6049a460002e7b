"""What has to be known of sound and moving pictures: how long they are, and where they tell too much.

MP4 files are boxes of a size and a name (ISO/IEC 14496-12); `mvhd` tells the duration, `udta` and `meta` hold what
phones write about place and maker. MP3 files are frames, each of which tells its length (ISO/IEC 11172-3).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

DEEPEST: Final = 4
MOST: Final = 10_000
"""Boxes that are looked at."""
TALKATIVE: Final = (b"udta", b"meta", b"uuid")

RATES: Final = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
KBITS: Final = {
    True: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Of layer III, by whether it is MPEG 1."""


def mp4_duration(file: BinaryIO) -> int:
    """In ms; 0 when it does not tell. Browsers record in fragments, whose whole length stands in `mehd`."""
    for name, start, end in boxes(file, 0, size_of(file)):
        if name == b"moov":
            scale, told = 0, 0
            for inner, at, until in list(boxes(file, start, end)):
                if inner == b"mvhd":
                    scale, told = _told(_head(file, at, until))
                elif inner == b"mvex" and not told:
                    told = _fragments(file, at, until)
            return told * 1000 // scale if scale else 0
    return 0


def _head(file: BinaryIO, at: int, until: int) -> bytes:
    file.seek(at)
    return file.read(min(32, until - at))


def _told(head: bytes) -> tuple[int, int]:
    """Ticks a second and ticks of the whole."""
    long = head[:1] == b"\1"
    scale, units = (head[20:24], head[24:32]) if long else (head[12:16], head[16:20])
    full = len(units) == (8 if long else 4)
    unknown = units == b"\xff" * len(units)
    return int.from_bytes(scale, "big"), int.from_bytes(units, "big") if full and not unknown else 0


def _fragments(file: BinaryIO, start: int, end: int) -> int:
    for name, at, until in boxes(file, start, end):
        if name == b"mehd":
            head = _head(file, at, until)
            return int.from_bytes(head[4:12] if head[:1] == b"\1" else head[4:8], "big")
    return 0


def silence(file: BinaryIO) -> int:
    """Blank what an MP4 file tells of place, maker and owner; how many boxes. Everything else stays where it is."""
    whole = size_of(file)
    moov = [(start, end) for name, start, end in list(boxes(file, 0, whole)) if name == b"moov"]
    return _silenced(file, 0, whole, DEEPEST) + sum(_silenced(file, start, end, 0) for start, end in moov)


def _silenced(file: BinaryIO, start: int, end: int, depth: int) -> int:
    count = 0
    for name, at, until in list(boxes(file, start, end)):
        if name in TALKATIVE:
            file.seek(at - 4)
            near = 4 if file.read(4) == name else 12  # a size of eight bytes stands between name and content
            file.seek(at - near)
            file.write(b"free")
            file.seek(at)
            file.write(bytes(until - at))
            count += 1
        elif name == b"trak" and depth < DEEPEST:
            count += _silenced(file, at, until, depth + 1)
    return count


def boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, first and last place of the content of each box between two places. A broken one ends it."""
    for _ in range(MOST):
        if start + 8 > end:
            return
        file.seek(start)
        head = file.read(16)
        size, name, skip = int.from_bytes(head[:4], "big"), head[4:8], 8
        if size == 1:
            size, skip = int.from_bytes(head[8:16], "big"), 16
        until = end if size == 0 else start + size
        if until > end or until < start + skip:
            return
        yield name, start + skip, until
        start = until


def mp3_duration(file: BinaryIO) -> int:
    """In ms, frame by frame; 0 when these are no frames."""
    whole = size_of(file)
    file.seek(0)
    data = file.read()
    at, total = _after_tag(data), 0.0
    while at + 4 <= whole:
        found = _frame(data[at : at + 4])
        if found is None:
            break
        length, samples, rate = found
        total += samples * 1000 / rate
        at += length
    return round(total)


def _after_tag(data: bytes) -> int:
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _frame(head: bytes) -> tuple[int, int, int] | None:
    """Bytes, samples and sampling rate of a frame of layer III."""
    if head[0] != 0xFF or head[1] & 0xE0 != 0xE0 or head[1] >> 1 & 3 != 1:
        return None
    version, bits, rates = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version not in RATES or not 0 < bits < 15 or rates == 3:
        return None
    first, rate = version == 3, RATES[version][rates]
    length = (144 if first else 72) * KBITS[first][bits - 1] * 1000 // rate + (head[2] >> 1 & 1)
    return length, 1152 if first else 576, rate


def size_of(file: BinaryIO) -> int:
    file.seek(0, 2)
    return file.tell()
