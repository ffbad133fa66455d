"""From the bytes of a file that nobody vouches for to pixels."""

import io
import struct
import zlib
from typing import Final

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from pipeline.faces.photo import Pixels

SUFFIXES: Final = frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".tif", ".tiff", ".bmp"})
# MPO, a JPEG with more pictures behind it, has no reader of its own: that of JPEG opens it.
FORMATS: Final = ("JPEG", "PNG", "WEBP", "TIFF", "BMP")
# What a file may hold. 80 million pixels are 240 MB once decoded; no camera that takes portraits makes more.
MAX_FILE_BYTES: Final = 256 * 2**20
MAX_PIXELS: Final = 80_000_000

# What Pillow's readers are known to raise on damaged files; none of it may end a run over thousands of files.
DAMAGE: Final = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    Pillow.DecompressionBombError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


class Unreadable(Exception):
    """A file that gives no photo. ``reason`` is one plain sentence."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def decode(data: bytes) -> Pixels:
    """Decode a picture of one of ``FORMATS``, turned upright as its EXIF says.

    Of an animation or a file of several pages the first one counts. Sixteen bits become eight, CMYK and
    palettes become colours, transparent parts white.

    Returns:
        uint8 (height, width, 3), BGR.

    Raises:
        Unreadable: no such picture, a damaged or truncated one, or one of more than ``MAX_PIXELS``.
    """
    if not data:
        raise Unreadable("The file is empty.")
    try:
        with Pillow.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Unreadable(
                    f"The picture has {image.width} x {image.height} pixels, more than {MAX_PIXELS:,} in all."
                )
            image.load()
            rgb = np.asarray(_rgb(ImageOps.exif_transpose(image)), np.uint8)
    except UnidentifiedImageError as error:
        raise Unreadable("The file is not a JPEG, PNG, WebP, TIFF or BMP picture.") from error
    except DAMAGE as error:
        raise Unreadable(f"The picture is damaged: {_one_line(error)}.") from error
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), np.uint8)


def _rgb(image: Pillow.Image) -> Pillow.Image:
    """Bring a picture of any mode to 8-bit RGB."""
    if image.mode.startswith("I;16"):
        return Pillow.fromarray((np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8)).convert("RGB")
    if image.mode in {"I", "F"}:
        raise Unreadable("The picture has 32 bits a pixel; export it with 8 or 16.")
    if image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info:
        white = Pillow.new("RGBA", image.size, "white")
        return Pillow.alpha_composite(white, image.convert("RGBA")).convert("RGB")
    return image.convert("RGB")


def _one_line(error: BaseException) -> str:
    return " ".join(f"{error or type(error).__name__}".split()).rstrip(".")
