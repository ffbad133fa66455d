"""The networks of the CelebA model (thesis Figure 3.8) and the FairFace model (Figure 3.9)."""

from typing import Any, Final

import keras

from pipeline.networks.attributes.config import AttributeConfig, CelebAConfig, FairFaceConfig
from pipeline.networks.backbones import backbone

Tensor = Any
FEATURES: Final = "features"


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
