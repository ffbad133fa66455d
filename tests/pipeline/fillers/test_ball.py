"""Neighbours are drawn from a ball in the subspace of faces (thesis §3.4.5)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fillers import Neighbourhood, centred_cosine

ROWS, SIZE, COMPONENTS = 4, 6, 5


def neighbourhood(*, whiten: bool) -> Neighbourhood:
    """A subspace of random directions."""
    random = np.random.default_rng(1)
    directions, _ = np.linalg.qr(random.normal(size=(ROWS * SIZE, COMPONENTS)))
    return Neighbourhood(
        mean=random.normal(size=ROWS * SIZE).astype(np.float32),
        components=directions.T.astype(np.float32),
        deviations=np.array([5, 3, 2, 1, 0.5], np.float32),
        features_mean=np.zeros(3, np.float32),
        whiten=whiten,
        first_radius=1.5,
        radius_step=0.5,
    )


@given(page=st.integers(1, 20), seed=st.integers(0, 2**31), whiten=st.booleans())
def test_no_neighbour_is_farther_than_the_radius_of_its_page(page: int, seed: int, whiten: bool) -> None:
    space = neighbourhood(whiten=whiten)
    centre = np.random.default_rng(seed).normal(size=(ROWS, SIZE)).astype(np.float32)
    points = space.project(space.draw(centre, 12, page=page, seed=seed))
    distances = np.linalg.norm(points - space.project(centre[None]), axis=1)
    assert (distances <= space.radius(page) * (1 + 1e-3)).all()


def test_points_fill_the_ball_evenly() -> None:
    space = neighbourhood(whiten=False)
    centre = np.zeros((ROWS, SIZE), np.float32)
    points = space.project(space.draw(centre, 20_000, page=1, seed=0)) - space.project(centre[None])
    shares = (np.linalg.norm(points, axis=1) / space.radius(1)) ** COMPONENTS
    # In a ball, radius to the power of the dimension is uniform (Kolmogorov's test, 1 in 1000).
    statistic = np.abs(np.sort(shares) - (np.arange(20_000) + 0.5) / 20_000).max()
    assert statistic < 0.0138
    np.testing.assert_allclose(points.mean(axis=0), 0.0, atol=0.03)


def test_along_ways_that_are_held_no_point_leaves_the_centre() -> None:
    space, centre = neighbourhood(whiten=True), np.ones((ROWS, SIZE), np.float32)
    held = np.eye(COMPONENTS, dtype=np.float32)[[1, 3]]

    points = space.project(
        space.around(centre, 50, radius=2.0, random=np.random.default_rng(0), held=held)
    ) - space.project(centre[None])

    np.testing.assert_allclose(points[:, [1, 3]], 0.0, atol=1e-4)
    np.testing.assert_array_less(0.0, np.linalg.norm(points, axis=1))


def test_the_same_seed_draws_the_same_points_and_another_seed_others() -> None:
    space, centre = neighbourhood(whiten=True), np.ones((ROWS, SIZE), np.float32)
    first = space.draw(centre, 3, page=1, seed=5)
    np.testing.assert_array_equal(first, space.draw(centre, 3, page=1, seed=5))
    assert not np.allclose(first, space.draw(centre, 3, page=1, seed=6))


def test_what_a_point_has_outside_the_subspace_its_neighbours_have_too() -> None:
    space = neighbourhood(whiten=True)
    centre = 10 * np.random.default_rng(3).normal(size=(1, ROWS, SIZE)).astype(np.float32)
    drawn = space.draw(centre[0], 5, page=2, seed=0)
    outside = [points - space.lift(space.project(points), ROWS) for points in (centre, drawn)]
    assert np.abs(outside[0]).max() > 1.0
    np.testing.assert_allclose(outside[1], np.repeat(outside[0], 5, axis=0), atol=1e-3)


def test_a_point_of_the_subspace_survives_going_there_and_back() -> None:
    space = neighbourhood(whiten=True)
    points = np.random.default_rng(2).normal(size=(7, COMPONENTS)).astype(np.float32)
    np.testing.assert_allclose(space.project(space.lift(points, ROWS)), points, atol=1e-4)


def test_pages_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="counted from 1"):
        neighbourhood(whiten=True).radius(0)


def test_resemblance_is_one_for_the_same_and_minus_one_for_the_opposite() -> None:
    mean, face = np.array([1.0, 1.0, 0.0]), np.array([2.0, 3.0, 4.0])
    alike = centred_cosine(np.stack([face, 2 * mean - face]), face, mean)
    np.testing.assert_allclose(alike, [1.0, -1.0], atol=1e-6)
