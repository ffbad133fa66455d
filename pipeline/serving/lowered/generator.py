"""StyleGAN2's generator (Karras et al. 2020, sections 2 and 3), its mapping and its synthesis network.

The same function as :class:`pipeline.networks.stylegan2.Generator`: one convolution with shared weights for
the whole batch, its input scaled by the style and its output demodulated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import openvino as ov
from openvino import opset15 as ops

from pipeline.networks.stylegan2.config import StyleGAN2Config
from pipeline.networks.stylegan2.fir import BINOMIAL, Fir, padding_after_transposed, padding_up
from pipeline.serving.lowered.operations import (
    Tensor,
    axes,
    beside_maps,
    channels_last,
    constant,
    convolved,
    dense,
    filtered,
    leaky_relu,
    per_map,
)
from pipeline.serving.lowered.weights import Weights

FIR: Final = Fir.of(BINOMIAL)
#: Doubling inserts zeros; this keeps the mean.
DOUBLING_GAIN: Final = 4.0
SLOPE: Final = 0.2
SQRT_TWO: Final = float(np.sqrt(2.0))
EPSILON: Final = 1e-8


def mapping(config: StyleGAN2Config, arrays: Mapping[str, np.ndarray], batch: int) -> ov.Model:
    """z float32 (batch, z_dim) → w float32 (batch, w_dim).

    Raises:
        BundleError: the weights are not those of such a network.
    """
    weights = Weights(under("mapping/", arrays), "generator").at("mapping")
    weights.take("w_avg", (config.w_dim,))
    z = x = ops.parameter([batch, config.z_dim], np.float32, name="z")
    energy = ops.reduce_mean(ops.multiply(x, x), axes(1), True)
    x = ops.divide(x, ops.sqrt(ops.add(energy, constant(EPSILON))))
    inputs, rate = config.z_dim, config.mapping_lr_multiplier
    for number in range(config.mapping_layers):
        x = equalised(x, weights.at(f"fc{number}"), inputs, config.w_dim, rate=rate)
        x = activated(x, None)
        inputs = config.w_dim
    weights.finish()
    return ov.Model([x], [z], "mapping")


def synthesis(config: StyleGAN2Config, arrays: Mapping[str, np.ndarray], batch: int) -> ov.Model:
    """w+ float32 (batch, num_ws, w_dim), and one noise map float32 (1, side, side) for each convolution, in
    order → pictures uint8 (batch, r, r, 3).

    Raises:
        BundleError: the weights are not those of such a network.
    """
    weights = Weights(under("synthesis/", arrays), "generator").at("synthesis")
    ws = ops.parameter([batch, config.num_ws, config.w_dim], np.float32, name="ws")
    noise = [
        ops.parameter([1, side, side], np.float32, name=f"noise{number}")
        for number, side in enumerate(config.noise_sides)
    ]
    image = _image(config, weights, ws, noise, batch)
    weights.finish()
    return ov.Model([channels_last(to_bytes(image))], [ws, *noise], "synthesis")


def under(path: str, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The arrays whose path begins so."""
    return {name: array for name, array in arrays.items() if name.startswith(path)}


def to_bytes(image: Tensor) -> Tensor:
    """In about [-1, 1] → 0..255, ties to even."""
    levels = ops.round(ops.multiply(ops.add(image, constant(1.0)), constant(127.5)), "half_to_even")
    return ops.convert(ops.clamp(levels, 0.0, 255.0), "u8")


def _image(
    config: StyleGAN2Config, weights: Weights, ws: Tensor, noise: Sequence[Tensor], batch: int
) -> Tensor:
    rows = [
        ops.squeeze(row, axes(1)) for row in ops.split(ws, ops.constant(np.int64(1)), config.num_ws).outputs()
    ]
    maps = iter(noise)
    row, channels = 0, config.channels(4)
    const = weights.at("b4").take("const", (4, 4, channels))
    x = constant(np.repeat(const.transpose(2, 0, 1)[None], batch, axis=0))
    image: Tensor | None = None
    for side in config.resolutions:
        block, width = weights.at(f"b{side}"), config.channels(side)
        if side > 4:
            up = Layer(block.at("conv0"), config, channels, width, up=True)
            x, row = up.run(x, rows[row], next(maps)), row + 1
        x = Layer(block.at("conv1"), config, width, width).run(x, rows[row], next(maps))
        colours = to_rgb(x, rows[row + 1], block.at("torgb"), config, width)
        image = colours if image is None else ops.add(colours, doubled_image(image, config))
        row, channels = row + 1, width
    return image


@dataclass(frozen=True)
class Layer:
    """Modulated convolution, noise, bias, leaky ReLU.

    Attributes:
        inputs, outputs: maps that come and go.
        up: whether the side is doubled.
    """

    weights: Weights
    config: StyleGAN2Config
    inputs: int
    outputs: int
    up: bool = False

    def run(self, x: Tensor, w: Tensor, noise: Tensor) -> Tensor:
        """Maps and rows of w+ → maps."""
        style = _style(w, self.weights.at("conv"), self.config, self.inputs, gain=1.0)
        # A transposed convolution has its kernel as (height, width, out, in).
        in_out = (self.outputs, self.inputs) if self.up else (self.inputs, self.outputs)
        kernel = self.weights.at("conv").take("kernel", (3, 3, *in_out))
        energy = np.square(kernel).sum(axis=(0, 1))
        variance = ops.matmul(
            ops.multiply(style, style), constant(energy.T if self.up else energy), False, False
        )
        x = ops.multiply(x, beside_maps(style))
        x = _up(x, kernel) if self.up else convolved(x, kernel, padding=1)
        x = ops.divide(x, beside_maps(ops.sqrt(ops.add(variance, constant(EPSILON)))))
        x = ops.add(x, ops.unsqueeze(self._scaled(noise), axes(1)))
        bias = per_map(self.weights.take("bias", (self.outputs,)))
        return activated(ops.add(x, bias), self.config.conv_clamp)

    def _scaled(self, noise: Tensor) -> Tensor:
        side = int(noise.output(0).get_shape()[1])
        self.weights.take("noise_const", (side, side))  # noise is always that of a seed here
        return ops.multiply(noise, constant(self.weights.take("noise_strength", ())))


def _up(x: Tensor, kernel: np.ndarray) -> Tensor:
    """Transposed convolution of stride 2, then the filter."""
    outputs = kernel.shape[2]
    x = ops.convolution_backprop_data(x, constant(kernel.transpose(3, 2, 0, 1)), strides=[2, 2])
    (before, after) = padding_after_transposed(len(FIR.taps), kernel.shape[0])
    if before != after:
        raise ValueError("the filter of doubling is padded alike on both sides")
    taps = np.repeat(DOUBLING_GAIN * FIR.array[::-1, ::-1, None, None], outputs, axis=2)
    return filtered(x, taps, padding=before)


def to_rgb(x: Tensor, w: Tensor, weights: Weights, config: StyleGAN2Config, inputs: int) -> Tensor:
    """1x1 modulated convolution without demodulation to image channels."""
    style = _style(w, weights.at("conv"), config, inputs, gain=1.0 / float(np.sqrt(inputs)))
    kernel = weights.at("conv").take("kernel", (1, 1, inputs, config.image_channels))
    x = convolved(ops.multiply(x, beside_maps(style)), kernel)
    x = ops.add(x, per_map(weights.take("bias", (config.image_channels,))))
    return x if config.conv_clamp is None else ops.clamp(x, -config.conv_clamp, config.conv_clamp)


def doubled_image(image: Tensor, config: StyleGAN2Config) -> Tensor:
    """Twice the height and width, through the filter: zero insertion and filter are one transposed filter."""
    before, after = padding_up(len(FIR.taps))
    taps = np.repeat(DOUBLING_GAIN * FIR.array[None, None], config.image_channels, axis=0)[:, :, None]
    # Zeros inserted after each sample and `before` before the first are a transposed filter of which the
    # first taps - 1 - before samples are cut off.
    cut = len(FIR.taps) - 1 - before
    return ops.group_convolution_backprop_data(
        image, constant(taps), strides=[2, 2], pads_begin=[cut, cut], pads_end=[after, after]
    )


def _style(w: Tensor, weights: Weights, config: StyleGAN2Config, inputs: int, *, gain: float) -> Tensor:
    return equalised(w, weights.at("affine"), config.w_dim, inputs, gain=gain)


def equalised(
    x: Tensor, weights: Weights, inputs: int, outputs: int, *, rate: float = 1.0, gain: float = 1.0
) -> Tensor:
    """Dense layer with an equalised learning rate (Karras et al. 2018, section 4.1), times ``gain``."""
    kernel = weights.take("kernel", (inputs, outputs)) * np.float32(rate / np.sqrt(inputs) * gain)
    return dense(x, kernel, weights.take("bias", (outputs,)) * np.float32(rate * gain))


def activated(x: Tensor, clamp: float | None, gain: float = 1.0) -> Tensor:
    """Leaky ReLU of slope 0.2 times sqrt(2), times ``gain``, clamped to ±``clamp`` · ``gain``."""
    x = ops.multiply(leaky_relu(x, SLOPE), constant(SQRT_TWO * gain))
    return x if clamp is None else ops.clamp(x, -clamp * gain, clamp * gain)
