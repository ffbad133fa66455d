"""Pickles of the published TensorFlow implementations: three networks, each a name, arguments and variables.

They belong to StyleGAN2 (its pickles are of version 4) and StyleGAN2-ADA (version 5). A pickle carries the
source text that would build its network; it is dropped unread. The facts that the shapes do not tell are
taken from the arguments the network was built with, and an argument whose meaning is not known is refused.

What differs from the PyTorch layout: kernels are (height, width, in, out) and dense weights (in, out); the
bias of a style lacks the 1 that is added to it; the kernel of a doubling convolution is turned by half a
turn; the constant has an axis for the batch, and so have the noise maps, which count from the smallest.
TensorFlow scales kernels before they are demodulated, so that the 1e-8 under the root weighs a little more;
that cannot be seen in float32.
"""

import re
from typing import Any, Final

import numpy as np

from pipeline.interchange.networks import Arrays, Published
from pipeline.interchange.snapshot import empty_dictionary, number
from pipeline.pickles.numpy_arrays import NUMPY, PickledArray
from pipeline.pickles.unpickler import Buildable, Name, Table, Unreadable, quoted

VERSIONS: Final = (4, 5)

# Arguments that change nothing of what the network computes from z, or that the shapes tell as well.
HARMLESS: Final = frozenset(
    {
        *("resolution", "num_channels", "latent_size", "dlatent_size", "mapping_layers", "mapping_fmaps"),
        *("fmap_base", "fmap_decay", "fmap_min", "fmap_max", "num_fp16_res", "freeze_layers"),
        *("truncation_psi", "truncation_cutoff", "truncation_psi_val", "truncation_cutoff_val"),
        *("style_mixing_prob", "dlatent_avg_beta", "w_avg_beta", "randomize_noise", "conditioning"),
        *("structure", "fused_modconv", "label_fmaps"),
    }
)
# Arguments that must have this value where they are given; it is also their default.
REQUIRED: Final[dict[str, Any]] = {
    "label_size": 0,
    "nonlinearity": "lrelu",
    "mapping_nonlinearity": "lrelu",
    "normalize_latents": True,
    "use_noise": True,
    "dtype": "float32",
    "mbstd_num_features": 1,
}
GENERATOR: Final = frozenset({"mapping_lrmul", "conv_clamp", "architecture", "resample_kernel"})
DISCRIMINATOR: Final = frozenset({"mbstd_group_size", "conv_clamp", "architecture", "resample_kernel"})
BLOCK: Final = r"([0-9]{1,5})x\1"


class Network(Buildable):
    """A pickled network: its variables, not yet looked at, and the arguments it was built with."""

    __slots__ = ("arguments", "listed", "parts", "version")

    def __init__(self, arguments: tuple[Any, ...]) -> None:
        if arguments:
            raise Unreadable("it makes a network in an unknown way")
        self.version: int = 0
        self.arguments: dict[str, Any] = {}
        self.parts: dict[str, Any] = {}
        self.listed: list[Any] = []

    def build(self, state: Any) -> None:
        match state:
            case {
                "version": int(version),
                "static_kwargs": dict(arguments),
                "variables": list(variables),
            }:
                pass
            case _:
                raise Unreadable(
                    "it holds a network that is not laid out as the published implementation does"
                )
        if version not in VERSIONS:
            raise Unreadable(
                "it is of the first StyleGAN or of a version that is not known; LiGAN's is StyleGAN2"
            )
        parts = state.get("components", {})
        self.parts = parts if isinstance(parts, dict) else {}
        self.version, self.arguments, self.listed = version, arguments, variables

    def variables(self) -> Arrays:
        """Every variable by its name."""
        return dict(map(variable, self.listed))


def variable(entry: Any) -> tuple[str, np.ndarray]:
    """Name and value of a variable; a single number becomes an array without axes."""
    match entry:
        case (str(name), PickledArray() as value):
            return name, value.array
        case (str(name), float(value)):
            return name, np.asarray(value, np.float32)
        case _:
            raise Unreadable("it holds a variable that is not laid out as the published implementation does")


TABLE: Final[Table] = {
    **NUMPY,
    Name("collections", "OrderedDict"): empty_dictionary,
    Name("dnnlib.util", "EasyDict"): empty_dictionary,
    Name("dnnlib.tflib.network", "Network"): Network,
}


def generator(network: Any) -> Published:
    """The generator, with its arrays brought to the PyTorch layout.

    Raises:
        Unreadable: it is another network than ours, with a sentence about the difference.
    """
    if not isinstance(network, Network):
        raise Unreadable("what should be a network is none")
    parts = [network.parts.get(name) for name in ("mapping", "synthesis")]
    mapping, synthesis = (part for part in parts if isinstance(part, Network)) if all(parts) else (None, None)
    if mapping is None or synthesis is None:
        raise Unreadable("its generator has no mapping and synthesis networks")
    arguments = known_arguments(network, GENERATOR, architecture="skip")
    arrays: Arrays = {}
    for name, array in network.variables().items():
        if name == "dlatent_avg":
            arrays["mapping.w_avg"] = array
        elif name != "lod":  # the level of detail of a progressive training, over by now
            raise unknown(name)
    for name, array in mapping.variables().items():
        match = re.fullmatch(r"Dense([0-9]{1,3})/(weight|bias)", name)
        if match is None:
            raise unknown(name)
        arrays[f"mapping.fc{match[1]}.{match[2]}"] = array.T
    for name, array in synthesis.variables().items():
        if name != "lod":
            published, value = synthesis_array(name, array)
            arrays[published] = value
    return Published(
        arrays=arrays,
        conv_clamp=clamp_of(arguments),
        lr_multiplier=number(arguments.get("mapping_lrmul", 0.01)),
    )


def synthesis_array(name: str, array: np.ndarray) -> tuple[str, np.ndarray]:
    """Published name and layout of a variable of the synthesis network."""
    if match := re.fullmatch(r"noise([0-9]{1,2})", name):
        # Map 0 is of the only convolution at 4 px; then come two for each side.
        level, second = divmod(int(match[1]) + 1, 2)
        return f"synthesis.b{4 << level}.conv{second}.noise_const", without_batch(array, 2)
    if name == "4x4/Const/const":
        return "synthesis.b4.const", without_batch(array, 1)
    kinds = "weight|bias|mod_weight|mod_bias|noise_strength"
    match = re.fullmatch(rf"{BLOCK}/(Conv0_up|Conv1|Conv|ToRGB)/({kinds})", name)
    if match is None or (match[2] == "Conv") != (match[1] == "4" and match[2] != "ToRGB"):
        raise unknown(name)
    layer = {"Conv0_up": "conv0", "Conv1": "conv1", "Conv": "conv1", "ToRGB": "torgb"}[match[2]]
    place = f"synthesis.b{match[1]}.{layer}"
    match match[3]:
        case "mod_weight":
            return f"{place}.affine.weight", array.T
        case "mod_bias":
            return f"{place}.affine.bias", array + np.float32(1)
        case "weight":
            return f"{place}.weight", kernel(name, array, turned=layer == "conv0")
        case rest:
            return f"{place}.{rest}", array


def discriminator(network: Any) -> Published:
    """The discriminator in the PyTorch layout; Unreadable as for :func:`generator`."""
    if not isinstance(network, Network):
        raise Unreadable("what should be a network is none")
    arguments = known_arguments(network, DISCRIMINATOR, architecture="resnet")
    arrays: Arrays = {}
    for name, array in network.variables().items():
        if name != "lod":
            published = discriminator_name(name)
            dense = published in ("b4.fc.weight", "b4.out.weight")
            arrays[published] = array.T if dense or array.ndim < 2 else kernel(name, array, turned=False)
    # StyleGAN2 groups four where nothing is said, StyleGAN2-ADA the whole batch.
    group = arguments.get("mbstd_group_size", 4 if network.version == 4 else None)
    return Published(
        arrays=arrays, conv_clamp=clamp_of(arguments), group=None if group is None else int(number(group))
    )


def discriminator_name(name: str) -> str:
    """Published name of a variable of the discriminator."""
    last = {"4x4/Conv": "b4.conv", "4x4/Dense0": "b4.fc", "Output": "b4.out"}
    layer, _, kind = name.rpartition("/")
    match = re.fullmatch(rf"{BLOCK}/(FromRGB|Conv0|Conv1_down|Skip)", layer)
    if kind not in ("weight", "bias") or (layer not in last and match is None):
        raise unknown(name)
    if match is None:
        return f"{last[layer]}.{kind}"
    names = {"FromRGB": "fromrgb", "Conv0": "conv0", "Conv1_down": "conv1", "Skip": "skip"}
    return f"b{match[1]}.{names[match[2]]}.{kind}"


def kernel(name: str, array: np.ndarray, *, turned: bool) -> np.ndarray:
    """A kernel (height, width, in, out) as (out, in, height, width)."""
    if array.ndim != 4:
        raise Unreadable(f"its {quoted(name)} is of shape {array.shape}")
    return (array[::-1, ::-1] if turned else array).transpose(3, 2, 0, 1)


def without_batch(array: np.ndarray, axes: int) -> np.ndarray:
    """The array without its first ``axes`` axes, which are of one."""
    if array.shape[:axes] != (1,) * axes:
        raise Unreadable(f"an array of shape {array.shape} should begin with {axes} axes of one")
    return array.reshape(array.shape[axes:])


def known_arguments(network: Network, meaningful: frozenset[str], *, architecture: str) -> dict[str, Any]:
    """The arguments that matter; Unreadable if one is unknown or describes another network than ours."""
    given = network.arguments
    expected = {**REQUIRED, "architecture": architecture}
    for name in sorted(given):
        value = given[name]
        if name in expected:
            if type(value) is not type(expected[name]) or value != expected[name]:
                raise Unreadable(
                    f"it was built with another {name} than {expected[name]!r}; LiGAN knows no such"
                )
        elif name == "resample_kernel":
            if value not in ([1, 3, 3, 1], (1, 3, 3, 1)):
                raise Unreadable(
                    "its resampling filter is not made of the taps 1, 3, 3, 1; LiGAN knows no other"
                )
        elif name not in HARMLESS | meaningful:
            raise Unreadable(
                f"it was built with the argument {quoted(name)}, whose meaning is not established"
            )
    return {name: value for name, value in given.items() if name in meaningful}


def clamp_of(arguments: dict[str, Any]) -> float | None:
    """The clamp on activations, if there is one."""
    clamp = arguments.get("conv_clamp")
    return None if clamp is None else number(clamp)


def unknown(name: str) -> Unreadable:
    """A variable that no published network has."""
    return Unreadable(f"it has a variable {quoted(name)}, whose meaning is not established")
