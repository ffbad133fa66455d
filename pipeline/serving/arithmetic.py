"""What computes, and how precisely: part of a face's recipe, since another rounds otherwise."""

from dataclasses import dataclass
from typing import Final

NAMES: Final = {
    "openvino": "OpenVINO", "tensorflow": "TensorFlow", "jax": "JAX", "numpy-opencv": "NumPy-OpenCV",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A runtime and its precision.

    Attributes:
        runtime: "openvino", or the name of a Keras backend; "numpy-opencv" of faces that no network made.
        version: the runtime's.
        precision: of its products; sums are float32 always.
    """

    runtime: str
    version: str
    precision: str = "float32"

    def __str__(self) -> str:
        return f"{NAMES.get(self.runtime, self.runtime)} {self.version}, {self.precision}"
