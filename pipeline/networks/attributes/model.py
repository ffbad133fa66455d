"""Attribute models, faces in, probabilities out: CelebA (thesis Figure 3.8) and FairFace (Figure 3.9)."""

from typing import Any

import keras
import numpy as np
from keras import ops

from pipeline.attributes.predictions import Attributes
from pipeline.networks.attributes.answers import BATCH, FEATURES, Combined, answer, checked_faces
from pipeline.networks.attributes.config import AttributeConfig, CelebAConfig, FairFaceConfig
from pipeline.networks.backbones import backbone
from pipeline.networks.batches import in_batches

Tensor = Any


class AttributeModel:
    """A CelebA or a FairFace model.

    Args:
        config: its sizes.
        network: with its weights; made afresh if not given.
    """

    def __init__(self, config: AttributeConfig, network: keras.Model | None = None) -> None:
        self.config = config
        self.network = build_network(config) if network is None else network
        self._predicting = _Predicting(self.network, config)

    @property
    def kind(self) -> str:
        """ "celeba" or "fairface"."""
        return "celeba" if isinstance(self.config, CelebAConfig) else "fairface"

    @property
    def features(self) -> int:
        """Length of the feature vector."""
        return int(self.network.output["features"].shape[-1])

    def predict(self, images: np.ndarray, *, batch: int = BATCH) -> Attributes:
        """What it says of faces, see :meth:`pipeline.networks.attributes.answers.Predictor.predict`."""
        found = in_batches(
            lambda part: self._predicting.predict_on_batch(part.astype(np.float32)),
            checked_faces(images),
            batch,
        )
        return answer(self.config, found)


class CombinedAttributes(Combined):
    """Both models as one: one call, one output (thesis §3.3.4).

    Args:
        celeba, fairface: one of them may be missing.
    """

    def __init__(self, celeba: AttributeModel | None, fairface: AttributeModel | None) -> None:
        self.models = tuple(model for model in (celeba, fairface) if model is not None)
        super().__init__(self.models)


def build_network(config: AttributeConfig) -> keras.Model:
    """Make the network with fresh heads; the backbone has the weights that its configuration names.

    Its two layers are models themselves: "backbone", which the first phase of training leaves as it is, and
    "heads", all that follows.

    Returns:
        Model: image float (batch, side, side, 3) in [-1, 1] → float32 logits by head,
        (batch, labels of ``config.heads[name]``), and ``"features"`` (batch, d): the last layer before
        the heads. Sigmoid of the CelebA model's logits and softmax of the FairFace model's are their
        probabilities.

    Raises:
        BackboneError: the backbone or its weights cannot be had.
    """
    image = keras.Input((config.side, config.side, 3), name="image")
    trunk = backbone(config.backbone, config.side)
    heads = build_heads(config, trunk.output.shape[1:])
    name = "celeba" if isinstance(config, CelebAConfig) else "fairface"
    return keras.Model(image, heads(trunk(image)), name=name)


def build_heads(config: AttributeConfig, shape: tuple[int, ...]) -> keras.Model:
    """Everything behind the backbone: maps (batch, *shape) → as :func:`build_network`."""
    maps = keras.Input(shape, name="maps")
    pooled = keras.layers.GlobalMaxPooling2D(name="pooled", dtype="float32")(maps)
    features = celeba_features(pooled, config) if isinstance(config, CelebAConfig) else hidden(pooled, config)
    l2 = config.l2 if isinstance(config, CelebAConfig) else 0.0
    regulariser = keras.regularizers.L2(l2) if l2 else None
    logits = {}
    for name, labels in config.heads.items():
        # Kernels of zeros: the biases alone, set to what is frequent, speak first.
        dense = keras.layers.Dense(
            len(labels),
            kernel_initializer="zeros",
            kernel_regularizer=regulariser,
            name=name,
            dtype="float32",
        )
        logits[name] = dense(features)
    return keras.Model(maps, {**logits, FEATURES: features}, name="heads")


def celeba_features(pooled: Tensor, config: CelebAConfig) -> Tensor:
    """Dropout alone: 2560 features with EfficientNetB7."""
    return keras.layers.Dropout(config.dropout, name="dropout", dtype="float32")(pooled)


def hidden(pooled: Tensor, config: FairFaceConfig) -> Tensor:
    """Dense layers with ReLU: 2048 features as in the thesis."""
    for number, width in enumerate(config.dense, start=1):
        pooled = keras.layers.Dense(width, activation="relu", name=f"hidden{number}", dtype="float32")(pooled)
    return pooled


class _Predicting(keras.Model):
    """Bytes in, probabilities out, for Keras to compile on whichever backend runs."""

    def __init__(self, network: keras.Model, config: AttributeConfig) -> None:
        super().__init__(name="predicting", dtype="float32")
        self.network, self.config = network, config
        self.built = True

    def call(self, images: Tensor) -> dict[str, Tensor]:
        side = self.config.side
        if tuple(images.shape[1:3]) != (side, side):
            images = ops.clip(ops.image.resize(images, (side, side), antialias=True), 0.0, 255.0)
        outputs = self.network(images / 127.5 - 1.0, training=False)
        activation = ops.sigmoid if isinstance(self.config, CelebAConfig) else ops.softmax
        return {
            name: ops.cast(value if name == "features" else activation(value), "float32")
            for name, value in outputs.items()
        }
