"""Cutting a square out of square pictures and bringing it to another size, differentiably, on any backend."""

from typing import Any

from keras import ops

from pipeline.identity.frame import Frame

Tensor = Any


def cut(frame: Frame, images: Tensor, size: int) -> Tensor:
    """Cut ``frame`` out of each image and bring it to ``size`` x ``size``.

    Args:
        images: float (batch, s, s, channels).

    Returns:
        float32 (batch, size, size, channels); cubic enlargement can overshoot the range a little.
    """
    rows, columns = frame.matrices(int(images.shape[1]), size)
    x = ops.einsum("th,nhwc->ntwc", rows, ops.cast(images, "float32"))
    return ops.einsum("uw,ntwc->ntuc", columns, x)
