"""Colours of a framed head that a page's faces share: of the background, and of the skin in this light."""

from typing import Final

import numpy as np

from pipeline.fillers.directions import COLOURS
from pipeline.training.bundling.directions.scores import Scores

# Where they are seen, as shares of the picture: top, bottom, left, right. ``HEAD`` frames it so that the
# middle of the face is at 0.56 of the height.
PLACES: Final = {
    "background": ((0.0, 0.1, 0.0, 0.12), (0.0, 0.1, 0.88, 1.0)),
    "complexion": ((0.56, 0.66, 0.38, 0.45), (0.56, 0.66, 0.55, 0.62)),
}


def scores_of_colours(pictures: np.ndarray) -> Scores:
    """Mean colour of each place.

    Args:
        pictures: uint8 (n, side, side, 3), RGB.

    Returns:
        Each name of ``COLOURS`` → float (n,), 0..255.
    """
    side = pictures.shape[1]
    scores: Scores = {}
    for name, patches in PLACES.items():
        means = []
        for patch in patches:
            top, bottom, left, right = (round(share * side) for share in patch)
            means.append(pictures[:, top:bottom, left:right].mean(axis=(1, 2)))
        colour = np.mean(means, axis=0)
        scores |= zip(COLOURS[name], colour.T, strict=True)
    return scores
