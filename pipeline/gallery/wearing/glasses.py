"""What a pair of glasses is: plain data, and a draw of an everyday pair."""

from dataclasses import dataclass
from typing import Final, Literal, Self

import numpy as np

Shape = Literal["rectangular", "rounded", "oval", "aviator", "round"]
Rim = Literal["full", "half", "rimless"]
Colour = tuple[float, float, float]

PLASTICS: Final[dict[str, Colour]] = {
    "black": (26.0, 25.0, 27.0),
    "dark brown": (52.0, 35.0, 27.0),
    "tortoise": (86.0, 53.0, 32.0),
    "navy": (33.0, 40.0, 62.0),
    "grey": (74.0, 75.0, 79.0),
    "wine": (74.0, 28.0, 36.0),
}
METALS: Final[dict[str, Colour]] = {
    "gunmetal": (70.0, 71.0, 75.0),
    "black": (38.0, 37.0, 38.0),
    "silver": (128.0, 128.0, 132.0),
    "gold": (140.0, 106.0, 58.0),
    "bronze": (98.0, 74.0, 56.0),
}
"""RGB, 0..255, where light falls on them squarely."""

# How often, in the order of the names above and of ``Shape``.
PLASTIC_SHARES: Final = (0.44, 0.20, 0.16, 0.08, 0.08, 0.04)
METAL_SHARES: Final = (0.36, 0.22, 0.18, 0.14, 0.10)
SHAPES: Final[tuple[Shape, ...]] = ("rectangular", "rounded", "oval", "aviator", "round")
SHAPE_SHARES: Final = {"male": (0.40, 0.34, 0.06, 0.09, 0.11), "female": (0.28, 0.42, 0.14, 0.03, 0.13)}
PLASTIC: Final = 0.52
# Of metal ones.
RIMS: Final[tuple[Rim, ...]] = ("full", "half", "rimless")
RIM_SHARES: Final = (0.62, 0.26, 0.12)


@dataclass(frozen=True)
class Glasses:
    """A pair of glasses.

    Attributes:
        shape: of the lenses.
        rim: around the lenses, along their upper half, or none.
        plastic: whether the frame is acetate, else wire.
        colour: RGB of the frame, 0..255.
        mottled: how much the colour varies along the frame, as tortoiseshell's does: 0..1.
        thickness: of the rim in front, in millimetres.
        lens: width of a lens in millimetres on a face 140 mm wide.
        height: of a lens, as a share of what its shape has.
        lift: millimetres by which the upper outer corners rise.
        pads: whether it stands on pads beside the nose.
        tint: share of the light that the lenses keep back.
        reflection: share of white that is reflected where it is most; below 0 from the picture's right.
    """

    shape: Shape
    rim: Rim = "full"
    plastic: bool = True
    colour: Colour = PLASTICS["black"]
    mottled: float = 0.0
    thickness: float = 3.2
    lens: float = 52.0
    height: float = 1.0
    lift: float = 0.0
    pads: bool = False
    tint: float = 0.02
    reflection: float = 0.0

    @classmethod
    def drawn(cls, rng: np.random.Generator, sex: str) -> Self:
        """An everyday pair.

        Args:
            rng: decides.
            sex: male or female: of whom; shapes differ a little, nothing else does but the lift.
        """
        shape = SHAPES[int(rng.choice(len(SHAPES), p=SHAPE_SHARES[sex]))]
        plastic = shape != "aviator" and bool(rng.random() < PLASTIC)
        rim: Rim = "full" if plastic or shape == "aviator" else RIMS[int(rng.choice(3, p=RIM_SHARES))]
        named = PLASTICS if plastic else METALS
        name = list(named)[int(rng.choice(len(named), p=PLASTIC_SHARES if plastic else METAL_SHARES))]
        colour = np.asarray(named[name]) * rng.uniform(0.85, 1.15)
        shines = rng.random() < 0.35
        return cls(
            shape=shape,
            rim=rim,
            plastic=plastic,
            colour=(float(colour[0]), float(colour[1]), float(colour[2])),
            mottled=0.4 if name == "tortoise" else 0.0,
            thickness=float(rng.uniform(2.4, 4.2) if plastic else rng.uniform(1.4, 2.1)),
            lens=float(rng.uniform(51.0, 55.5)),
            height=float(rng.uniform(0.94, 1.10)),
            lift=float(rng.uniform(0.0, 2.6) if sex == "female" and plastic else rng.uniform(0.0, 0.8)),
            pads=not plastic,
            tint=float(rng.uniform(0.0, 0.05)),
            reflection=float(rng.uniform(0.04, 0.13) * rng.choice((-1.0, 1.0))) if shines else 0.0,
        )
