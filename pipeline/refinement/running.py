"""Steps, one phase after another, until the time is up, nothing improves any more, or a stop is requested."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.refinement.callbacks import Callbacks
from pipeline.refinement.method import Phase, State
from pipeline.refinement.refinement import Ended
from pipeline.refinement.time_limit import TimeLimit
from pipeline.stopping import Stopped

Kind = tuple[object, ...]
# Seconds from one preview to the next.
BETWEEN_PREVIEWS: Final = 3.0
# A step that took long is expected again, from step to step a little less.
FADING: Final = 0.9


@dataclass(frozen=True)
class Course:
    """How the steps went.

    Attributes:
        state: after the last one.
        steps: how many there were, by phase.
        ended: why there were no more.
    """

    state: State
    steps: dict[str, int]
    ended: Ended


class Running:
    """Runs the phases of one refinement.

    Args:
        limit: of the whole refinement.
        callbacks: the caller's.
        rehearsed: kinds of steps that this process has traced; ``kind`` tells them apart. Added to.
        show: makes a preview of a state and hands it on.
    """

    def __init__(
        self,
        limit: TimeLimit,
        callbacks: Callbacks,
        rehearsed: set[Kind],
        kind: Kind,
        show: Callable[[State], None],
    ) -> None:
        self.limit, self.callbacks, self.show = limit, callbacks, show
        self.rehearsed, self.kind = rehearsed, kind
        self._shown, self._stop_requested = limit.elapsed, False

    def through(self, phases: Sequence[Phase], state: State) -> Course:
        """Run the phases.

        Raises:
            Stopped: ``stopped()`` was true before a step.
            RuntimeError: the loss is no number any more.
        """
        self._rehearse(phases, state)
        steps: dict[str, int] = {}
        ended: Ended = "time"
        for phase in phases:
            state, steps[phase.name], over = self._phase(phase, state)
            ended = "enough" if self._stop_requested else "no improvement" if over else "time"
        return Course(state, steps, ended)

    def _rehearse(self, phases: Sequence[Phase], state: State) -> None:
        """Take a step of each kind that is new to this process, for nothing.

        The first is traced and compiled, which takes as long as hundreds of steps. Afterwards it is known
        what a step costs, and the limit can be kept.
        """
        for phase in phases:
            for number in phase.first_of_kind:
                kind = (*self.kind, phase.name, number)
                if kind not in self.rehearsed and not self._ends_early():
                    phase.advance(state, number)
                    self.rehearsed.add(kind)
                    self.callbacks.report(self.limit.share)

    def _phase(self, phase: Phase, state: State) -> tuple[State, int, bool]:
        """State afterwards, number of steps, whether it ended because nothing improved."""
        step, expected = 0, 0.0
        while self.limit.allows(expected, until=phase.until) and not self._ends_early():
            began = self.limit.elapsed
            state, loss = phase.advance(state, step)
            expected = max(self.limit.elapsed - began, FADING * expected)
            if not math.isfinite(loss):
                raise RuntimeError(f"the loss of {phase.name} is no number after {step + 1} steps")
            step += 1
            self.callbacks.report(self.limit.share)
            self._preview(state)
            if phase.plateau.reached(loss):
                return state, step, True
        return state, step, False

    def _ends_early(self) -> bool:
        """Whether a stop was requested, now or before; Stopped if the refinement was cancelled."""
        if self.callbacks.stopped():
            raise Stopped
        self._stop_requested = self._stop_requested or self.callbacks.stop_requested()
        return self._stop_requested

    def _preview(self, state: State) -> None:
        if self.limit.elapsed - self._shown >= BETWEEN_PREVIEWS:
            self.show(state)
            self._shown = self.limit.elapsed
