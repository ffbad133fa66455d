"""Fine mattes: how much of each pixel along an outline is hair, and of which colour that hair is.

Levin, Lischinski and Weiss 2008, "A Closed-Form Solution to Natural Image Matting", solved exactly within the
unknown band. The package pymatting has the same; what it compiles takes over a minute where nobody has yet
used it and a second where somebody has, a suspect's photograph here a tenth.
"""

from collections.abc import Iterator
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

WINDOW: Final = 3
# How far colours within a window may be from a line before they count; of squared colours in 0..1.
EPSILON: Final = 1e-6
# Foreground: see ``foreground``.
REGULARIZATION: Final = 1e-5
SMALL, SMALL_STEPS, LARGE_STEPS = 32, 10, 3


def closed_form(image: Floats, trimap: Floats) -> Floats:
    """The matte of a picture of which most is known.

    Args:
        image: (height, width, 3) in 0..1.
        trimap: (height, width): 1 where all is foreground, 0 where all is background, else unknown.

    Returns:
        (height, width) in 0..1; where the trimap knows, what it says.
    """
    from scipy.sparse.linalg import splu

    unknown = ((trimap > 0.0) & (trimap < 1.0)).ravel()
    alpha = trimap.astype(np.float64).ravel()
    if not unknown.any():
        return trimap.astype(np.float32)
    laplacian = _laplacian(image.astype(np.float64), unknown.reshape(trimap.shape))
    rows = laplacian[unknown]
    right = -rows[:, ~unknown] @ alpha[~unknown]
    # Where nothing known is in reach the matrix has no inverse: half is as good as anything there.
    least = 1e-9
    square = rows[:, unknown].tocsc()
    square.setdiag(square.diagonal() + least)
    solved = splu(square, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    alpha[unknown] = solved.solve(right + least * 0.5)
    return np.clip(alpha, 0.0, 1.0).reshape(trimap.shape).astype(np.float32)


def _laplacian(image: npt.NDArray[np.float64], unknown: npt.NDArray[np.bool_]) -> Any:
    """The matting Laplacian (Levin et al., equation 12) of all windows that hold something unknown."""
    from scipy.sparse import coo_matrix

    height, width = unknown.shape
    count = WINDOW * WINDOW
    touched = cv2.dilate(unknown.astype(np.uint8), np.ones((WINDOW, WINDOW), np.uint8))[1:-1, 1:-1]
    corner = np.flatnonzero(np.pad(touched, ((0, 2), (0, 2))))
    offsets = (np.arange(WINDOW)[:, None] * width + np.arange(WINDOW)).ravel()
    members = corner[:, None] + offsets
    colours = image.reshape(-1, 3)[members]
    away = colours - colours.mean(1, keepdims=True)
    covariance = np.einsum("kni,knj->kij", away, away) / count + EPSILON / count * np.eye(3)
    weight = np.einsum("kni,kij,kmj->knm", away, np.linalg.inv(covariance), away, optimize=True)
    values = np.eye(count) - (1.0 + weight) / count
    rows, columns = np.repeat(members, count, axis=1).ravel(), np.tile(members, count).ravel()
    size = height * width
    return coo_matrix((values.ravel(), (rows, columns)), shape=(size, size)).tocsr()


def foreground(image: Floats, alpha: Floats) -> Floats:
    """The colours of what is in front, also where a pixel shows the background through it.

    Germer et al. 2020, "Fast Multi-Level Foreground Estimation": from coarse to fine, each pixel's two
    colours are those that explain it best and differ least from its neighbours' where the matte is smooth.

    Args:
        image: (height, width, 3) in 0..1.
        alpha: (height, width) in 0..1.

    Returns:
        (height, width, 3) in 0..1.
    """
    front = back = np.full((1, 1, 3), image.mean(), np.float32)
    for number, (level, matte) in enumerate(_levels(image, alpha)):
        size = matte.shape[::-1]
        if number == 0:
            front, back = (np.broadcast_to(colour, level.shape) for colour in _means(image, alpha))
        front, back = (_grown(colour, size) for colour in (front, back))
        for _ in range(SMALL_STEPS if max(size) <= SMALL else LARGE_STEPS):
            front, back = _improved(level, matte, front, back)
    return front


def _levels(image: Floats, alpha: Floats) -> Iterator[tuple[Floats, Floats]]:
    height, width = alpha.shape
    count = int(np.ceil(np.log2(max(height, width, 2))))
    for number in range(1, count + 1):
        size = (max(1, round(width / 2 ** (count - number))), max(1, round(height / 2 ** (count - number))))
        yield tuple(
            np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA)) for part in (image, alpha)
        )  # type: ignore[misc]


def _means(image: Floats, alpha: Floats) -> list[Floats]:
    return [
        image[certain].mean(0) if certain.any() else image.mean((0, 1))
        for certain in (alpha > 0.9, alpha < 0.1)
    ]


def _grown(colour: Floats, size: tuple[int, int]) -> Floats:
    return np.asarray(
        cv2.resize(np.ascontiguousarray(colour), size, interpolation=cv2.INTER_LINEAR), np.float32
    )


def _improved(image: Floats, alpha: Floats, front: Floats, back: Floats) -> tuple[Floats, Floats]:
    """One step for all pixels at once: two equations in two colours, solved."""
    a = alpha[..., None]
    ff, bb, fb = a * a, (1 - a) * (1 - a), a * (1 - a)
    right_front, right_back = a * image, (1 - a) * image
    padded = [np.pad(part, ((1, 1), (1, 1), (0, 0)), mode="edge") for part in (a, front, back)]
    height, width = alpha.shape
    for top, left in ((0, 1), (2, 1), (1, 0), (1, 2)):
        matte, fore, behind = (part[top : top + height, left : left + width] for part in padded)
        weight = REGULARIZATION + np.abs(a - matte)
        ff, bb = ff + weight, bb + weight
        right_front, right_back = right_front + weight * fore, right_back + weight * behind
    determinant = ff * bb - fb * fb
    return (
        np.clip((bb * right_front - fb * right_back) / determinant, 0, 1),
        np.clip((ff * right_back - fb * right_front) / determinant, 0, 1),
    )
