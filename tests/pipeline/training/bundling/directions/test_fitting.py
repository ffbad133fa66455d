"""Directions are found that change one attribute and leave the others."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.command_line import BadInput
from pipeline.fillers import Directions
from pipeline.training.bundling.directions.file import DirectionsFile
from pipeline.training.bundling.directions.fitting import LEAST_R2, Fitted, apart, fit_directions
from pipeline.training.bundling.directions.scores import scores_of_labels
from tests.pipeline.fillers.made_up import SHAPE, SIZE, space

AGE, BEARD = np.eye(SIZE)[3], np.eye(SIZE)[7] + 0.5 * np.eye(SIZE)[3]


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    """Directions of faces whose beards grow with age."""
    random = np.random.default_rng(1)
    points = random.normal(size=(600, SIZE))
    scores = {
        "age": points @ AGE + 0.1 * random.normal(size=600),
        "beard": points @ BEARD + 0.1 * random.normal(size=600),
        "weight": np.where(np.arange(600) < 20, 1.0, np.nan),
        "hair_darkness": random.normal(size=600),
    }
    return fit_directions(space(), points.reshape(-1, *SHAPE).astype(np.float32), scores)


def test_one_attribute_changes_and_the_other_stays(fitted: Fitted) -> None:
    age, beard = (fitted.directions.vectors[name].ravel() for name in ("age", "beard"))

    assert age @ AGE > 0.3
    assert abs(age @ BEARD) < 0.05 * (age @ AGE)
    assert beard @ BEARD > 0.3
    assert abs(beard @ AGE) < 0.05 * (beard @ BEARD)


def test_one_step_is_one_standard_deviation_of_faces(fitted: Fitted) -> None:
    assert np.linalg.norm(fitted.directions.vectors["age"]) == pytest.approx(1.0, abs=0.1)


def test_what_too_few_faces_show_gets_no_direction(fitted: Fitted) -> None:
    assert set(fitted.directions.vectors) == {"age", "beard"}


def test_what_cannot_be_told_from_a_face_is_not_offered(fitted: Fitted) -> None:
    assert fitted.measured["hair_darkness"]["r2"] < LEAST_R2 < fitted.measured["beard"]["r2"]
    assert "hair_darkness" not in fitted.directions.vectors


def test_it_is_said_how_well_an_attribute_can_be_told(fitted: Fitted) -> None:
    assert fitted.measured["age"]["r2"] > 0.9
    assert fitted.measured["age"]["faces"] == 600


def test_a_gradient_without_others_is_kept() -> None:
    np.testing.assert_allclose(apart(np.array([0.0, 2.0]), []), [0.0, 1.0])


def test_directions_survive_their_file_and_a_foreign_file_is_refused(tmp_path: Path) -> None:
    made = DirectionsFile(
        Directions({"age": np.ones(SHAPE, np.float32)}), {"networks": {"generator": "a"}, "measured": {}}
    )
    made.write(tmp_path / "directions.safetensors")

    again = DirectionsFile.read(tmp_path / "directions.safetensors")

    np.testing.assert_array_equal(again.directions.vectors["age"], made.directions.vectors["age"])
    assert again.notes == made.notes
    (tmp_path / "other").write_text("no directions")
    for name in ("other", "missing"):
        with pytest.raises(BadInput, match=name):
            DirectionsFile.read(tmp_path / name)


def test_labels_become_numbers_and_what_is_not_known_stays_unknown(tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    labels.write_text(
        '{"file": "a.jpg", "sex": "male", "age_years": 50, "facial": "goatee", "haircolor": "black",'
        ' "hairstyle": "crop", "grey": 0.5, "weight": 0.4, "melanin": 0.1}\n'
        '{"file": "b.jpg", "sex": "female", "age_years": 20, "facial": "none", "haircolor": "black",'
        ' "hairstyle": "bald", "weight": 0.6}\n'
    )

    scores = scores_of_labels(labels, ["b", "a", "c"])

    np.testing.assert_array_equal(scores["age"], [20, 50, np.nan])
    np.testing.assert_array_equal(scores["beard"], [0, 0.6, np.nan])
    np.testing.assert_array_equal(scores["hair_darkness"], [np.nan, 0.5, np.nan])
    np.testing.assert_array_equal(scores["sex"], [0, 1, np.nan])
    with pytest.raises(BadInput, match="no label for any"):
        scores_of_labels(labels, ["z"])
