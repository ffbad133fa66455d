"""The published names and layouts of StyleGAN2's weights, and where they are in our networks.

Published arrays have outputs before inputs and channels before places; ours have inputs before outputs and
places before channels. Nothing is flipped or scaled. Names and shapes are those of NVIDIA's PyTorch code.
"""

from typing import Final

import numpy as np

from pipeline.networks.stylegan2.config import StyleGAN2Config

FILTER: Final = (1, 3, 3, 1)
Shapes = dict[str, tuple[int, ...]]
# The discriminator's last block has no object of its own in our network.
LAST_BLOCK: Final = ("conv", "fc", "out")


def generator_shapes(config: StyleGAN2Config) -> Shapes:
    """Published name and shape of every weight of a generator."""
    w = config.w_dim
    shapes: Shapes = {"mapping.w_avg": (w,)}
    for i in range(config.mapping_layers):
        shapes[f"mapping.fc{i}.weight"] = (w, w if i else config.z_dim)
        shapes[f"mapping.fc{i}.bias"] = (w,)
    shapes["synthesis.b4.const"] = (config.channels(4), 4, 4)
    for r in config.resolutions:
        channels = config.channels(r)
        inputs = {"conv1": channels} if r == 4 else {"conv0": config.channels(r // 2), "conv1": channels}
        for name, incoming in inputs.items():
            layer = f"synthesis.b{r}.{name}"
            shapes |= styled(layer, w, channels, incoming, 3)
            shapes |= {f"{layer}.noise_const": (r, r), f"{layer}.noise_strength": ()}
        shapes |= styled(f"synthesis.b{r}.torgb", w, config.image_channels, channels, 1)
    return shapes


def styled(layer: str, w: int, channels: int, inputs: int, kernel: int) -> Shapes:
    """A modulated convolution with its bias and the affine map of its style."""
    return {
        f"{layer}.weight": (channels, inputs, kernel, kernel),
        f"{layer}.bias": (channels,),
        f"{layer}.affine.weight": (inputs, w),
        f"{layer}.affine.bias": (inputs,),
    }


def discriminator_shapes(config: StyleGAN2Config) -> Shapes:
    """Published name and shape of every weight of a discriminator."""
    side, last = config.resolution, config.channels(4)
    shapes: Shapes = {
        f"b{side}.fromrgb.weight": (config.channels(side), config.image_channels, 1, 1),
        f"b{side}.fromrgb.bias": (config.channels(side),),
    }
    for r in config.resolutions[:0:-1]:
        narrow, wide = config.channels(r), config.channels(r // 2)
        shapes |= {
            f"b{r}.conv0.weight": (narrow, narrow, 3, 3),
            f"b{r}.conv0.bias": (narrow,),
            f"b{r}.conv1.weight": (wide, narrow, 3, 3),
            f"b{r}.conv1.bias": (wide,),
            f"b{r}.skip.weight": (wide, narrow, 1, 1),
        }
    return shapes | {
        "b4.conv.weight": (last, last + 1, 3, 3),
        "b4.conv.bias": (last,),
        "b4.fc.weight": (last, 16 * last),
        "b4.fc.bias": (last,),
        "b4.out.weight": (1, last),
        "b4.out.bias": (1,),
    }


def generator_filters(config: StyleGAN2Config) -> list[str]:
    """Published names of the generator's resampling filters, which are constants."""
    blocks = [f"synthesis.b{r}" for r in config.resolutions]
    layers = [f"{b}.{conv}" for b in blocks for conv in ("conv0", "conv1")]
    return [f"{place}.resample_filter" for place in blocks + layers if place != "synthesis.b4.conv0"]


def resample_filter() -> np.ndarray:
    """The filter that all of them are, float32 (4, 4), sum 1."""
    taps = np.asarray(FILTER, np.float64)
    return np.asarray(np.outer(taps, taps) / np.sum(taps) ** 2, np.float32)


def generator_path(name: str) -> str:
    """Where a published weight is in our generator."""
    layer, _, weight = name.replace(".", "/").rpartition("/")
    if weight == "weight":
        weight = "kernel"
    if layer.startswith("synthesis") and (weight == "kernel" or layer.endswith("affine")):
        # The modulated convolution is an object of its own, and the affine map is in it.
        layer = layer.replace("/affine", "/conv/affine") if layer.endswith("affine") else f"{layer}/conv"
    return f"{layer}/{weight}"


def discriminator_path(name: str) -> str:
    """Where a published weight is in our discriminator."""
    block, layer, weight = name.split(".")
    weight = "kernel" if weight == "weight" else weight
    return f"{layer}/{weight}" if layer in (*LAST_BLOCK, "fromrgb") else f"{block}/{layer}/{weight}"


def to_ours(name: str, array: np.ndarray) -> np.ndarray:
    """A published array in our layout."""
    if name == "b4.fc.weight":  # reads the 4x4 maps one after the other, ours place by place
        maps = array.reshape(len(array), -1, 4, 4)
        return maps.transpose(2, 3, 1, 0).reshape(-1, len(array))
    return array.transpose(our_axes(name, array.ndim))


def to_published(name: str, array: np.ndarray) -> np.ndarray:
    """Our array in the published layout: the inverse of :func:`to_ours`."""
    if name == "b4.fc.weight":
        maps = array.reshape(4, 4, -1, array.shape[1])
        return maps.transpose(3, 2, 0, 1).reshape(array.shape[1], -1)
    return array.transpose(np.argsort(our_axes(name, array.ndim)))


def our_axes(name: str, count: int) -> tuple[int, ...]:
    """The published array's axes in the order in which ours has them."""
    if name.endswith("noise_const"):
        return (0, 1)
    if name.startswith("synthesis") and name.endswith("conv0.weight"):
        return (2, 3, 0, 1)  # a transposed convolution, whose kernel we keep as (height, width, out, in)
    return {0: (), 1: (0,), 2: (1, 0), 3: (1, 2, 0), 4: (2, 3, 1, 0)}[count]
