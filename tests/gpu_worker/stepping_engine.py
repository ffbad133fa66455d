"""The tiny engine, taken step by step: a test may act between two batches, as the world does."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.gpu_worker.tiny_engine import Stopped, TinyEngine


class SteppingEngine(TinyEngine):
    """Calls ``between`` before each of four batches, and stops when it is told to."""

    batches = 4

    def __init__(self, between: Callable[[int], object] = lambda batch: None) -> None:
        super().__init__()
        self.between = between

    def neighbours(  # type: ignore[override]
        self,
        w_plus: npt.NDArray[np.float32],
        *,
        report: Callable[[float], None],
        stopped: Callable[[], bool],
        **asked: Any,
    ) -> Any:
        self._step(report, stopped)
        return super().neighbours(w_plus, **asked)

    def interpolate(  # type: ignore[override]
        self,
        a: npt.NDArray[np.float32],
        b: npt.NDArray[np.float32],
        *,
        report: Callable[[float], None],
        stopped: Callable[[], bool],
        **asked: Any,
    ) -> Any:
        self._step(report, stopped)
        return super().interpolate(a, b, **asked)

    def step(self, step: int) -> None:
        self.between(step)

    def _step(self, report: Callable[[float], None], stopped: Callable[[], bool]) -> None:
        for batch in range(self.batches):
            self.between(batch)
            if stopped():
                raise Stopped
            report((batch + 1) / self.batches)
