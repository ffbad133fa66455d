"""The band around a suspect."""

import numpy as np

from pipeline.fillers import Band
from tests.pipeline.fillers.made_up import SIZE, SUSPECT, band, unit


def test_a_filler_is_more_like_the_suspect_than_most_faces_at_random() -> None:
    measured = band()
    limits = measured.limits(SUSPECT)

    assert np.mean(measured.crowd @ SUSPECT < limits.stranger) == 0.75
    assert limits.clone == measured.same_person


def test_someone_whom_few_resemble_has_a_lower_limit() -> None:
    measured, odd = band(), unit(np.eye(SIZE)[0] - SUSPECT)

    assert measured.limits(odd).stranger < measured.limits(SUSPECT).stranger


def test_the_band_stays_open_where_all_faces_are_alike() -> None:
    alike = band(crowd=np.repeat(SUSPECT[None], 10, axis=0))
    limits = alike.limits(SUSPECT)

    assert limits.stranger < limits.clone


def test_a_band_survives_the_bundle() -> None:
    measured = band()
    again = Band.of(measured.settings(), measured.arrays())

    np.testing.assert_allclose(again.crowd, measured.crowd, atol=1e-3)
    np.testing.assert_array_equal(again.logits, measured.logits)
    assert again.settings() == measured.settings()
