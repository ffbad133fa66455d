"""Neighbours are drawn from a ball in the subspace of faces (thesis §3.4.5)."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fillers import Subspace, points_in_ball

ROWS, SIZE, COMPONENTS = 4, 6, 5


def subspace(*, whiten: bool) -> Subspace:
    """A subspace of random directions."""
    random = np.random.default_rng(1)
    directions, _ = np.linalg.qr(random.normal(size=(ROWS * SIZE, COMPONENTS)))
    return Subspace(
        mean=random.normal(size=ROWS * SIZE).astype(np.float32),
        components=directions.T.astype(np.float32),
        deviations=np.array([5, 3, 2, 1, 0.5], np.float32),
        whiten=whiten,
        first_radius=1.5,
        radius_step=0.5,
    )


def drawn(space: Subspace, centre: np.ndarray, count: int, *, page: int, seed: int) -> np.ndarray:
    """Points of a page's ball."""
    random = np.random.default_rng((seed, page))
    return points_in_ball(space, centre, count, radius=space.radius(page), random=random)


@given(page=st.integers(1, 20), seed=st.integers(0, 2**31), whiten=st.booleans())
def test_no_neighbour_is_farther_than_the_radius_of_its_page(page: int, seed: int, whiten: bool) -> None:
    space = subspace(whiten=whiten)
    centre = np.random.default_rng(seed).normal(size=(ROWS, SIZE)).astype(np.float32)
    points = space.project(drawn(space, centre, 12, page=page, seed=seed))
    distances = np.linalg.norm(points - space.project(centre[None]), axis=1)
    assert (distances <= space.radius(page) * (1 + 1e-3)).all()


def test_points_fill_the_ball_evenly() -> None:
    space = subspace(whiten=False)
    centre = np.zeros((ROWS, SIZE), np.float32)
    points = space.project(drawn(space, centre, 20_000, page=1, seed=0)) - space.project(centre[None])
    shares = (np.linalg.norm(points, axis=1) / space.radius(1)) ** COMPONENTS
    # In a ball, radius to the power of the dimension is uniform (Kolmogorov's test, 1 in 1000).
    statistic = np.abs(np.sort(shares) - (np.arange(20_000) + 0.5) / 20_000).max()
    assert statistic < 0.0138
    np.testing.assert_allclose(points.mean(axis=0), 0.0, atol=0.03)


def test_along_ways_that_are_held_no_point_leaves_the_centre() -> None:
    space, centre = subspace(whiten=True), np.ones((ROWS, SIZE), np.float32)
    held = np.eye(COMPONENTS, dtype=np.float32)[[1, 3]]

    points = space.project(
        points_in_ball(space, centre, 50, radius=2.0, random=np.random.default_rng(0), held=held)
    ) - space.project(centre[None])

    np.testing.assert_allclose(points[:, [1, 3]], 0.0, atol=1e-4)
    np.testing.assert_array_less(0.0, np.linalg.norm(points, axis=1))


def test_the_same_seed_draws_the_same_points_and_another_seed_others() -> None:
    space, centre = subspace(whiten=True), np.ones((ROWS, SIZE), np.float32)
    first = drawn(space, centre, 3, page=1, seed=5)
    np.testing.assert_array_equal(first, drawn(space, centre, 3, page=1, seed=5))
    assert not np.allclose(first, drawn(space, centre, 3, page=1, seed=6))


def test_what_a_point_has_outside_the_subspace_its_neighbours_have_too() -> None:
    space = subspace(whiten=True)
    centre = 10 * np.random.default_rng(3).normal(size=(1, ROWS, SIZE)).astype(np.float32)
    points = drawn(space, centre[0], 5, page=2, seed=0)
    outside = [ends - space.lift(space.project(ends), ROWS) for ends in (centre, points)]
    assert np.abs(outside[0]).max() > 1.0
    np.testing.assert_allclose(outside[1], np.repeat(outside[0], 5, axis=0), atol=1e-3)


def test_a_point_of_the_subspace_survives_going_there_and_back() -> None:
    space = subspace(whiten=True)
    points = np.random.default_rng(2).normal(size=(7, COMPONENTS)).astype(np.float32)
    np.testing.assert_allclose(space.project(space.lift(points, ROWS)), points, atol=1e-4)
