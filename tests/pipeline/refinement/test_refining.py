"""What every method promises."""

import numpy as np
import pytest

from pipeline.refinement import METHODS, Callbacks, Networks, Refinement, RefinementError, Refiner
from pipeline.stopping import Stopped
from tests.pipeline.refinement.counted import looks

LONG = 2400
ENOUGH = 1000


def rendered(networks: Networks, refinement: Refinement, ws: np.ndarray) -> np.ndarray:
    """Images of w+ by the tuned generator, float32."""
    weights = networks.tuned(refinement.generator, networks.synthesis_variables)
    return np.asarray(networks.synthesised(weights, ws, "none"))


def error(networks: Networks, refinement: Refinement, crops: np.ndarray) -> float:
    """Mean squared error of the pixels, by the file alone."""
    ws = np.broadcast_to(refinement.pivots, (len(crops), *refinement.pivots.shape[1:]))
    photographs = crops.astype(np.float32) / 127.5 - 1
    return float(np.square(rendered(networks, refinement, ws) - photographs).mean())


@pytest.fixture(scope="module", params=METHODS)
def method(request: pytest.FixtureRequest) -> str:
    """Each method."""
    return str(request.param)


@pytest.fixture(scope="module")
def refined(refiner: Refiner, heads: np.ndarray, method: str) -> Refinement:
    """One head, refined for long."""
    return refiner.refine(heads[:1], limit=looks(LONG), method=method)


def test_the_error_of_the_pixels_at_least_halves(
    networks: Networks, refined: Refinement, heads: np.ndarray
) -> None:
    assert refined.notes.after["pixel"] < 0.5 * refined.notes.before["pixel"]
    assert error(networks, refined, heads[:1]) == pytest.approx(refined.notes.after["pixel"], rel=0.05)


def test_the_bundle_s_own_networks_stay_as_they_are(
    refiner: Refiner, networks: Networks, heads: np.ndarray, method: str
) -> None:
    before = [np.array(v.value) for v in (*networks.generator.weights, *networks.encoder.weights)]
    refiner.refine(heads[:1], limit=looks(300), method=method)
    after = [np.array(v.value) for v in (*networks.generator.weights, *networks.encoder.weights)]
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)


def test_going_on_begins_at_what_was_reached(
    refiner: Refiner, refined: Refinement, heads: np.ndarray, method: str
) -> None:
    further = refiner.refine(heads[:1], limit=looks(600), method=method, start=refined)
    assert further.notes.before["pixel"] == pytest.approx(refined.notes.after["pixel"], rel=0.05)
    assert sum(further.notes.after.values()) <= sum(further.notes.before.values())
    assert further.notes.started_from == refined.digest


def test_it_never_ends_worse_than_it_began(
    refiner: Refiner, refined: Refinement, heads: np.ndarray, method: str
) -> None:
    short = refiner.refine(heads[:1], limit=looks(40), method=method, start=refined)
    assert sum(short.notes.after.values()) <= sum(short.notes.before.values())


def test_two_people_have_a_pivot_each(
    refiner: Refiner, networks: Networks, heads: np.ndarray, method: str
) -> None:
    both = refiner.refine(heads, limit=looks(ENOUGH), method=method)
    assert both.pivots.shape == (2, 6, 8)
    for index in range(2):
        own = heads[index : index + 1]
        errors = [
            float(np.square(image - (own[0] / 127.5 - 1)).mean())
            for image in rendered(networks, both, both.pivots)
        ]
        assert int(np.argmin(errors)) == index


def test_two_photographs_of_one_person_share_a_pivot(
    refiner: Refiner, networks: Networks, heads: np.ndarray, method: str
) -> None:
    mirrored = np.concatenate([heads[:1], heads[:1, :, ::-1]])
    shared = refiner.refine(mirrored, limit=looks(LONG), method=method, same_person=True)
    assert shared.pivots.shape == (1, 6, 8)
    assert shared.notes.photographs == 2
    (image,) = rendered(networks, shared, shared.pivots)
    # One face cannot be both photographs: what comes nearest is the mean of them.
    between = (mirrored.astype(np.float32) / 127.5 - 1).mean(axis=0)
    assert np.square(image - between).mean() < 0.5 * shared.notes.before["pixel"]


def test_a_refinement_that_is_called_off_leaves_nothing(
    refiner: Refiner, heads: np.ndarray, method: str
) -> None:
    told: list[float] = []
    callbacks = Callbacks(report=told.append, stopped=lambda: len(told) == 5)
    with pytest.raises(Stopped):
        refiner.refine(heads[:1], limit=looks(LONG), method=method, callbacks=callbacks)
    assert len(told) == 5


def test_it_is_told_and_shown_how_it_goes(refiner: Refiner, heads: np.ndarray, method: str) -> None:
    told: list[float] = []
    shown: list[np.ndarray] = []
    callbacks = Callbacks(report=told.append, preview=shown.append)
    refiner.refine(heads[:1], limit=looks(300), method=method, callbacks=callbacks)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert {(image.shape, image.dtype) for image in shown} == {((16, 16, 3), np.dtype(np.uint8))}


def test_one_of_another_method_is_not_gone_on_from(
    refiner: Refiner, refined: Refinement, heads: np.ndarray, method: str
) -> None:
    (other,) = set(METHODS) - {method}
    with pytest.raises(RefinementError, match="by the method"):
        refiner.refine(heads[:1], limit=looks(300), method=other, start=refined)


def test_one_of_another_number_of_people_is_not_gone_on_from(
    refiner: Refiner, refined: Refinement, heads: np.ndarray, method: str
) -> None:
    with pytest.raises(RefinementError, match="1 pivots for 2 people"):
        refiner.refine(heads, limit=looks(300), method=method, start=refined)


def test_crops_of_another_size_are_refused(refiner: Refiner) -> None:
    with pytest.raises(ValueError, match="crops are uint8"):
        refiner.refine(np.zeros((1, 8, 8, 3), np.uint8), limit=looks(300))


def test_an_unknown_method_is_named(refiner: Refiner, heads: np.ndarray) -> None:
    with pytest.raises(ValueError, match="no method magic"):
        refiner.refine(heads[:1], limit=looks(300), method="magic")
