"""Cutting a head out of its background: a network says roughly what is person, the colours say it finely."""

from functools import cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces.closed_form import closed_form
from pipeline.faces.detector import Image
from pipeline.faces.head import EYE_LINE
from pipeline.faces.mediapipe import Network

SIDE: Final = 256
# Beyond these the network is sure; this many pixels (of SIDE) on either side it is not believed all the same.
SURE: Final = (0.05, 0.95)
INNER, OUTER = 7, 9

Floats = npt.NDArray[np.float32]


class Matting:
    """Mattes of pictures of heads in the frame of ``Head``; 0.15 s each on one core."""

    def __init__(self, network: Network | None = None) -> None:
        self._network = network or Network("selfie_segmentation")

    def alpha(self, image: Image) -> Floats:
        """float32 (side, side) in 0..1: how much of each pixel of a head's picture is head or body."""
        return closed_form(image.astype(np.float32) / np.float32(255.0), trimap(self.coarse(image)))

    def coarse(self, image: Image) -> Floats:
        """What the network says, float32 (side, side) in 0..1, of the person in the middle alone."""
        x = cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32) / np.float32(
            255.0
        )
        matte = self._network(x[None])[0].reshape(SIDE, SIDE)
        matte = matte * _of_the_middle(matte)
        return np.asarray(cv2.resize(matte, image.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)


@cache
def matting() -> Matting:
    """The one of this process."""
    return Matting()


def trimap(coarse: Floats) -> Floats:
    """float32: 1 where a coarse matte is surely person, 0 where it surely is not, one half between."""
    least, most = SURE
    inner, outer = (max(3, round(width * coarse.shape[0] / SIDE)) for width in (INNER, OUTER))
    person = cv2.erode((coarse > most).astype(np.uint8), np.ones((inner, inner), np.uint8)) > 0
    wall = cv2.dilate((coarse > least).astype(np.uint8), np.ones((outer, outer), np.uint8)) == 0
    result = np.full(coarse.shape, 0.5, np.float32)
    result[person], result[wall] = 1.0, 0.0
    return result


def _of_the_middle(matte: Floats) -> npt.NDArray[np.bool_]:
    """All that hangs together with what is between the eyes; everything where nothing is there."""
    _, labels = cv2.connectedComponents((matte > SURE[0]).astype(np.uint8))
    label = labels[round(matte.shape[0] * EYE_LINE), matte.shape[1] // 2]
    return np.asarray(labels == label if label else np.ones_like(labels, bool))
