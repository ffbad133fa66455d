"""faceres: who is it? A face's crop becomes a direction in 1024 dimensions; also age and sex."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
from keras import ops
from safetensors import SafetensorError
from safetensors.numpy import load

from pipeline.networks.batches import in_batches
from pipeline.networks.faceres.graph import Graph, GraphError, with_relu6
from pipeline.networks.faceres.network import GraphNetwork
from pipeline.networks.faceres.resampling import WHOLE, Frame

Tensor = Any
SHIPPED: Final = Path(__file__).parent
WEIGHTS: Final = "weights.safetensors"
DESCRIPTION: Final = "graph.json"
SIDE: Final = 224
# The mean that was taken off each channel in training: blue, green, red.
MEAN_BGR: Final = (103.94, 116.78, 123.68)
FEATURES, AGE, SEX = "global_pooling/Mean", "age_pred/Softmax", "gender_pred/Sigmoid"
BATCH: Final = 32
LIKELIEST_AGES: Final = 3


@dataclass(frozen=True)
class Looks:
    """What the network says of n faces.

    Attributes:
        features: float32 (n, 1024), not normalised.
        ages: float32 (n,), years.
        male: float32 (n,), 0..1.
    """

    features: np.ndarray
    ages: np.ndarray
    male: np.ndarray


class FaceEmbedder:
    """A MobileNet that tells people apart (HSE_FaceRec_tf, by way of vladmandic/human; see NOTICE).

    Faces come as square RGB crops: the detector's box (its longer side) times 1.1, same middle.
    ``framed.face_frame`` says where those lie in framed heads. The arithmetic is float32 always.

    Attributes:
        digest: SHA-256 of the weights' file.
    """

    size = 1024
    """Features of a face."""

    def __init__(self, graph: Graph, arrays: dict[str, np.ndarray], digest: str) -> None:
        self.digest = digest
        self.network = GraphNetwork(with_relu6(graph, arrays), arrays, name="faceres")
        self._compiled: dict[tuple[int, Frame], keras.Model] = {}

    @classmethod
    def load(cls, path: Path | None = None) -> "FaceEmbedder":
        """Read a folder that ``import-faceres`` wrote; the one that ships by default.

        Raises:
            GraphError: a file is missing or damaged, or of another network.
        """
        folder = SHIPPED if path is None else path
        graph = Graph.read(folder / DESCRIPTION)
        if missing := {FEATURES, AGE, SEX} - set(graph.outputs):
            raise GraphError(f"{folder / DESCRIPTION} is another network: it lacks {', '.join(missing)}")
        try:
            data = (folder / WEIGHTS).read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            if digest != graph.facts["sha256"][WEIGHTS]:
                raise GraphError(
                    f"{folder / WEIGHTS} is not the file that {DESCRIPTION} names: SHA-256 differs"
                )
            return cls(graph, load(data), digest)
        except (OSError, SafetensorError) as error:
            raise GraphError(f"{folder / WEIGHTS} cannot be read: {error}") from error

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
            x = ops.clip(frame.cut(x, SIDE), -1.0, 1.0)
        bgr = (ops.flip(x, axis=-1) + 1.0) * 127.5 - np.asarray(MEAN_BGR, np.float32)
        results: dict[str, Tensor] = self.network(bgr, names=tuple(names))
        return results

    def embed(self, crops: np.ndarray, frame: Frame = WHOLE, *, batch: int = BATCH) -> np.ndarray:
        """Crops uint8 (n, side, side, 3), RGB → float32 (n, 1024) of unit length."""
        features = self.look(crops, frame, batch=batch).features
        lengths = np.linalg.norm(features, axis=1, keepdims=True)
        return np.asarray(features / np.maximum(lengths, 1e-6), np.float32)

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


def expected_age(probabilities: np.ndarray) -> np.ndarray:
    """Mean of the likeliest ages, weighted: (n, 100) for 1..100 years → float32 (n,) years."""
    likeliest = np.argsort(probabilities, axis=1)[:, -LIKELIEST_AGES:]
    weights = np.take_along_axis(probabilities, likeliest, axis=1)
    years = np.sum(weights * (likeliest + 1.0), axis=1) / np.maximum(weights.sum(axis=1), 1e-12)
    return np.asarray(years, np.float32)
