"""The colour transformations of adaptive discriminator augmentation (Karras et al. 2020b, appendix B)."""

from typing import Any

import numpy as np
from keras import ops

from pipeline.networks.backend import Random

Tensor = Any
BRIGHTNESS_STD, CONTRAST_STD, SATURATION_STD = 0.2, 0.5, 1.0
LUMA = np.full(3, 1.0 / np.sqrt(3.0), np.float32)


def drawn_colours(random: Random, batch: int, p: Tensor) -> tuple[Tensor, Tensor]:
    """Brightness, contrast, luma flip, hue rotation and saturation, each with probability ``p``.

    Brightness moves by N(0, 0.2²), contrast and saturation are multiplied by 2^N(0, 0.5²) and 2^N(0, 1), hue
    turns by any angle, luma is mirrored in half of the cases.

    Returns:
        float32 (batch, 3, 3) and (batch, 1, 1), for :func:`recoloured`.
    """

    def happens() -> Tensor:
        return random.uniform((batch, 1, 1)) < p

    identity, luma = np.eye(3, dtype=np.float32)[None], np.outer(LUMA, LUMA)[None]
    brightness = ops.where(happens(), random.normal((batch, 1, 1)) * BRIGHTNESS_STD, 0.0)
    contrast = ops.where(happens(), ops.exp2(random.normal((batch, 1, 1)) * CONTRAST_STD), 1.0)
    # Brightness lies on the grey axis, which of the maps below only the flip moves.
    matrix, offset = identity * contrast, brightness * contrast
    flip = ops.where(random.uniform((batch, 1, 1)) < p * 0.5, 1.0, 0.0)
    matrix, offset = ops.matmul(matrix, identity - 2.0 * luma * flip), offset * (1.0 - 2.0 * flip)
    angle = ops.where(happens(), (random.uniform((batch, 1, 1)) * 2.0 - 1.0) * np.pi, 0.0)
    matrix = ops.matmul(matrix, rotation_about_luma(angle))
    saturation = ops.where(happens(), ops.exp2(random.normal((batch, 1, 1)) * SATURATION_STD), 1.0)
    return ops.matmul(matrix, luma + (identity - luma) * saturation), offset


def recoloured(images: Tensor, matrix: Tensor, offset: Tensor) -> Tensor:
    """RGB of float32 (batch, side, side, 3) times ``matrix``, plus ``offset``."""
    flat = ops.reshape(images, (images.shape[0], -1, 3))
    return ops.reshape(ops.matmul(flat, matrix) + offset, images.shape)


def rotation_about_luma(angle: Tensor) -> Tensor:
    """Rotation matrices (batch, 3, 3) about the grey axis by ``angle`` (batch, 1, 1) radians (Rodrigues)."""
    a = float(LUMA[0])
    cross = np.array([[0, -a, a], [a, 0, -a], [-a, a, 0]], np.float32)[None]
    luma = np.outer(LUMA, LUMA)[None]
    cosine, sine = ops.cos(angle), ops.sin(angle)
    return np.eye(3, dtype=np.float32)[None] * cosine + cross * sine + luma * (1.0 - cosine)
