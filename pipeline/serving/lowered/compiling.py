"""A lowered network compiled for this processor.

Nothing is kept on a disk: OpenVINO compiles a network in 0.05 to 0.3 s, and read what it had kept no faster
(docs/dev/performance.md).
"""

import threading
from functools import cache
from typing import Any, Final

import numpy as np
import openvino as ov

from pipeline.serving.arithmetic import Arithmetic, Precision

HINTS: Final = {"float32": "f32", "bfloat16": "bf16"}


@cache
def core() -> ov.Core:
    """OpenVINO, once for the process."""
    return ov.Core()


def arithmetic(precision: Precision = "float32") -> Arithmetic:
    """What OpenVINO's results are to be traced to: its version without that of its sources."""
    return Arithmetic("openvino", ov.__version__.partition("-")[0], precision)


class Compiled:
    """A network as a function of arrays; several threads may use it, one after the other.

    Args:
        model: as OpenVINO has it.
        precision: of products.
        threads: of the processor; 0: as many as there are cores.
    """

    def __init__(self, model: ov.Model, *, precision: Precision = "float32", threads: int = 0) -> None:
        settings: dict[str, Any] = {
            "INFERENCE_PRECISION_HINT": HINTS[precision],
            "PERFORMANCE_HINT": "LATENCY",
            **({"INFERENCE_NUM_THREADS": threads} if threads else {}),
        }
        self._lock = threading.Lock()
        self._run = core().compile_model(model, "CPU", settings)

    def __call__(self, *inputs: np.ndarray) -> list[np.ndarray]:
        """Results in the model's order, of inputs in its order."""
        with self._lock:
            results = self._run([np.ascontiguousarray(x) for x in inputs])
            return [np.array(results[place]) for place in range(len(results))]
