"""The part of a picture that is cut out around a face, and how it is brought to size."""

from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.faces.detector import Image


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle in pixels: left and top inside, right and bottom outside. May reach beyond the picture."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.bottom - self.top


def cut(rgb: Image, window: Window, *, width: int, height: int) -> Image:
    """Cut ``window`` out of ``rgb`` and bring it to ``width`` x ``height`` pixels.

    Where the window reaches beyond the picture, the picture's edge is repeated.
    """
    picture_height, picture_width = rgb.shape[:2]
    left, right = max(0, -window.left), max(0, window.right - picture_width)
    top, bottom = max(0, -window.top), max(0, window.bottom - picture_height)
    if left or right or top or bottom:
        rgb = np.asarray(cv2.copyMakeBorder(rgb, top, bottom, left, right, cv2.BORDER_REPLICATE), np.uint8)
    part = rgb[window.top + top : window.bottom + top, window.left + left : window.right + left]
    # Each direction by itself: a window can be wider than wanted and yet not as high.
    part = resize(part, width=width, height=part.shape[0])
    return resize(part, width=width, height=height)


def resize(rgb: Image, *, width: int, height: int) -> Image:
    """Change one or both sides: the mean of the pixels covered when shrinking, cubic when enlarging."""
    if rgb.shape[:2] == (height, width):
        return np.ascontiguousarray(rgb)
    enlarging = width > rgb.shape[1] or height > rgb.shape[0]
    interpolation = cv2.INTER_CUBIC if enlarging else cv2.INTER_AREA
    return np.asarray(cv2.resize(rgb, (width, height), interpolation=interpolation), np.uint8)
