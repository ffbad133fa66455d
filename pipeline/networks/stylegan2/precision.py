"""Which blocks use the arithmetic of Keras' dtype policy and which stay float32."""

from collections.abc import Iterator
from contextlib import contextmanager

import keras

from pipeline.networks.stylegan2.config import StyleGAN2Config


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
