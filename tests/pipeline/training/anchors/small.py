"""A training from anchors of the smallest sizes."""

from dataclasses import replace

import numpy as np

from pipeline.networks.stylegan2 import StyleGAN2Config
from pipeline.training.anchors.config import AnchorTraining

SIDE = 32
SMALL = AnchorTraining(
    network=StyleGAN2Config(
        resolution=SIDE, channel_base=256, channel_max=16, z_dim=16, w_dim=24, mapping_layers=2
    ),
    components=6,
    coder_width=16,
    batch=8,
    learning_rate=0.01,
    ema_kimg=0.1,
    flow_steps=300,
    mapping_steps=300,
    draws=2048,
)
HALF = replace(SMALL, network=replace(SMALL.network, resolution=SIDE // 2))


def coloured(count: int = 40, side: int = SIDE) -> np.ndarray:
    """Pictures uint8 (count, side, side, 3), each of two colours, left and right."""
    halves = np.random.default_rng(4).integers(0, 256, (count, 1, 2, 3), dtype=np.uint8)
    return np.repeat(np.repeat(halves, side, axis=1), side // 2, axis=2)
