"""What happens to photographs before a station gets them."""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from pipeline.appearance.evening.compressing import through_jpeg
from pipeline.faces.detector import Image

Degradation = Callable[[Image], Image]


def blurred(image: Image) -> Image:
    """Out of focus."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 1.8))


def noisy(image: Image) -> Image:
    """Taken in the dark."""
    grain = np.random.default_rng(99).normal(0, 9, image.shape[:2])[..., None]
    return np.asarray(np.clip(image + grain, 0, 255), np.uint8)


def compressed(image: Image) -> Image:
    """Sent by telephone."""
    return through_jpeg(image, 12)


def tinted(image: Image) -> Image:
    """Under a bulb."""
    return np.asarray(np.clip(image * np.array([1.08, 1.0, 0.78]), 0, 255), np.uint8)


def dark(image: Image) -> Image:
    """Too little light."""
    return (255 * (image / 255.0) ** 1.7).astype(np.uint8)


def flat(image: Image) -> Image:
    """Little contrast."""
    return (image * 0.6 + 60).astype(np.uint8)


def pale(image: Image) -> Image:
    """Little colour."""
    grey = image.mean(axis=2, keepdims=True)
    return np.asarray(grey + (image - grey) * 0.4, np.uint8)


def grey(image: Image) -> Image:
    """Black and white."""
    return np.repeat(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)


def sepia(image: Image) -> Image:
    """Black and white on old paper."""
    return np.asarray(np.clip(grey(image) * np.array([1.05, 1.0, 0.86]), 0, 255), np.uint8)


EACH: Final[dict[str, tuple[Degradation, str]]] = {
    "blurred": (blurred, "sharpness"),
    "noisy": (noisy, "noise"),
    "tinted": (tinted, "colour"),
    "dark": (dark, "brightness"),
    "pale": (pale, "colour"),
}
"""Name -> what is done, and the aspect of a look that it changes."""
