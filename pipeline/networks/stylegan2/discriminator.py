"""The discriminator: image → one logit, residual blocks (Karras et al. 2020, Figure 7)."""

from typing import Any

import keras
from keras import ops

from pipeline.networks.stylegan2.config import StyleGAN2Config
from pipeline.networks.stylegan2.layers import (
    SQRT_HALF,
    EqualisedConv2D,
    EqualisedDense,
    MinibatchStd,
    arithmetic,
)

Tensor = Any


class ResidualBlock(keras.layers.Layer):
    """conv 3x3, conv 3x3 halving, plus a halving 1x1 skip; both branches times sqrt(1/2).

    Call arguments:
        x: float (batch, r, r, channels(r)), or channels first.

    Returns:
        float (batch, r/2, r/2, channels(r/2)), or channels first.
    """

    def __init__(self, config: StyleGAN2Config, resolution: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.config, self.resolution = config, resolution
        narrow, wide = config.channels(resolution), config.channels(resolution // 2)
        order = config.data_format
        self.conv0 = EqualisedConv2D(narrow, 3, clamp=config.conv_clamp, data_format=order, name="conv0")
        self.conv1 = EqualisedConv2D(
            wide, 3, down=True, gain=SQRT_HALF, clamp=config.conv_clamp, data_format=order, name="conv1"
        )
        self.skip = EqualisedConv2D(
            wide, 1, down=True, activate=False, gain=SQRT_HALF, data_format=order, name="skip"
        )

    def build(self, x_shape: tuple[int | None, ...]) -> None:
        for layer in (self.conv0, self.conv1, self.skip):
            layer.build(x_shape)
        self.built = True

    def call(self, x: Tensor) -> Tensor:
        return self.skip(x) + self.conv1(self.conv0(x))


class Discriminator(keras.Model):
    """Image in [-1, 1] → logit (batch, 1): above zero for what looks like training data.

    Args:
        config: the sizes, those of the generator it is trained against.
    """

    def __init__(self, config: StyleGAN2Config, name: str = "discriminator", **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.config = config
        order, last = config.data_format, config.channels(4)
        with arithmetic(config, config.resolution):
            self.from_rgb = EqualisedConv2D(
                config.channels(config.resolution),
                1,
                clamp=config.conv_clamp,
                data_format=order,
                name="fromrgb",
            )
        self.blocks = []
        for r in reversed(config.resolutions[1:]):
            with arithmetic(config, r):
                self.blocks.append(ResidualBlock(config, r, name=f"b{r}"))
        with arithmetic(config, 4):
            group = config.minibatch_std_group
            self.minibatch_std = MinibatchStd(group, data_format=order, name="minibatch_std")
            self.conv = EqualisedConv2D(last, 3, clamp=config.conv_clamp, data_format=order, name="conv")
            self.fc = EqualisedDense(last, activate=True, name="fc")
            self.out = EqualisedDense(1, name="out")
        self.build_layers()

    def build_layers(self) -> None:
        """Create every weight now, so that loading needs no call."""
        self.from_rgb.build(self.config.maps_shape(self.config.resolution, self.config.image_channels))
        for block in self.blocks:
            block.build(self.config.maps_shape(block.resolution, self.config.channels(block.resolution)))
        last = self.config.channels(4)
        self.conv.build(self.config.maps_shape(4, last + 1))
        self.fc.build((None, 16 * last))
        self.out.build((None, last))
        self.built = True

    def call(self, image: Tensor) -> Tensor:
        return self.judge(self.maps(image))

    def maps(self, image: Tensor) -> Tensor:
        """What is seen in each picture by itself, before the pictures of a batch are compared: 4 x 4 maps."""
        x = self.from_rgb(ops.cast(image, self.compute_dtype))
        for block in self.blocks:
            x = block(x)
        return x

    def judge(self, maps: Tensor) -> Tensor:
        """The logits (batch, 1), float32, of pictures whose maps are given."""
        x = self.conv(self.minibatch_std(maps))
        if self.config.data_format == "channels_first":
            x = ops.transpose(x, (0, 2, 3, 1))  # one order of flattening, so that weights fit both
        x = self.fc(ops.reshape(x, (-1, 16 * self.config.channels(4))))
        return ops.cast(self.out(x), "float32")
