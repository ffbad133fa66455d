"""The front of a pair of glasses, in millimetres: x from the bridge to the temple, y down from the eyes."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.gallery.wearing.glasses import Glasses, Shape

Points = npt.NDArray[np.float64]
"""float64 (n, 2): millimetres."""


@dataclass(frozen=True)
class Form:
    """What shape a lens has.

    Attributes:
        height: over its width.
        corners: exponent of the superellipse: 2 is an ellipse, more is squarer.
        taper: how much narrower it is below than above, as a share of the width.
        drop: how far its middle lies below the pupil, as a share of its height.
        hang: millimetres by which its lower half hangs, most towards the temple.
    """

    height: float
    corners: float
    taper: float
    drop: float
    hang: float = 0.0


FORMS: Final[dict[Shape, Form]] = {
    "rectangular": Form(0.63, 4.4, 0.07, 0.10),
    "rounded": Form(0.73, 3.0, 0.09, 0.11),
    "oval": Form(0.64, 2.3, 0.02, 0.09),
    "aviator": Form(0.80, 2.7, 0.16, 0.16, 2.5),
    "round": Form(0.88, 2.1, 0.01, 0.10),
}
BRIDGE: Final = 18.0
"""Millimetres between the lenses."""
POINTS: Final = 128
WRAP: Final = 0.0016
"""The front is bent around the face: millimetres back, by the square of those across."""


@dataclass(frozen=True)
class Front:
    """One half of a front, that towards positive x.

    Attributes:
        lens: a lens's outline, closed.
        middle: y of the lens's middle.
        inner: where the bridge leaves the lens.
        hinge: where the temple begins.
    """

    lens: Points
    middle: float
    inner: Points
    hinge: Points

    @classmethod
    def of(cls, style: Glasses) -> "Front":
        """The front of a pair."""
        form = FORMS[style.shape]
        width = style.lens * (0.95 if style.shape == "round" else 1.0)
        half, high = width / 2, width * form.height * style.height / 2
        turn = np.linspace(0.0, 2 * np.pi, POINTS, endpoint=False)
        across, down = (
            np.sign(wave(turn)) * np.abs(wave(turn)) ** (2.0 / form.corners) for wave in (np.cos, np.sin)
        )
        middle = 2 * high * form.drop
        rise = style.lift * np.clip(across, 0, 1) ** 2 * np.clip(-down, 0, 1)
        hang = form.hang * np.clip(down, 0, 1) * (0.6 + 0.4 * across)
        # Noses widen downwards: the nasal side gives way below.
        nasal = 0.06 * half * np.clip(-across, 0, 1) * np.clip(down, -0.3, 1)
        x = BRIDGE / 2 + half + across * half * (1 - form.taper * np.clip(down, -0.4, 1)) + nasal
        lens = np.stack([x, middle + down * high - rise + hang], 1)
        inner = lens[np.argmin(np.square(lens - [BRIDGE / 2 - 1, middle - 0.45 * high]).sum(1))]
        outer = lens[np.argmin(np.square(lens - [BRIDGE / 2 + width + 1, middle - 0.62 * high]).sum(1))]
        return cls(lens, middle, inner, outer + np.array([3.6, -0.4 - 0.3 * style.lift]))
