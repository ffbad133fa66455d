"""Tones of skin and hair, and how much hair there is."""

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.appearance.regions import CHEEKS, FOREHEAD, Regions, patch
from pipeline.faces.head import Head
from pipeline.faces.lab import Lab

Tone = npt.NDArray[np.float64]
"""Float (3,): median L, a, b."""


def skin_tone(head: Head, lab: Lab, regions: Regions) -> Tone:
    """Of cheeks and forehead, of the parts of them that no hair and no glasses cover if there are such."""
    where = patch(head.landmarks, CHEEKS + FOREHEAD)
    free = where & regions.skin
    return np.median(lab[free if free.any() else where], axis=0).astype(np.float64)


def hair_tone(lab: Lab, regions: Regions) -> Tone:
    """Of what the head shows outside the face; NaN where that is nothing."""
    if not regions.hair.any():
        return np.full(3, np.nan)
    return np.median(lab[regions.hair], axis=0).astype(np.float64)


def hair_extent(head: Head, regions: Regions) -> float:
    """Area of hair and ears over the wall above the chin, in areas of the face."""
    return float(np.count_nonzero(regions.hair)) / max(float(np.count_nonzero(regions.face)), 1.0)


def hair_height(head: Head) -> float:
    """Height of the head above the eyes, as a share of the side: where hair begins under the upper edge."""
    solid = cv2.reduce((head.alpha > 0.5).astype(np.float32), 1, cv2.REDUCE_AVG)[:, 0]
    rows = np.flatnonzero(solid > 0.05)
    top = float(rows[0]) if len(rows) else float(len(solid))
    return (float(head.landmarks[[33, 133, 362, 263], 1].mean()) - top) / len(solid)
