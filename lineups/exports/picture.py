"""The picture of a lineup: numbered, equally sized members on neutral grey.

A lineup is fair only if nothing but the faces tells its members apart. So each member goes through the same
steps, the sheet is a function of the members' pixels, their order and the mark alone, and the file carries no
metadata. What is not fit for casework says so above and below, across the whole sheet.
"""

import io
import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

BACKGROUND: Final = (200, 200, 200)
FRAME: Final = (120, 120, 120)
NUMERAL: Final = (32, 32, 32)
MARK_GROUND: Final = (164, 22, 26)
MARK_TEXT: Final = (255, 255, 255)

# Side of a member on the sheet in pixels, and shares of it.
TILE: Final = 256
MARGIN: Final = 0.125
NUMERAL_BAND: Final = 0.19
NUMERAL_SIZE: Final = 0.14
MARK_BAND: Final = 0.1875
MARK_SIZE: Final = 0.11
MARK_WIDTH: Final = 0.92  # of the sheet, at most

MOST_COLUMNS: Final = 4

Picture = Image.Image | npt.NDArray[np.uint8]


def compose(images: Sequence[Picture], *, mark: str | None = None) -> bytes:
    """Lay out the members of a lineup, in the order given, with the numbers 1, 2, … under them.

    There are at most four in a row, in rows of equal length; a shorter last row is centred.

    Args:
        images: square RGB pictures, uint8 (side, side, 3). Where their sides differ, all are first
            reduced to the smallest, so that none is sharper than another.
        mark: what stands in a band above and below the members; None: no bands.

    Returns:
        A PNG without metadata; the same members in the same order give the same bytes.

    Raises:
        ValueError: no members, or one that is not a square RGB picture.
    """
    members = _alike([_picture(image) for image in images])
    columns = even_columns(len(members))
    rows = math.ceil(len(members) / columns)
    margin, band = round(TILE * MARGIN), round(TILE * NUMERAL_BAND)
    step_x, step_y = TILE + margin, TILE + band + margin
    sheet = Image.new("RGB", (margin + columns * step_x, margin + rows * step_y), BACKGROUND)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(round(TILE * NUMERAL_SIZE))
    for index, member in enumerate(members):
        row, column = divmod(index, columns)
        in_row = min(columns, len(members) - row * columns)
        left = margin + column * step_x + (columns - in_row) * step_x // 2
        top = margin + row * step_y
        draw.rectangle((left - 1, top - 1, left + TILE, top + TILE), outline=FRAME)
        sheet.paste(member, (left, top))
        draw.text(
            (left + TILE / 2, top + TILE + (band + margin / 4) / 2),
            str(index + 1),
            fill=NUMERAL,
            font=font,
            anchor="mm",
        )
    stream = io.BytesIO()
    (sheet if mark is None else marked(sheet, mark)).save(stream, format="PNG")
    return stream.getvalue()


def marked(sheet: Image.Image, mark: str) -> Image.Image:
    """``sheet`` with ``mark`` in a band across its whole width, above and below."""
    band, words = round(TILE * MARK_BAND), mark.upper()
    taller = Image.new("RGB", (sheet.width, sheet.height + 2 * band), MARK_GROUND)
    taller.paste(sheet, (0, band))
    draw, size = ImageDraw.Draw(taller), round(TILE * MARK_SIZE)
    width = draw.textlength(words, font=ImageFont.load_default(size))
    fits = min(1.0, MARK_WIDTH * sheet.width / width)
    font = ImageFont.load_default(max(1, int(size * fits)))
    for middle in (band / 2, taller.height - band / 2):
        draw.text((sheet.width / 2, middle), words, fill=MARK_TEXT, font=font, anchor="mm")
    return taller


def even_columns(count: int) -> int:
    """Tiles in a row for ``count`` members: as few rows as four to a row allow, as equal as can be."""
    return max(1, math.ceil(count / math.ceil(max(count, 1) / MOST_COLUMNS)))


def _picture(image: Picture) -> Image.Image:
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    if picture.mode != "RGB" or picture.width != picture.height:
        size = f"{picture.width} x {picture.height}"
        raise ValueError(f"A member's picture must be square and RGB, not {size} {picture.mode}.")
    return picture


def _alike(pictures: Sequence[Image.Image]) -> list[Image.Image]:
    """Bring all pictures to ``TILE`` pixels through the same steps."""
    if not pictures:
        raise ValueError("A lineup without members cannot be shown.")
    smallest = min(picture.width for picture in pictures)
    reduced = (
        picture if picture.width == smallest else picture.resize((smallest, smallest), Image.Resampling.BOX)
        for picture in pictures
    )
    return [picture.resize((TILE, TILE), Image.Resampling.LANCZOS) for picture in reduced]
