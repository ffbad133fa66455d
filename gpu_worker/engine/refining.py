"""Refinement as the engine offers it: networks built when first needed, tuned ones kept for a while."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock
from typing import Any, Final

import keras
import tensorflow as tf

from pipeline.networks.bundle import Bundle
from pipeline.networks.stylegan2 import Generator
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

    Args:
        bundle: opened.
        generator, encoder: the engine's.
        to_pixels: images in [-1, 1] → uint8, as the engine does it.
    """

    def __init__(
        self, bundle: Bundle, generator: Generator, encoder: keras.Model, to_pixels: Callable[[Any], Any]
    ) -> None:
        self._bundle, self._own, self._to_pixels = bundle, (generator, encoder), to_pixels
        self._lock = Lock()
        self._networks: Networks | None = None
        self._refiner: Refiner | None = None
        self._kept: OrderedDict[str, Tuned] = OrderedDict()
        self._synthesise = tf.function(self._synthesised, autograph=False)
        self._encode = tf.function(self._encoded, autograph=False)

    @property
    def networks(self) -> Networks:
        """The engine's networks and the bundle's discriminator, which is read when it is first needed."""
        if self._networks is None:
            generator, encoder = self._own
            self._networks = Networks(self._bundle.digest, generator, self._bundle.discriminator(), encoder)
        return self._networks

    @property
    def refiner(self) -> Refiner:
        """The one refiner of the process: what it has traced stays traced."""
        if self._refiner is None:
            self._refiner = Refiner(self.networks)
        return self._refiner

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
        refinement.made_for(self._bundle.digest)
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
        return self._to_pixels(self.networks.synthesised(weights, ws, noise))
