"""Kinds of people among samples and training faces, judged by what labels teach."""

import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.command_line import BadInput
from pipeline.evaluation.attributes import attribute_spread, read_labels

NAMES = [f"{i}.png" for i in range(300)]
WOMEN = np.arange(300) % 3 == 0
LABELS = {
    str(i): {"sex": "female" if woman else "male", "eyes": "green" if i < 3 else "brown"}
    for i, woman in enumerate(WOMEN)
}


def features(women: np.ndarray, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).standard_normal((len(women), 6))
    noise[:, 0] += np.where(women, 4.0, -4.0)
    return noise.astype(np.float32)


def test_a_generator_that_makes_only_men_is_found_out() -> None:
    found = attribute_spread(NAMES, features(WOMEN, 0), features(np.zeros(50, bool), 1), LABELS, seed=0)

    sex = found["sex"]
    assert sex.accuracy is not None
    assert sex.accuracy > 0.98
    assert sex.samples == {"female": 0.0, "male": 1.0}
    assert sex.distance == pytest.approx(1 / 3, abs=0.02)


def test_a_generator_that_makes_all_kinds_has_their_shares() -> None:
    found = attribute_spread(NAMES, features(WOMEN, 0), features(WOMEN, 1), LABELS, seed=0)

    assert found["sex"].distance < 0.02


def test_what_too_few_training_faces_show_is_not_judged() -> None:
    found = attribute_spread(NAMES, features(WOMEN, 0), features(WOMEN, 1), LABELS, seed=0)

    assert set(found) == {"sex"}


def test_labels_belong_to_pictures_by_the_stem_of_the_name(tmp_path: Path) -> None:
    lines = [
        {"file": "1.jpg", "sex": "male", "age_years": 29.9, "smile": 0.1},
        {"file": "2.jpg", "age_years": 30},
        {"file": "3.jpg", "age_years": 71.5},
    ]
    (tmp_path / "labels.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))

    assert read_labels(tmp_path / "labels.jsonl") == {
        "1": {"sex": "male", "age": "under 30"},
        "2": {"age": "30-45"},
        "3": {"age": "60 and over"},
    }


@pytest.mark.parametrize("line", ["{", "[]", '{"sex": "male"}', '{"file": "1.jpg", "age_years": "old"}'])
def test_a_line_that_is_no_label_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text('{"file": "0.jpg"}\n' + line + "\n")

    with pytest.raises(BadInput, match="line 2"):
        read_labels(path)
