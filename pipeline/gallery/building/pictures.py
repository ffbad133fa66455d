"""Contact sheets for the report."""

import base64
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from pipeline.faces import Unreadable, decode
from pipeline.faces.detector import Image
from pipeline.gallery.building.portraits import Portrait

SIDE: Final = 112
COLUMNS: Final = 10
BLANK: Final = 238
QUALITY: Final = 85


def sheet(pictures: Sequence[Image], columns: int = COLUMNS) -> str:
    """Pictures side by side as one JPEG, for a page: base64."""
    rows = -(-len(pictures) // columns)
    whole = np.full((rows * SIDE, min(len(pictures), columns) * SIDE, 3), BLANK, np.uint8)
    for place, picture in enumerate(pictures):
        y, x = (SIDE * number for number in divmod(place, columns))
        whole[y : y + SIDE, x : x + SIDE] = fitted(picture)
    _, data = cv2.imencode(".jpg", whole[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return base64.b64encode(data.tobytes()).decode()


def fitted(picture: Image, side: int = SIDE) -> Image:
    """A picture (RGB) within a square, its proportions kept."""
    scale = side / max(picture.shape[:2])
    height, width = (max(1, round(length * scale)) for length in picture.shape[:2])
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    square = np.full((side, side, 3), BLANK, np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = small
    return square


def shown(portrait: Portrait) -> Image:
    """A portrait as it is, RGB; blank where it cannot be read."""
    try:
        return np.ascontiguousarray(decode(portrait.path.read_bytes())[..., ::-1])
    except (OSError, Unreadable):
        return np.full((SIDE, SIDE, 3), BLANK, np.uint8)
