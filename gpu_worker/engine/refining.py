"""Refinement as the engine offers it: networks built when first needed, tuned ones kept for a while."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from threading import Lock
from typing import Any, Final

from pipeline.networks.backend import compiled
from pipeline.networks.bundle_faces import BundleFaces, to_pixels
from pipeline.refinement import Networks, Refinement, Refiner

# Refinements whose weights are kept in memory; the tuned weights of the demo bundle take 5 MB each.
KEPT: Final = 4


@dataclass(frozen=True, eq=False)
class Tuned:
    """The networks with a refinement's weights, as the engine calls its own.

    Attributes:
        synthesise: (w+, noise) → faces uint8.
        encode: images in [-1, 1] → w+ and features; None where the encoder is the bundle's.
    """

    synthesise: Callable[[Any, Any], Any]
    encode: Callable[[Any], Any] | None


class Refining:
    """What an engine needs to refine and to use refinements.

    Functions take the weights as arguments: they are traced once, not once for each refinement.
    """

    def __init__(self, models: BundleFaces) -> None:
        self._models = models
        self._lock = Lock()
        self._kept: OrderedDict[str, Tuned] = OrderedDict()
        self._synthesise = compiled(self._synthesised)
        self._encode = compiled(self._encoded)

    @cached_property
    def networks(self) -> Networks:
        """The engine's networks and the bundle's discriminator, which is read when it is first needed."""
        models = self._models
        return Networks(models.digest, models.generator, models.discriminator, models.encoder)

    @cached_property
    def refiner(self) -> Refiner:
        """The one refiner of the process: what it has traced stays traced."""
        return Refiner(self.networks)

    def tuned(self, refinement: Refinement) -> Tuned:
        """The networks with the weights of ``refinement``, the last ``KEPT`` of which stay in memory.

        Raises:
            RefinementError: it is of another bundle.
        """
        with self._lock:
            if refinement.digest not in self._kept:
                self._kept[refinement.digest] = self._made(refinement)
            self._kept.move_to_end(refinement.digest)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return self._kept[refinement.digest]

    def _made(self, refinement: Refinement) -> Tuned:
        refinement.made_for(self._models.digest)
        networks = self.networks
        generator = networks.tuned(refinement.generator, networks.synthesis_variables)
        tuned = Tuned(partial(self._synthesise, generator), encode=None)
        if refinement.encoder:
            encoder = networks.tuned(refinement.encoder, networks.encoder_variables)
            tuned = replace(tuned, encode=partial(self._encode, encoder))
        return tuned

    def _encoded(self, weights: list[Any], images: Any) -> Any:
        return self.networks.encoded(weights, images)

    def _synthesised(self, weights: list[Any], ws: Any, noise: Any) -> Any:
        return to_pixels(self.networks.synthesised(weights, ws, noise))
