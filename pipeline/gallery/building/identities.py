"""Who a face is, by those who are asked."""

from functools import cached_property

import numpy as np
import numpy.typing as npt

from pipeline.faces.detector import Image
from pipeline.faces.head import SIDE, Landmarks
from pipeline.gallery.building.outcomes import Embedding
from pipeline.identity.crops import face_box, identity_crop
from pipeline.identity.faces import FaceIdentity
from pipeline.identity.unseen import UnseenIdentity


class Identities:
    """faceres, and dlib where a second opinion is wanted; one a process.

    Args:
        second: whether it is.
    """

    def __init__(self, *, second: bool) -> None:
        self._second = second

    @cached_property
    def _first(self) -> FaceIdentity:
        return FaceIdentity.load(threads=1)

    @cached_property
    def _other(self) -> UnseenIdentity:
        return UnseenIdentity()

    def who(self, image: Image, landmarks: Landmarks) -> Embedding:
        """What faceres says."""
        return np.asarray(self._first.embed(identity_crop(image, landmarks)[None])[0], np.float32)

    def second(self, image: Image, landmarks: Landmarks) -> npt.NDArray[np.float64] | None:
        """What dlib says, float64 (128,); None where it is not asked."""
        if not self._second:
            return None
        box = face_box(landmarks)
        corner = (box.centre_x - box.side / 2, box.centre_y - box.side / 2)
        return self._other.embed(image, (corner[0] / SIDE, corner[1] / SIDE, box.side / SIDE))
