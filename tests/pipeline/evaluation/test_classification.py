"""Figures of a classifier, against values worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import accuracy_score, confusion_matrix, precision_score, recall_score

from pipeline.evaluation.classification import YesNo, confusion, one_against_rest, share, yes_no

PLACES = arrays(np.int64, 40, elements=st.integers(0, 3))


def flags(text: str) -> np.ndarray:
    return np.array([letter == "x" for letter in text], bool)


def test_accuracy_precision_and_recall_are_those_worked_out_by_hand() -> None:
    # 10 pictures, 4 have it; 5 are said to, 3 of them rightly.
    figures = yes_no(flags("xxxx......"), flags("xxx.xx...."))

    assert figures == YesNo(accuracy=0.7, precision=0.6, recall=0.75, positives=4, pictures=10)


def test_what_cannot_be_said_is_none() -> None:
    assert yes_no(flags("...."), flags("....")) == YesNo(1.0, None, None, 0, 4)
    assert yes_no(flags(""), flags("")) == YesNo(None, None, None, 0, 0)
    assert share(flags("")).value is None


def test_each_class_is_judged_against_the_rest() -> None:
    figures = one_against_rest(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 1]), ["a", "b", "c"])

    assert figures["a"] == YesNo(accuracy=0.75, precision=1.0, recall=0.5, positives=2, pictures=4)
    assert figures["b"] == YesNo(accuracy=0.5, precision=1 / 3, recall=1.0, positives=1, pictures=4)
    assert figures["c"] == YesNo(accuracy=0.75, precision=None, recall=0.0, positives=1, pictures=4)


def test_rows_of_the_matrix_are_the_true_classes() -> None:
    counts = confusion(np.array([0, 0, 0, 2]), np.array([0, 1, 1, 0]), 3)

    assert counts.tolist() == [[1, 2, 0], [0, 0, 0], [1, 0, 0]]


@given(PLACES, PLACES)
def test_the_figures_are_scikit_learns(truth: np.ndarray, said: np.ndarray) -> None:
    assert confusion(truth, said, 4).tolist() == confusion_matrix(truth, said, labels=range(4)).tolist()
    ours = yes_no(truth == 1, said == 1)
    assert ours.accuracy == pytest.approx(accuracy_score(truth == 1, said == 1))
    if ours.precision is not None:
        assert ours.precision == pytest.approx(precision_score(truth == 1, said == 1))
    if ours.recall is not None:
        assert ours.recall == pytest.approx(recall_score(truth == 1, said == 1))


def test_the_interval_of_a_share_is_wilsons() -> None:
    # 9 of 10: centre (0.9 + 3.8415/20) / 1.38415, reach 1.96/1.38415 x sqrt(0.009 + 3.8415/400).
    found = share(flags("xxxxxxxxx."))

    assert found.value == 0.9
    assert [found.low, found.high] == pytest.approx([0.5958, 0.9821], abs=1e-4)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_lies_between_none_and_all(counts: tuple[int, int]) -> None:
    right, n = counts

    found = share(np.arange(n) < right)

    assert found.value is not None
    assert 0.0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1.0
