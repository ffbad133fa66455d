"""A run of the smallest networks, as a program: ``python short_run.py FOLDER IMAGES …``.

It shows discs to them with augmentation at work, to the first number of images; then it is made again and
goes on from its checkpoint to the next.
"""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops

from pipeline.networks.stylegan2 import StyleGAN2Config
from pipeline.training.stylegan2.config import TrainingConfig
from pipeline.training.stylegan2.run import StyleGAN2Run

SIDE = 8
TINY = TrainingConfig(
    network=StyleGAN2Config(
        resolution=SIDE,
        channel_base=64,
        channel_max=8,
        z_dim=8,
        w_dim=8,
        mapping_layers=2,
        minibatch_std_group=2,
    ),
    batch=4,
    learning_rate=0.004,
    r1_interval=4,
    path_interval=4,
    ema_kimg=0.1,
    ada_interval=2,
    ada_kimg=5.0,
)
#: The augmentation's probability grows whatever the logits are.
AUGMENTED = replace(TINY, ada_target=-2.0, ada_kimg=1.0)
#: The discriminator learns alone for the first fifty images.
ANCHORED = replace(AUGMENTED, anchor_weight=1.0, discriminator_kimg=0.05)
ROW_EVERY = 20


def discs() -> np.ndarray:
    """Sixteen pictures of a bright disc on a dark ground."""
    y, x = np.mgrid[:SIDE, :SIDE]
    random, pictures = np.random.default_rng(0), []
    for _ in range(16):
        level, radius = random.integers(128, 255), random.uniform(2, 3)
        disc = np.hypot(y - SIDE / 2 + 0.5, x - SIDE / 2 + 0.5) < radius
        pictures.append(np.repeat((disc * level)[..., None], 3, axis=2))
    return np.stack(pictures).astype(np.uint8)


def patches(images: Any) -> list[Any]:
    """Mean colours of patches of two and of four pixels."""
    return [ops.average_pool(images, side, strides=side, data_format="channels_last") for side in (2, 4)]


def unit_colours(pictures: Any) -> Any:
    """Who a picture is: its mean colour, as a direction."""
    colour = ops.mean(pictures, axis=(1, 2)) + 2.0
    return colour * ops.rsqrt(ops.sum(ops.square(colour), axis=-1, keepdims=True))


if __name__ == "__main__":
    for number in sys.argv[2:]:
        StyleGAN2Run(AUGMENTED, discs(), Path(sys.argv[1])).train(images=int(number), row_every=ROW_EVERY)
