"""faceres: a small network that tells faces apart, with weights that ship."""

from pipeline.identity import GraphError, Looks
from pipeline.networks.faceres.embedder import FaceEmbedder
from pipeline.networks.faceres.framed import HEAD_FACE, face_frame
from pipeline.networks.faceres.resampling import WHOLE, Frame

__all__ = ["HEAD_FACE", "WHOLE", "FaceEmbedder", "Frame", "GraphError", "Looks", "face_frame"]
