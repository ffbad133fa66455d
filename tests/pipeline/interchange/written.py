"""Snapshots of random networks of any size, as either published implementation would have written them."""

from typing import Any

import numpy as np

from pipeline.interchange.published_names import (
    Shapes,
    discriminator_shapes,
    generator_filters,
    generator_shapes,
)
from pipeline.networks.stylegan2.config import StyleGAN2Config
from tests.pipeline.interchange.pickled import Global, New, module, pickled, tensor

Arrays = dict[str, np.ndarray]
TAPS = np.outer([1, 3, 3, 1], [1, 3, 3, 1]) / 64

SMALL = StyleGAN2Config(resolution=8, channel_base=32, channel_max=4, z_dim=3, w_dim=5, mapping_layers=2)

# Class and facts of a module by the last part of its path.
GENERATOR: dict[str, tuple[str, dict[str, Any]]] = {
    "": ("Generator", {"c_dim": 0}),
    "mapping": ("MappingNetwork", {"c_dim": 0}),
    "synthesis": ("SynthesisNetwork", {}),
    "b": ("SynthesisBlock", {"architecture": "skip"}),
    "conv0": ("SynthesisLayer", {"activation": "lrelu", "use_noise": True, "up": 2}),
    "conv1": ("SynthesisLayer", {"activation": "lrelu", "use_noise": True, "up": 1}),
    "torgb": ("ToRGBLayer", {}),
    "affine": ("FullyConnectedLayer", {"activation": "linear"}),
    "fc": ("FullyConnectedLayer", {"activation": "lrelu"}),
}
DISCRIMINATOR: dict[str, tuple[str, dict[str, Any]]] = {
    "": ("Discriminator", {"c_dim": 0}),
    "b": ("DiscriminatorBlock", {"architecture": "resnet"}),
    "b4": ("DiscriminatorEpilogue", {"architecture": "resnet", "cmap_dim": 0}),
    "fromrgb": ("Conv2dLayer", {"activation": "lrelu", "up": 1, "down": 1}),
    "conv0": ("Conv2dLayer", {"activation": "lrelu", "up": 1, "down": 1}),
    "conv1": ("Conv2dLayer", {"activation": "lrelu", "up": 1, "down": 2}),
    "skip": ("Conv2dLayer", {"activation": "linear", "up": 1, "down": 2}),
    "conv": ("Conv2dLayer", {"activation": "lrelu", "up": 1, "down": 1}),
    "fc": ("FullyConnectedLayer", {"activation": "lrelu"}),
    "out": ("FullyConnectedLayer", {"activation": "linear"}),
}
CLAMPED = ("conv0", "conv1", "conv", "fromrgb", "torgb")


def random_arrays(shapes: Shapes, seed: int = 0) -> Arrays:
    """Random values for published names."""
    random = np.random.default_rng(seed)
    return {name: np.asarray(random.standard_normal(shape), np.float32) for name, shape in shapes.items()}


def random_generator(config: StyleGAN2Config, seed: int = 0) -> Arrays:
    """A generator's tensors, filters included."""
    filters = dict.fromkeys(generator_filters(config), np.asarray(TAPS, np.float32))
    return random_arrays(generator_shapes(config), seed) | filters


def random_discriminator(config: StyleGAN2Config, seed: int = 1) -> Arrays:
    """A discriminator's tensors."""
    return random_arrays(discriminator_shapes(config), seed)


def network(
    arrays: Arrays,
    config: StyleGAN2Config,
    *,
    changed: dict[str, dict[str, Any]] | None = None,
    channels_last: bool = False,
) -> Any:
    """A pickled network of the PyTorch implementation; which one is told by its names.

    Args:
        changed: facts to change, by the path of the module: ``{"synthesis.b8": {"architecture": "orig"}}``.
        channels_last: let the values of kernels lie in that order.
    """
    kinds = GENERATOR if any(name.startswith("synthesis") for name in arrays) else DISCRIMINATOR
    changed = changed or {}

    def at(path: str) -> Any:
        prefix = f"{path}." if path else ""
        inside = {name[len(prefix) :]: value for name, value in arrays.items() if name.startswith(prefix)}
        own = {name: value for name, value in inside.items() if "." not in name}
        parts = dict.fromkeys(name.split(".")[0] for name in inside if "." in name)
        tensors = {name: tensor(value, channels_last=channels_last) for name, value in own.items()}
        below = {name: at(f"{prefix}{name}") for name in parts}
        last = path.rpartition(".")[2]
        key = last if last in kinds else last.rstrip("0123456789")
        kind, facts = kinds.get(key, ("FullyConnectedLayer", {}))
        facts = dict(facts)
        if last in CLAMPED:
            facts["conv_clamp"] = config.conv_clamp
        if kind == "FullyConnectedLayer":
            gain = config.mapping_lr_multiplier if path.startswith("mapping") else 1
            facts |= {"bias_gain": gain, "weight_gain": gain / np.sqrt(own["weight"].shape[1])}
        if kind == "DiscriminatorEpilogue":
            group = {"group_size": config.minibatch_std_group, "num_channels": 1} | changed.get(
                "b4.mbstd", {}
            )
            below["mbstd"] = module("MinibatchStdLayer", group, {}, {})
        facts |= changed.get(path, {})
        return module(facts.pop("class_name", kind), facts, tensors, below)

    return at("")


def torch_snapshot(
    config: StyleGAN2Config = SMALL,
    *,
    arrays: Arrays | None = None,
    discriminator: Any = None,
    changed: dict[str, dict[str, Any]] | None = None,
    channels_last: bool = False,
    augment_pipe: Any = None,
    protocol: int = 4,
) -> bytes:
    """A snapshot of the PyTorch implementation, of a generator with random weights unless they are given."""
    averaged = random_generator(config) if arrays is None else arrays
    other = random_generator(config, seed=9)
    return pickled(
        {
            "training_set_kwargs": {"class_name": "training.dataset.ImageFolderDataset", "resolution": 8},
            "G": network(other, config),
            "D": network(random_discriminator(config), config) if discriminator is None else discriminator,
            "G_ema": network(averaged, config, changed=changed, channels_last=channels_last),
            "augment_pipe": augment_pipe,
        },
        protocol,
    )


def tensorflow_snapshot(
    config: StyleGAN2Config,
    generator: Arrays,
    discriminator: Arrays,
    *,
    version: int = 5,
    arguments: dict[str, Any] | None = None,
    grouping: dict[str, Any] | None = None,
    more: dict[str, np.ndarray] | None = None,
) -> bytes:
    """A pickle of the TensorFlow implementation: G, D and Gs; in G everything is 1.01 times as large.

    Args:
        arguments: that the networks were built with, besides their sizes.
        grouping: further arguments of the discriminator.
        more: further variables of the synthesis network.
    """
    sizes = {"resolution": config.resolution, "num_channels": config.image_channels, "label_size": 0}
    given = {**sizes, **(arguments or {})}
    other = {name: array * np.float32(1.01) for name, array in generator.items()}
    return pickled(
        (
            tensorflow_generator(other, given, version, more or {}),
            tensorflow_network(
                "D", given | (grouping or {}), version, tensorflow_discriminator(discriminator)
            ),
            tensorflow_generator(generator, given, version, more or {}),
        )
    )


def tensorflow_network(
    name: str, arguments: dict[str, Any], version: int, variables: Arrays, parts: dict[str, Any] | None = None
) -> New:
    """A network of the TensorFlow implementation."""
    state = {
        "version": version,
        "name": name,
        "static_kwargs": arguments,
        "components": parts or {},
        "build_module_src": "import os; os._exit(99)",
        "build_func_name": f"{name}_main",
        # A session gives single numbers as NumPy scalars.
        "variables": [(key, value if value.ndim else value[()]) for key, value in variables.items()],
    }
    return New(Global("dnnlib.tflib.network", "Network"), state)


def tensorflow_generator(arrays: Arrays, arguments: dict[str, Any], version: int, more: Arrays) -> New:
    """The generator with its two parts."""
    mapping, synthesis = {}, dict(more)
    for name, array in arrays.items():
        if name.startswith("mapping.fc"):
            _, layer, kind = name.split(".")
            mapping[f"Dense{layer[2:]}/{kind}"] = np.array(array.T)
        elif name.startswith("synthesis") and not name.endswith("resample_filter"):
            key, value = tensorflow_variable(name.removeprefix("synthesis."), array)
            synthesis[key] = np.array(value)
    parts = {
        "mapping": tensorflow_network("G_mapping", arguments, version, mapping),
        "synthesis": tensorflow_network("G_synthesis", arguments, version, synthesis),
    }
    return tensorflow_network("G", arguments, version, {"dlatent_avg": arrays["mapping.w_avg"]}, parts)


def tensorflow_variable(name: str, array: np.ndarray) -> tuple[str, np.ndarray]:
    """Name and layout in TensorFlow of a tensor of the synthesis network."""
    block, _, rest = name.partition(".")
    side = int(block[1:])
    place = f"{side}x{side}"
    if rest == "const":
        return f"{place}/Const/const", array[None]
    layer, _, kind = rest.partition(".")
    if kind == "noise_const":
        number = 2 * side.bit_length() - (7 if layer == "conv0" else 6)
        return f"noise{number}", array[None, None]
    layer = {"conv0": "Conv0_up", "conv1": "Conv" if side == 4 else "Conv1", "torgb": "ToRGB"}[layer]
    match kind:
        case "weight":
            kernel = array.transpose(2, 3, 1, 0)
            return f"{place}/{layer}/weight", kernel[::-1, ::-1] if layer == "Conv0_up" else kernel
        case "affine.weight":
            return f"{place}/{layer}/mod_weight", array.T
        case "affine.bias":
            return f"{place}/{layer}/mod_bias", array - np.float32(1)
        case _:
            return f"{place}/{layer}/{kind}", array


def tensorflow_discriminator(arrays: Arrays) -> Arrays:
    """Variables of the discriminator in TensorFlow's names and layout."""
    last = {"conv": "4x4/Conv", "fc": "4x4/Dense0", "out": "Output"}
    names = {"fromrgb": "FromRGB", "conv0": "Conv0", "conv1": "Conv1_down", "skip": "Skip"}
    variables = {}
    for name, array in arrays.items():
        if name.endswith("resample_filter"):
            continue
        block, layer, kind = name.split(".")
        place = last[layer] if block == "b4" else f"{block[1:]}x{block[1:]}/{names[layer]}"
        value = array.transpose(2, 3, 1, 0) if array.ndim == 4 else array.T
        variables[f"{place}/{kind}"] = np.array(value)
    return variables
