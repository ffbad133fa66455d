"""The band's numbers follow from the distributions that they are said to follow from."""

from typing import Any

import numpy as np
import pytest

from pipeline.fillers import Directions
from pipeline.training.bundling.band import measuring
from pipeline.training.bundling.band.measuring import first_radius, measure_band
from tests.pipeline.fillers.made_up import SHAPE, SIZE, SUSPECT, MadeUpMaker, band, space, unit


class Studio(MadeUpMaker):
    """A maker whose pictures are faces' latents, and which can be measured."""

    def __init__(self) -> None:
        super().__init__(logit=lambda w: float(w[0]))
        self.subspace, self.company = space(), np.zeros((3, 1, SIZE, 4), np.uint8)
        self.directions = Directions({})
        self.embedder_digest = "d" * 64

    def random_codes(self, count: int, seed: int) -> np.ndarray:
        codes = np.random.default_rng(seed).normal(size=(count, *SHAPE)) + 0.5
        return np.asarray(codes, np.float32)

    def encode(self, crops: np.ndarray) -> np.ndarray:
        return np.stack(self._of(crops)).reshape(-1, *SHAPE)

    def pictures(self, latents: np.ndarray) -> np.ndarray:
        return self.render(latents.reshape(-1, *SHAPE).astype(np.float32))


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, np.ndarray]:
    """A band, and the people it was measured on."""
    monkeypatch.setattr(measuring, "first_radius", lambda *_: (0.7, {"0.70": 12.0}))
    studio, random = Studio(), np.random.default_rng(5)
    people = random.normal(size=(60, SIZE)) + 0.5
    twice = people[:20], people[:20] + 0.2 * random.normal(size=(20, SIZE))
    pairs = studio.pictures(twice[0]), studio.pictures(twice[1])
    found = measure_band(studio, studio.pictures(people), pairs, crowd=100)  # type: ignore[arg-type]
    return found, people


def test_one_person_begins_above_two_people_and_below_one(measured: tuple[Any, np.ndarray]) -> None:
    found, people = measured
    who = unit(people)
    two = (who @ who.T)[np.triu_indices(len(who), 1)]

    assert np.mean(two >= found.same_person) <= 0.002
    assert found.same_person <= found.measured["one_person"]["quantiles"]["0.05"]


def test_realism_is_ranked_among_the_generators_own_faces(measured: tuple[Any, np.ndarray]) -> None:
    found, _ = measured

    assert list(found.logits) == sorted(found.logits)
    assert found.scale.realism(np.array([-100.0, 100.0])).tolist() == [0.0, 1.0]
    assert len(found.crowd) == len(found.logits) == 100


def test_it_is_written_down_what_was_measured(measured: tuple[Any, np.ndarray]) -> None:
    found, _ = measured

    assert found.measured["one_person"]["pairs"] == 20
    assert found.measured["one_person"]["made_from"] == "pictures of one person"
    assert found.measured["two_people"]["people"] == 60


def test_the_first_ball_is_the_smallest_that_holds_a_page() -> None:
    studio, wide = Studio(), band(far_radius=2.0)

    radius, tried = first_radius(studio, wide, studio.pictures(SUSPECT), SUSPECT[None])  # type: ignore[arg-type]

    means = list(tried.values())
    assert means[-1] == 12
    assert all(mean < 12 for mean in means[:-1])
    assert f"{radius:.2f}" == list(tried)[-1]
