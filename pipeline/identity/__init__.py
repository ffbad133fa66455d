"""Who a face is, as numbers, without Keras."""

from pipeline.identity.crops import Box, face_box, identity_crop
from pipeline.identity.faces import FaceIdentity
from pipeline.identity.graph import GraphError
from pipeline.identity.looks import SIDE, SIZE, Looks

__all__ = ["SIDE", "SIZE", "Box", "FaceIdentity", "GraphError", "Looks", "face_box", "identity_crop"]
