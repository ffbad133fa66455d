"""The classifier of photographs that ships reads what is measured, and speaks of any lineup."""

import numpy as np

from pipeline.appearance.look import look_of
from pipeline.appearance.photograph import photograph_logits, shipped
from pipeline.appearance.standing_out import PHOTOGRAPH, Member, standing_out
from pipeline.appearance.traces import traces_of
from pipeline.faces.head import Head


def test_the_classifier_that_ships_knows_the_traces_that_are_measured(six: list[Head]) -> None:
    classifier = shipped()

    assert classifier is not None
    assert set(classifier.names) == set(traces_of(six[0]))
    assert (classifier.spread > 0).all()
    assert np.abs(classifier.weights).max() > 0


def test_the_check_counts_traces_of_a_photograph_among_its_aspects(six: list[Head]) -> None:
    logits = photograph_logits(six, shipped())
    members = [Member(look_of(head), None, logit) for head, logit in zip(six, logits, strict=True)]

    found = standing_out(members, 0)

    assert np.isfinite([logit for logit in logits if logit is not None]).all()
    assert PHOTOGRAPH in [aspect.name for aspect in found.aspects]


def test_the_order_of_members_changes_nobodys_logit(six: list[Head]) -> None:
    forwards = photograph_logits(six, shipped())
    backwards = photograph_logits(six[::-1], shipped())

    np.testing.assert_allclose(np.array(forwards, float), np.array(backwards[::-1], float))
