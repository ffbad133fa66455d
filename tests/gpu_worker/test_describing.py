"""The engine describes faces where its bundle can, and works as ever where it cannot."""

from pathlib import Path

import numpy as np
import pytest

from gpu_worker.engine import Engine
from tests.pipeline.tiny_bundle import FAIRFACE, tiny_attributes, write_tiny_bundle

KEYS = ["sex", "age_group", "ethnicity", "hair", "beard"]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine whose bundle has attribute models."""
    written = write_tiny_bundle(tmp_path_factory.mktemp("bundle"), attributes=tiny_attributes())
    return Engine(written.bundle)


def faces(count: int) -> np.ndarray:
    return np.random.default_rng(count).integers(0, 256, (count, 16, 16, 3)).astype(np.uint8)


def test_each_face_is_described_by_the_attributes_that_the_models_were_taught(engine: Engine) -> None:
    described = engine.describe(faces(12))

    assert len(described) == 12
    for said in described:
        assert said is not None
        assert list(said) == KEYS
        assert said["sex"]["value"] in {"male", "female"}
        assert said["hair"]["value"] in {"black", "blond"}
        assert said["age_group"]["value"] in FAIRFACE.ages
        assert isinstance(said["beard"]["value"], bool)
        assert all(0.0 <= finding["confidence"] <= 1.0 for finding in said.values())


def test_a_face_is_described_alike_alone_and_among_others(engine: Engine) -> None:
    many = faces(20)

    together = engine.describe(many)

    assert [engine.describe(face[None])[0] for face in many] == together


def test_what_the_bundle_says_of_its_models_comes_with_the_engine(engine: Engine) -> None:
    assert engine.reliability is not None
    assert engine.reliability["sex"] == {
        "accuracy": 0.5, "n": 10, "measured_on": "no faces at all", "real_people": False, "by_group": {},
    }  # fmt: skip


def test_a_bundle_without_attribute_models_makes_faces_and_describes_none(tmp_path: Path) -> None:
    engine = Engine(write_tiny_bundle(tmp_path).bundle)
    engine.warm_up()

    made = engine.neighbours(engine.encode(faces(1))[0], count=3)

    assert engine.reliability is None
    assert engine.describe(np.stack([face.image for face in made])) == [None] * 3
