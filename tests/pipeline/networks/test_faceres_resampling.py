"""Cutting the embedder's crop out of a batch of pictures: like OpenCV, but differentiable."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.identity.frame import WHOLE, Frame, resampling_matrix
from pipeline.networks.faceres.resampling import cut

SHARES = st.floats(-0.2, 0.9), st.floats(0.05, 1.2)


@given(st.integers(1, 300), *SHARES, st.integers(1, 300))
def test_a_plain_wall_stays_as_it_is(source: int, start: float, length: float, target: int) -> None:
    matrix = resampling_matrix(source, start, start + length, target)

    assert matrix.shape == (target, source)
    np.testing.assert_allclose(matrix.sum(axis=1), 1.0, rtol=1e-5)


@given(st.integers(2, 60), st.floats(0.0, 0.4), st.floats(0.1, 0.6), st.integers(2, 60))
def test_what_is_mirrored_before_is_mirrored_after(
    source: int, start: float, length: float, target: int
) -> None:
    matrix = resampling_matrix(source, start, start + length, target)
    mirrored = resampling_matrix(source, 1.0 - start - length, 1.0 - start, target)

    np.testing.assert_allclose(mirrored[::-1, ::-1], matrix, atol=2e-5)


@pytest.mark.parametrize(
    ("side", "size", "interpolation"),
    [(32, 224, cv2.INTER_CUBIC), (64, 160, cv2.INTER_CUBIC), (96, 32, cv2.INTER_AREA)],
)
def test_whole_pictures_are_resized_as_opencv_does_it(side: int, size: int, interpolation: int) -> None:
    images = np.random.default_rng(0).random((2, side, side, 3)).astype(np.float32)

    ours = cut(WHOLE, images, size)

    for image, expected in zip(ours, images, strict=True):
        np.testing.assert_allclose(
            image, cv2.resize(expected, (size, size), interpolation=interpolation), atol=2e-5
        )


def test_a_part_on_whole_pixels_is_that_part() -> None:
    images = np.random.default_rng(0).random((1, 16, 16, 3)).astype(np.float32)

    part = cut(Frame(left=4 / 16, top=2 / 16, side=8 / 16), images, 8)

    np.testing.assert_allclose(part, images[:, 2:10, 4:12], atol=1e-6)


def test_beyond_the_picture_its_edge_is_repeated() -> None:
    images = np.zeros((1, 8, 8, 1), np.float32)
    images[:, :, 0] = 1.0

    part = np.asarray(cut(Frame(left=-0.5, top=0.0, side=1.0), images, 8))

    np.testing.assert_allclose(part[0, :, :5, 0], 1.0, atol=1e-6)
    np.testing.assert_allclose(part[0, :, 5:, 0], 0.0, atol=1e-6)
