"""faceres: a small network that tells faces apart, with weights that ship."""

from typing import TYPE_CHECKING, Final

from pipeline.identity.frame import HEAD_FACE, WHOLE, Frame, face_frame
from pipeline.identity.graph import GraphError
from pipeline.identity.looks import Looks
from pipeline.later import later

if TYPE_CHECKING:
    from pipeline.networks.faceres.embedder import FaceEmbedder

PLACES: Final = {
    "FaceEmbedder": "pipeline.networks.faceres.embedder",
}

__all__ = ["HEAD_FACE", "WHOLE", "FaceEmbedder", "Frame", "GraphError", "Looks", "face_frame"]

__getattr__ = later(__name__, PLACES)
