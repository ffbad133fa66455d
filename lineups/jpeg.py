"""How strongly a JPEG was compressed, by its own tables."""

import io
from functools import cache
from typing import Final

from PIL import Image

LUMINANCE: Final = 0
STANDARD: Final = 50
"""The quality at which the tables are those of the standard as they are (ITU-T T.81, annex K)."""


def quality_of(image: Image.Image) -> int | None:
    """1 to 100, as libjpeg counts it, of an opened picture; None of one that is no JPEG.

    Tables of other makes than libjpeg's have the quality whose tables are as coarse on the whole. Below 10
    the tables are cut off at 255, and the quality is taken for a little higher than it is.
    """
    tables: dict[int, list[int]] = getattr(image, "quantization", None) or {}
    if LUMINANCE not in tables:
        return None
    scale = 100.0 * sum(tables[LUMINANCE]) / _standard()
    quality = 100.0 - scale / 2 if scale <= 100.0 else 5000.0 / scale
    return round(min(max(quality, 1.0), 100.0))


@cache
def _standard() -> int:
    """The sum of the standard's table, as the library writes it."""
    stream = io.BytesIO()
    Image.new("L", (8, 8)).save(stream, "JPEG", quality=STANDARD)
    with Image.open(stream) as written:
        table: list[int] = written.quantization[LUMINANCE]  # type: ignore[attr-defined]
    return sum(table)
