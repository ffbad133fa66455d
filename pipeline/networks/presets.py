"""Sizes of the networks by name: a preset is data."""

from typing import Final

from pipeline.networks.encoder.config import EncoderConfig
from pipeline.networks.stylegan2.config import StyleGAN2Config

GENERATORS: Final = {
    "thesis-128": StyleGAN2Config(resolution=128, channel_base=32768, channel_max=512),
    "thesis-256": StyleGAN2Config(resolution=256, channel_base=16384, channel_max=512, minibatch_std_group=8),
    "demo": StyleGAN2Config(resolution=128, channel_base=4096, channel_max=96, mapping_layers=4),
}

ENCODERS: Final = {
    "thesis-128": EncoderConfig(
        resolution=128, num_ws=12, backbone="EfficientNetB7", backbone_weights="imagenet"
    ),
    "demo": EncoderConfig(
        resolution=128, num_ws=12, backbone_widths=(32, 32, 64, 128, 192), pyramid_channels=128
    ),
}
