"""The discriminator's scores: every picture counted once, told apart or not."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.evaluation.realism import score_histogram, share_above

LOGITS = arrays(np.float32, st.integers(1, 50), elements=st.floats(-100, 100, width=32))


HUNDRED = np.float32(100.0)


@given(LOGITS, LOGITS)
@example(np.array([HUNDRED]), np.array([np.nextafter(HUNDRED, np.float32(0.0))]))
def test_every_picture_is_in_one_bin(real: np.ndarray, generated: np.ndarray) -> None:
    histogram = score_histogram(real, generated)

    assert sum(histogram.real) == len(real)
    assert sum(histogram.generated) == len(generated)


@given(LOGITS, LOGITS)
def test_the_share_is_that_of_all_pairs(a: np.ndarray, b: np.ndarray) -> None:
    pairs = (a[:, None] > b[None]).mean() + 0.5 * (a[:, None] == b[None]).mean()

    assert share_above(a, b) == pytest.approx(float(pairs))


def test_equal_scores_cannot_be_told_apart() -> None:
    logits = np.linspace(-1, 1, 10)

    assert score_histogram(logits, logits).told_apart == 0.5
    assert score_histogram(logits + 5, logits).told_apart == 1.0
    assert score_histogram(logits, logits).positive == 0.5
