"""Augmentation of what the discriminator sees, with a probability that can grow (ADA, Karras et al. 2020b).

The paper's pixel blitting, geometric and colour transformations ("bgc"). Each happens to each image with
probability p, and is differentiable, so the generator is trained through it. Below p of about 0.8 they do
not leak into the generator's images.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from pipeline.networks.backend import Random, only_if
from pipeline.training.stylegan2.blitting import drawn_moves, moved
from pipeline.training.stylegan2.colour import drawn_colours, recoloured
from pipeline.training.stylegan2.geometry import drawn_maps, warped

Tensor = Any
PARTS: Final = ("blit", "geometry", "colour")


def augment(images: Tensor, p: Tensor, random: Random, parts: Sequence[str] = PARTS) -> Tensor:
    """Transform each image with probability ``p``; at 0 the images are returned as they are, at no cost.

    What is drawn does not depend on ``p`` or on what happens, so that the numbers drawn next do not either.

    Args:
        images: float32 (batch, side, side, 3), channels last, about [-1, 1].
        p: scalar in [0, 1].
        parts: of :data:`PARTS`.
    """
    batch, side = images.shape[0], images.shape[1]
    moves = drawn_moves(random, batch, side, p) if "blit" in parts else None
    maps = drawn_maps(random, batch, side, p) if "geometry" in parts else None
    colours = drawn_colours(random, batch, p) if "colour" in parts else None

    def transformed(images: Tensor) -> Tensor:
        if moves is not None:
            images = moved(images, moves)
        if maps is not None:
            images = warped(images, maps)
        return images if colours is None else recoloured(images, *colours)

    return only_if(p > 0.0, transformed, images)


def adjusted(p: float, mean_sign: float, *, target: float, images: int, kimg: float) -> float:
    """The overfitting heuristic: one step of p towards a mean sign of ``target`` after ``images`` images."""
    step = float(np.sign(mean_sign - target)) * images / (kimg * 1000.0)
    return float(np.clip(p + step, 0.0, 0.8))
