"""Small pictures of what a step removed: a sample that does not depend on who looked at which part."""

import base64
import hashlib
import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np

from pipeline.faces.photo import Photo, Pixels
from pipeline.faces.window import resize

SIDE: Final = 96
SHOWN: Final = 48
COLUMNS: Final = 8
BACKGROUND: Final = 238


@dataclass(frozen=True, order=True)
class Thumbnail:
    """One picture of a sheet.

    Attributes:
        rank: a number that only the name decides; those with the least are shown, which is a random sample
            whatever the order.
        source: the photo's name.
        jpeg: SIDE x SIDE pixels.
    """

    rank: int
    source: str
    jpeg: bytes

    @classmethod
    def of(cls, photo: Photo) -> "Thumbnail":
        """Bring a photo down to a thumbnail, its proportions kept."""
        scale = SIDE / max(photo.width, photo.height)
        width, height = (max(1, round(side * scale)) for side in (photo.width, photo.height))
        small = resize(np.asarray(photo.rgb), width=width, height=height)
        square = np.full((SIDE, SIDE, 3), BACKGROUND, np.uint8)
        top, left = (SIDE - height) // 2, (SIDE - width) // 2
        square[top : top + height, left : left + width] = small
        return cls(rank_of(photo.source), photo.source, encoded(square))

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> "Thumbnail":
        """The inverse of :meth:`to_json`."""
        return cls(rank_of(fields["source"]), fields["source"], base64.b64decode(fields["jpeg"]))

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {"source": self.source, "jpeg": base64.b64encode(self.jpeg).decode()}


def rank_of(source: str) -> int:
    """A number for a name, as good as random."""
    return int.from_bytes(hashlib.sha256(source.encode("utf-8", "surrogateescape")).digest()[:8])


def sample(thumbnails: Iterable[Thumbnail]) -> list[Thumbnail]:
    """The ones that are shown, of all or of samples of all parts."""
    return heapq.nsmallest(SHOWN, thumbnails)


def sheet(thumbnails: Sequence[Thumbnail]) -> bytes:
    """Lay thumbnails out row by row: one JPEG."""
    rows = -(-len(thumbnails) // COLUMNS)
    whole = np.full((rows * SIDE, min(len(thumbnails), COLUMNS) * SIDE, 3), 255, np.uint8)
    for number, thumbnail in enumerate(thumbnails):
        y, x = (SIDE * place for place in divmod(number, COLUMNS))
        bgr = np.asarray(cv2.imdecode(np.frombuffer(thumbnail.jpeg, np.uint8), cv2.IMREAD_COLOR))
        whole[y : y + SIDE, x : x + SIDE] = bgr[:, :, ::-1]
    return encoded(whole)


def encoded(rgb: Pixels) -> bytes:
    """A picture as JPEG."""
    _, data = cv2.imencode(".jpg", rgb[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])
    return bytes(data.tobytes())
