"""The generator: z → w (mapping network) → image (synthesis network). Karras et al. 2019, 2020."""

from collections.abc import Sequence
from typing import Any, Literal

import keras
from keras import ops

from pipeline.networks.stylegan2 import resampling
from pipeline.networks.stylegan2.config import StyleGAN2Config
from pipeline.networks.stylegan2.convolution import per_channel
from pipeline.networks.stylegan2.layers import EqualisedDense, ModulatedConv2D, arithmetic, leaky_relu

Tensor = Any
Noise = Literal["const", "none"] | Sequence[Tensor]


class MappingNetwork(keras.layers.Layer):
    """z (batch, z_dim) → w (batch, w_dim): pixel normalisation and a stack of slow-learning dense layers.

    Carries ``w_avg``, the running mean of w that truncation pulls towards.
    """

    def __init__(self, config: StyleGAN2Config, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.config = config
        self.dense = [
            EqualisedDense(
                config.w_dim, activate=True, lr_multiplier=config.mapping_lr_multiplier, name=f"fc{i}"
            )
            for i in range(config.mapping_layers)
        ]

    def build(self, z_shape: tuple[int | None, ...]) -> None:
        size = self.config.z_dim
        for layer in self.dense:
            layer.build((None, size))
            size = self.config.w_dim
        self.w_avg = self.add_weight(
            shape=(self.config.w_dim,), initializer="zeros", trainable=False, name="w_avg"
        )
        self.built = True

    def call(self, z: Tensor) -> Tensor:
        x = z * ops.rsqrt(ops.mean(ops.square(z), axis=-1, keepdims=True) + 1e-8)
        for layer in self.dense:
            x = layer(x)
        return x


class StyledConv(keras.layers.Layer):
    """Modulated convolution, noise, bias, leaky ReLU: one row of w+ goes in here.

    Call arguments:
        x: float maps; w: float (batch, w_dim); noise: "const" (the layer's own), "none", or
        float (batch or 1, resolution, resolution).
    """

    def __init__(self, config: StyleGAN2Config, resolution: int, *, up: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.config, self.resolution = config, resolution
        self.conv = ModulatedConv2D(
            config.channels(resolution), 3, up=up, data_format=config.data_format, name="conv"
        )

    def build(self, x_shape: tuple[int | None, ...], w_shape: tuple[int | None, ...]) -> None:
        self.conv.build(x_shape, w_shape)
        side = self.resolution
        self.noise_const = self.add_weight(
            shape=(side, side),
            trainable=False,
            name="noise_const",
            initializer=keras.initializers.RandomNormal(stddev=1.0),
        )
        self.noise_strength = self.add_weight(shape=(), initializer="zeros", name="noise_strength")
        self.bias = self.add_weight(shape=(self.conv.channels,), initializer="zeros", name="bias")
        self.built = True

    def call(self, x: Tensor, w: Tensor, noise: Any = "const") -> Tensor:
        order = self.config.data_format
        x = self.conv(x, w)
        if not (isinstance(noise, str) and noise == "none"):
            pattern = self.noise_const[None] if isinstance(noise, str) else noise
            pattern = ops.cast(pattern * self.noise_strength, x.dtype)
            x = x + (pattern[..., None] if order == "channels_last" else pattern[:, None])
        x = x + per_channel(ops.cast(self.bias, x.dtype)[None], order)
        return leaky_relu(x, clamp=self.config.conv_clamp)


class ToRGB(keras.layers.Layer):
    """1x1 modulated convolution without demodulation to image channels."""

    def __init__(self, config: StyleGAN2Config, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.config = config
        self.conv = ModulatedConv2D(
            config.image_channels, 1, demodulate=False, data_format=config.data_format, name="conv"
        )

    def build(self, x_shape: tuple[int | None, ...], w_shape: tuple[int | None, ...]) -> None:
        self.conv.build(x_shape, w_shape)
        self.bias = self.add_weight(shape=(self.config.image_channels,), initializer="zeros", name="bias")
        self.built = True

    def call(self, x: Tensor, w: Tensor) -> Tensor:
        x = self.conv(x, w)
        x = x + per_channel(ops.cast(self.bias, x.dtype)[None], self.config.data_format)
        return (
            x
            if self.config.conv_clamp is None
            else ops.clip(x, -self.config.conv_clamp, self.config.conv_clamp)
        )


class SynthesisBlock(keras.layers.Layer):
    """One resolution: (doubling convolution,) convolution, to-RGB; images are summed (skip generator).

    Row i of w+ feeds the first convolution, i+1 the second, i+2 to-RGB; the next block starts at i+2 again.
    """

    def __init__(self, config: StyleGAN2Config, resolution: int, **kwargs: Any) -> None:
        # The image stays float32 in mixed precision: it is the sum of all blocks.
        super().__init__(autocast=False, **kwargs)
        self.config, self.resolution = config, resolution
        self.first = resolution == 4
        self.convs = [StyledConv(config, resolution, up=False, name="conv1")]
        if not self.first:
            self.convs.insert(0, StyledConv(config, resolution, up=True, name="conv0"))
        self.to_rgb = ToRGB(config, name="torgb")

    def build(self, w_shape: tuple[int | None, ...]) -> None:
        channels, side = self.config.channels(self.resolution), self.resolution
        if self.first:
            self.const = self.add_weight(
                shape=(4, 4, channels), name="const", initializer=keras.initializers.RandomNormal(stddev=1.0)
            )
        else:
            self.convs[0].build(self.config.maps_shape(side // 2, self.config.channels(side // 2)), w_shape)
        self.convs[-1].build(self.config.maps_shape(side, channels), w_shape)
        self.to_rgb.build(self.config.maps_shape(side, channels), w_shape)
        self.built = True

    def start(self, batch: Tensor) -> Tensor:
        """The learned constant, once for each sample."""
        const = (
            self.const if self.config.data_format == "channels_last" else ops.transpose(self.const, (2, 0, 1))
        )
        const = ops.cast(const, self.compute_dtype)
        return ops.broadcast_to(const[None], (batch, *const.shape))

    def call(self, x: Tensor, image: Tensor, rows: Tensor, noise: Sequence[Any]) -> tuple[Tensor, Tensor]:
        for i, conv in enumerate(self.convs):
            x = conv(x, rows[:, i], noise=noise[i])
        rgb = ops.cast(self.to_rgb(x, rows[:, len(self.convs)]), "float32")
        return x, rgb if image is None else rgb + resampling.upsample(image, self.config.data_format)


class SynthesisNetwork(keras.layers.Layer):
    """w+ (batch, num_ws, w_dim) → image (batch, resolution, resolution, 3) in about [-1, 1], unclipped.

    Call arguments:
        ws: float (batch, num_ws, w_dim).
        noise: "const", "none", or one float (batch or 1, r, r) for each convolution, in order of depth.
    """

    def __init__(self, config: StyleGAN2Config, **kwargs: Any) -> None:
        # Each block casts w+ to its own precision.
        super().__init__(autocast=False, **kwargs)
        self.config = config
        self.blocks = []
        for r in config.resolutions:
            with arithmetic(config, r):
                self.blocks.append(SynthesisBlock(config, r, name=f"b{r}"))

    def build(self, ws_shape: tuple[int | None, ...]) -> None:
        for block in self.blocks:
            block.build((None, self.config.w_dim))
        self.built = True

    @property
    def noise_sides(self) -> list[int]:
        """Sides of the noise maps that ``noise`` takes, in order."""
        return self.config.noise_sides

    def call(self, ws: Tensor, noise: Noise = "const") -> Tensor:
        maps = [noise] * len(self.noise_sides) if isinstance(noise, str) else list(noise)
        ws = ops.cast(ws, self.blocks[0].compute_dtype)
        x, image, row, layer = self.blocks[0].start(ops.shape(ws)[0]), None, 0, 0
        for block in self.blocks:
            count = len(block.convs)
            x, image = block(x, image, ws[:, row : row + count + 1], noise=maps[layer : layer + count])
            row, layer = row + count, layer + count
        return image


class Generator(keras.Model):
    """z (batch, z_dim) → image. ``mapping`` and ``synthesis`` can be called alone.

    Args:
        config: the sizes.

    Call arguments:
        z: float (batch, z_dim).
        psi: truncation, 1 keeps w as it is, 0 gives the mean face (Karras et al. 2019, appendix B).
        noise: as for :class:`SynthesisNetwork`.
    """

    def __init__(self, config: StyleGAN2Config, name: str = "generator", **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.config = config
        with arithmetic(config, 0):
            self.mapping = MappingNetwork(config, name="mapping")
        self.synthesis = SynthesisNetwork(config, name="synthesis")
        self.mapping.build((None, config.z_dim))
        self.synthesis.build((None, config.num_ws, config.w_dim))
        self.built = True

    @property
    def noise_constants(self) -> list[Any]:
        """The constant noise maps, one for each convolution: drawn once, then part of the network."""
        return [v for v in self.non_trainable_variables if v.path.endswith("noise_const")]

    def broadcast(self, w: Tensor) -> Tensor:
        """w (batch, w_dim) → w+ (batch, num_ws, w_dim), the same row for each layer."""
        return ops.repeat(w[:, None], self.config.num_ws, axis=1)

    def truncate(self, ws: Tensor, psi: float, cutoff: int | None = None) -> Tensor:
        """Pull the first ``cutoff`` rows of w+ (all by default) towards ``w_avg``."""
        if psi == 1.0:
            return ws
        pulled = self.mapping.w_avg + psi * (ws - self.mapping.w_avg)
        return pulled if cutoff is None else ops.concatenate([pulled[:, :cutoff], ws[:, cutoff:]], axis=1)

    def call(self, z: Tensor, psi: float = 1.0, noise: Noise = "const") -> Tensor:
        return self.synthesis(self.truncate(self.broadcast(self.mapping(z)), psi), noise=noise)
