"""How an engine tells its caller where it is, and learns that nobody waits any more."""

from collections.abc import Callable

from pipeline.fillers import Step
from pipeline.stopping import Stopped


def ignore(fraction: float) -> None:
    """The default for ``report``."""


def never() -> bool:
    """The default for ``stopped``."""
    return False


def stepping(report: Callable[[float], None], stopped: Callable[[], bool]) -> Step:
    """Ask whether to stop, then report; raises :class:`Stopped`."""

    def step(fraction: float) -> None:
        if stopped():
            raise Stopped
        report(fraction)

    return step
