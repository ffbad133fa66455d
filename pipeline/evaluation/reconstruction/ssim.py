"""Structural similarity of two pictures (Wang et al. 2004)."""

from typing import Final

import cv2
import numpy as np

WINDOW: Final = 11
SIGMA: Final = 1.5
K1, K2, RANGE = 0.01, 0.03, 255.0


def ssim(a: np.ndarray, b: np.ndarray) -> float:
    """Mean structural similarity of two pictures uint8 (height, width, channels), over places and channels.

    With the published Gaussian window of 11 x 11 and deviation 1.5, only where the whole window lies in the
    picture. 1 for equal pictures.

    Raises:
        ValueError: the pictures are of different sizes, or smaller than the window.
    """
    if a.shape != b.shape or a.ndim != 3 or min(a.shape[:2]) < WINDOW:
        raise ValueError(
            f"pictures of one size from {WINDOW} x {WINDOW} are compared, not {a.shape} {b.shape}"
        )
    x, y = a.astype(np.float64), b.astype(np.float64)
    mean_x, mean_y = _smooth(x), _smooth(y)
    variance_x = _smooth(x * x) - mean_x**2
    variance_y = _smooth(y * y) - mean_y**2
    covariance = _smooth(x * y) - mean_x * mean_y
    c1, c2 = (K1 * RANGE) ** 2, (K2 * RANGE) ** 2
    structure = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    whole = structure / ((mean_x**2 + mean_y**2 + c1) * (variance_x + variance_y + c2))
    edge = WINDOW // 2
    return float(whole[edge:-edge, edge:-edge].mean())


def _smooth(x: np.ndarray) -> np.ndarray:
    return np.asarray(cv2.GaussianBlur(x, (WINDOW, WINDOW), SIGMA, borderType=cv2.BORDER_REFLECT))
