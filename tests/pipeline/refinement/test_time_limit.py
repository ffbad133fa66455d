"""Steps end before the time is up, whatever they cost."""

from collections.abc import Callable

import pytest

from pipeline.refinement import Callbacks, TimeLimit
from pipeline.refinement.method import Phase, State
from pipeline.refinement.plateau import Plateau
from pipeline.refinement.running import Course, Running
from pipeline.stopping import Stopped


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Working:
    """Steps that take so long and lower the loss by so much."""

    def __init__(
        self, seconds: Callable[[int], float], *, falling: float = 0.05, limit: float = 60.0
    ) -> None:
        self.clock, self.seconds, self.falling = Clock(), seconds, falling
        self.limit = TimeLimit(limit, self.clock)
        self.told: list[float] = []
        self.shown: list[float] = []
        self.taken = 0

    def advance(self, state: State, number: int) -> tuple[State, float]:
        self.clock.now += self.seconds(self.taken)
        self.taken += 1
        return {"number": state["number"] + 1}, 2.0 ** (-self.falling * number)

    def run(self, *, stopped: Callable[[], bool] = lambda: False, share: float = 0.4) -> Course:
        phases = [
            Phase("first", share, self.advance, Plateau(5, 0.001)),
            Phase("second", 1.0, self.advance, Plateau(5, 0.001)),
        ]
        callbacks = Callbacks(report=self.told.append, stopped=stopped)
        running = Running(self.limit, callbacks, set(), (), lambda _: self.shown.append(self.limit.elapsed))
        return running.through(phases, {"number": 0})


@pytest.mark.parametrize("seconds", [60.0, 120.0, 600.0])
def test_it_ends_within_a_second_of_the_limit(seconds: float) -> None:
    work = Working(lambda _: 0.3, limit=seconds)
    course = work.run()
    assert course.ended == "time"
    assert seconds - 1.0 <= work.limit.elapsed <= seconds


def test_tracing_counts() -> None:
    work = Working(lambda taken: 12.0 if taken < 2 else 0.3)
    work.run()
    assert 59.0 <= work.limit.elapsed <= 60.0


def test_a_machine_that_slows_down_is_not_overrun() -> None:
    work = Working(lambda taken: 0.1 * 1.02**taken)
    work.run()
    assert work.limit.elapsed <= 60.0


def test_a_step_that_once_took_long_does_not_end_it_early() -> None:
    work = Working(lambda taken: 5.0 if taken == 20 else 0.1)
    work.run()
    assert 59.0 <= work.limit.elapsed <= 60.0


def test_what_comes_after_the_last_step_is_kept_free() -> None:
    work = Working(lambda _: 0.3)
    work.limit.ending_takes(4.0)
    work.run()
    assert 53.0 <= work.limit.elapsed <= 56.0


def test_each_phase_has_its_share() -> None:
    work = Working(lambda _: 0.5)
    course = work.run(share=0.4)
    assert course.steps["first"] * 0.5 == pytest.approx(24, abs=2)
    assert course.steps["second"] * 0.5 == pytest.approx(35, abs=2)


def test_the_steps_of_the_rehearsal_are_dropped() -> None:
    course = Working(lambda _: 0.5).run()
    assert course.state["number"] == sum(course.steps.values())


def test_it_ends_early_when_nothing_improves() -> None:
    work = Working(lambda _: 0.3, falling=0.0)
    course = work.run()
    assert course.ended == "no improvement"
    assert course.steps == {"first": 10, "second": 10}


def test_progress_grows_up_to_one() -> None:
    work = Working(lambda _: 0.3)
    work.run()
    assert work.told == sorted(work.told)
    assert 0.9 < work.told[-1] <= 1.0


def test_it_is_shown_every_few_seconds() -> None:
    work = Working(lambda _: 0.3)
    work.run()
    assert len(work.shown) == pytest.approx(60 / 3.0, abs=3)


def test_no_step_is_taken_once_it_is_called_off() -> None:
    work = Working(lambda _: 0.3)
    with pytest.raises(Stopped):
        work.run(stopped=lambda: work.taken == 7)
    assert work.taken == 7


def test_a_loss_that_is_no_number_is_an_error() -> None:
    work = Working(lambda _: 0.3, falling=float("nan"))
    with pytest.raises(RuntimeError, match="no number"):
        work.run()


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan")])
def test_a_limit_is_a_positive_number(seconds: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        TimeLimit(seconds)
