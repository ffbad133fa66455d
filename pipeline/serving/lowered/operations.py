"""What the lowered networks are built of: OpenVINO's operations on maps (batch, channels, height, width)."""

from collections.abc import Sequence
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from openvino import opset15 as ops

from pipeline.serving.lowered.weights import Weights

Tensor: TypeAlias = Any
Padding: TypeAlias = Literal["same", "valid"] | int
FIRST: Final = (0, 3, 1, 2)
LAST: Final = (0, 2, 3, 1)
NORM_EPSILON: Final = 1e-3
"""Of Keras' batch normalisation."""


def constant(values: Any) -> Tensor:
    """Float32."""
    return ops.constant(np.ascontiguousarray(values, np.float32))


def axes(*numbers: int) -> Tensor:
    """Axes, sizes or places."""
    return ops.constant(np.array(numbers, np.int64))


def per_map(values: np.ndarray) -> Tensor:
    """(channels,) as something that multiplies maps or is added to them."""
    return constant(values.reshape(1, -1, 1, 1))


def beside_maps(values: Tensor) -> Tensor:
    """A tensor (batch, channels) as something that multiplies maps."""
    return ops.unsqueeze(values, axes(2, 3))


def channels_first(pictures: Tensor) -> Tensor:
    """(batch, height, width, channels) turned."""
    return ops.transpose(pictures, axes(*FIRST))


def channels_last(maps: Tensor) -> Tensor:
    """Maps turned."""
    return ops.transpose(maps, axes(*LAST))


def convolved(x: Tensor, kernel: np.ndarray, *, strides: int = 1, padding: Padding = "same") -> Tensor:
    """Convolution with a kernel (height, width, inputs, outputs)."""
    return ops.convolution(x, constant(kernel.transpose(3, 2, 0, 1)), **_geometry(strides, padding))


def filtered(x: Tensor, kernel: np.ndarray, *, strides: int = 1, padding: Padding = "same") -> Tensor:
    """Each map by itself, with a kernel (height, width, channels, 1)."""
    grouped = constant(kernel.transpose(2, 3, 0, 1)[:, :, None])
    return ops.group_convolution(x, grouped, **_geometry(strides, padding))


def _geometry(strides: int, padding: Padding) -> dict[str, Any]:
    margin = [padding, padding] if isinstance(padding, int) else [0, 0]
    auto = {"same": "same_upper", "valid": "valid"}.get(str(padding), "explicit")
    return {
        "strides": [strides, strides],
        "pads_begin": margin,
        "pads_end": margin,
        "dilations": [1, 1],
        "auto_pad": auto,
    }


def dense(x: Tensor, kernel: np.ndarray, bias: np.ndarray) -> Tensor:
    """Rows (batch, inputs) times a kernel (inputs, outputs), plus a bias."""
    return ops.add(ops.matmul(x, constant(kernel), False, False), constant(bias[None]))


def leaky_relu(x: Tensor, slope: float) -> Tensor:
    """x where it is positive, else x times ``slope``."""
    return ops.prelu(x, constant([slope]))


def convolution(
    x: Tensor, weights: Weights, inputs: int, outputs: int, side: int, *, strides: int = 1, bias: bool = True
) -> Tensor:
    """A convolutional layer of Keras, padded to keep the size."""
    x = convolved(x, weights.take("kernel", (side, side, inputs, outputs)), strides=strides)
    return ops.add(x, per_map(weights.take("bias", (outputs,)))) if bias else x


def depthwise(x: Tensor, weights: Weights, channels: int, side: int, *, strides: int = 1) -> Tensor:
    """A depthwise layer of Keras without bias, padded to keep the size."""
    return filtered(x, weights.take("kernel", (side, side, channels, 1)), strides=strides)


def dense_layer(x: Tensor, weights: Weights, inputs: int, outputs: int) -> Tensor:
    """A dense layer of Keras."""
    return dense(x, weights.take("kernel", (inputs, outputs)), weights.take("bias", (outputs,)))


def normalised(x: Tensor, weights: Weights, channels: int) -> Tensor:
    """Batch normalisation with the moments that training left behind."""
    gamma, beta, mean, variance = (
        weights.take(name, (channels,)) for name in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    factor = gamma / np.sqrt(variance + np.float32(NORM_EPSILON))
    return ops.add(ops.multiply(x, per_map(factor)), per_map(beta - mean * factor))


def doubled(x: Tensor) -> Tensor:
    """Each pixel of maps four times."""
    scales = ops.constant(np.array([2.0, 2.0], np.float32))
    return ops.interpolate(x, scales, "nearest", "scales", coordinate_transformation_mode="asymmetric",
                           nearest_mode="floor", axes=[2, 3])  # fmt: skip


def mean_of_maps(x: Tensor) -> Tensor:
    """(batch, channels)."""
    return ops.reduce_mean(x, axes(2, 3), False)


def largest_of_maps(x: Tensor) -> Tensor:
    """(batch, channels)."""
    return ops.reduce_max(x, axes(2, 3), False)


def stacked(rows: Sequence[Tensor]) -> Tensor:
    """Rows (batch, size) → (batch, rows, size)."""
    return ops.concat([ops.unsqueeze(row, axes(1)) for row in rows], 1)


def centred(pictures: Tensor) -> Tensor:
    """Bytes (batch, side, side, 3) → maps in [-1, 1]."""
    floats = ops.convert(pictures, "f32")
    return channels_first(ops.subtract(ops.divide(floats, constant(127.5)), constant(1.0)))
