"""The pixel blitting of adaptive discriminator augmentation (Karras et al. 2020b, appendix B).

Mirroring, quarter turns, shifts by whole pixels: pixels are moved, never mixed.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from keras import ops

from pipeline.networks.backend import Random

Tensor = Any
SHIFT = 0.125


@dataclass(frozen=True)
class Moves:
    """What happens to each image, in this order; every tensor is (batch, 1) or, for ``shift``, (batch, 2).

    Attributes:
        transposed: bool, rows become columns.
        mirrored: bool (batch, 2), the order of rows, of columns is reversed.
        shift: int32, pixels down and right.
    """

    transposed: Tensor
    mirrored: Tensor
    shift: Tensor


def drawn_moves(random: Random, batch: int, side: int, p: Tensor) -> Moves:
    """Mirroring, a turn by 0..3 quarters and a shift by up to an eighth, each with probability ``p``.

    As in the paper one of the possible values is then drawn, the one that changes nothing among them: half
    of the mirrorings and three quarters of the turns can be seen.
    """

    def happens() -> Tensor:
        return random.uniform((batch, 1)) < p

    mirror = ops.logical_and(happens(), random.uniform((batch, 1)) < 0.5)
    quarters = ops.where(happens(), random.integers((batch, 1), 0, 4), 0)
    far = ops.round((random.uniform((batch, 2)) * 2.0 - 1.0) * (SHIFT * side))
    shift = ops.where(happens(), ops.cast(far, "int32"), 0)
    # A quarter turn is a transposition and one reversal. What was mirrored left to right before the
    # transposition is mirrored top to bottom after it.
    transposed = ops.equal(quarters % 2, 1)
    rows = ops.logical_xor(quarters >= 2, ops.logical_and(mirror, transposed))
    columns = ops.logical_xor(
        ops.logical_and(quarters >= 1, quarters <= 2), ops.logical_and(mirror, ops.logical_not(transposed))
    )
    return Moves(transposed, ops.concatenate([rows, columns], axis=1), shift)


def moved(images: Tensor, moves: Moves) -> Tensor:
    """Float32 (batch, side, side, channels) with its pixels moved; edges are reflected."""
    batch, side = images.shape[0], images.shape[1]
    images = ops.where(moves.transposed[:, :, None, None], ops.transpose(images, (0, 2, 1, 3)), images)
    for axis in (1, 2):
        places = np.arange(side, dtype=np.int32)[None] - moves.shift[:, axis - 1 : axis]
        places = (side - 1) - ops.abs((side - 1) - ops.abs(places))
        source = ops.where(moves.mirrored[:, axis - 1 : axis], side - 1 - places, places)
        # Rows are picked by a product with a 0/1 matrix: cheap at these sizes, and its derivative is one too.
        picked = ops.one_hot(source, side, dtype="float32")
        if axis == 1:
            flat = ops.matmul(picked, ops.reshape(images, (batch, side, -1)))
            images = ops.reshape(flat, images.shape)
        else:
            images = ops.matmul(picked[:, None], images)
    return images
