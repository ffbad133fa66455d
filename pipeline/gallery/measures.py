"""The numbers that a gallery keeps of each face, so that whoever composes new ones knows who suits whom.

They are what portraits are compared by when a gallery is built (``blending.partners``): the age in years, the
beard's kind, and the measures of ``Traits``.
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final

import numpy as np

from pipeline.attributes.people import BEARDS
from pipeline.gallery.blending.traits import PLACES, Traits

AGE, BEARD = "age", "beard"
SHAPES: Final[dict[str, tuple[int, ...]]] = {"tone": (3,), "shading": (len(PLACES), 3)}
"""Measures that are arrays; all others are single numbers."""
_TRAITS: Final = tuple(field.name for field in fields(Traits))


def _names_of(trait: str) -> list[str]:
    return (
        [f"{trait}.{place}" for place in range(int(np.prod(SHAPES[trait])))] if trait in SHAPES else [trait]
    )


NAMES: Final = (AGE, BEARD, *(name for trait in _TRAITS for name in _names_of(trait)))
"""Names of the numbers, in the order in which they are kept."""


def measures_of(traits: Traits, *, age: float, beard: str) -> tuple[float, ...]:
    """A face's numbers.

    Args:
        age: years.
        beard: one of ``BEARDS``.
    """
    flat = [np.ravel(getattr(traits, name)) for name in _TRAITS]
    return (age, float(BEARDS.index(beard)), *np.concatenate(flat).tolist())


def measured(numbers: Sequence[float]) -> tuple[Traits, float, str]:
    """The inverse of :func:`measures_of`: how a face looks, its age, its beard.

    Raises:
        ValueError: these are not the numbers of ``NAMES``.
    """
    if len(numbers) != len(NAMES) or not 0 <= round(numbers[1]) < len(BEARDS):
        raise ValueError(f"a face has the measures {', '.join(NAMES[:3])} and so on, {len(NAMES)} of them")
    values: dict[str, Any] = {}
    rest = np.asarray(numbers[2:], np.float64)
    for name in _TRAITS:
        shape = SHAPES.get(name, ())
        size = int(np.prod(shape))
        values[name] = rest[:size].reshape(shape) if shape else float(rest[0])
        rest = rest[size:]
    return Traits(**values), float(numbers[0]), BEARDS[round(numbers[1])]
