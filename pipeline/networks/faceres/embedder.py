"""faceres: who is it? A face's crop becomes a direction in 1024 dimensions; also age and sex."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
from keras import ops

from pipeline.identity.files import SHIPPED, Network, read_network
from pipeline.identity.frame import WHOLE, Frame
from pipeline.identity.looks import AGE, FEATURES, MEAN_BGR, SEX, SIDE, SIZE, Looks, expected_age
from pipeline.networks.batches import in_batches
from pipeline.networks.faceres.network import GraphNetwork
from pipeline.networks.faceres.resampling import cut

Tensor = Any
BATCH: Final = 32


class FaceEmbedder:
    """A MobileNet that tells people apart (HSE_FaceRec_tf, by way of vladmandic/human).

    Its files and their NOTICE lie in ``pipeline/identity``, which runs them without Keras and has no slopes.

    Faces come as square RGB crops: the detector's box (its longer side) times 1.1, same middle.
    ``pipeline.identity.frame.face_frame`` says where those lie in framed heads. The arithmetic is always
    float32.

    Attributes:
        digest: SHA-256 of the weights' file.
    """

    size = SIZE
    """Features of a face."""

    def __init__(self, network: Network) -> None:
        self.digest = network.digest
        self.network = GraphNetwork(network.graph, network.arrays, name="faceres")
        self._compiled: dict[tuple[int, Frame], keras.Model] = {}

    @classmethod
    def load(cls, path: Path | None = None) -> "FaceEmbedder":
        """Read a folder that ``import-faceres`` wrote; the one that ships by default.

        Raises:
            GraphError: a file is missing or damaged, or of another network.
        """
        return cls(read_network(SHIPPED if path is None else path))

    def __call__(self, crops: Tensor, frame: Frame = WHOLE) -> Tensor:
        """Embed what a generator made, differentiably.

        Args:
            crops: float (n, side, side, 3), RGB in [-1, 1].
            frame: the part of them that is the face's crop.

        Returns:
            float32 (n, 1024) of unit length: the dot product of two is their similarity. One person: from
            about 0.7; two people: 0.4 ± 0.1.
        """
        features = self.activations(crops, (FEATURES,), frame)[FEATURES]
        return features * ops.rsqrt(ops.sum(ops.square(features), axis=-1, keepdims=True) + 1e-12)

    def activations(self, crops: Tensor, names: Sequence[str], frame: Frame = WHOLE) -> dict[str, Tensor]:
        """Results inside the network, by names of nodes of ``graph.json``; arguments as for a call."""
        x = ops.cast(crops, "float32")
        if frame != WHOLE or tuple(x.shape[1:3]) != (SIDE, SIDE):
            x = ops.clip(cut(frame, x, SIDE), -1.0, 1.0)
        bgr = (ops.flip(x, axis=-1) + 1.0) * 127.5 - np.asarray(MEAN_BGR, np.float32)
        results: dict[str, Tensor] = self.network(bgr, names=tuple(names))
        return results

    def embed(self, crops: np.ndarray, frame: Frame = WHOLE, *, batch: int = BATCH) -> np.ndarray:
        """Crops uint8 (n, side, side, 3), RGB → float32 (n, 1024) of unit length."""
        return self.look(crops, frame, batch=batch).directions()

    def look(self, crops: np.ndarray, frame: Frame = WHOLE, *, batch: int = BATCH) -> Looks:
        """Crops uint8 (n, side, side, 3), RGB → features, ages, sexes; ``batch`` of them at a time."""
        if crops.dtype != np.uint8 or crops.ndim != 4 or crops.shape[1] != crops.shape[2]:
            raise ValueError(f"crops are uint8 (n, side, side, 3), not {crops.dtype} {crops.shape}")
        model = self._model(int(crops.shape[1]), frame)

        def results(part: np.ndarray) -> dict[str, np.ndarray]:
            scaled = part.astype(np.float32) / np.float32(127.5) - np.float32(1.0)
            found: dict[str, np.ndarray] = model.predict_on_batch(scaled)
            return found

        whole = in_batches(results, crops, batch)
        return Looks(whole[FEATURES], expected_age(whole[AGE]), whole[SEX][:, 0])

    def _model(self, side: int, frame: Frame) -> keras.Model:
        if (side, frame) not in self._compiled:
            self._compiled[side, frame] = _Looking(self, frame)
        return self._compiled[side, frame]


class _Looking(keras.Model):
    """The embedder as a model, for Keras to compile on whichever backend runs."""

    def __init__(self, embedder: FaceEmbedder, frame: Frame) -> None:
        super().__init__(name="looking", dtype="float32")
        self.embedder, self.frame, self.network = embedder, frame, embedder.network
        self.built = True

    def call(self, crops: Tensor) -> dict[str, Tensor]:
        return self.embedder.activations(crops, (FEATURES, AGE, SEX), self.frame)
