"""Moving a face along an attribute moves that attribute, and the person less than any other way would."""

import numpy as np
import pytest
from django.conf import settings

from gpu_worker.engine import Engine
from pipeline.networks.faceres import FaceEmbedder

pytestmark = pytest.mark.slow

FACES = 16
STEPS = 2.0


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The engine with the bundle that ships."""
    return Engine.load(settings.LIGAN_BUNDLE)


def test_along_age_people_grow_older_and_stay_themselves(engine: Engine) -> None:
    space, random = engine.neighbourhood, np.random.default_rng(3)
    size = len(space.components)
    # Faces as the encoder knows them, and ways through the same subspace.
    codes = space.lift(random.standard_normal((FACES, size)).astype(np.float32) * 0.7, engine.num_ws)
    ways = space.lift(random.standard_normal((FACES, size)).astype(np.float32), engine.num_ws)
    ways -= space.lift(np.zeros((1, size), np.float32), engine.num_ws)
    length = STEPS * np.linalg.norm(engine.directions.vectors["age"])
    ways *= length / np.linalg.norm(ways.reshape(FACES, -1), axis=1)[:, None, None]

    before = engine.render(codes)
    older = engine.render(np.stack([engine.adjusted(code, {"age": STEPS}) for code in codes]))
    astray = engine.render(codes + ways)

    who = engine.identity(before)
    kept, lost = ((engine.identity(faces) * who).sum(axis=1).mean() for faces in (older, astray))
    embedder = FaceEmbedder.load()
    years = [embedder.look(faces).ages.mean() for faces in (before, older)]
    assert years[1] > years[0]
    assert kept > lost
