"""How different two pictures look to a network: distance of its maps, each place normalised."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

import keras
from keras import ops

from pipeline.networks.backbones import LITE0, BackboneConfig, backbone
from pipeline.networks.backbones.lite0 import stage_ends

Tensor = Any
LOOK_STAGES: Final = (2, 3, 5, 7)
Look: TypeAlias = Callable[[Tensor], Sequence[Tensor]]
"""From pictures float32 (n, side, side, 3) in [-1, 1] to maps (n, h, w, channels), fine to coarse."""


def distance_of_maps(a: Sequence[Tensor], b: Sequence[Tensor]) -> Tensor:
    """Squared difference of unit vectors over channels, mean over places, sum over maps.

    Zhang et al. 2018 ("LPIPS") without learned weights.

    Args:
        a, b: maps float32 (n, height, width, channels) of the same layers.

    Returns:
        float32 (n,), differentiable.
    """
    distances = [
        ops.mean(ops.sum(ops.square(_unit(x) - _unit(y)), axis=-1), axis=(1, 2))
        for x, y in zip(a, b, strict=True)
    ]
    total = distances[0]
    for distance in distances[1:]:
        total = total + distance
    return total


def _unit(maps: Tensor) -> Tensor:
    return maps * ops.rsqrt(ops.sum(ops.square(maps), axis=-1, keepdims=True) + 1e-10)


def lite0_look(side: int) -> Look:
    """The eyes of EfficientNet-Lite0 as ImageNet trained it: maps after its stages 2, 3, 5 and 7.

    These are a 4th, 8th, 16th and 32nd of the side. In float32, whatever Keras' policy is.

    Raises:
        BackboneError: its weights are not installed.
    """
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    try:
        whole = backbone(BackboneConfig(name=LITE0, weights="imagenet"), side)
        ends = [whole.get_layer(name).output for name in stage_ends(LOOK_STAGES)]
        model = keras.Model(whole.input, ends, trainable=False)
    finally:
        keras.config.set_dtype_policy(policy)
    return lambda images: model(ops.cast(images, "float32"), training=False)
