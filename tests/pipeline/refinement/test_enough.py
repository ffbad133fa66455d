"""Whoever is content ends a refinement early, with what it has reached."""

import pytest

from pipeline.refinement import Callbacks, TimeLimit
from pipeline.refinement.method import Phase, State
from pipeline.refinement.plateau import Plateau
from pipeline.refinement.running import Course, Running


def run(*, content_after: int, phases: int = 2) -> tuple[Course, int]:
    """Steps that cost nothing, and how many were taken."""
    taken: list[int] = []

    def advance(state: State, number: int) -> tuple[State, float]:
        taken.append(number)
        return {"number": state["number"] + 1}, 1.0 / (1.0 + number)

    limit = TimeLimit(60.0, clock=lambda: 0.001 * len(taken))
    callbacks = Callbacks(stop_requested=lambda: len(taken) == content_after)  # said once, and not again
    running = Running(limit, callbacks, {("first", 0), ("second", 0)}, (), lambda state: None)
    steps = [Phase(name, 1.0, advance, Plateau(50, 0.001)) for name in ("first", "second")[:phases]]
    return running.through(steps, {"number": 0}), len(taken)


def test_no_step_of_any_phase_is_taken_once_it_is_enough() -> None:
    course, taken = run(content_after=7)

    assert (taken, course.steps) == (7, {"first": 7, "second": 0})
    assert course.state == {"number": 7}
    assert course.ended == "enough"


@pytest.mark.parametrize("phases", [1, 2])
def test_who_is_content_from_the_beginning_gets_what_it_began_with(phases: int) -> None:
    course, taken = run(content_after=0, phases=phases)

    assert (taken, course.state, course.ended) == (0, {"number": 0}, "enough")
