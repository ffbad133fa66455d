"""What a coder sees of a picture."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.training.anchors.pictures import components_of, open_components
from tests.pipeline.training.anchors.small import coloured
from tests.pipeline.training.short_run import patches


def test_components_have_the_fourth_roots_of_their_eigenvalues_as_deviations() -> None:
    found = components_of(coloured(), patches, count=6, seed=0)
    assert found.shape == (2, 40, 6)
    both = found.reshape(80, 6)
    np.testing.assert_allclose(both.mean(axis=0), 0.0, atol=1e-4)
    np.testing.assert_allclose(np.mean(np.square(both)), 1.0, rtol=1e-5)
    deviations = both.std(axis=0)
    assert (np.diff(deviations) < 1e-3).all(), "the largest come first"
    correlations = np.corrcoef(both.T) - np.eye(6)
    assert np.abs(correlations).max() < 1e-2


def test_the_components_of_mirror_images_are_of_the_pictures_mirrored() -> None:
    images = coloured()
    found = components_of(images, patches, count=6, seed=0)
    again = components_of(images[:, :, ::-1], patches, count=6, seed=0)
    np.testing.assert_allclose(distances(found[1]), distances(again[0]), atol=0.02)


def distances(seen: np.ndarray) -> np.ndarray:
    """Between each two, whatever the signs of the components."""
    return np.asarray(np.linalg.norm(seen[:, None] - seen[None], axis=-1))


def test_components_are_worked_out_once_for_a_run(tmp_path: Path) -> None:
    first = open_components(tmp_path, coloured(), patches, count=6, seed=0)

    def blind(_: object) -> list[object]:
        raise AssertionError("the components are there")

    np.testing.assert_array_equal(first, open_components(tmp_path, coloured(), blind, count=6, seed=0))


def test_components_of_other_pictures_are_refused(tmp_path: Path) -> None:
    open_components(tmp_path, coloured(), patches, count=6, seed=0)
    with pytest.raises(ValueError, match="of other pictures"):
        open_components(tmp_path, coloured(30), patches, count=6, seed=0)


def test_too_few_pictures_for_the_components_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        components_of(coloured(2), patches, count=6, seed=0)
