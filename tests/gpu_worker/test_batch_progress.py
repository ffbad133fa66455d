"""Whoever drafts many lineups sees which one it is, what is going on and how long it still takes."""

import io

import pytest

from gpu_worker.batch_progress import BatchProgress
from gpu_worker.terminal import Terminal


class Clock:
    """Goes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Screen(io.StringIO):
    """A terminal that somebody watches."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_each_photograph_leaves_a_line_with_its_number_its_time_and_the_time_left(clock: Clock) -> None:
    log = io.StringIO()
    progress = BatchProgress(Terminal(log), 3, clock=clock)
    for name, end in (("a.jpg", 4.0), ("b.jpg", 6.0), ("c.jpg", 9.0)):
        progress.photograph(name)
        clock.now = end
        progress.finished()

    assert log.getvalue().splitlines() == [
        "1/3 a.jpg: 4.00 s, 0:00:08 left",
        "2/3 b.jpg: 2.00 s, 0:00:03 left",
        "3/3 c.jpg: 3.00 s",
    ]


def test_loading_the_models_is_not_counted_for_the_photographs_to_come(clock: Clock) -> None:
    log = io.StringIO()
    progress = BatchProgress(Terminal(log), 11, clock=clock)
    progress.photograph("a.jpg")
    clock.now = 10.0
    progress.finished(loading=8.0)

    assert "0:00:20 left" in log.getvalue()


def test_the_stage_that_is_going_on_is_shown_where_somebody_watches(clock: Clock) -> None:
    screen = Screen()
    progress = BatchProgress(Terminal(screen), 2, clock=clock)
    progress.photograph("a.jpg")
    clock.now = 8.0
    progress.finished()
    progress.photograph("b.jpg")
    progress.stage("generate")
    clock.now = 11.0
    progress.reached(0.5)

    assert screen.getvalue().endswith("2/2 b.jpg: generate 50%, 0:00:05 left")
