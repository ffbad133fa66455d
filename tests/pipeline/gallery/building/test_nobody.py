"""Nobody: who is a portrait's twin, or one of the gallery's, does not come in."""

import numpy as np
import pytest

from pipeline.gallery.building.nobody import Crowd, Portraits, somebody
from pipeline.gallery.building.outcomes import Near

LIMIT = 0.69


def direction(seed: int) -> np.ndarray:
    vector = np.random.default_rng(seed).normal(size=64).astype(np.float32)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def towards(a: np.ndarray, b: np.ndarray, cosine: float) -> np.ndarray:
    """A direction at this cosine to ``a``, on the side of ``b``."""
    across = b - (a @ b) * a
    across /= np.linalg.norm(across)
    return np.asarray(cosine * a + np.sqrt(1 - cosine**2) * across, np.float32)


def portraits() -> Portraits:
    return Portraits(
        np.array([4, 9, 11]), np.stack([direction(seed) for seed in range(3)]), np.zeros((0, 128))
    )


def test_the_portrait_that_a_face_is_most_like_is_found() -> None:
    near = portraits().near(towards(direction(1), direction(7), 0.6))

    assert near.portrait == 9
    assert near.cosine == pytest.approx(0.6, abs=1e-5)


@pytest.mark.parametrize(("cosine", "refused"), [(1.0, True), (0.70, True), (0.6901, True), (0.6899, False)])
def test_a_copy_of_a_portrait_is_somebody(cosine: float, refused: bool) -> None:
    near = portraits().near(towards(direction(2), direction(8), cosine))

    assert bool(somebody(near, LIMIT)) == refused


def test_a_second_opinion_is_heard() -> None:
    second = np.zeros((3, 128))
    second[:, 0] = [0.0, 0.3, 2.0]
    crowd = Portraits(np.arange(3), np.stack([direction(seed) for seed in range(3)]), second)
    face = np.zeros(128)
    face[0] = 0.6

    near = crowd.second_near(crowd.near(direction(9)), face)

    assert near.distance == pytest.approx(0.3)
    assert somebody(near, LIMIT) == "a portrait's face, by a second opinion"
    assert not somebody(Near(0, 0.5, 0.46), LIMIT)


def test_the_gallery_takes_nobody_twice() -> None:
    crowd = Crowd()
    first = direction(1)

    assert crowd.admits(first) == -1.0
    assert crowd.admits(towards(first, direction(2), 0.745)) is None
    assert crowd.admits(towards(first, direction(2), 0.72)) == pytest.approx(0.72, abs=1e-5)
    assert crowd.admits(first) is None


def test_a_crowd_of_any_size_remembers_everybody() -> None:
    crowd = Crowd()
    faces = np.linalg.qr(np.random.default_rng(0).normal(size=(600, 600)))[0].astype(np.float32)

    assert all(crowd.admits(face) is not None for face in faces)
    assert all(crowd.admits(face) is None for face in faces)
