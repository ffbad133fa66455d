"""Colour of a picture: cast, saturation, brightness, contrast, and whether it has any."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.appearance.regions import Mask, Regions
from pipeline.faces.lab import Lab

Pair = npt.NDArray[np.float64]
"""Float (2,): a and b."""

EXPECTED: Final = np.array([16.2, 18.3])
"""a and b of skin: medians of 300 studio portraits, whose slope over L, from dark to light, is under 0.01."""

GREY_SPREAD: Final = 0.9
"""Deviation of a and b from one tint, in units of Lab, under which a picture is black and white or sepia."""
DEGREE: Final = 2
"""Of the polynomials in L by which a tint's a and b are described."""

Tint = npt.NDArray[np.float64]
"""Float (2, DEGREE + 1): coefficients of a and b, of the highest power of L / 100 first."""


def skin_lab(lab: Lab, regions: Regions) -> npt.NDArray[np.float64]:
    """Median L, a, b of flat skin, of the whole face where no skin is free."""
    where = regions.skin if regions.skin.any() else regions.face
    return np.median(lab[where], axis=0).astype(np.float64)


def cast(skin: npt.NDArray[np.float64]) -> Pair:
    """How far skin of this L, a, b is from the a and b that skin usually has.

    The old wall, from which white balance could be read, is not there any more; the hue of skin is nearly the
    same for all complexions.
    """
    return np.asarray(skin[1:] - EXPECTED)


def person(regions: Regions) -> Mask:
    """Face and hair."""
    return regions.face | regions.hair


def saturation(lab: Lab, regions: Regions) -> float:
    """Mean chroma of the face, in units of Lab."""
    return float(np.mean(np.hypot(lab[..., 1], lab[..., 2])[regions.face]))


def brightness(lab: Lab, regions: Regions) -> float:
    """Median L of the face, 0..100."""
    return float(np.median(lab[..., 0][regions.face]))


def contrast(lab: Lab, regions: Regions) -> float:
    """L of the face, from its darkest twentieth to its lightest, 0..100."""
    low, high = np.percentile(lab[..., 0][regions.face], (5, 95))
    return float(high - low)


def tint(lab: Lab, regions: Regions) -> Tint:
    """a and b as they follow L over face and hair: one tint is darker and lighter, on paper also weaker."""
    known = lab[person(regions)].astype(np.float64)
    if not len(known):
        return np.zeros((2, DEGREE + 1))
    powers = np.vander(known[:, 0] / 100, DEGREE + 1)
    return np.asarray(np.linalg.lstsq(powers, known[:, 1:], rcond=None)[0].T)


def tinted(lightness: Lab, tint: Tint) -> Lab:
    """L (SIDE, SIDE) -> the picture of that lightness in one tint."""
    chroma = np.vander(lightness.ravel() / 100, DEGREE + 1) @ tint.T
    return np.dstack([lightness, chroma.reshape(*lightness.shape, 2)]).astype(np.float32)


def is_grey(lab: Lab, regions: Regions) -> bool:
    """Whether the photograph is black and white or of one tint."""
    where = person(regions)
    if not where.any():
        return False
    # JPEG keeps colours at half the resolution: beside an edge they are not those of its lightness.
    smooth = np.asarray(cv2.GaussianBlur(lab, (0, 0), 2.0), np.float32)
    chroma = (smooth - tinted(smooth[..., 0], tint(smooth, regions)))[where][:, 1:]
    return bool(np.all(chroma.std(axis=0) < GREY_SPREAD))
