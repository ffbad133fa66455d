"""Moving a face along an attribute moves that attribute, and only what can be told from a face is offered."""

import numpy as np
import pytest
from django.conf import settings

from gpu_worker.engine import Engine
from pipeline.fillers import Directions
from pipeline.networks.attributes import CombinedAttributes
from pipeline.networks.bundle import Bundle
from pipeline.networks.faceres import FaceEmbedder
from pipeline.training.bundling.directions.fitting import LEAST_R2
from pipeline.training.bundling.directions.scores import scores_of_predictions

pytestmark = pytest.mark.slow

FACES = 16
STEPS = 2.0
BUNDLE = Bundle.open(settings.LIGAN_BUNDLE)
#: All that the bundle that ships can move.
OFFERED = tuple((BUNDLE.directions() or Directions({})).vectors)


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The engine with the bundle that ships."""
    return Engine(BUNDLE)


@pytest.fixture(scope="module")
def models() -> CombinedAttributes:
    """What says whether an attribute has moved: the bundle's attribute models."""
    found = BUNDLE.attributes()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def random() -> np.random.Generator:
    return np.random.default_rng(3)


@pytest.fixture(scope="module")
def codes(engine: Engine, random: np.random.Generator) -> np.ndarray:
    """Faces as the encoder knows them: w+ float32 (FACES, num_ws, w_dim)."""
    space = engine.subspace
    points = random.standard_normal((FACES, len(space.components))).astype(np.float32)
    return space.lift(points * 0.7, engine.num_ws)


def moved(engine: Engine, codes: np.ndarray, attribute: str, steps: float) -> np.ndarray:
    """The faces, uint8, so many standard deviations along an attribute."""
    return engine.render(np.stack([engine.adjusted(code, {attribute: steps}) for code in codes]))


def test_age_beard_and_the_darkness_of_hair_can_be_moved() -> None:
    assert {"age", "beard", "hair_darkness"} <= set(OFFERED)


@pytest.mark.parametrize("attribute", OFFERED)
def test_what_is_offered_can_be_told_from_a_face(attribute: str) -> None:
    assert BUNDLE.manifest["directions"][attribute]["r2"] >= LEAST_R2


@pytest.mark.parametrize("attribute", OFFERED)
def test_what_is_offered_grows_one_way_and_shrinks_the_other(
    engine: Engine, models: CombinedAttributes, codes: np.ndarray, attribute: str
) -> None:
    faces = [moved(engine, codes, attribute, steps) for steps in (-STEPS, 0.0, STEPS)]
    scores = scores_of_predictions(models.predict(np.concatenate(faces)))[attribute]
    less, same, more = scores.reshape(3, FACES).mean(axis=1)
    assert less < same < more


def test_along_age_people_grow_older_and_stay_themselves(engine: Engine, codes: np.ndarray) -> None:
    before, older = engine.render(codes), moved(engine, codes, "age", STEPS)

    kept = (engine.identity(older) * engine.identity(before)).sum(axis=1)
    # By an embedder that took no part in finding the way.
    embedder = FaceEmbedder.load()
    years = [embedder.look(faces).ages.mean() for faces in (before, older)]
    assert years[1] > years[0]
    assert engine.band is not None
    assert kept.min() > engine.band.same_person
