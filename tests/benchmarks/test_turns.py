"""How two works are measured beside each other."""

import pytest

from tests.benchmarks.turns import Turns, in_turns


def test_works_take_turns_after_one_call_each_that_is_not_measured() -> None:
    calls: list[str] = []

    turns = in_turns(lambda: calls.append("ours"), lambda: calls.append("theirs"), repeats=3)

    assert calls == ["ours", "theirs"] * 4
    assert len(turns.ours) == len(turns.theirs) == 3


def test_the_ratio_is_that_of_the_medians_and_above_one_where_ours_is_faster() -> None:
    turns = Turns(ours=[1.0, 2.0, 60.0], theirs=[9.0, 5.0, 6.0])

    assert turns.medians == (2.0, 6.0)
    assert turns.ratio == pytest.approx(3.0)
