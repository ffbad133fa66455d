"""The embedder of framed heads, for losses."""

from collections.abc import Callable
from typing import Any, TypeAlias

from pipeline.identity.frame import HEAD_FACE, Frame
from pipeline.networks.faceres.embedder import FaceEmbedder

Embed: TypeAlias = Callable[[Any], Any]
"""Pictures float (n, side, side, 3) in [-1, 1], channels last → features float (n, f) of unit length."""


def head_embedder(frame: Frame = HEAD_FACE) -> Embed:
    """Who framed heads are: pictures float (n, side, side, 3) in [-1, 1] → features float32 (n, 1024) of unit
    length, differentiable, by the embedder that ships."""
    embedder = FaceEmbedder.load()
    return lambda pictures: embedder(pictures, frame)
