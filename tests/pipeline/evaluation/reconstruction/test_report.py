"""The report says of each figure what it is, or that it was not measured and why."""

import numpy as np
import pytest

from pipeline.evaluation.photographs import Portrait
from pipeline.evaluation.reconstruction.examining import Examined
from pipeline.evaluation.reconstruction.figures import Figures
from pipeline.evaluation.reconstruction.others import Others
from pipeline.evaluation.reconstruction.report import report_of, summary_of
from tests.pipeline.evaluation.reconstruction.test_others import NOTES

FACE = np.zeros((16, 16, 3), np.uint8)


def examined(path_length: float | None, untuned_path_length: float | None) -> Examined:
    """Somebody whose identity was not measured."""
    figures = Figures(pixel_mse=0.5, ssim=0.5, feature_distance=1.0, identity=None)
    return Examined(
        portrait=Portrait("anna", FACE),
        encoded=FACE,
        refined=FACE,
        before=figures,
        after=figures,
        others=Others(0.5, 0.0, 0.0, path_length, untuned_path_length, 0.1),
        notes=NOTES,
        bytes=1,
        seconds=1.0,
    )


def test_path_length_is_told_as_a_share_of_the_untuned_generators() -> None:
    report = report_of([examined(60.0, 50.0)], {}, bundle={}, settings={}, not_measured={})

    assert report["mean"]["targets"]["path_length_ratio"] == pytest.approx(1.2)


def test_what_was_not_measured_is_said_with_what_would_measure_it() -> None:
    why = {"path_length_ratio": "--path-length", "identity": "no dlib", "identity_gain": "no dlib"}
    report = report_of([examined(None, None)], {}, bundle={}, settings={}, not_measured=why)

    assert report["mean"]["targets"]["path_length_ratio"] is None
    (length,) = (line for line in summary_of(report) if line.startswith("path length"))
    assert length.endswith("not measured (--path-length)")
    assert sum(line.endswith("not measured (no dlib)") for line in summary_of(report)) == 3
