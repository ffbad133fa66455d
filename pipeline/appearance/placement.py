"""Where a head stands in its picture."""

import numpy as np

from pipeline.faces.head import EYE_CORNERS, OVAL, SIDE, Landmarks


def head_size(points: Landmarks) -> float:
    """Square root of the area within the face's outline, as a share of the side."""
    x, y = points[list(OVAL)].T.astype(np.float64)
    return float(np.sqrt(0.5 * abs(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / SIDE)


def eye_line(points: Landmarks) -> float:
    """Height of the middle between the eyes, as a share of the side from the top."""
    return float(points[list(EYE_CORNERS), 1].mean() / SIDE)


def turn(points: Landmarks) -> float:
    """How far the nose's tip is from the middle of the cheeks, in widths of the face: 0 looks ahead."""
    left, right, nose = points[234, 0], points[454, 0], points[1, 0]
    return float((nose - (left + right) / 2) / max(float(right - left), 1e-6))
