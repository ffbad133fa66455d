"""The geometric transformations of adaptive discriminator augmentation (Karras et al. 2020b, appendix B).

An image is doubled in size through a lowpass filter, sampled where an affine map says, and halved through
the same filter mirrored. The filter is the paper's, the wavelet sym6: it is orthogonal to itself shifted by
even steps, so doubling and halving alone give the image back. Outside, the image is reflected at its edge
pixels.
"""

from functools import cache
from typing import Any

import numpy as np
from keras import ops

from pipeline.networks.backend import Random

Tensor = Any
SCALE_STD, TRANSLATION_STD = 0.2, 0.125
# Lowpass filter of sym6 (Daubechies 1992): 12 taps, sum sqrt(2), sum of squares 1.
SYM6 = np.array(
    [
        0.015404109327027373,
        0.0034907120842174702,
        -0.11799011114819057,
        -0.048311742585633,
        0.4910559419267466,
        0.787641141030194,
        0.3379294217276218,
        -0.07263752278646252,
        -0.021060292512300564,
        0.04472490177066578,
        0.0017677118642428036,
        -0.007800708325034148,
    ]
)
# Where a pixel's weight lies among the samples of the doubled image.
CENTRE = float(np.sum(np.arange(len(SYM6)) * SYM6) / np.sum(SYM6))


def drawn_maps(random: Random, batch: int, side: int, p: Tensor) -> Tensor:
    """Where each pixel of the transformed image comes from, as affine maps.

    Scaling by 2^N(0, 0.2²), rotation, scaling of one axis against the other by 2^N(0, 0.2²), another
    rotation, a shift by N(0, 0.125²) of the side. Scalings and the shift happen with probability ``p`` each,
    the rotations, which add up, with 1 - sqrt(1 - p) each: together with ``p``.

    Returns:
        float32 (batch, 2, 3): (x, y, 1) of the new image → (x, y) of the old, pixels from the centre.
    """

    def amount(chance: Tensor, value: Tensor) -> Tensor:
        return ops.where(random.uniform((batch, 1)) < chance, value, 0.0)

    def angle() -> Tensor:
        turn = (random.uniform((batch, 1)) * 2.0 - 1.0) * np.pi
        return amount(1.0 - ops.sqrt(ops.maximum(1.0 - p, 0.0)), turn)

    isotropic = ops.exp2(amount(p, random.normal((batch, 1)) * SCALE_STD))
    before = angle()
    anisotropic = ops.exp2(amount(p, random.normal((batch, 1)) * SCALE_STD))
    after = angle()
    shift = amount(p, random.normal((batch, 2)) * (TRANSLATION_STD * side))
    # The inverse of shift · turn · stretch · turn · scale, from its inverses in the opposite order.
    stretch = ops.stack(
        [
            ops.concatenate([1.0 / anisotropic, ops.zeros_like(anisotropic)], axis=1),
            ops.concatenate([ops.zeros_like(anisotropic), anisotropic], axis=1),
        ],
        axis=1,
    )
    linear = ops.matmul(turned_back(before), ops.matmul(stretch, turned_back(after))) / isotropic[:, :, None]
    return ops.concatenate([linear, -ops.matmul(linear, shift[:, :, None])], axis=2)


def turned_back(angle: Tensor) -> Tensor:
    """Rotation matrices (batch, 2, 2) by minus ``angle`` (batch, 1) radians."""
    cosine, sine = ops.cos(angle), ops.sin(angle)
    return ops.stack(
        [ops.concatenate([cosine, sine], axis=1), ops.concatenate([-sine, cosine], axis=1)], axis=1
    )


def warped(images: Tensor, maps: Tensor) -> Tensor:
    """Each image sampled where its map says.

    Args:
        images: float32 (batch, side, side, channels).
        maps: of :func:`drawn_maps`.
    """
    batch, side, _, channels = images.shape
    fine = fine_side(side)
    # Matrices are quick on planes, sampling on pixels.
    doubled = along_both_axes(ops.transpose(images, (0, 3, 1, 2)), doubling(side))
    sampled = bilinear(ops.transpose(doubled, (0, 2, 3, 1)), *source_places(maps, side))
    planes = ops.transpose(ops.reshape(sampled, (batch, fine, fine, channels)), (0, 3, 1, 2))
    return ops.transpose(along_both_axes(planes, halving(side)), (0, 2, 3, 1))


def fine_side(side: int) -> int:
    """Samples a side that halving to ``side`` needs."""
    return 2 * side + len(SYM6) - 2


@cache
def doubling(side: int) -> np.ndarray:
    """Matrix float32 (fine_side, side): zero insertion, filter; the image goes on reflected at the edges."""
    matrix = np.zeros((fine_side(side), side))
    for sample in range(matrix.shape[0]):
        for tap, weight in enumerate(SYM6):
            place, odd = divmod(sample - tap, 2)
            if not odd:
                place = abs(place)
                matrix[sample, (side - 1) - abs((side - 1) - place)] += np.sqrt(2.0) * weight
    return matrix.astype(np.float32)


@cache
def halving(side: int) -> np.ndarray:
    """Matrix float32 (side, fine_side): filter mirrored, every second sample."""
    matrix = np.zeros((side, fine_side(side)))
    for place in range(side):
        matrix[place, 2 * place : 2 * place + len(SYM6)] = SYM6 / np.sqrt(2.0)
    return matrix.astype(np.float32)


def along_both_axes(planes: Tensor, matrix: np.ndarray) -> Tensor:
    """Multiply rows and columns of (batch, channels, n, n) by ``matrix`` (m, n)."""
    batch, channels, n, _ = planes.shape
    m = matrix.shape[0]
    rows = ops.matmul(ops.reshape(planes, (batch * channels * n, n)), matrix.T)
    return ops.reshape(
        ops.matmul(matrix, ops.reshape(rows, (batch * channels, n, m))), (batch, channels, m, m)
    )


def source_places(maps: Tensor, side: int) -> tuple[Tensor, Tensor]:
    """Where in the doubled image each sample comes from: y and x, float32 (batch, fine_side²)."""
    fine, middle = fine_side(side), (side - 1) / 2.0
    period = 2.0 * (side - 1)
    places = ((np.arange(fine) - CENTRE) / 2.0 - middle).astype(np.float32)

    def samples(weights: Tensor) -> Tensor:
        along_x = weights[:, None, 0:1] * places + weights[:, None, 2:3] + middle
        source = along_x + weights[:, 1:2, None] * places[:, None]
        # The doubled image goes a little beyond the edge pixels; further out it is reflected at them.
        around = source - period * ops.floor(source / period)
        reflected = ops.minimum(around, period - around) * 2.0 + CENTRE
        sample = source * 2.0 + CENTRE
        beyond = ops.logical_or(sample < 0.0, sample > fine - 1.0)
        return ops.reshape(ops.where(beyond, reflected, sample), (-1, fine * fine))

    return samples(maps[:, 1]), samples(maps[:, 0])


def bilinear(images: Tensor, y: Tensor, x: Tensor) -> Tensor:
    """Values (batch, points, channels) of images (batch, n, n, channels) at ``y``, ``x`` (batch, points).

    Places are not differentiated.
    """
    batch, n, _, channels = images.shape
    y, x = ops.stop_gradient(y), ops.stop_gradient(x)
    top, left = (ops.clip(ops.floor(place), 0.0, n - 2.0) for place in (y, x))
    y, x = y - top, x - left
    first = np.arange(batch, dtype=np.int32)[:, None] * n**2
    corner = ops.reshape(first + ops.cast(top * float(n) + left, "int32"), (-1,))
    pixels, values = ops.reshape(images, (batch * n**2, channels)), 0.0
    # On a CPU the derivative of a product of equal shapes is several times quicker than that of a broadcast
    # one: weights are copied to every channel by a product with ones.
    ones = np.ones((1, channels), np.float32)
    for step, weight in ((0, (1 - y) * (1 - x)), (1, (1 - y) * x), (n, y * (1 - x)), (n + 1, y * x)):
        taken = ops.take(pixels, corner + step, axis=0)
        values = values + taken * ops.matmul(ops.reshape(weight, (-1, 1)), ones)
    return ops.reshape(values, (batch, -1, channels))
