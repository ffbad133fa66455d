"""Refinement as the engine offers it: networks built when first needed, refined ones kept for a while."""

from collections import OrderedDict
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Final

from pipeline.networks.bundle import Bundle
from pipeline.refinement import Refinement
from pipeline.serving.networks import Networks

if TYPE_CHECKING:
    from pipeline.refinement import Refiner

# Refinements whose networks are kept in memory; the refined weights of the demo bundle take 5 MB each.
KEPT: Final = 4


class Refining:
    """What an engine needs to refine and to use refinements.

    Args:
        bundle: whose networks are refined, by Keras.
        served: those that make faces.
    """

    def __init__(self, bundle: Bundle, served: Networks) -> None:
        self._bundle, self._served = bundle, served
        self._lock = Lock()
        self._kept: OrderedDict[str, Networks] = OrderedDict()

    @cached_property
    def refiner(self) -> "Refiner":
        """The one refiner of the process: what it has traced stays traced. Here Keras is imported."""
        from pipeline.refinement import Networks as Tunable
        from pipeline.refinement import Refiner

        return Refiner(Tunable.of(self._bundle))

    def refined(self, refinement: Refinement) -> Networks:
        """The networks with the weights of ``refinement``, the last ``KEPT`` of which stay in memory.

        Raises:
            RefinementError: it is of another bundle, or does not fit it.
        """
        with self._lock:
            if refinement.digest not in self._kept:
                self._kept[refinement.digest] = self._served.refined(refinement)
            self._kept.move_to_end(refinement.digest)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return self._kept[refinement.digest]
