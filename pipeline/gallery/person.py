"""Whom faces of a gallery are compared with."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pipeline.fillers import Description


@dataclass(frozen=True, eq=False)
class Person:
    """Somebody of whom there is a photograph, or a face of nobody to start from.

    Attributes:
        identity: float32 (1024,), unit length.
        description: what is known of them; values that are not, are None.
    """

    identity: npt.NDArray[np.float32]
    description: Description = field(default_factory=dict)
