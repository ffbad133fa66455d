"""A foreign network as data: arrays under their published names, and the few facts that no shape tells."""

import re
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from pipeline.interchange.published_names import (
    Shapes,
    discriminator_shapes,
    generator_shapes,
    resample_filter,
)
from pipeline.networks.stylegan2.config import StyleGAN2Config
from pipeline.pickles.unpickler import Unreadable, quoted

Arrays = dict[str, np.ndarray]
LARGEST_SIDE: Final = 2**14
SINGLE_OR_HALF: Final = (np.dtype(np.float32), np.dtype(np.float16))


@dataclass(frozen=True, kw_only=True)
class Published:
    """A generator or a discriminator of the published implementation.

    Attributes:
        arrays: every tensor by its published name, in the published layout.
        conv_clamp: largest absolute activation, or None.
        lr_multiplier: learning rate of the mapping network, which is also a factor on its weights.
        group: samples in a group of the minibatch statistic; None for the whole batch.
    """

    arrays: Arrays
    conv_clamp: float | None = None
    lr_multiplier: float = 0.01
    group: int | None = None


def generator_config(network: Published) -> StyleGAN2Config:
    """Sizes of a generator, from the shapes of its arrays; all of them checked.

    Raises:
        Unreadable: it is no StyleGAN2 generator that our network could be.
    """
    arrays = network.arrays
    widths = widths_of(arrays, r"synthesis\.b([0-9]{1,5})\.conv1\.weight")
    layers = sum(bool(re.fullmatch(r"mapping\.fc[0-9]+\.weight", name)) for name in arrays)
    if not layers:
        raise Unreadable("its mapping network has no layers")
    first, last = (
        sizes_of(arrays, "mapping.fc0.weight", 2),
        sizes_of(arrays, f"mapping.fc{layers - 1}.weight", 2),
    )
    colours = sizes_of(arrays, "synthesis.b4.torgb.weight", 4)[0]
    if first[0] != last[0]:
        raise Unreadable(
            f"its mapping network has hidden layers of {first[0]}, not of w's {last[0]}; LiGAN knows no such"
        )
    config = StyleGAN2Config(
        resolution=4 << (len(widths) - 1),
        z_dim=first[1],
        w_dim=last[0],
        mapping_layers=layers,
        mapping_lr_multiplier=network.lr_multiplier,
        image_channels=colours,
        conv_clamp=network.conv_clamp,
        **rule_of(widths),
    )
    check(arrays, generator_shapes(config))
    return config


def discriminator_config(network: Published, generator: StyleGAN2Config) -> StyleGAN2Config:
    """Sizes of the discriminator that goes with a generator.

    Raises:
        Unreadable: it is no StyleGAN2 discriminator that our network could be, or for other images.
    """
    side = generator.resolution
    # The first convolution of a block keeps its feature maps; the last block has but one convolution.
    widths = widths_of(network.arrays, r"b([0-9]{1,5})\.(?:conv0|conv)\.weight")
    config = replace(
        generator,
        conv_clamp=network.conv_clamp,
        # No batch is as large as that: the group is the whole batch.
        minibatch_std_group=2**30 if network.group is None else network.group,
        **{"widths": None, **rule_of(widths)},
    )
    if len(widths) != len(generator.resolutions):
        raise Unreadable(f"its discriminator takes other images than of {side} px")
    check(network.arrays, discriminator_shapes(config))
    return config


def widths_of(arrays: Arrays, pattern: str) -> tuple[int, ...]:
    """Feature maps at 4, 8, … px: the outputs of the convolutions whose names match ``pattern``."""
    found = {int(m[1]): name for name in arrays if (m := re.fullmatch(pattern, name))}
    sides = sorted(found)
    expected = [4 << k for k in range(len(sides))]
    if len(sides) < 2 or sides != expected or sides[-1] > LARGEST_SIDE:
        raise Unreadable("its blocks are not of 4, 8, … px, each of twice the side of the one before")
    return tuple(sizes_of(arrays, found[side], 4)[0] for side in sides)


def sizes_of(arrays: Arrays, name: str, axes: int) -> tuple[int, ...]:
    """Shape of an array that must be there, with so many axes and no empty one."""
    shape = arrays[name].shape if name in arrays else None
    if shape is None:
        raise Unreadable(f"it lacks {quoted(name)}")
    if len(shape) != axes or 0 in shape:
        raise Unreadable(f"its {quoted(name)} is of shape {shape}")
    return shape


def rule_of(widths: tuple[int, ...]) -> dict[str, Any]:
    """Channel base and maximum that give ``widths``, or where none do, the widths themselves."""
    last = 4 << (len(widths) - 1)
    base, most = widths[-1] * last, max(widths)
    if all(min(base // (4 << k), most) == width for k, width in enumerate(widths)):
        return {"channel_base": base, "channel_max": most}
    return {"channel_base": base, "channel_max": most, "widths": widths}


def check(arrays: Arrays, shapes: Shapes) -> None:
    """Unreadable unless there are exactly these arrays, all of them finite, and every filter is ours."""
    weights = {name: array for name, array in arrays.items() if not name.endswith(".resample_filter")}
    for name, shape in shapes.items():
        if name not in weights:
            raise Unreadable(f"it lacks {name}")
        array = weights[name]
        if array.shape != shape:
            raise Unreadable(f"its {name} is of shape {array.shape}, not {shape}")
        if array.dtype not in SINGLE_OR_HALF:
            raise Unreadable(f"its {name} is {array.dtype}; only float32 and float16 can be kept exactly")
        if not np.isfinite(array).all():
            raise Unreadable(
                f"its {name} has values that are no numbers; the training that wrote it had failed"
            )
    more = sorted(weights.keys() - shapes.keys())
    if more:
        raise Unreadable(f"it has weights that StyleGAN2 has not: {quoted(', '.join(more[:3]))}")
    for name in arrays.keys() - weights.keys():
        filter_ = arrays[name]
        if filter_.shape != (4, 4) or not np.allclose(filter_, resample_filter(), rtol=0, atol=1e-6):
            raise Unreadable(f"its {quoted(name)} is not made of the taps 1, 3, 3, 1; LiGAN knows no other")
