"""The parts of a head that are looked at: one forward pass of four crops."""

from typing import Final

import numpy as np

from pipeline.faces.head import Head
from pipeline.identity import face_box
from pipeline.identity.crops import FACE_SIDE

VIEWS: Final = {
    "face": (0.0, 0.0, FACE_SIDE),  # as the embedder was taught: who it is
    "wide": (0.0, -0.1, 1.6),  # with the hair
    "upper": (0.0, -0.3, 0.85),  # hairline, brows, glasses
    "lower": (0.0, 0.28, 0.7),  # mouth, beard
}
"""Name → how far right and down of the middle of the face's box, and the side, in units of its side."""


def views(head: Head) -> np.ndarray:
    """The crops of a head, uint8 (4, 224, 224, 3), in the order of ``VIEWS``."""
    box = face_box(head.landmarks)
    return np.stack([box.part(*place).cut(head.image) for place in VIEWS.values()])
