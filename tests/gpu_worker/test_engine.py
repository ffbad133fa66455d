"""The engine makes the faces it promises (with the bundle that ships)."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from django.conf import settings

from gpu_worker.engine import Engine, Stopped
from gpu_worker.suspect import examine
from pipeline.faces.detector import MTCNNDetector
from pipeline.fillers import SyntheticFace

pytestmark = pytest.mark.slow

PORTRAITS = sorted((Path(__file__).parents[1] / "fixtures" / "portraits").glob("*.jpg"))
PAGES = (1, 2, 3, 4)


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The engine with the bundle that ships."""
    return Engine.load(settings.LIGAN_BUNDLE)


@pytest.fixture(scope="module")
def suspects(engine: Engine) -> dict[str, np.ndarray]:
    """w+ of each portrait."""
    detector, found = MTCNNDetector(), {}
    for path in PORTRAITS:
        bgr = cv2.imread(str(path))
        assert bgr is not None
        found[path.stem] = examine(np.ascontiguousarray(bgr[:, :, ::-1]), detector, engine).w_plus
    return found


def images(made: Sequence[SyntheticFace]) -> np.ndarray:
    """Pictures of faces, float32 (n, r, r, 3)."""
    return np.stack([face.image for face in made]).astype(np.float32)


def test_a_page_holds_twelve_different_faces_or_says_why_not(
    engine: Engine, suspects: dict[str, np.ndarray]
) -> None:
    for w_plus in suspects.values():
        made = engine.neighbours(w_plus, seed=1)
        assert len({face.image.tobytes() for face in made}) == len(made) > 0
        assert len(made) == engine.page_size == 12 or len(made) + sum(made.rejected.values()) == made.drawn


def test_the_same_seed_gives_the_same_faces_to_the_pixel(
    engine: Engine, suspects: dict[str, np.ndarray]
) -> None:
    w_plus = next(iter(suspects.values()))
    first, again = (engine.neighbours(w_plus, page=2, seed=7) for _ in range(2))
    np.testing.assert_array_equal(images(first), images(again))


def test_another_seed_gives_other_faces(engine: Engine, suspects: dict[str, np.ndarray]) -> None:
    w_plus = next(iter(suspects.values()))
    one, other = (images(engine.neighbours(w_plus, seed=seed)) for seed in (1, 2))
    assert not {face.tobytes() for face in one} & {face.tobytes() for face in other}


def test_pages_asked_for_by_themselves_lead_to_less_similar_faces(
    engine: Engine, suspects: dict[str, np.ndarray]
) -> None:
    """By who the faces are, and the last lie further out in the subspace of faces than the first.

    Each page is a draw of its own here, so two in a row may swap by chance. Pages one after the other know
    the page before and fall for every suspect: test_shipped_pages.py.
    """
    alike, far = [], []
    for w_plus in suspects.values():
        centre = engine.subspace.project(w_plus[None])
        pages = [engine.neighbours(w_plus, page=page, seed=0) for page in PAGES]
        alike.append([np.mean([face.similarity for face in page]) for page in pages])
        codes = [engine.subspace.project(np.stack([face.latent.w_plus for face in page])) for page in pages]
        far.append([np.linalg.norm(each - centre, axis=1).mean() for each in codes])
    first, *_, last = np.mean(alike, axis=0)
    assert last < first
    near, *_, outer = np.mean(far, axis=0)
    assert outer > near


def test_neighbours_are_nearer_to_their_suspect_than_to_another_person(
    engine: Engine, suspects: dict[str, np.ndarray]
) -> None:
    people = {name: w for name, w in suspects.items() if name.endswith("_1")}
    centres = {name: engine.render(w[None])[0].astype(np.float32) for name, w in people.items()}
    for name, w_plus in people.items():
        faces = images(engine.neighbours(w_plus, page=1, seed=3))
        distances = {other: np.abs(faces - centre).mean() for other, centre in centres.items()}
        assert min(distances, key=lambda other: distances[other]) == name


def test_a_face_is_made_again_from_what_its_recipe_keeps(
    engine: Engine, suspects: dict[str, np.ndarray]
) -> None:
    for face in engine.neighbours(next(iter(suspects.values())), page=3, seed=11):
        again = engine.render(face.latent.w_plus[None], noise_seed=face.latent.noise_seed)[0]
        # The last bit of a convolution may depend on the place in a batch.
        assert np.abs(again.astype(int) - face.image).max() <= 1


def test_an_interpolation_begins_and_ends_with_its_inputs(
    engine: Engine, suspects: dict[str, np.ndarray]
) -> None:
    a, b = list(suspects.values())[:2]
    way = engine.interpolate(a, b, steps=7)
    assert len(way) == 7
    np.testing.assert_array_equal(way[0].latent.w_plus, a)
    np.testing.assert_array_equal(way[-1].latent.w_plus, b)
    assert all(face.realism is not None and 0.0 <= face.realism <= 1.0 for face in way)
    steps = np.abs(np.diff(images(way), axis=0)).mean(axis=(1, 2, 3))
    assert (steps > 0).all()
    assert steps.max() < 3 * np.median(steps)  # smooth: no step changes the person at once


def test_progress_ends_at_one(engine: Engine, suspects: dict[str, np.ndarray]) -> None:
    told: list[float] = []
    engine.neighbours(next(iter(suspects.values())), report=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_work_that_is_not_wanted_any_more_stops(engine: Engine, suspects: dict[str, np.ndarray]) -> None:
    told: list[float] = []
    with pytest.raises(Stopped):
        engine.neighbours(
            next(iter(suspects.values())), count=100, report=told.append, stopped=lambda: len(told) == 2
        )
    assert len(told) == 2


def test_a_crop_of_another_size_is_refused(engine: Engine) -> None:
    with pytest.raises(ValueError, match="crops are uint8"):
        engine.encode(np.zeros((1, 10, 10, 3), np.uint8))


def test_the_reconstruction_of_a_suspect_is_nearer_than_the_mean_face(
    engine: Engine, suspects: dict[str, np.ndarray]
) -> None:
    detector = MTCNNDetector()
    wins = 0
    mean = np.mean([engine.render(w[None])[0] for w in suspects.values()], axis=0)
    for path in PORTRAITS:
        bgr = cv2.imread(str(path))
        assert bgr is not None
        crop = examine(np.ascontiguousarray(bgr[:, :, ::-1]), detector, engine).crop.astype(np.float32)
        again = engine.render(suspects[path.stem][None])[0]
        wins += bool(np.square(again - crop).mean() < np.square(mean - crop).mean())
    assert wins == len(PORTRAITS)
