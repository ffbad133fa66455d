"""Mouth and eyes: how far open, how wide."""

import numpy as np

from pipeline.faces.head import Landmarks


def _ratio(points: Landmarks, across: tuple[int, int], along: tuple[int, int]) -> float:
    gap, width = (float(np.linalg.norm(points[a] - points[b])) for a, b in (across, along))
    return gap / max(width, 1e-6)


def mouth_gap(points: Landmarks) -> float:
    """Height of the gap between the lips, in widths of the mouth: 0 is closed."""
    return _ratio(points, (13, 14), (61, 291))


def mouth_width(points: Landmarks) -> float:
    """Width of the mouth, in distances between the outer corners of the eyes: a smile is wide."""
    return _ratio(points, (61, 291), (33, 263))


def eye_opening(points: Landmarks) -> float:
    """Height of the eyes, in their widths; the mean of both."""
    return (_ratio(points, (159, 145), (33, 133)) + _ratio(points, (386, 374), (362, 263))) / 2
