"""The faces of a gallery blended with one another, by what the gallery says of them."""

from collections.abc import Sequence

import numpy as np

from pipeline.faces.head import Head
from pipeline.fillers import Description
from pipeline.gallery.blending import Shares, blend


def mixed(heads: Sequence[Head], weights: Sequence[float], seed: int, /, *, donor: Description) -> Head:
    """Blend faces of a gallery, see :class:`pipeline.gallery.composing.Blend`.

    Raises:
        ValueError: one head alone.
    """
    rng = np.random.default_rng(seed)
    shares = Shares.drawn(rng, weights, glasses=_has(donor, "glasses"), beard=_has(donor, "beard"))
    return blend(heads, shares).head


def _has(said: Description, key: str) -> bool:
    return key in said and bool(said[key]["value"])
