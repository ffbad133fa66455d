"""Convolutions that double or halve, and the modulated one, as pure functions of tensors."""

from typing import Any, Literal

import keras
from keras import ops

from pipeline.networks.stylegan2 import resampling
from pipeline.networks.stylegan2.config import DataFormat
from pipeline.networks.stylegan2.fir import Fir

Tensor = Any
Resample = Literal["up", "down"]


def per_channel(values: Tensor, data_format: DataFormat) -> Tensor:
    """Shape (n, channels) as something that multiplies a batch of maps."""
    return values[:, None, None, :] if data_format == "channels_last" else values[:, :, None, None]


def convolve(
    x: Tensor,
    kernel: Tensor,
    data_format: DataFormat,
    *,
    resample: Resample | None = None,
    fir: Fir = resampling.DEFAULT,
) -> Tensor:
    """Convolution (correlation, as networks have it), with the side kept, doubled or halved through ``fir``.

    Args:
        x: float (batch, height, width, inputs), or channels first; even sides for "down".
        kernel: float (k, k, inputs, outputs), k = 1 or 3. For "up" (k, k, outputs, inputs): a transposed
            convolution reads it so, and spreads each sample with it unflipped.

    Returns:
        float (batch, height', width', outputs), or channels first.
    """
    width = int(kernel.shape[0])
    if resample is None:
        return ops.conv(x, kernel, padding="same", data_format=data_format)
    if resample == "down":
        if width == 1:
            return ops.conv(resampling.downsample(x, data_format, fir), kernel, data_format=data_format)
        x = resampling.smooth_before_down(x, data_format, fir, width=width)
        return ops.conv(x, kernel, strides=2, padding="valid", data_format=data_format)
    if width == 1:
        x = ops.conv(x, ops.transpose(kernel, (0, 1, 3, 2)), data_format=data_format)
        return resampling.upsample(x, data_format, fir)
    x = ops.conv_transpose(x, kernel, strides=2, padding="valid", data_format=data_format)
    return resampling.smooth_after_up(x, data_format, fir, width=width)


def modulated_convolve(
    x: Tensor,
    kernel: Tensor,
    style: Tensor,
    data_format: DataFormat,
    *,
    up: bool = False,
    demodulate: bool = True,
    fir: Fir = resampling.DEFAULT,
) -> Tensor:
    """Convolution with weights scaled per sample by a style and normalised again.

    Karras et al. 2020, section 2.2. Scaling the input and the output instead of the weights is the same
    function and needs one shared convolution for the whole batch.

    Args:
        x, kernel: as for :func:`convolve`.
        style: float (batch, inputs), factor on each input map.
        demodulate: scale each output map to unit expected deviation.
    """
    if kernel.shape[0] == 1 and not up and not demodulate:
        return _styled_product(x, kernel[0, 0], style, data_format)
    if demodulate and keras.backend.standardize_dtype(x.dtype) == "float16":
        kernel, style = within_float16(kernel, style, up=up)
    y = convolve(
        x * per_channel(style, data_format), kernel, data_format, resample="up" if up else None, fir=fir
    )
    if not demodulate:
        return y
    return y * per_channel(ops.cast(demodulation(kernel, style, up=up), y.dtype), data_format)


def within_float16(kernel: Tensor, style: Tensor, *, up: bool) -> tuple[Tensor, Tensor]:
    """Kernel and style divided by what demodulation divides by anyway, so that no sum leaves float16.

    Each output map's weights by their largest times sqrt(fan in), each sample's style by its largest: the
    convolution of maps clamped to 256 then stays below 256 · sqrt(fan in).
    """
    inputs = kernel.shape[3 if up else 2]
    largest = ops.max(ops.abs(kernel), axis=(0, 1, 3) if up else (0, 1, 2), keepdims=True)
    fan_in = float(kernel.shape[0] * kernel.shape[1] * inputs)
    return kernel / (largest * fan_in**0.5), style / ops.max(ops.abs(style), axis=1, keepdims=True)


def _styled_product(x: Tensor, matrix: Tensor, style: Tensor, data_format: DataFormat) -> Tensor:
    """The 1x1 case as a product for each sample: to-RGB matrices are smaller than the maps, so scale them."""
    matrices = matrix * style[:, :, None]
    outputs = matrix.shape[1]
    if data_format == "channels_last":
        _, height, width, inputs = x.shape
        y = ops.matmul(ops.reshape(x, (-1, height * width, inputs)), matrices)
        return ops.reshape(y, (-1, height, width, outputs))
    _, inputs, height, width = x.shape
    y = ops.matmul(ops.transpose(matrices, (0, 2, 1)), ops.reshape(x, (-1, inputs, height * width)))
    return ops.reshape(y, (-1, outputs, height, width))


def demodulation(kernel: Tensor, style: Tensor, *, up: bool) -> Tensor:
    """Factor (batch, outputs) that gives each output map unit expected deviation; always float32."""
    energy = ops.sum(ops.square(ops.cast(kernel, "float32")), axis=(0, 1))
    energy = ops.transpose(energy) if up else energy
    return ops.rsqrt(ops.matmul(ops.square(ops.cast(style, "float32")), energy) + 1e-8)
