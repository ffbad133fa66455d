"""The encoder: a face in, w+ out (thesis §3.4.3; Richardson et al. 2021)."""

from typing import Any

import keras
import numpy as np
from keras import ops

from pipeline.networks.backbones import applications
from pipeline.networks.encoder.config import EncoderConfig

Tensor = Any


class StyleNormalisation(keras.layers.Layer):
    """Normalise each row of w+ as the mapping network normalises z, then give it w's own mean and deviation.

    Without it training sometimes diverges (thesis §3.4.3). ``centre`` and ``scale`` start from the statistics
    of the generator's w (:meth:`adapt`) and are trained with the rest.

    Call arguments:
        x: float (batch, num_ws, w_dim).

    Returns:
        w+: float32 (batch, num_ws, w_dim).
    """

    def build(self, shape: tuple[int | None, ...]) -> None:
        rows, size = int(shape[1] or 0), int(shape[2] or 0)
        self.centre = self.add_weight(shape=(rows, size), initializer="zeros", name="centre")
        self.scale = self.add_weight(shape=(rows, size), initializer="ones", name="scale")
        self.built = True

    def adapt(self, w: np.ndarray) -> None:
        """Take mean and deviation from samples of w, float (samples, w_dim)."""
        self.centre.assign(np.broadcast_to(w.mean(axis=0), self.centre.shape))
        self.scale.assign(np.broadcast_to(w.std(axis=0), self.scale.shape))

    def call(self, x: Tensor) -> Tensor:
        x = ops.cast(x, "float32")
        x = x * ops.rsqrt(ops.mean(ops.square(x), axis=-1, keepdims=True) + 1e-8)
        return ops.cast(self.centre, "float32") + ops.cast(self.scale, "float32") * x


def backbone(config: EncoderConfig) -> keras.Model:
    """The backbone that ``config`` names: image (batch, r, r, 3) in [-1, 1] → [c3, c4, c5], finest first."""
    return small(config) if config.backbone == "small" else efficientnet(config)


def small(config: EncoderConfig) -> keras.Model:
    """A residual network of a few million operations a pixel-thousand: for CPUs and small faces.

    Each level halves the side and has one residual block.
    """
    image = x = keras.Input((config.resolution, config.resolution, 3), name="image")
    levels = []
    for number, width in enumerate(config.backbone_widths, start=1):
        x = convolved(x, width, strides=2, name=f"level{number}_down")
        inner = convolved(x, width, name=f"level{number}_inner")
        inner = keras.layers.Conv2D(width, 3, padding="same", use_bias=False, name=f"level{number}_outer")(
            inner
        )
        inner = keras.layers.BatchNormalization(gamma_initializer="zeros", name=f"level{number}_outer_norm")(
            inner
        )
        x = keras.layers.ReLU(name=f"level{number}_out")(
            keras.layers.Add(name=f"level{number}_add")([x, inner])
        )
        levels.append(x)
    return keras.Model(image, levels[-3:], name="backbone")


def convolved(x: Tensor, width: int, *, name: str, strides: int = 1) -> Tensor:
    """Convolution 3x3, batch normalisation, ReLU."""
    x = keras.layers.Conv2D(width, 3, strides=strides, padding="same", use_bias=False, name=name)(x)
    return keras.layers.ReLU(name=f"{name}_relu")(keras.layers.BatchNormalization(name=f"{name}_norm")(x))


def efficientnet(config: EncoderConfig) -> keras.Model:
    """An EfficientNet of ``keras.applications``; c3, c4, c5 are the last outputs before the side halves."""
    image = keras.Input((config.resolution, config.resolution, 3), name="image")
    network = applications.efficientnet(config.backbone, config.backbone_weights, image)
    last: dict[int, Tensor] = {}
    for layer in network.layers:
        if (
            layer.name.endswith("_add")
            or layer.name.endswith("_project_bn")
            or layer.name == "top_activation"
        ):
            last[layer.output.shape[1]] = layer.output
    return keras.Model(image, [last[side] for side in sorted(last, reverse=True)][-3:], name="backbone")


def pyramid(c3: Tensor, c4: Tensor, c5: Tensor, channels: int) -> tuple[Tensor, Tensor, Tensor]:
    """Feature pyramid (Lin et al. 2017; thesis §1.2.2): lateral 1x1, top-down sum, 3x3 smoothing."""
    p5 = keras.layers.Conv2D(channels, 1, name="lateral5")(c5)
    p4 = doubled_plus(p5, keras.layers.Conv2D(channels, 1, name="lateral4")(c4), "4")
    p3 = doubled_plus(p4, keras.layers.Conv2D(channels, 1, name="lateral3")(c3), "3")
    p3, p4, p5 = (
        keras.layers.Conv2D(channels, 3, padding="same", name=f"smooth{level}")(p)
        for level, p in ((3, p3), (4, p4), (5, p5))
    )
    return p3, p4, p5


def doubled_plus(coarse: Tensor, fine: Tensor, level: str) -> Tensor:
    """Coarse maps at twice their side, added to the finer ones."""
    doubled = keras.layers.UpSampling2D(2, name=f"up{level}")(coarse)
    return keras.layers.Add(name=f"sum{level}")([doubled, fine])


def map2style(x: Tensor, config: EncoderConfig, name: str) -> Tensor:
    """Halving convolutions down to one pixel, then one row of w+ (batch, 1, w_dim)."""
    step = 0
    while x.shape[1] > 1:
        x = keras.layers.Conv2D(
            config.pyramid_channels, 3, strides=2, padding="same", name=f"{name}_conv{step}"
        )(x)
        x = keras.layers.LeakyReLU(negative_slope=0.01, name=f"{name}_relu{step}")(x)
        step += 1
    x = keras.layers.Flatten(name=f"{name}_flat")(x)
    x = keras.layers.Dense(config.w_dim, name=f"{name}_w")(x)
    return keras.layers.Reshape((1, config.w_dim), name=name)(x)


def build_encoder(config: EncoderConfig) -> keras.Model:
    """Make the network with fresh weights.

    Returns:
        Model: image float (batch, r, r, 3) in [-1, 1] →
        {"w_plus": float32 (batch, num_ws, w_dim), "features": float32 (batch, backbone's last width)}.
        Features are c5 averaged over the face: what resemblance between faces is measured with.
    """
    trunk = backbone(config)
    image = keras.Input((config.resolution, config.resolution, 3), name="image")
    c3, c4, c5 = trunk(image)
    p3, p4, p5 = pyramid(c3, c4, c5, config.pyramid_channels)
    rows = []
    for row in range(config.num_ws):
        source = p5 if row < config.coarse else p4 if row < config.coarse + config.medium else p3
        rows.append(map2style(source, config, f"map2style{row}"))
    stacked = keras.layers.Concatenate(axis=1, name="stack")(rows)
    w_plus = StyleNormalisation(name="normalisation", dtype="float32")(stacked)
    features = keras.layers.GlobalAveragePooling2D(name="features", dtype="float32")(c5)
    return keras.Model(image, {"w_plus": w_plus, "features": features}, name="encoder")
