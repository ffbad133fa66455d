"""Traces of JPEG: edges of blocks, and the quality that a file says."""

import io
from typing import Final

import numpy as np
from PIL import Image as Pillow
from scipy.ndimage import median_filter

from pipeline.appearance.bands import Plane

BLOCK: Final = 8
PERIODS: Final = np.arange(5.0, 14.01, 0.25)
"""Pixels between edges that are looked for: a photograph was scaled since, and its blocks with it."""

# ITU-T T.81, table K.1, in zigzag-free order: what libjpeg scales by quality.
LUMINANCE_SUM: Final = 3_688


def blockiness(lightness: Plane) -> float:
    """How much stronger an evenly spaced pattern of edges is than chance; 1: as usual, 3 and more: plain.

    The mean step between columns (and rows) is a row of 256 numbers; blocks make a comb of it, whose Fourier
    coefficients at the blocks' period and its half and third stand out against those of all other periods.
    The stronger of both directions would be led by chance, so the mean counts.
    """
    return float(np.mean([_comb(np.diff(lightness, axis=axis), axis) for axis in (0, 1)]))


def _comb(steps: Plane, axis: int) -> float:
    bent = np.abs(np.diff(steps, axis=axis))
    profile = np.mean(np.minimum(bent, 4.0), axis=1 - axis)
    profile = profile - median_filter(profile, 2 * BLOCK + 1)
    places = np.arange(len(profile))
    window = np.hanning(len(profile))
    waves = np.exp(-2j * np.pi * np.outer(np.arange(1, 4), places)[None] / PERIODS[:, None, None])
    strength = np.abs(waves @ (profile * window)).sum(axis=1)
    usual = float(np.median(strength))
    return float(strength.max()) / usual if usual > 1e-9 else 1.0


def jpeg_quality(file: bytes) -> int | None:
    """The quality 1..100 that libjpeg would have been asked for; None for a file that is no JPEG.

    From the sum of the luminance table: libjpeg multiplies the standard's table by 50 / q below and by
    2 - q / 50 above quality 50. Cameras with tables of their own get the quality of equal sum.

    Raises:
        PIL.UnidentifiedImageError: the file is no picture.
    """
    with Pillow.open(io.BytesIO(file)) as picture:
        tables = getattr(picture, "quantization", None)
    if not tables:
        return None
    factor = sum(tables[0]) / LUMINANCE_SUM
    quality = 100 - 50 * factor if factor <= 1 else 50 / factor
    return int(np.clip(round(quality), 1, 100))
