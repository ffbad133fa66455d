"""Snapshots of the published PyTorch implementation: one pickle of a dictionary of networks.

Each module of a network is pickled as a call that would run the source text of its class, which the file
carries. Here it becomes a record of the class's name and the module's state; the text is dropped unread.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from pipeline.interchange.networks import Arrays, Published
from pipeline.pickles.numpy_arrays import NUMPY
from pipeline.pickles.torch_tensors import TORCH
from pipeline.pickles.unpickler import Name, Table, Unreadable, quoted

# The largest published networks have some 150 modules and 200 tensors.
MOST_MODULES: Final = 1000
MOST_TENSORS: Final = 4000
LARGEST_SET: Final = 100
DEEPEST: Final = 4

# What the parts of a network must say of themselves: our networks are these and no others.
REQUIRED: Final[dict[str, dict[str, Any]]] = {
    "Generator": {"c_dim": 0},
    "MappingNetwork": {"c_dim": 0},
    "SynthesisBlock": {"architecture": "skip"},
    "SynthesisLayer": {"activation": "lrelu", "use_noise": True},
    "ToRGBLayer": {},
    "Discriminator": {"c_dim": 0},
    "DiscriminatorBlock": {"architecture": "resnet"},
    "DiscriminatorEpilogue": {"architecture": "resnet", "cmap_dim": 0},
    "MinibatchStdLayer": {"num_channels": 1},
    "Conv2dLayer": {"up": 1},
    "FullyConnectedLayer": {},
    "SynthesisNetwork": {},
}
# … and what layers of one name must say.
BY_NAME: Final[dict[tuple[str, str], dict[str, Any]]] = {
    ("SynthesisLayer", "conv0"): {"up": 2},
    ("SynthesisLayer", "conv1"): {"up": 1},
    ("Conv2dLayer", "fromrgb"): {"activation": "lrelu", "down": 1},
    ("Conv2dLayer", "conv0"): {"activation": "lrelu", "down": 1},
    ("Conv2dLayer", "conv1"): {"activation": "lrelu", "down": 2},
    ("Conv2dLayer", "skip"): {"activation": "linear", "down": 2},
    ("Conv2dLayer", "conv"): {"activation": "lrelu", "down": 1},
    ("FullyConnectedLayer", "affine"): {"activation": "linear"},
    ("FullyConnectedLayer", "out"): {"activation": "linear"},
    ("FullyConnectedLayer", "fc"): {"activation": "lrelu"},
}
WORDS: Final = {
    "c_dim": "it is conditional (c_dim); LiGAN's networks take no label",
    "cmap_dim": "it is conditional (cmap_dim); LiGAN's networks take no label",
    "architecture": "its architecture is not the one of the paper (skip generator, residual discriminator)",
    "use_noise": "it was made without noise; LiGAN's generator has noise in each layer",
}


@dataclass(frozen=True, slots=True)
class Module:
    """A pickled module: the name of its class and its state, not yet looked at.

    Making one costs nothing, however often a hostile pickle asks for it with the same large state.
    """

    kind: str
    state: dict[str, Any]

    def held(self, name: str) -> dict[str, Any]:
        """One of the dictionaries in which PyTorch keeps a module's tensors and parts."""
        value = self.state.get(name)
        if not isinstance(value, dict):
            raise Unreadable(f"a {quoted(self.kind)} in it is not laid out as a module of PyTorch")
        return value


def module(arguments: tuple[Any, ...]) -> Module:
    """What stands for the call that would rebuild a module by running its source."""
    match arguments:
        case ({"type": "class", "class_name": str(kind), "state": dict(state)},):
            return Module(kind, state)
        case _:
            raise Unreadable("it holds a module that is not laid out as the published implementation does")


def empty_dictionary(arguments: tuple[Any, ...]) -> dict[str, Any]:
    """A dictionary of whatever class; its items follow in the pickle."""
    if arguments:
        raise Unreadable("it makes a dictionary in an unknown way")
    return {}


def set_of_texts(arguments: tuple[Any, ...]) -> set[str]:
    """A set, as protocols before 4 write it; those are what Python 3.7 wrote by default."""
    match arguments:
        case (list(members),) if len(members) <= LARGEST_SET and all(isinstance(m, str) for m in members):
            return set(members)
        case _:
            raise Unreadable("it makes a set in an unknown way")


TABLE: Final[Table] = {
    **NUMPY,
    **TORCH,
    Name("collections", "OrderedDict"): empty_dictionary,
    Name("dnnlib.util", "EasyDict"): empty_dictionary,
    Name("builtins", "set"): set_of_texts,
    Name("torch_utils.persistence", "_reconstruct_persistent_obj"): module,
}


def modules_by_path(root: Module) -> dict[str, Module]:
    """Every module of a network by its path, ``synthesis.b8.conv0``; the root's is empty."""
    found, level = {"": root}, {"": root}
    for _ in range(DEEPEST):
        below: dict[str, Module] = {}
        for path, owner in level.items():
            parts = owner.held("_modules")
            # Counted before they are walked: the same module may hang in many places.
            if len(found) + len(below) + len(parts) > MOST_MODULES:
                raise Unreadable("it has more modules than any StyleGAN2")
            for name, part in parts.items():
                if not isinstance(part, Module):
                    raise Unreadable(f"a {quoted(owner.kind)} in it has parts that are no modules")
                below[f"{path}.{name}" if path else name] = part
        found |= below
        level = below
    if any(owner.held("_modules") for owner in level.values()):
        raise Unreadable("its modules lie deeper in one another than in any StyleGAN2")
    return found


def arrays_of(modules: dict[str, Module]) -> Arrays:
    """Every tensor of a network by its published name."""
    arrays: Arrays = {}
    for path, owner in modules.items():
        for held in (owner.held("_parameters"), owner.held("_buffers")):
            if len(arrays) + len(held) > MOST_TENSORS:
                raise Unreadable("it has more tensors than any StyleGAN2")
            # A missing bias is None.
            found = {name: value for name, value in held.items() if isinstance(value, np.ndarray)}
            arrays |= {f"{path}.{name}" if path else name: value for name, value in found.items()}
    return arrays


def generator(root: Any) -> Published:
    """The generator under ``G_ema``.

    Raises:
        Unreadable: it is another network than ours, with a sentence about the difference.
    """
    modules = checked(root, "Generator")
    clamps = (
        m.state.get("conv_clamp") for m in modules.values() if m.kind in ("SynthesisLayer", "ToRGBLayer")
    )
    mapping = [m for path, m in modules.items() if path.startswith("mapping.")]
    multipliers = {number(m.state.get("bias_gain")) for m in mapping}
    if len(multipliers) != 1:
        raise Unreadable("the layers of its mapping network do not share one learning rate")
    return Published(arrays=arrays_of(modules), conv_clamp=one_clamp(clamps), lr_multiplier=multipliers.pop())


def discriminator(root: Any) -> Published:
    """The discriminator under ``D``; Unreadable as for :func:`generator`."""
    modules = checked(root, "Discriminator")
    names = ("fromrgb", "conv0", "conv1", "conv")
    clamps = (m.state.get("conv_clamp") for path, m in modules.items() if path.rpartition(".")[2] in names)
    groups = [m.state.get("group_size", 0) for m in modules.values() if m.kind == "MinibatchStdLayer"]
    match groups:
        case [None]:
            group = None
        case [int(size)] if size > 0:
            group = int(size)
        case _:
            raise Unreadable("its discriminator has no minibatch statistic that could be read")
    return Published(arrays=arrays_of(modules), conv_clamp=one_clamp(clamps), group=group)


def checked(root: Any, kind: str) -> dict[str, Module]:
    """The modules of a network of that kind, each of which says what ours are."""
    if not isinstance(root, Module):
        raise Unreadable("what should be a network is none")
    if root.kind != kind:
        raise Unreadable(f"it is a {quoted(root.kind)}, not a {kind}")
    modules = modules_by_path(root)
    if "synthesis.input" in modules:
        raise Unreadable("it is a StyleGAN3 generator; LiGAN's is StyleGAN2")
    for path, part in modules.items():
        check_module(path, part)
    return modules


def check_module(path: str, part: Module) -> None:
    """Unreadable unless a module says of itself what ours are."""
    name = path.rpartition(".")[2]
    if part.kind not in REQUIRED or (path.startswith("mapping.") and part.kind != "FullyConnectedLayer"):
        raise Unreadable(
            f"its {quoted(path)} is a {quoted(part.kind)}, which the published StyleGAN2 has not"
        )
    expected = REQUIRED[part.kind] | BY_NAME.get((part.kind, name), {})
    if path.startswith("mapping."):
        expected = {"activation": "lrelu"}
    for fact, value in expected.items():
        given = part.state.get(fact)
        if type(given) is not type(value) or given != value:
            what = f"{fact} of its {quoted(path) or part.kind} is not {value}"
            raise Unreadable(WORDS.get(fact, what))
    if part.kind == "FullyConnectedLayer":
        check_gain(path, part)


def check_gain(path: str, layer: Module) -> None:
    """Unreadable unless a dense layer scales its weights as the published one does."""
    # Where a layer is frozen, its weight is a buffer.
    weight = layer.held("_parameters").get("weight", layer.held("_buffers").get("weight"))
    if not isinstance(weight, np.ndarray) or weight.ndim != 2 or not weight.size:
        raise Unreadable(f"its {quoted(path)} lacks its weights")
    expected = number(layer.state.get("bias_gain")) / math.sqrt(weight.shape[1])
    if not math.isclose(number(layer.state.get("weight_gain")), expected, rel_tol=1e-5):
        raise Unreadable(f"its {quoted(path)} scales its weights in an unknown way")
    if not path.startswith("mapping.") and layer.state.get("bias_gain") != 1:
        raise Unreadable(f"its {quoted(path)} scales its bias in an unknown way")


def number(value: Any) -> float:
    """A positive finite number among the facts."""
    if isinstance(value, int | float) and 0 < value < 1e9:
        return float(value)
    raise Unreadable("a factor in it is no positive number")


def one_clamp(values: Iterable[Any]) -> float | None:
    """The clamp that all layers share."""
    clamps = {None if value is None else number(value) for value in values}
    if len(clamps) != 1:
        raise Unreadable("its layers do not share one clamp")
    return clamps.pop()
