"""Heads as a mirror shows them: left landmarks become right ones."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from pipeline.faces.head import SIDE, Head, Landmarks


def mirror_order(landmarks: Sequence[Landmarks]) -> np.ndarray:
    """Which landmark of a face is each of its mirror image, int (468,).

    Found on the mean of many faces, the nearest pairs of the mean and its mirror image.
    """
    mean = np.mean(landmarks, axis=0)
    cost = np.linalg.norm((mean * [-1, 1] + [SIDE, 0])[:, None] - mean[None], axis=-1)
    return np.asarray(linear_sum_assignment(cost)[1])


def mirrored(head: Head, flip: np.ndarray) -> Head:
    """The head mirrored; ``flip`` as :func:`mirror_order` finds it."""
    landmarks = (head.landmarks[flip] * [-1, 1] + [SIDE, 0]).astype(np.float32)
    return Head(
        np.ascontiguousarray(head.image[:, ::-1]), landmarks, np.ascontiguousarray(head.alpha[:, ::-1])
    )
