"""The networks that a refinement works with, which of their weights it changes, and its losses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import keras
import numpy as np
from keras import ops

from pipeline.networks.bundle import Bundle
from pipeline.networks.perceptual import distance_of_maps
from pipeline.networks.stylegan2 import Discriminator, Generator
from pipeline.refinement.refinement import RefinementError

Tensor = Any


class Likeness:
    """The losses of refinement (thesis §3.4.3: pixels and features, both mean squared errors).

    The features are those of the discriminator's blocks, normalised over channels. Every bundle has them, and
    they know faces; the face embedder takes no part.

    Args:
        discriminator: channels last.
    """

    def __init__(self, discriminator: Discriminator) -> None:
        self.discriminator = discriminator

    def maps(self, images: Tensor) -> list[Tensor]:
        """What each block sees in images float (n, r, r, 3) in [-1, 1]: float32 (n, side, side, channels)."""
        x, maps = self.discriminator.from_rgb(ops.cast(images, self.discriminator.compute_dtype)), []
        for block in self.discriminator.blocks:
            x = block(x)
            maps.append(ops.cast(x, "float32"))
        return maps

    def pixel(self, a: Tensor, b: Tensor) -> Tensor:
        """Mean squared error of images float (n, r, r, 3)."""
        return ops.mean(ops.square(a - b))

    def feature(self, images: Tensor, wanted: list[Tensor]) -> Tensor:
        """Mean squared distance of normalised features: images float (n, r, r, 3) and :meth:`maps`."""
        return ops.mean(distance_of_maps(self.maps(images), wanted)) / len(wanted)


@dataclass(frozen=True, eq=False)
class Networks:
    """A bundle's networks; their variables are read and never written.

    Attributes:
        digest: the bundle's.
        generator, discriminator, encoder: float32, channels last.
    """

    digest: str
    generator: Generator
    discriminator: Discriminator
    encoder: keras.Model

    @classmethod
    def of(cls, bundle: Bundle) -> Self:
        """Build the networks of a bundle; BundleError if it lacks one."""
        return cls(bundle.digest, bundle.generator(), bundle.discriminator(), bundle.encoder())

    @cached_property
    def likeness(self) -> Likeness:
        """The losses."""
        return Likeness(self.discriminator)

    @cached_property
    def synthesis_variables(self) -> list[Any]:
        """What is tuned of the generator: the synthesis network without the strengths of its noise.

        One photograph has no say in how much faces differ by chance.
        """
        variables = self.generator.synthesis.trainable_variables
        return [variable for variable in variables if not variable.path.endswith("noise_strength")]

    @cached_property
    def encoder_variables(self) -> list[Any]:
        """What is tuned of the encoder: all but the statistics of its normalisation."""
        return list(self.encoder.trainable_variables)

    def synthesised(self, weights: Sequence[Tensor], ws: Tensor, noise: Any) -> Tensor:
        """Images float32 (n, r, r, 3) of w+ (n, num_ws, w_dim), with weights like ``synthesis_variables``."""
        with _reading(self.synthesis_variables, weights):
            return ops.cast(self.generator.synthesis(ws, noise=noise), "float32")

    def encoded(self, weights: Sequence[Tensor], images: Tensor) -> dict[str, Tensor]:
        """What the encoder says of images, with weights like ``encoder_variables``."""
        with _reading(self.encoder_variables, weights):
            return self.encoder(images, training=False)

    def tuned(self, changed: Mapping[str, np.ndarray], variables: Sequence[Any]) -> list[Tensor]:
        """The variables' values, float32, those of ``changed`` in place of the bundle's.

        Raises:
            RefinementError: ``changed`` has a name or a shape that the network has not.
        """
        paths = {variable.path: tuple(variable.shape) for variable in variables}
        if odd := [name for name, array in changed.items() if paths.get(name) != array.shape]:
            raise RefinementError(
                f"the refinement's weights do not fit the bundle's network: {', '.join(odd[:3])}"
            )
        # Of plain arrays: TensorFlow would hand on its own variable, and trace each step again for the tensor
        # that comes after it.
        values = (changed.get(variable.path, np.asarray(variable.value)) for variable in variables)
        return [ops.convert_to_tensor(np.asarray(value, np.float32)) for value in values]


def changed_weights(variables: Sequence[Any], values: Sequence[Tensor]) -> dict[str, np.ndarray]:
    """The values as float16 by path, of those variables that have another value in float16."""
    halves = {
        variable.path: np.asarray(ops.convert_to_numpy(value), np.float16)
        for variable, value in zip(variables, values, strict=True)
    }
    before = {variable.path: np.asarray(variable.value, np.float16) for variable in variables}
    return {path: half for path, half in halves.items() if not np.array_equal(half, before[path])}


def _reading(variables: Sequence[Any], values: Sequence[Tensor]) -> Any:
    """Scope in which each variable reads as the tensor beside it."""
    return keras.StatelessScope(state_mapping=list(zip(variables, values, strict=True)))
