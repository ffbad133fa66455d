"""Feature networks: what turns pictures into the vectors that distances are measured between."""

from pathlib import Path
from typing import Final, Protocol

import numpy as np

from pipeline.command_line import BadInput
from pipeline.networks.faceres import HEAD_FACE, WHOLE, FaceEmbedder, Frame

NAMES: Final = ("faceres", "faceres-frame", "inception")


class FeatureNetwork(Protocol):
    """Anything that makes features of pictures.

    Attributes:
        name: as reports show it, beside every figure that depends on it.
        size: features of a picture.
        digest: SHA-256 of the weights.
        description: what is looked at, for the reader of a report.
    """

    name: str
    size: int
    digest: str
    description: str

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """Pictures uint8 (n, side, side, 3), RGB → float32 (n, size)."""
        ...


class FaceresFeatures:
    """The face embedder's pooled activations, before they are brought to unit length.

    Args:
        name: ``faceres``: the face, cut out of the framed head; ``faceres-frame``: the whole picture, with
            hair and background.
        frame: the part of the picture that is looked at.
    """

    size = FaceEmbedder.size

    def __init__(self, name: str, embedder: FaceEmbedder, frame: Frame) -> None:
        self.name, self.embedder, self.frame, self.digest = name, embedder, frame, embedder.digest
        part = (
            "the whole picture" if frame == WHOLE else f"the face, cut out at {_shares(frame)} of the picture"
        )
        self.description = (
            f"faceres (a face embedder, not Inception), 1024 pooled activations of {part} at 224 x 224"
        )

    def __call__(self, images: np.ndarray) -> np.ndarray:
        return self.embedder.look(images, self.frame).features


def _shares(frame: Frame) -> str:
    return f"({frame.left:.3f}, {frame.top:.3f}) and {frame.side:.3f}"


def feature_network(
    name: str,
    *,
    embedder: FaceEmbedder,
    face: Frame = HEAD_FACE,
    inception_weights: Path | None = None,
) -> FeatureNetwork:
    """Make a network by its name.

    Args:
        embedder: for the names that begin with ``faceres``.
        face: where the face lies in the pictures.
        inception_weights: file of Keras' InceptionV3 weights.

    Raises:
        BadInput: no such name; Inception without weights, or with a file that does not fit.
    """
    if name not in NAMES:
        raise BadInput(f"there is no feature network {name!r}; there are {', '.join(NAMES)}.")
    if name != "inception":
        if inception_weights is not None:
            raise BadInput("--inception-weights goes with --features inception.")
        return FaceresFeatures(name, embedder, face if name == "faceres" else WHOLE)
    if inception_weights is None:
        raise BadInput("--features inception needs --inception-weights: no weights of it come with LiGAN.")
    from pipeline.evaluation.inception import InceptionFeatures

    return InceptionFeatures(inception_weights)
