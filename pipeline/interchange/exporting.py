"""From a bundle back to the published names and layouts."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.interchange.published_names import (
    generator_filters,
    generator_path,
    generator_shapes,
    resample_filter,
    to_published,
)
from pipeline.networks.bundle import Bundle
from pipeline.networks.stylegan2.config import StyleGAN2Config
from pipeline.whole_files import writing


def export_generator(bundle: Bundle, path: Path) -> None:
    """Write the generator's arrays, float32, as an ``.npz``, whole or not at all.

    The file has one array for each tensor of the published generator under its name, resampling filters
    included, and ``init_kwargs``: a text, the JSON of the arguments that build such a generator.
    """
    config = StyleGAN2Config.from_dict(bundle.manifest["generator"])
    content: dict[str, Any] = {
        "init_kwargs": np.asarray(json.dumps(init_kwargs(config))),
        **published_arrays(bundle),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with writing(path) as file:
        np.savez(file, **content)


def published_arrays(bundle: Bundle) -> dict[str, np.ndarray]:
    """Every tensor of the generator as the published implementation has it."""
    config = StyleGAN2Config.from_dict(bundle.manifest["generator"])
    ours = bundle.part("generator")
    weights = {
        name: np.ascontiguousarray(to_published(name, ours[generator_path(name)]), np.float32).reshape(shape)
        for name, shape in generator_shapes(config).items()
    }
    return weights | dict.fromkeys(generator_filters(config), resample_filter())


def init_kwargs(config: StyleGAN2Config) -> dict[str, Any]:
    """Arguments of the published generator's class for such a network."""
    kwargs: dict[str, Any] = {
        "z_dim": config.z_dim,
        "c_dim": 0,
        "w_dim": config.w_dim,
        "img_resolution": config.resolution,
        "img_channels": config.image_channels,
        "mapping_kwargs": {
            "num_layers": config.mapping_layers,
            "lr_multiplier": config.mapping_lr_multiplier,
        },
        "synthesis_kwargs": {
            "channel_base": config.channel_base,
            "channel_max": config.channel_max,
            "num_fp16_res": 0,
            "conv_clamp": config.conv_clamp,
        },
    }
    if config.widths is not None:
        # The published class has no such argument: its rule does not give these.
        kwargs["widths"] = dict(zip(map(str, config.resolutions), config.widths, strict=True))
    return kwargs
