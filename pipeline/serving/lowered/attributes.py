"""The attribute models: faces in, probabilities out (thesis Figures 3.8 and 3.9)."""

from collections.abc import Mapping

import numpy as np
import openvino as ov
from openvino import opset15 as ops

from pipeline.networks.attributes.answers import FEATURES
from pipeline.networks.attributes.config import AttributeConfig, CelebAConfig
from pipeline.serving.lowered.backbones import lite0
from pipeline.serving.lowered.operations import (
    Tensor,
    channels_first,
    constant,
    dense_layer,
    largest_of_maps,
)
from pipeline.serving.lowered.weights import Weights


def attribute_model(
    config: AttributeConfig, arrays: Mapping[str, np.ndarray], *, side: int, batch: int
) -> ov.Model:
    """Pictures uint8 (batch, side, side, 3) → features and the probabilities of each head, float32, in the
    order of :func:`names`; on EfficientNet-Lite0.

    Args:
        side: of the pictures in pixels; another than the model's is resampled.

    Raises:
        BundleError: the weights are not those of such a network.
    """
    celeba = isinstance(config, CelebAConfig)
    weights = Weights(arrays, f"{'celeba' if celeba else 'fairface'} model")
    pictures = ops.parameter([batch, side, side, 3], np.uint8, name="pictures")
    x = _at_side(channels_first(ops.convert(pictures, "f32")), side, config.side)
    x = ops.subtract(ops.divide(x, constant(127.5)), constant(1.0))
    maps, width = lite0(x, weights, config.backbone.stages)
    features = largest_of_maps(maps)
    if not isinstance(config, CelebAConfig):
        for number, hidden in enumerate(config.dense, start=1):
            features = ops.relu(dense_layer(features, weights.at(f"hidden{number}"), width, hidden))
            width = hidden
    results = [features]
    for name, labels in config.heads.items():
        logits = dense_layer(features, weights.at(name), width, len(labels))
        results.append(ops.sigmoid(logits) if celeba else ops.softmax(logits, 1))
    weights.finish()
    return ov.Model(results, [pictures], "attributes")


def names(config: AttributeConfig) -> list[str]:
    """What the model's results are, in order."""
    return [FEATURES, *config.heads]


def _at_side(maps: Tensor, source: int, target: int) -> Tensor:
    if source == target:
        return maps
    matrix = bilinear(source, target)
    resized = ops.matmul(ops.matmul(constant(matrix), maps, False, False), constant(matrix.T), False, False)
    return ops.clamp(resized, 0.0, 255.0)


def bilinear(source: int, target: int) -> np.ndarray:
    """What ``target`` pixels of a side take of its ``source`` pixels, float32 (target, source): a triangle
    of two pixels of the coarser side, as ``keras.ops.image.resize`` has it with ``antialias``."""
    scale = source / target
    centres = (np.arange(target) + 0.5) * scale - 0.5
    distance = np.abs(np.arange(source)[None] - centres[:, None]) / max(scale, 1.0)
    weights = np.clip(1.0 - distance, 0.0, None)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)
