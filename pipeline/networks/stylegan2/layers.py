"""The layers that StyleGAN2 is built from (Karras et al. 2020, sections 2 and 3)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
from keras import ops

from pipeline.networks.stylegan2.config import DataFormat, StyleGAN2Config
from pipeline.networks.stylegan2.convolution import convolve, modulated_convolve, per_channel
from pipeline.networks.stylegan2.fir import BINOMIAL, Fir, Taps

Tensor = Any
SQRT_HALF = float(np.sqrt(0.5))


@contextmanager
def arithmetic(config: StyleGAN2Config, resolution: int) -> Iterator[None]:
    """Layers made in here are of the block at ``resolution`` (0: before any), and compute as it does.

    Float16 has too little range for the first blocks, whose maps are small anyway: as published, only the
    last four then use it (``config.reduced_precision_blocks``).
    """
    policy, blocks = keras.config.dtype_policy(), config.reduced_precision_blocks
    if blocks is not None and resolution not in config.resolutions[len(config.resolutions) - blocks :]:
        keras.config.set_dtype_policy("float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(policy)


def leaky_relu(x: Tensor, *, gain: float = 1.0, clamp: float | None = None) -> Tensor:
    """Leaky ReLU of slope 0.2 times sqrt(2) (keeps the variance), times ``gain``, clamped to ±``clamp``."""
    x = ops.leaky_relu(x, negative_slope=0.2) * ops.cast(np.sqrt(2) * gain, x.dtype)
    return x if clamp is None else ops.clip(x, -clamp * gain, clamp * gain)


class EqualisedDense(keras.layers.Layer):
    """Fully connected layer with the learning rate equalised at run time (Karras et al. 2018, section 4.1).

    Weights are kept as N(0, 1) / lr_multiplier and scaled by lr_multiplier / sqrt(inputs) in the call.

    Args:
        units: outputs.
        activate: leaky ReLU with gain sqrt(2) after the bias, else linear.
        bias_init: initial bias as seen by the next layer (1 for style affines).
        lr_multiplier: learning rate relative to the rest of the network.

    Call arguments:
        x: float (batch, inputs).

    Returns:
        float (batch, units).
    """

    def __init__(
        self,
        units: int,
        *,
        activate: bool = False,
        bias_init: float = 0.0,
        lr_multiplier: float = 1.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.units, self.activate, self.bias_init, self.lr_multiplier = (
            units,
            activate,
            bias_init,
            lr_multiplier,
        )

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        inputs = int(input_shape[-1] or 0)
        self.gain = self.lr_multiplier / float(np.sqrt(inputs))
        normal = keras.initializers.RandomNormal(stddev=1.0 / self.lr_multiplier)
        self.kernel = self.add_weight(shape=(inputs, self.units), initializer=normal, name="kernel")
        constant = keras.initializers.Constant(self.bias_init / self.lr_multiplier)
        self.bias = self.add_weight(shape=(self.units,), initializer=constant, name="bias")
        self.built = True

    def call(self, x: Tensor) -> Tensor:
        kernel, bias = ops.cast(self.kernel, x.dtype), ops.cast(self.bias, x.dtype)
        x = ops.matmul(x, kernel) * self.gain + bias * self.lr_multiplier
        return leaky_relu(x) if self.activate else x


class EqualisedConv2D(keras.layers.Layer):
    """Convolution of the discriminator: equalised learning rate, optional halving, optional activation.

    Args:
        channels: output channels.
        kernel_size: 1 or 3.
        down: halve the side through ``fir``.
        activate: bias and leaky ReLU; otherwise neither (the skip branch).
        gain: factor on the output; the residual sum uses sqrt(1/2).
        clamp: largest absolute activation before ``gain``, or None.
        data_format: order of the axes.
        fir: taps of the resampling filter, along one axis or both.

    Call arguments:
        x: float (batch, height, width, channels_in), or channels first.

    Returns:
        float (batch, height', width', channels), or channels first.
    """

    def __init__(
        self,
        channels: int,
        kernel_size: int,
        *,
        down: bool = False,
        activate: bool = True,
        gain: float = 1.0,
        clamp: float | None = None,
        data_format: DataFormat = "channels_last",
        fir: Taps = BINOMIAL,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.channels, self.kernel_size, self.down, self.activate = channels, kernel_size, down, activate
        self.output_gain, self.clamp, self.data_format = gain, clamp, data_format
        self.fir = Fir.of(fir)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        inputs = int(input_shape[-1 if self.data_format == "channels_last" else 1] or 0)
        shape = (self.kernel_size, self.kernel_size, inputs, self.channels)
        self.weight_gain = 1.0 / float(np.sqrt(np.prod(shape[:3])))
        self.kernel = self.add_weight(
            shape=shape, initializer=keras.initializers.RandomNormal(stddev=1.0), name="kernel"
        )
        if self.activate:
            self.bias = self.add_weight(shape=(self.channels,), initializer="zeros", name="bias")
        self.built = True

    def call(self, x: Tensor) -> Tensor:
        kernel = ops.cast(self.kernel, x.dtype) * self.weight_gain
        x = convolve(x, kernel, self.data_format, resample="down" if self.down else None, fir=self.fir)
        if not self.activate:
            return x * self.output_gain
        x = x + per_channel(ops.cast(self.bias, x.dtype)[None], self.data_format)
        return leaky_relu(x, gain=self.output_gain, clamp=self.clamp)


class ModulatedConv2D(keras.layers.Layer):
    """Convolution with weights scaled per sample by a style, an affine function of w, and normalised again.

    See :func:`~pipeline.networks.stylegan2.convolution.modulated_convolve`.

    Args:
        channels: output channels.
        kernel_size: 1 or 3.
        up: double the side (transposed convolution, then ``fir``).
        demodulate: False for to-RGB layers, whose style is scaled by 1/sqrt(inputs) instead.
        data_format: order of the axes.
        fir: taps of the resampling filter, along one axis or both.

    Call arguments:
        x: float (batch, height, width, channels_in), or channels first.
        w: float (batch, w_dim).

    Returns:
        float (batch, height', width', channels), or channels first.
    """

    def __init__(
        self,
        channels: int,
        kernel_size: int,
        *,
        up: bool = False,
        demodulate: bool = True,
        data_format: DataFormat = "channels_last",
        fir: Taps = BINOMIAL,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.channels, self.kernel_size, self.up, self.demodulate = channels, kernel_size, up, demodulate
        self.data_format, self.fir = data_format, Fir.of(fir)

    def build(self, x_shape: tuple[int | None, ...], w_shape: tuple[int | None, ...]) -> None:
        inputs = int(x_shape[-1 if self.data_format == "channels_last" else 1] or 0)
        self.style_gain = 1.0 if self.demodulate else 1.0 / float(np.sqrt(inputs * self.kernel_size**2))
        self.affine = EqualisedDense(inputs, bias_init=1.0, name="affine", dtype=self.dtype_policy)
        self.affine.build(w_shape)
        # A transposed convolution reads its kernel as (height, width, out, in).
        in_out = (self.channels, inputs) if self.up else (inputs, self.channels)
        self.kernel = self.add_weight(
            shape=(self.kernel_size, self.kernel_size, *in_out),
            initializer=keras.initializers.RandomNormal(stddev=1.0),
            name="kernel",
        )
        self.built = True

    def call(self, x: Tensor, w: Tensor) -> Tensor:
        style = self.affine(w) * self.style_gain
        kernel = ops.cast(self.kernel, x.dtype)
        return modulated_convolve(
            x, kernel, style, self.data_format, up=self.up, demodulate=self.demodulate, fir=self.fir
        )


class MinibatchStd(keras.layers.Layer):
    """One more map with the mean deviation over groups of the batch (Karras et al. 2018, section 3).

    Sample i belongs to group i mod (batch / group): groups are strided, as in the published implementation.

    Args:
        group: samples a group; the batch must be divisible by min(group, batch).
        data_format: order of the axes.
    """

    def __init__(self, group: int, *, data_format: DataFormat = "channels_last", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.group, self.data_format = group, data_format

    def call(self, x: Tensor) -> Tensor:
        x_float = ops.cast(x, "float32")
        batch = x.shape[0] if x.shape[0] is not None else ops.shape(x)[0]
        group = min(self.group, batch) if isinstance(batch, int) else ops.minimum(self.group, batch)
        grouped = ops.reshape(x_float, (group, -1, *x.shape[1:]))
        variance = ops.mean(ops.square(grouped - ops.mean(grouped, axis=0)), axis=0)
        deviation = ops.mean(ops.sqrt(variance + 1e-8), axis=(1, 2, 3))
        maps = ops.tile(deviation, (group,))[:, None, None, None] * ops.ones_like(
            x_float[..., :1] if self.data_format == "channels_last" else x_float[:, :1]
        )
        return ops.concatenate(
            [x, ops.cast(maps, x.dtype)], axis=-1 if self.data_format == "channels_last" else 1
        )
