"""What may be asked of a bundle's faces is what its models predict and its directions change."""

from pathlib import Path

import numpy as np

from gpu_worker.capabilities import of_gallery, of_generator
from gpu_worker.engine import Engine
from lineups.capabilities import USUAL
from lineups.sources import Source
from pipeline.fillers import Locks
from tests.gpu_worker.drawn_gallery import engine_of, written
from tests.pipeline.tiny_bundle import tiny_attributes, write_tiny_bundle


def test_attributes_that_the_models_predict_can_be_locked_to_their_values(tmp_path: Path) -> None:
    able = of_generator(Engine(write_tiny_bundle(tmp_path, attributes=tiny_attributes()).bundle))

    locks = {lock.name: list(lock.values) for lock in able.locks}
    assert list(locks) == ["sex", "age_group", "ethnicity", "hair", "beard", "baldness"]
    assert locks["sex"] == ["same", "male", "female"]
    assert locks["beard"] == ["same", "yes", "no"]


def test_of_a_bundle_that_predicts_nothing_nothing_can_be_asked(tmp_path: Path) -> None:
    able = of_generator(Engine(write_tiny_bundle(tmp_path).bundle))

    assert (list(able.locks), list(able.adjustments)) == ([], [])


def test_every_value_that_can_be_locked_is_one_that_the_engine_takes(tmp_path: Path) -> None:
    engine = Engine(write_tiny_bundle(tmp_path, attributes=tiny_attributes()).bundle)
    said = engine.describe(np.zeros((1, engine.resolution, engine.resolution, 3), np.uint8))[0]

    for lock in of_generator(engine).locks:
        for value in lock.values:
            assert Locks.asked({lock.name: value}, said)


def test_what_a_gallery_says_of_its_faces_can_be_locked_and_is_usual_where_a_witness_would_say_it(
    tmp_path: Path,
) -> None:
    engine = engine_of(written(tmp_path / "women", count=4))
    able = of_gallery(engine)

    assert able.source is Source.GALLERY
    assert {lock.name for lock in able.locks if lock.usual} == set(USUAL[Source.GALLERY])
    for lock in able.locks:
        for value in lock.values:
            assert Locks.asked({lock.name: value}, {}, engine.gallery.about.attributes) is not None
    assert not able.fitness.casework
