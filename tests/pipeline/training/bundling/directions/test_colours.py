"""Background and skin are seen where a framed head has them."""

import cv2
import numpy as np
import pytest

from pipeline.training.bundling.directions.colours import scores_of_colours

SIDE = 64
BLUE, SKIN, HAIR = (20, 40, 200), (210, 160, 140), (30, 20, 10)


def head() -> np.ndarray:
    """A drawn head as crops frame it: uint8 (64, 64, 3)."""
    picture = np.full((SIDE, SIDE, 3), BLUE, np.uint8)
    middle = (SIDE // 2, round(0.56 * SIDE))
    cv2.ellipse(picture, middle, (19, 28), 0, 0, 360, HAIR, -1)
    cv2.ellipse(picture, middle, (14, 20), 0, 0, 360, SKIN, -1)
    return picture


def test_colours_are_those_of_background_and_skin() -> None:
    scores = scores_of_colours(np.stack([head(), head()[:, ::-1]]))
    for place, colour in (("background", BLUE), ("complexion", SKIN)):
        for channel, value in zip(("red", "green", "blue"), colour, strict=True):
            assert scores[f"{place}_{channel}"] == pytest.approx([value, value])
