"""Small files of every kind, made byte by byte."""

from __future__ import annotations

import io
import zipfile

from PIL import Image


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), *, place: bool = False, mode: str = "RGB") -> bytes:
    """A picture; with `place` it tells where it was taken."""
    out, image = io.BytesIO(), Image.new(mode, size, (200, 30, 30) if mode == "RGB" else (200, 30, 30, 100))
    exif = Image.Exif()
    if place:
        exif[0x010F] = "Secret Camera"
        exif.get_ifd(0x8825)[1] = "N"
    image.save(out, kind, **({"exif": exif} if place else {}))
    return out.getvalue()


def box(name: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + name + content


def long_box(name: bytes, content: bytes) -> bytes:
    return (1).to_bytes(4, "big") + name + (16 + len(content)).to_bytes(8, "big") + content


def mvhd(ms: int) -> bytes:
    return box(b"mvhd", bytes(12) + (1000).to_bytes(4, "big") + ms.to_bytes(4, "big") + bytes(80))


def long_mvhd(ms: int) -> bytes:
    return box(b"mvhd", b"\1" + bytes(19) + (1000).to_bytes(4, "big") + ms.to_bytes(8, "big") + bytes(80))


def trak(kind: bytes, coding: bytes, udta: bytes = b"") -> bytes:
    """A track that holds `vide` or `soun` under a coding."""
    entry = bytes(4) + (1).to_bytes(4, "big") + box(coding, bytes(78))
    stbl = box(b"minf", box(b"stbl", box(b"stsd", entry)))
    hdlr = box(b"hdlr", bytes(8) + kind + bytes(12))
    return box(b"trak", box(b"tkhd", bytes(84)) + udta + box(b"mdia", hdlr + stbl))


def mp4(
    ms: int = 4_500, *, brand: bytes = b"isom", told: bytes = b"", head: bytes | None = None,
    inside: tuple[tuple[bytes, bytes], ...] = ((b"vide", b"avc1"),),
) -> bytes:  # fmt: skip
    """What a phone's film looks like from outside; `told` is what it tells of itself, `inside` its tracks."""
    udta = box(b"udta", box(b"\xa9xyz", told)) if told else b""
    traks = [trak(kind, coding, udta if number == 0 else b"") for number, (kind, coding) in enumerate(inside)]
    inner = (mvhd(ms) if head is None else head) + b"".join(traks) + udta
    return box(b"ftyp", brand + bytes(4) + b"isom") + box(b"mdat", bytes(500)) + box(b"moov", inner)


SOUND = ((b"soun", b"mp4a"),)


def mp3(frames: int = 100, *, tagged: bool = False) -> bytes:
    """MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes and 1152 samples a frame."""
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    tag = b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10) if tagged else b""
    return tag + frame * frames


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, b"x")
    return out.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")
PDF = b"%PDF-1.4\n%%EOF\n"
