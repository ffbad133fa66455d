"""A picture of any shape brought into a square."""

import cv2
import numpy as np


def letterbox(image: np.ndarray, side: int) -> np.ndarray:
    """Scale an image to ``side`` with its aspect kept, centred, zeros around it (thesis §3.3.2).

    CelebA's 178 x 218 pictures become 105 x 128 within 128 x 128.

    Args:
        image: uint8 (height, width, 3).

    Returns:
        uint8 (side, side, 3).
    """
    height, width = image.shape[:2]
    if (height, width) == (side, side):
        return image
    scale = side / max(height, width)
    new_height, new_width = max(1, round(height * scale)), max(1, round(width * scale))
    resampling = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    whole = np.zeros((side, side, 3), np.uint8)
    top, left = (side - new_height) // 2, (side - new_width) // 2
    scaled = cv2.resize(image, (new_width, new_height), interpolation=resampling)
    whole[top : top + new_height, left : left + new_width] = scaled
    return whole
