"""A lowered network compiled for this processor.

Nothing is kept on a disk: OpenVINO compiles a network in 0.05 to 0.3 s, and read what it had kept no faster
(docs/dev/performance.md).
"""

import threading
from functools import cache
from typing import Final

import numpy as np
import openvino as ov

from pipeline.serving.arithmetic import Arithmetic

#: Left to itself, OpenVINO takes bfloat16 where the processor has it. Twice as fast, that moves pixels by up
#: to 13 levels, which a machine without it could not make again, and similarities by 0.03 (performance.md).
PRECISION: Final = "f32"


@cache
def core() -> ov.Core:
    """OpenVINO, once for the process."""
    return ov.Core()


def arithmetic() -> Arithmetic:
    """What OpenVINO's results are to be traced to: its version without that of its sources."""
    return Arithmetic("openvino", ov.__version__.partition("-")[0])


class Compiled:
    """A network as a function of arrays; several threads may use it, one after the other.

    Args:
        model: as OpenVINO has it.
    """

    def __init__(self, model: ov.Model) -> None:
        settings = {"INFERENCE_PRECISION_HINT": PRECISION, "PERFORMANCE_HINT": "LATENCY"}
        self._lock = threading.Lock()
        self._run = core().compile_model(model, "CPU", settings)

    def __call__(self, *inputs: np.ndarray) -> list[np.ndarray]:
        """Results in the model's order, of inputs in its order."""
        with self._lock:
            results = self._run([np.ascontiguousarray(x) for x in inputs])
            return [np.array(results[place]) for place in range(len(results))]
