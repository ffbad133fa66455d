"""The tiny engine, taken step by step: a test may act between two batches, as the world does."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.fillers import Page, SyntheticFace
from pipeline.stopping import Stopped
from tests.gpu_worker.tiny_engine import TinyEngine

Report = Callable[[float], None]
Asked = Callable[[], bool]


class SteppingEngine(TinyEngine):
    """Calls ``between`` before each of four batches, and stops when it is told to."""

    batches = 4

    def __init__(self, between: Callable[[int], object] = lambda batch: None) -> None:
        super().__init__()
        self.between = between

    def neighbours(  # type: ignore[override]
        self, w_plus: npt.NDArray[np.float32], *, report: Report, stopped: Asked, **asked: Any
    ) -> Page:
        self._step(report, stopped)
        return super().neighbours(w_plus, **asked)

    def interpolate(  # type: ignore[override]
        self, *inputs: npt.NDArray[np.float32], report: Report, stopped: Asked, **asked: Any
    ) -> list[SyntheticFace]:
        self._step(report, stopped)
        return super().interpolate(*inputs, **asked)

    def step(self, step: int) -> None:
        self.between(step)

    def _step(self, report: Report, stopped: Asked) -> None:
        for batch in range(self.batches):
            self.between(batch)
            if stopped():
                raise Stopped
            report((batch + 1) / self.batches)
