"""What a coder sees of a picture."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.training.anchors.pictures import Seeing, components_of, identities_of, open_seen, read_seen
from tests.pipeline.training.anchors.small import coloured
from tests.pipeline.training.short_run import patches, unit_colours


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


def blind(_: object) -> list[object]:
    raise AssertionError("it is known already")


def test_what_is_seen_is_worked_out_once_for_a_run(tmp_path: Path) -> None:
    first = open_seen(tmp_path, coloured(), Seeing(patches, 6, unit_colours, 3))
    assert first.shape == (2, 40, 9)
    np.testing.assert_array_equal(first, open_seen(tmp_path, coloured(), Seeing(blind, 6, blind, 3)))
    np.testing.assert_array_equal(first, read_seen(tmp_path))


def test_identities_are_added_to_the_components_of_an_earlier_run(tmp_path: Path) -> None:
    looks = open_seen(tmp_path, coloured(), Seeing(patches, 6))
    both = open_seen(tmp_path, coloured(), Seeing(blind, 6, unit_colours, 3))
    np.testing.assert_array_equal(both[..., :6], looks)


def test_people_who_are_alike_have_identities_that_are_alike() -> None:
    images = coloured()
    found = identities_of(images, unit_colours, count=3, seed=0)[0]
    same = identities_of(np.concatenate([images[:39], images[:1]]), unit_colours, count=3, seed=0)[0]
    np.testing.assert_allclose(same[0], same[39], atol=1e-4)
    assert np.linalg.norm(found[0] - found[39]) > 0.1


def test_identities_without_an_embedder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="identities need a face embedder"):
        open_seen(tmp_path, coloured(), Seeing(patches, 6, identities=3))


@pytest.mark.parametrize(
    ("pictures", "identities"), [(30, 0), (40, 2)], ids=["other pictures", "other settings"]
)
def test_what_was_seen_of_others_is_refused(tmp_path: Path, pictures: int, identities: int) -> None:
    open_seen(tmp_path, coloured(), Seeing(patches, 6, unit_colours, 3))
    with pytest.raises(ValueError, match="of other pictures"):
        open_seen(tmp_path, coloured(pictures), Seeing(patches, 6, unit_colours, identities))


def test_too_few_pictures_for_the_components_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        components_of(coloured(2), patches, count=6, seed=0)
