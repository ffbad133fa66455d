"""A photograph on its way through the dataset pipeline."""

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

Colour: TypeAlias = Literal["bgr", "rgb"]
Pixels: TypeAlias = npt.NDArray[np.uint8]
"""uint8 (height, width, 3); which channel is which the photo's ``colour`` says."""
Box: TypeAlias = tuple[int, int, int, int]
"""x, y, width, height in pixels."""


@dataclass(frozen=True, slots=True)
class FaceFound:
    """The face that was cut out of a photograph.

    Attributes:
        box: the face in the source picture.
        confidence: the detector's, 0..1.
        window: the part of the source picture that was cut out, padding included.
        output_box: x, y, width, height of the face in the picture that came of it; fractions of a pixel,
            since the window was resized.
    """

    box: Box
    confidence: float
    window: Box
    output_box: tuple[float, float, float, float]

    @property
    def ratio(self) -> float:
        """W/H of the face in the source picture (Figure 3.4a)."""
        return self.box[2] / self.box[3]

    @property
    def new_ratio(self) -> float:
        """W/H of the face in the picture that came of it (Figure 3.4b)."""
        return self.output_box[2] / self.output_box[3]


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """One picture; steps make new ones with ``dataclasses.replace`` and never write into ``pixels``.

    Attributes:
        pixels: uint8 (height, width, 3).
        source: a stable name: the path relative to the root it was found under, or ``archive!member``.
        colour: order of the channels, BGR (OpenCV's) until ``convert_to_rgb``.
        face: what ``extract_face`` found, None before it.
        embedding: who it is, float32 (1024,) of unit length; None before a step that needed it.
    """

    pixels: Pixels
    source: str
    colour: Colour = "bgr"
    face: FaceFound | None = None
    embedding: npt.NDArray[np.float32] | None = None

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return int(self.pixels.shape[0])

    @property
    def smaller_side(self) -> int:
        """Pixels of the shorter side (Figure 3.3)."""
        return min(self.width, self.height)

    @property
    def rgb(self) -> Pixels:
        """The pixels as RGB, whatever ``colour`` is; may be a view."""
        return self.pixels if self.colour == "rgb" else self.pixels[:, :, ::-1]


def convert_to_rgb(photo: Photo) -> Photo:
    """Give a photo its channels in the order red, green, blue (thesis §3.1, Listing 2); OpenCV's is BGR."""
    if photo.colour == "rgb":
        return photo
    return replace(photo, pixels=np.ascontiguousarray(photo.rgb), colour="rgb")
