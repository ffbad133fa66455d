"""Time that passes by the step, so that a refinement has as many steps everywhere."""

from pipeline.refinement import TimeLimit


class Clock:
    """A second passes each time that somebody looks."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


def looks(count: int) -> TimeLimit:
    """A limit that is over when the clock has been looked at so often; a step takes about six looks."""
    return TimeLimit(count, clock=Clock())
