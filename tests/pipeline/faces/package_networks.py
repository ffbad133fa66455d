"""MTCNN's networks and crops as the package and TensorFlow compute them, to compare ours with."""

from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from mtcnn import MTCNN

from pipeline.faces.boxes import Boxes
from pipeline.faces.cascade_networks import CascadeNetworks
from pipeline.faces.photo import Pixels

Floats = npt.NDArray[np.float32]


class PackageNetworks(CascadeNetworks):
    """Those of the package: each picture as it is, all crops at once."""

    def __init__(self) -> None:
        self.models: list[Any] = [stage.model for stage in MTCNN().stages]

    def look(self, picture: Floats) -> tuple[Floats, Floats]:
        shifts, scores = self.models[0](picture[None])
        return np.asarray(shifts)[0], np.asarray(scores)[0, ..., 1]

    def sort_out(self, crops: Floats) -> tuple[Floats, Floats]:
        shifts, scores = self.models[1](crops)
        return np.asarray(shifts), np.asarray(scores)[:, 1]

    def place(self, crops: Floats) -> tuple[Floats, Floats, Floats]:
        shifts, points, scores = self.models[2](crops)
        return np.asarray(shifts), np.asarray(points), np.asarray(scores)[:, 1]


def package_crops(picture: Pixels, boxes: Boxes, side: int) -> Floats:
    """``cropped`` by TensorFlow."""
    height, width = picture.shape[:2]
    shares = boxes[:, [1, 0, 3, 2]] / [height, width, height, width]
    which = np.zeros(len(boxes), np.int32)
    crops = tf.image.crop_and_resize(picture[None], shares, which, (side, side), extrapolation_value=127.5)
    return np.asarray(crops, np.float32)
