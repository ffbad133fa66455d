"""What a machine could tell a photograph from a blend by: statistics of octaves, colours and outlines.

More than an eye sees, and less than what a network could learn; the linear classifier of ``photograph`` and
the detector of ``pipeline.evaluation.standing_out`` read them.
"""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.appearance.bands import BANDS, Plane, octaves
from pipeline.appearance.regions import Mask, Regions, regions_of
from pipeline.appearance.sharpness import FEWEST, LEAST
from pipeline.faces.head import EYE_LINE, SIDE, Head
from pipeline.faces.lab import lab_of

Values = npt.NDArray[np.float64]

WINDOW: Final = 96
"""Side of the square between brows and chin whose spectrum is taken, in pixels."""
RINGS: Final = np.geomspace(3, WINDOW / 2, 13)
"""Radii of the spectrum's rings, in cycles across the square."""
CHANNELS: Final = ("L", "a", "b")


def traces_of(head: Head) -> dict[str, float]:
    """Name -> value; NaN where the picture does not show it. The same pixels give the same values."""
    lab = lab_of(head.image)
    regions = regions_of(head, lab)
    found: dict[str, float] = {}
    for k, channel in enumerate(CHANNELS):
        plane = np.ascontiguousarray(lab[..., k])
        parts, _ = octaves(plane)
        found.update(_spectrum(plane, channel))
        found.update(_of_octaves(parts, regions, channel))
        found.update(_outline(head, plane, channel))
        if channel == "L":
            found.update(_between_octaves(parts, regions))
            found.update(_symmetry(parts, regions))
    return found


def _spectrum(plane: Plane, channel: str) -> dict[str, float]:
    """Log power in rings of the windowed square in the face's middle."""
    top, left = round(EYE_LINE * SIDE) - WINDOW // 4, (SIDE - WINDOW) // 2
    square = plane[top : top + WINDOW, left : left + WINDOW]
    window = np.outer(np.hanning(WINDOW), np.hanning(WINDOW))
    power = np.abs(np.fft.fftshift(np.fft.fft2((square - square.mean()) * window))) ** 2
    y, x = np.mgrid[:WINDOW, :WINDOW] - WINDOW // 2
    ring = np.digitize(np.hypot(x, y), RINGS)
    return {
        f"spectrum {channel} {k}": float(np.log2(power[ring == k].mean() + 1e-6))
        for k in range(1, len(RINGS))
    }


def _of_octaves(parts: list[Plane], regions: Regions, channel: str) -> dict[str, float]:
    """Strength of each octave in each region, and how peaked its values are there."""
    found = {}
    for place in ("features", "skin", "hair"):
        where: Mask = getattr(regions, place)
        for name, part in zip(BANDS, parts, strict=True):
            values = part[where]
            if len(values) < FEWEST:
                strength = peaked = float("nan")
            else:
                deviation = max(float(values.std()), LEAST)
                strength = float(np.log2(deviation))
                peaked = float(np.log2(deviation / max(float(np.abs(values).mean()), LEAST)))
            found[f"strength {channel} {name} {place}"] = strength
            found[f"peaked {channel} {name} {place}"] = peaked
    return found


def _between_octaves(parts: list[Plane], regions: Regions) -> dict[str, float]:
    """How much neighbouring octaves are strong at the same places."""
    found = {}
    for k in range(len(parts) - 1):
        one, two = (np.abs(cv2.GaussianBlur(np.abs(p), (0, 0), 2.0))[regions.face] for p in parts[k : k + 2])
        found[f"together {BANDS[k]} {BANDS[k + 1]}"] = float(np.corrcoef(one, two)[0, 1])
    return found


def _symmetry(parts: list[Plane], regions: Regions) -> dict[str, float]:
    """How alike the face's halves are, which a mean of faces and their mirror images would make them."""
    both = regions.face & regions.face[:, ::-1]
    return {
        f"symmetry {BANDS[k]}": float(np.corrcoef(parts[k][both], parts[k][:, ::-1][both])[0, 1])
        for k in (2, 3)
    }


def _outline(head: Head, plane: Plane, channel: str) -> dict[str, float]:
    """Strength of edges along the head's outline over the wall."""
    edge = _edge(head.alpha)
    edge[round(0.75 * SIDE) :] = False
    if np.count_nonzero(edge) < FEWEST:
        return {f"outline {channel}": float("nan")}
    slope = np.hypot(cv2.Sobel(plane, cv2.CV_32F, 1, 0), cv2.Sobel(plane, cv2.CV_32F, 0, 1))
    return {f"outline {channel}": float(np.log2(slope[edge].mean() + LEAST))}


def _edge(alpha: Plane) -> Mask:
    """Where the matte is neither; at half the side, as a gallery keeps it, so that all are as coarse."""
    small = cv2.resize(alpha, (SIDE // 2, SIDE // 2), interpolation=cv2.INTER_AREA)
    coarse = cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    return np.asarray((coarse > 0.05) & (coarse < 0.95))
