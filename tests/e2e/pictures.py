"""Files as officers might drop them: made here, from the rendered portraits."""

import io
from itertools import groupby
from pathlib import Path
from typing import Final

from PIL import Image

from lineups.exports.picture import FRAME

PORTRAITS: Final = Path(__file__).resolve().parents[1] / "fixtures" / "portraits"
MAN: Final = PORTRAITS / "60003_1.jpg"
BEARDED_MAN: Final = PORTRAITS / "60004_2.jpg"


def two_people() -> bytes:
    """Two faces of the same size side by side, JPEG: a man and his mirror image."""
    left = Image.open(MAN)
    right = left.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    both = Image.new("RGB", (left.width + right.width, left.height))
    both.paste(left, (0, 0))
    both.paste(right, (left.width, 0))
    return _file(both, "JPEG")


def nobody() -> bytes:
    """A grey wall, PNG."""
    return _file(Image.new("RGB", (512, 512), (120, 120, 124)), "PNG")


def tiles(png: bytes) -> int:
    """Framed tiles on a lineup's picture, by the two long lines of each frame; fails on what is no PNG."""
    with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
        sheet = picture.convert("RGB")
    across = range(sheet.width)
    rows = ([sheet.getpixel((x, y)) == FRAME for x in across] for y in range(sheet.height))
    lines = (sum(1 for _ in run) for row in rows for is_frame, run in groupby(row) if is_frame)
    return sum(length > 256 for length in lines) // 2


def _file(picture: Image.Image, kind: str) -> bytes:
    written = io.BytesIO()
    picture.save(written, kind)
    return written.getvalue()
