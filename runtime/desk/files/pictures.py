"""Pictures in the forms LINE takes, without what cameras write into them.

Every picture is drawn anew: what was hidden in the file (places, owners, scripts behind the pixels) stays behind.
https://developers.line.biz/en/reference/messaging-api/#image-message
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from runtime.errors import BadInput

if TYPE_CHECKING:
    from PIL.Image import Image

ORIGINAL: Final = 10_000_000
PREVIEW: Final = 1_000_000
"""Bytes LINE takes."""
PIXELS: Final = 60_000_000
"""A file of few bytes can claim to be a picture of any size."""
LONGEST: Final = 4_096
SMALL: Final = 480
LEAST: Final = 16
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF")
WANTED: Final = "pictures need the desk's extra: pip install 'noren[desk]'"
FRAME: Final = 20
"""Seconds that taking a picture out of a video may take."""


def convert(source: Path, target: Path) -> tuple[Path, Path]:
    """The picture and its preview, written as `target` with fitting endings. Raises `BadInput` when it is none."""
    image = _opened(source)
    kind = "png" if _transparent(image) else "jpg"
    made = _flat(image, kind)
    made.thumbnail((LONGEST, LONGEST))
    whole = _written(made, target.with_suffix(f".{kind}"), ORIGINAL)
    made.thumbnail((SMALL, SMALL))
    return whole, _written(_flat(made, "jpg"), target.with_name("preview.jpg"), PREVIEW)


def _opened(source: Path) -> Image:
    pil = _pillow()
    from PIL import ImageOps

    try:
        with pil.open(source, formats=[name for name in FORMATS if name in _known()]) as image:
            if image.width * image.height > PIXELS:
                raise BadInput(f"a picture of more than {PIXELS // 1_000_000} million pixels")
            image.draft("RGB", (LONGEST, LONGEST))  # of JPEG no more is unpacked than is needed
            image.thumbnail((LONGEST, LONGEST))
            turned: Image = ImageOps.exif_transpose(image).copy()
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, pil.DecompressionBombError) as error:
        raise BadInput("this picture cannot be read") from error
    return turned


def _known() -> frozenset[str]:
    pil = _pillow()
    pil.init()
    return frozenset(pil.OPEN)


def _transparent(image: Image) -> bool:
    if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info:
        return False
    return bool(image.convert("RGBA").getchannel("A").getextrema()[0] != 255)


def _flat(image: Image, kind: str) -> Image:
    """The pixels alone, on white where JPEG knows no transparency."""
    pil = _pillow()
    if kind == "png":
        clean: Image = pil.new("RGBA", image.size)
        clean.paste(image.convert("RGBA"))
        return clean
    clear = image.convert("RGBA") if image.mode in ("RGBA", "LA", "PA", "P") else None
    clean = pil.new("RGB", image.size, "white")
    clean.paste(clear or image.convert("RGB"), mask=clear)
    return clean


def _written(image: Image, target: Path, most: int) -> Path:
    """Smaller and smaller until it fits."""
    while True:
        if target.suffix == ".png":
            image.save(target, "PNG", optimize=image.width * image.height < 4_000_000)
        else:
            image.save(target, "JPEG", quality=88, optimize=True)
        if target.stat().st_size <= most:
            return target
        image = image.resize((max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)))


def stand_in(source: Path, target: Path) -> Path:
    """The poster that an agent's browser drew, drawn anew. Raises `BadInput`."""
    image = _flat(_opened(source), "jpg")
    if min(image.size) < LEAST:
        raise BadInput("this picture is too small")
    image.thumbnail((SMALL * 2, SMALL * 2))
    made = _written(image, target.with_name(f"{source.name}.jpg"), PREVIEW)
    return made.replace(target)


def poster(video: Path, target: Path) -> Path:
    """A picture for a video: one of its own where ffmpeg is installed, else a drawn one."""
    made, taken = target.with_name("preview.jpg"), target.with_name("frame.png")
    if _frame(video, taken):
        try:
            image = _flat(_opened(taken), "jpg")
            image.thumbnail((SMALL * 2, SMALL * 2))
            return _written(image, made, PREVIEW)
        except BadInput:
            pass  # what ffmpeg made of it is no picture: then the drawn one
        finally:
            taken.unlink(missing_ok=True)
    return _drawn(made)


def _frame(video: Path, target: Path) -> bool:
    tool = shutil.which("ffmpeg")
    if tool is None:
        return False
    limits = ("-protocol_whitelist", "file", "-max_pixels", str(PIXELS))
    command = (tool, "-nostdin", "-v", "error", *limits, "-f", "mp4", "-i", str(video))
    taken = ("-frames:v", "1", "-vf", f"scale='min({SMALL * 2},iw)':-2", str(target))
    try:
        subprocess.run([*command, *taken], timeout=FRAME, check=True, capture_output=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return target.is_file()


def _drawn(target: Path) -> Path:
    from PIL import ImageDraw

    image = _pillow().new("RGB", (640, 360), "#26323f")
    draw = ImageDraw.Draw(image)
    draw.ellipse((256, 116, 384, 244), fill="#ffffff")
    draw.polygon(((300, 148), (300, 212), (352, 180)), fill="#26323f")
    return _written(image, target, PREVIEW)


def _pillow() -> Any:
    try:
        from PIL import Image
    except ImportError:
        raise BadInput(WANTED) from None
    return Image
