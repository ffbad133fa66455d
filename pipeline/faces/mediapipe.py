"""MediaPipe's networks, run by OpenVINO on the processor, without MediaPipe or TensorFlow."""

import hashlib
import threading
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pipeline.command_line import BadInput

FOLDER: Final = Path(__file__).with_name("weights")
"""Where the files lie, with their licence and a NOTICE on where they come from."""
DIGESTS: Final = {
    "face_detection_short_range": "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
    "face_landmark": "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
    "selfie_segmentation": "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
}
"""SHA-256 of each ``NAME.tflite``."""
# These networks take a millisecond or two on one core; more threads cost more than they bring.
THREADS: Final = 1


class Network:
    """One of the networks, compiled when it is first used; several threads may use it.

    OpenVINO is imported with the first one (0.2 s); compiling takes 0.15 s.

    Args:
        name: of ``DIGESTS``.
        threads: how many of the processor's cores one call may take.
        folder: where the files are.
    """

    def __init__(self, name: str, *, threads: int = THREADS, folder: Path = FOLDER) -> None:
        if name not in DIGESTS:
            raise ValueError(f"No network is known as {name}: choose of {', '.join(DIGESTS)}.")
        self._name, self._threads, self._folder = name, threads, folder
        self._lock = threading.Lock()
        self._compiled: Any = None

    def __call__(self, x: npt.NDArray[np.float32]) -> list[npt.NDArray[np.float32]]:
        """Run one input, float32 (1, height, width, 3); the outputs in the network's order.

        Raises:
            BadInput: the network's file is missing or is another one.
        """
        with self._lock:
            if self._compiled is None:
                self._compiled = _compiled(self._checked(), self._threads)
            results = self._compiled(x)
            return [np.array(results[number], np.float32) for number in range(len(results))]

    def _checked(self) -> Path:
        path = self._folder / f"{self._name}.tflite"
        try:
            data = path.read_bytes()
        except OSError as error:
            raise BadInput(f"The network {path} cannot be read: {error.strerror}.") from error
        if hashlib.sha256(data).hexdigest() != DIGESTS[self._name]:
            raise BadInput(f"{path} is not the network that LiGAN was made for: its SHA-256 differs.")
        return path


def _compiled(path: Path, threads: int) -> Any:
    from openvino import Core
    from openvino.frontend import ConversionExtension

    core = Core()
    core.add_extension(ConversionExtension("Convolution2DTransposeBias", _transposed_convolution))
    settings = {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32"}
    return core.compile_model(core.read_model(path), "CPU", settings)


def _transposed_convolution(node: Any) -> Any:
    """MediaPipe's own operator: x (n, height, width, in), kernel (out, 2, 2, in), bias (out).

    Strides of two without overlap, so that there is nothing to pad.
    """
    from openvino import opset13 as ops

    x, kernel, bias = (node.get_input(number) for number in range(3))
    channels_first, out_last = ops.transpose(x, [0, 3, 1, 2]), ops.transpose(kernel, [3, 0, 1, 2])
    result = ops.convolution_backprop_data(channels_first, out_last, strides=[2, 2])
    return ops.add(ops.transpose(result, [0, 2, 3, 1]), bias).outputs()
