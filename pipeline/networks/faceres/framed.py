"""Where the embedder's crop lies in a head that was framed around its face: no detector is needed."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from pipeline.networks.faceres.embedder import FaceEmbedder
from pipeline.networks.faceres.resampling import Frame

Embed: TypeAlias = Callable[[Any], Any]
"""Pictures float (n, side, side, 3) in [-1, 1], channels last → features float (n, f) of unit length."""

# The embedder was trained on the detector's box and a twentieth more on each side.
FACE_SIDE: Final = 1.1


def face_frame(*, side: float, centre_y: float) -> Frame:
    """Find the crop in pictures that were cut out around the face's box.

    Args:
        side: the picture's side in units of the box's longer side.
        centre_y: where the middle of the box lies, as a share of the picture's height from its top.
            (Both as a bundle's ``framing`` has them.)
    """
    share = FACE_SIDE / side
    return Frame(left=0.5 - share / 2, top=centre_y - share / 2, side=share)


# As `pipeline.faces.framing.HEAD` frames the heads of the models that ship.
HEAD_FACE: Final = face_frame(side=1.6, centre_y=0.56)


def head_embedder(frame: Frame = HEAD_FACE) -> Embed:
    """Who framed heads are: pictures float (n, side, side, 3) in [-1, 1] → features float32 (n, 1024) of unit
    length, differentiable, by the embedder that ships."""
    embedder = FaceEmbedder.load()
    return lambda pictures: embedder(pictures, frame)
