"""One row a face: what is kept of it besides pictures, landmarks and who it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pipeline.attributes.description import Value
from pipeline.faces.head import Landmarks
from pipeline.fillers import Description
from pipeline.gallery.errors import GalleryError

MOST_SOURCES: Final = 8
#: A landmark's unit, and where 0 lies: from 128 pixels before the picture to 384, in 128ths of a pixel.
PER_PIXEL: Final = 128
BEFORE: Final = 128
#: Confidences are kept in 255ths.
CERTAIN: Final = 255


@dataclass(frozen=True)
class Portion:
    """One portrait's part in a blended face.

    Attributes:
        source: the portrait's number: of this gallery only, and without meaning elsewhere.
        share: of the face, 0..1; kept in hundredths.
    """

    source: int
    share: float


Provenance = tuple[Portion, ...]
"""Whom a face was blended of: who gave the hair first, then by their shares."""
"""Whom a face was blended from, at most ``MOST_SOURCES``."""


def row_type(keys: int, measures: int = 0) -> np.dtype[Any]:
    """A face's row.

    ``number``: the face's in its gallery's making; ``picture``, ``matte``: bytes in the packs; ``values``:
    by key, 0 where it is not known, else 1 + the word's place; ``confidences`` in 255ths; ``sources`` and
    their ``shares`` in hundredths, 0 beyond the last; ``measures``: numbers by name.
    """
    return np.dtype(
        [
            ("number", "<u4"),
            ("picture", "<u4"),
            ("matte", "<u4"),
            ("values", "u1", (keys,)),
            ("confidences", "u1", (keys,)),
            ("sources", "<u4", (MOST_SOURCES,)),
            ("shares", "u1", (MOST_SOURCES,)),
            ("measures", "<f2", (measures,)),
        ]
    )


def codes(description: Description, words: Mapping[str, Sequence[Value]]) -> tuple[list[int], list[int]]:
    """What is said of a face as the row's ``values`` and ``confidences``.

    Raises:
        GalleryError: a key is missing, or has a value that is none of its words.
    """
    values, confidences = [], []
    for key, known in words.items():
        if key not in description:
            raise GalleryError(f"nothing is said of the {key} of a face, not even that it is not known")
        value, confidence = description[key]["value"], float(description[key]["confidence"])
        if value is not None and value not in known:
            raise GalleryError(f"a face's {key} is {value}, which is none of {', '.join(map(str, known))}")
        if not 0.0 <= confidence <= 1.0:
            raise GalleryError(f"the confidence in a face's {key} is {confidence}, not from 0 to 1")
        values.append(0 if value is None else 1 + list(known).index(value))
        confidences.append(round(confidence * CERTAIN))
    return values, confidences


def description(
    values: npt.NDArray[np.uint8],
    confidences: npt.NDArray[np.uint8],
    words: Mapping[str, Sequence[Value]],
) -> dict[str, dict[str, Any]]:
    """The inverse of :func:`codes`: confidences in three decimals."""
    return {
        key: {
            "value": None if not code else known[int(code) - 1],
            "confidence": round(int(confidence) / CERTAIN, 3),
        }
        for (key, known), code, confidence in zip(words.items(), values, confidences, strict=True)
    }


def fixed(landmarks: Landmarks) -> npt.NDArray[np.uint16]:
    """Landmarks in pixels → uint16 of the same shape.

    Raises:
        GalleryError: some lie further outside of the picture than half its side.
    """
    units = np.round((np.asarray(landmarks, np.float64) + BEFORE) * PER_PIXEL)
    if not np.all((units >= 0) & (units < 2**16)):
        raise GalleryError("landmarks lie far outside of the picture")
    return units.astype("<u2")


def pixels(units: npt.NDArray[np.uint16]) -> Landmarks:
    """The inverse of :func:`fixed`, to a 256th of a pixel."""
    return np.asarray(units.astype(np.float32) / PER_PIXEL - BEFORE, np.float32)
