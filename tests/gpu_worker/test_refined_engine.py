"""An engine refines, and makes everything with a refinement's weights."""

import time
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from gpu_worker.engine import Engine, Refinement, RefinementError, Stopped
from gpu_worker.engine.refining import KEPT
from tests.pipeline.refinement.counted import looks
from tests.pipeline.tiny_bundle import write_tiny_bundle

HEAD = Path(__file__).parents[1] / "fixtures" / "heads" / "20160.jpg"
SECONDS = 600.0


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine with untrained networks of 16 px."""
    folder = tmp_path_factory.mktemp("bundle")
    write_tiny_bundle(folder)
    return Engine.load(folder)


@pytest.fixture(scope="module")
def crop() -> np.ndarray:
    """A head, uint8 (1, 16, 16, 3)."""
    bgr = cv2.imread(str(HEAD))
    assert bgr is not None
    return cv2.resize(bgr, (16, 16), interpolation=cv2.INTER_AREA)[None, :, :, ::-1]


@pytest.fixture(scope="module")
def refinement(engine: Engine, crop: np.ndarray) -> Refinement:
    """The head, refined with a limit that counts steps, so that it is the same on a busy machine."""
    return engine._refining.refiner.refine(crop, limit=looks(2400))


def error(a: np.ndarray, b: np.ndarray) -> float:
    """Mean squared difference of pixels."""
    return float(np.square(a.astype(np.float32) - b).mean())


def test_the_refined_engine_shows_the_photograph_better(
    engine: Engine, crop: np.ndarray, refinement: Refinement
) -> None:
    encoded = engine.render(engine.encode(crop))
    refined = engine.refined(refinement).render(refinement.pivots)
    assert error(refined, crop) < 0.5 * error(encoded, crop)


def test_a_saved_refinement_makes_the_same_pixels_in_another_worker(
    refinement: Refinement, engine: Engine, tmp_path: Path
) -> None:
    refinement.save(tmp_path / "r")
    write_tiny_bundle(tmp_path / "bundle")
    other = Engine.load(tmp_path / "bundle")
    assert other.digest == engine.digest
    here = engine.refined(refinement).render(refinement.pivots, noise_seed=3)
    there = other.refined(Refinement.load(tmp_path / "r")).render(refinement.pivots, noise_seed=3)
    np.testing.assert_array_equal(here, there)


def test_the_engine_itself_makes_the_faces_that_it_made_before(
    engine: Engine, crop: np.ndarray, refinement: Refinement
) -> None:
    before = engine.render(refinement.pivots)
    engine.refined(refinement).render(refinement.pivots)
    np.testing.assert_array_equal(engine.render(refinement.pivots), before)
    assert error(engine.refined(refinement).render(refinement.pivots), before) > 0


def test_neighbours_and_interpolations_are_made_with_the_tuned_weights(
    engine: Engine, refinement: Refinement
) -> None:
    refined, (pivot,) = engine.refined(refinement), refinement.pivots
    for face in (*refined.neighbours(pivot, count=2), *refined.interpolate(pivot, 0 * pivot, steps=2)):
        again = refined.render(face.latent.w_plus[None], noise_seed=face.latent.noise_seed)[0]
        np.testing.assert_array_equal(again, face.image)


def test_without_a_refinement_it_is_the_engine_itself(engine: Engine) -> None:
    assert engine.refined(None) is engine


def test_only_the_last_few_are_kept_in_memory(engine: Engine, refinement: Refinement) -> None:
    for number in range(KEPT + 2):
        engine.refined(altered(refinement, number))
    kept = engine._refining._kept
    assert len(kept) == KEPT
    assert altered(refinement, KEPT + 1).digest in kept
    assert altered(refinement, 0).digest not in kept


def test_the_one_that_was_used_last_stays_longest(engine: Engine, refinement: Refinement) -> None:
    for number in (*range(KEPT), 0, KEPT):
        engine.refined(altered(refinement, number))
    expected = [altered(refinement, number).digest for number in (*range(2, KEPT), 0, KEPT)]
    assert list(engine._refining._kept) == expected


def test_a_stored_one_is_put_together_once_however_often_it_is_loaded(
    engine: Engine, refinement: Refinement, tmp_path: Path
) -> None:
    refinement.save(tmp_path / "r")
    first, again = (engine.refined(Refinement.load(tmp_path / "r")) for _ in range(2))
    assert first.networks is again.networks
    assert len(engine._refining._kept) <= KEPT


def test_a_stored_one_that_had_to_make_room_makes_the_same_pixels_when_it_is_loaded_again(
    engine: Engine, refinement: Refinement, tmp_path: Path
) -> None:
    refinement.save(tmp_path / "r")
    before = engine.refined(Refinement.load(tmp_path / "r")).render(refinement.pivots)
    for number in range(KEPT):
        engine.refined(altered(refinement, number))
    assert refinement.digest not in engine._refining._kept
    after = engine.refined(Refinement.load(tmp_path / "r")).render(refinement.pivots)
    np.testing.assert_array_equal(after, before)


def test_a_refinement_of_another_bundle_is_refused(
    engine: Engine, refinement: Refinement, tmp_path: Path
) -> None:
    foreign = altered(refinement, 0, bundle="f" * 64)
    with pytest.raises(RefinementError, match="another bundle"):
        engine.refined(foreign)


def test_weights_that_the_bundle_has_not_are_refused(engine: Engine, refinement: Refinement) -> None:
    foreign = Refinement.of(
        generator={"somewhere/else": np.zeros(3)},
        encoder={},
        pivots=refinement.pivots,
        notes=refinement.notes,
    )
    with pytest.raises(RefinementError, match="do not fit"):
        engine.refined(foreign)


def test_the_engine_keeps_the_time_and_notes_it(
    engine: Engine, crop: np.ndarray, refinement: Refinement
) -> None:
    began = time.monotonic()
    short = engine.refine(crop, seconds=5.0, start=refinement)
    took = time.monotonic() - began
    assert short.notes.seconds <= took
    assert short.notes.bundle == engine.digest
    assert sum(short.notes.steps.values()) > 0


def test_it_stops_when_it_is_not_wanted_any_more(engine: Engine, crop: np.ndarray) -> None:
    told: list[float] = []
    with pytest.raises(Stopped):
        engine.refine(crop, seconds=SECONDS, report=told.append, stopped=lambda: len(told) == 3)
    assert len(told) == 3


def altered(refinement: Refinement, number: int, *, bundle: str | None = None) -> Refinement:
    """The same weights, other notes: another digest."""
    notes = replace(refinement.notes, seconds=float(number), bundle=bundle or refinement.notes.bundle)
    return Refinement.of(
        generator=refinement.generator, encoder=refinement.encoder, pivots=refinement.pivots, notes=notes
    )
