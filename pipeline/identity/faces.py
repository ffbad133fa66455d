"""faceres on a processor, without Keras: a crop becomes a direction in 1024 dimensions; also age and sex."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import openvino as ov
from openvino import opset15 as ops

from pipeline.identity.files import SHIPPED, Network, read_network
from pipeline.identity.looks import AGE, FEATURES, MEAN_BGR, SEX, SIDE, Looks, expected_age
from pipeline.identity.lowering import lowered

INNER: Final = ("conv_pw_5_relu/clip_by_value", "conv_pw_11_relu/clip_by_value")
"""Maps on the way whose means are kept too: 256 of edges and colours, 512 of parts of faces."""
INNER_SIZES: Final = (256, 512)
BATCH: Final = 8
"""Crops that are run at once; fewer are run as they are."""


class FaceIdentity:
    """faceres (see NOTICE) by OpenVINO: the same weights and, but for rounding, the same results as
    :class:`pipeline.networks.faceres.FaceEmbedder`, loaded in a fraction of a second.

    Crops are square and RGB: the detector's box (its longer side) times 1.1, same middle. ``crops`` cuts them
    out of a head by its landmarks. The arithmetic is float32.

    Attributes:
        digest: SHA-256 of the weights' file.
    """

    def __init__(self, network: Network, *, threads: int = 0, cache_folder: Path | None = None) -> None:
        """Compile.

        Args:
            threads: of the processor; 0: as OpenVINO thinks best.
            cache_folder: where OpenVINO may keep what it compiled, for processes to come.

        Raises:
            GraphError: an operation is not known, or its weights are missing.
        """
        self.digest = network.digest
        settings: dict[str, Any] = {
            "INFERENCE_PRECISION_HINT": "f32",
            "PERFORMANCE_HINT": "LATENCY",
            **({"INFERENCE_NUM_THREADS": threads} if threads else {}),
            **({"CACHE_DIR": str(cache_folder)} if cache_folder else {}),
        }
        crops = ops.parameter([-1, SIDE, SIDE, 3], np.uint8, name="crops")
        names = (FEATURES, AGE, SEX, *INNER)
        model = lowered(network.graph, network.arrays, _entering, crops, names)
        self._results = len(names)
        self._compiled = ov.Core().compile_model(model, "CPU", settings)

    @staticmethod
    def load(path: Path = SHIPPED, *, threads: int = 0, cache_folder: Path | None = None) -> "FaceIdentity":
        """Read a folder that ``import-faceres`` wrote, the one that ships by default; once for each process.

        Raises:
            GraphError: a file is missing or damaged, or of another network.
        """
        return _loaded(path, threads, cache_folder)

    def look(self, crops: np.ndarray) -> Looks:
        """Crops uint8 (n, 224, 224, 3), RGB → features, ages, sexes."""
        return self.inspect(crops)[0]

    def inspect(self, crops: np.ndarray) -> tuple[Looks, tuple[np.ndarray, ...]]:
        """As :meth:`look`, with the means of the maps of ``INNER``, float32 (n, 256) and (n, 512)."""
        if crops.dtype != np.uint8 or crops.ndim != 4 or crops.shape[1:] != (SIDE, SIDE, 3):
            raise ValueError(f"crops are uint8 (n, {SIDE}, {SIDE}, 3), not {crops.dtype} {crops.shape}")
        parts = [self._run(crops[start : start + BATCH]) for start in range(0, max(len(crops), 1), BATCH)]
        features, ages, male, *inner = (np.concatenate(results) for results in zip(*parts, strict=True))
        return Looks(features, expected_age(ages), male[:, 0]), tuple(inner)

    def embed(self, crops: np.ndarray) -> np.ndarray:
        """Crops uint8 (n, 224, 224, 3), RGB → float32 (n, 1024) of unit length.

        The dot product of two is their similarity. One person: from about 0.7; two people: 0.4 ± 0.1.
        """
        return self.look(crops).directions()

    def _run(self, crops: np.ndarray) -> Sequence[np.ndarray]:
        if not len(crops):  # OpenVINO takes no empty batch
            return [x[:0] for x in self._run(np.zeros((1, SIDE, SIDE, 3), np.uint8))]
        results = self._compiled(np.ascontiguousarray(crops))
        found = [np.array(results[place]) for place in range(self._results)]
        return [x.mean(axis=(1, 2)) if x.ndim == 4 else x for x in found]


@cache
def _loaded(path: Path, threads: int, cache_folder: Path | None) -> FaceIdentity:
    return FaceIdentity(read_network(path), threads=threads, cache_folder=cache_folder)


def _entering(crops: Any) -> Any:
    """uint8 RGB → float32 blue, green, red, less the mean of each, channels last."""
    centred = ops.subtract(ops.convert(crops, "f32"), ops.constant(np.array(MEAN_BGR[::-1], np.float32)))
    return ops.gather(centred, ops.constant(np.array([2, 1, 0])), ops.constant(3))
