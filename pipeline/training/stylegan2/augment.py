"""Augmentation of what the discriminator sees, with a probability that can grow (ADA, Karras et al. 2020b).

The paper's pixel blitting and colour transformations: mirroring, quarter turns, shifts, brightness, contrast,
luma flip, hue, saturation. Each happens to each image with probability p, and is differentiable, so the
generator is trained through it. Below p of about 0.8 they do not leak into the generator's images.
"""

from typing import Any

import numpy as np
from keras import ops

from pipeline.training.backend import Random

Tensor = Any
SHIFT = 0.125
BRIGHTNESS_STD, CONTRAST_STD, SATURATION_STD = 0.2, 0.5, 1.0
LUMA = np.full(3, 1.0 / np.sqrt(3.0), np.float32)


def augment(images: Tensor, p: Tensor, random: Random) -> Tensor:
    """Transform each image with probability ``p``.

    Args:
        images: float32 (batch, side, side, 3), channels last, about [-1, 1].
        p: scalar in [0, 1].
    """
    return recolour(move(images, p, random), p, random)


def move(images: Tensor, p: Tensor, random: Random) -> Tensor:
    """Mirror, turn by a quarter and shift by up to an eighth of the side (edges reflected)."""
    batch, side = images.shape[0], images.shape[1]
    turn = random.uniform((batch, 1, 1, 1)) < p * 0.5
    images = ops.where(turn, ops.transpose(images, (0, 2, 1, 3)), images)
    reach, places = round(side * SHIFT), np.arange(side, dtype=np.int32)[None]
    for axis in (1, 2):
        mirrored = ops.where(random.uniform((batch, 1)) < p * 0.5, -1, 1)
        shift = ops.where(random.uniform((batch, 1)) < p, random.integers((batch, 1), -reach, reach + 1), 0)
        source = ops.where(mirrored < 0, side - 1 - places, places) + shift
        source = ops.abs(source)
        source = (side - 1) - ops.abs((side - 1) - source)
        # Rows are picked by a product with a 0/1 matrix: cheap at these sizes, and its derivative is one too.
        picked = ops.one_hot(source, side, dtype="float32")
        if axis == 1:
            flat = ops.matmul(picked, ops.reshape(images, (batch, side, -1)))
            images = ops.reshape(flat, images.shape)
        else:
            images = ops.matmul(picked[:, None], images)
    return images


def recolour(images: Tensor, p: Tensor, random: Random) -> Tensor:
    """Brightness, contrast, luma flip, hue rotation and saturation as one affine map of RGB per image."""
    batch = images.shape[0]

    def happens() -> Tensor:
        return random.uniform((batch, 1, 1)) < p

    identity = np.eye(3, dtype=np.float32)[None]
    luma = np.outer(LUMA, LUMA)[None]
    brightness = ops.where(happens(), random.normal((batch, 1, 1)) * BRIGHTNESS_STD, 0.0)
    contrast = ops.where(happens(), ops.exp2(random.normal((batch, 1, 1)) * CONTRAST_STD), 1.0)
    matrix = identity * contrast
    offset = brightness * contrast
    flip = ops.where(random.uniform((batch, 1, 1)) < p * 0.5, 1.0, 0.0)
    householder = identity - 2.0 * luma * flip
    matrix, offset = ops.matmul(matrix, householder), offset * (1.0 - 2.0 * flip)
    angle = ops.where(happens(), (random.uniform((batch, 1, 1)) * 2.0 - 1.0) * np.pi, 0.0)
    matrix = ops.matmul(matrix, rotation_about_luma(angle))
    saturation = ops.where(happens(), ops.exp2(random.normal((batch, 1, 1)) * SATURATION_STD), 1.0)
    matrix = ops.matmul(matrix, luma + (identity - luma) * saturation)
    flat = ops.reshape(images, (batch, -1, 3))
    return ops.reshape(ops.matmul(flat, matrix) + offset, images.shape)


def rotation_about_luma(angle: Tensor) -> Tensor:
    """Rotation matrices (batch, 3, 3) about the grey axis by ``angle`` (batch, 1, 1) radians (Rodrigues)."""
    a = float(LUMA[0])
    cross = np.array([[0, -a, a], [a, 0, -a], [-a, a, 0]], np.float32)[None]
    luma = np.outer(LUMA, LUMA)[None]
    cosine, sine = ops.cos(angle), ops.sin(angle)
    return np.eye(3, dtype=np.float32)[None] * cosine + cross * sine + luma * (1.0 - cosine)


def adjusted(p: float, mean_sign: float, *, target: float, images: int, kimg: float) -> float:
    """The overfitting heuristic: one step of p towards a mean sign of ``target`` after ``images`` images."""
    step = float(np.sign(mean_sign - target)) * images / (kimg * 1000.0)
    return float(np.clip(p + step, 0.0, 0.8))
