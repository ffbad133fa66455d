"""How unlike a picture is to a photograph: pixels, and what the bundle's discriminator sees."""

from typing import Any

from keras import ops

from pipeline.networks.perceptual import distance_of_maps
from pipeline.networks.stylegan2 import Discriminator

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
