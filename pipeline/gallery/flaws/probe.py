"""Whether a face looks spoilt, told by what faceres' inner maps make of it: one linear probe.

Flaws of blending (ghosts, seams, halos, a second mouth) are what the early maps of a network of faces answer
to, whoever the face is.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pipeline.reading.signs import DEPTHS, Signs
from pipeline.reading.views import VIEWS
from pipeline.whole_files import writing

BLOCKS: Final = tuple(f"{view}/{depth}" for view in VIEWS for depth in DEPTHS)
"""Parts of ``Signs`` that are looked at."""
SHIPPED: Final = Path(__file__).with_name("flaws.npz")
LEAST_RANK: Final = 0.05
"""Of good faces, the share that is refused so that those that are spoilt may be."""
FINE: Final = "<f2"


@dataclass(frozen=True, eq=False)
class FlawProbe:
    """A logistic regression on ``BLOCKS``.

    Attributes:
        weights: float32 (d,).
        bias: of the sum.
        facts: how it was learned, how well it tells, and ``good``: the quantiles of good faces' logits,
            evenly from the least to the largest; plain values.
    """

    weights: npt.NDArray[np.float32]
    bias: float
    facts: Mapping[str, Any]

    def logits(self, signs: Signs) -> npt.NDArray[np.float64]:
        """How spoilt faces look, float64 (n,): larger is worse."""
        return np.asarray(signs.of(BLOCKS).astype(np.float64) @ self.weights + self.bias)

    def ranks(self, signs: Signs) -> npt.NDArray[np.float64]:
        """Of the good faces that the probe was measured with, the share that looks more spoilt: float64 (n,),
        0..1."""
        good = np.array(self.facts["good"])
        return np.asarray(1.0 - np.interp(self.logits(signs), good, np.linspace(0, 1, len(good))))

    def write(self, path: Path) -> None:
        """Write it; half precision is enough."""
        facts = np.frombuffer(json.dumps(dict(self.facts)).encode(), np.uint8)
        with writing(path) as file:
            np.savez(file, weights=self.weights.astype(FINE), bias=np.float32(self.bias), facts=facts)

    @classmethod
    def read(cls, path: Path) -> "FlawProbe":
        """The inverse of :meth:`write`."""
        with np.load(path, allow_pickle=False) as arrays:
            facts = json.loads(arrays["facts"].tobytes())
            return cls(arrays["weights"].astype(np.float32), float(arrays["bias"]), facts)


@cache
def flaw_probe() -> FlawProbe:
    """The one that ships."""
    return FlawProbe.read(SHIPPED)
