"""Which photographs are good enough: one decision a function (thesis §3.1, Listing 2)."""

import cv2
import numpy as np

from pipeline.faces import Photo


def size_filter(photo: Photo, *, min_size: int = 256) -> bool:
    """Keep a photo whose smaller side has ``min_size`` pixels or more."""
    return photo.smaller_side >= min_size


def color_filter(photo: Photo, *, tolerance: int = 8, min_ratio: float = 0.01) -> bool:
    """Keep a photo that is in colour.

    A pixel is coloured if its channels differ by more than ``tolerance`` of 255 levels: compression gives
    grey pictures a tinge. A photo is in colour if at least ``min_ratio`` of its pixels are: a coloured stamp
    does not make one of a grey picture.
    """
    first, second, third = cv2.split(photo.pixels)
    highest, lowest = cv2.max(cv2.max(first, second), third), cv2.min(cv2.min(first, second), third)
    coloured = np.count_nonzero(cv2.subtract(highest, lowest) > tolerance)
    return bool(coloured >= min_ratio * photo.width * photo.height)


def quality_filter(
    photo: Photo,
    *,
    white_threshold: int = 240,
    black_threshold: int = 15,
    white_ratio_threshold: float = 0.55,
    black_ratio_threshold: float = 0.2,
) -> bool:
    """Keep a photo unless too much of it is white or black.

    Args:
        white_threshold: the grey level, 0..255, from which on a pixel is white.
        black_threshold: the grey level up to which a pixel is black.
        white_ratio_threshold: the largest share of white pixels that is kept.
        black_ratio_threshold: the largest share of black pixels that is kept.
    """
    code = cv2.COLOR_RGB2GRAY if photo.colour == "rgb" else cv2.COLOR_BGR2GRAY
    grey = cv2.cvtColor(photo.pixels, code)
    white, black = np.mean(grey >= white_threshold), np.mean(grey <= black_threshold)
    return bool(white <= white_ratio_threshold and black <= black_ratio_threshold)
