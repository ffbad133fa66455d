"""The coder: from what is seen of a picture to its w."""

from typing import Any

import keras
from keras import layers, ops

Tensor = Any


class Coder(keras.Model):
    """Components of a picture (batch, components) → code (batch, w_dim) of mean square 1.

    Two hidden layers and a linear path beside them. Codes lie on a sphere, so noise of one size means the
    same everywhere.
    """

    def __init__(self, components: int, width: int, w_dim: int, **kwargs: Any) -> None:
        super().__init__(name="coder", **kwargs)
        self.hidden = [layers.Dense(width, activation="gelu", name=f"hidden{i}") for i in range(2)]
        self.out = layers.Dense(w_dim, name="out")
        self.straight = layers.Dense(w_dim, use_bias=False, name="straight")
        size = components
        for layer in self.hidden:
            layer.build((None, size))
            size = width
        self.out.build((None, width))
        self.straight.build((None, components))
        self.built = True

    def call(self, seen: Tensor) -> Tensor:
        x = seen
        for layer in self.hidden:
            x = layer(x)
        code = self.out(x) + self.straight(seen)
        return code * ops.rsqrt(ops.mean(ops.square(code), axis=-1, keepdims=True) + 1e-8)
