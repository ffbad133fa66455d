"""Structural similarity is the published one."""

import numpy as np
import pytest

from pipeline.evaluation.reconstruction.figures import ssim


def pictures() -> tuple[np.ndarray, np.ndarray]:
    """A pattern, and the same with another one over it: uint8 (32, 40, 3)."""
    y, x = np.mgrid[0:32, 0:40]
    plain = np.stack([(5 * x + 3 * y) % 256, (x * y) % 256, (200 - 4 * y) % 256], axis=-1).astype(np.uint8)
    disturbed = plain.astype(int) + ((x * 7 + y * 13) % 31)[..., None] - 15
    return plain, np.clip(disturbed, 0, 255).astype(np.uint8)


def test_it_is_what_scikit_image_says() -> None:
    """``structural_similarity`` of 0.26 with channel_axis=2, gaussian_weights=True, sigma=1.5,
    use_sample_covariance=False and data_range=255, as its documentation has it for the published one."""
    assert ssim(*pictures()) == pytest.approx(0.7746057093408254, abs=1e-12)


def test_a_picture_is_wholly_like_itself() -> None:
    plain, _ = pictures()
    assert ssim(plain, plain) == pytest.approx(1.0)


def test_it_does_not_matter_which_comes_first() -> None:
    a, b = pictures()
    assert ssim(a, b) == pytest.approx(ssim(b, a))


@pytest.mark.parametrize("shape", [(32, 39, 3), (10, 10, 3), (32, 40)])
def test_pictures_that_cannot_be_compared_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="are compared"):
        ssim(np.zeros(shape, np.uint8), pictures()[0])
