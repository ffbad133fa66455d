"""Detectors of photographs find what tells, and are at a loss where nothing does."""

import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.appearance.photograph import photograph_logits, read_classifier
from pipeline.evaluation.standing_out.detectors import LinearOnTraces, detectors, right
from pipeline.evaluation.standing_out.shares import share
from tests.pipeline.evaluation.standing_out.exhibits import exhibits


@pytest.mark.parametrize("name", detectors(0))
def test_a_detector_finds_what_tells_the_suspect_apart(name: str) -> None:
    detector = detectors(0)[name]

    detector.fit(exhibits(60, 1, odd=True))

    assert np.mean(right(detector, exhibits(40, 2, odd=True))) > 0.8


@pytest.mark.parametrize("name", detectors(0))
def test_a_detector_is_right_by_chance_where_nothing_tells(name: str) -> None:
    detector = detectors(0)[name]

    detector.fit(exhibits(60, 3, odd=False))

    assert np.mean(right(detector, exhibits(100, 4, odd=False))) < 0.34  # 1/5, 3.5 standard deviations up


def test_a_classifier_is_the_same_after_it_was_written_down(tmp_path: Path) -> None:
    detector = LinearOnTraces()
    detector.fit(exhibits(30, 7, odd=True))
    assert detector.classifier is not None
    file = tmp_path / "photograph.json"
    file.write_text(json.dumps(detector.classifier.to_dict()))

    again = read_classifier(file)

    traces = exhibits(1, 8, odd=True)[0].traces
    np.testing.assert_allclose(again.logits(traces), detector.classifier.logits(traces), atol=1e-2)


def test_a_share_has_an_interval_that_holds_it() -> None:
    assert share([True] * 3 + [False] * 7)["interval"] == [
        pytest.approx(0.0667, abs=1e-3),
        pytest.approx(0.6525, abs=1e-3),
    ]
    assert share([False] * 5)["interval"][0] == 0
    assert share([True] * 5)["interval"][1] == 1


def test_without_a_classifier_nothing_is_said_of_photographs() -> None:
    assert photograph_logits([], None) == []


def test_what_is_no_classifier_is_refused_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "photograph.json"
    file.write_text("{}")

    with pytest.raises(ValueError, match="holds no classifier"):
        read_classifier(file)
