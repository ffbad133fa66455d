"""Everything that is measured of one picture's look."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pipeline.appearance import colour, compression, noise, placement, sharpness, tones
from pipeline.appearance.bands import octaves
from pipeline.appearance.regions import regions_of
from pipeline.faces import measures
from pipeline.faces.head import Head
from pipeline.faces.lab import lab_of

Values = npt.NDArray[np.float64]

ASPECTS: Final = (
    "skin",
    "hair",
    "wall",
    "brightness",
    "colour",
    "sharpness",
    "noise",
    "compression",
    "head_size",
    "eye_line",
    "expression",
)
"""Aspects of a look, each a vector; NaN where a picture does not show it."""


@dataclass(frozen=True, eq=False)
class Look:
    """How one picture looks.

    Attributes:
        aspects: name of ``ASPECTS`` -> float (k,), every entry in a unit in which people's pictures differ by
            about one: what distances between members are made of.
        grey: whether it is black and white or of one tint.
    """

    aspects: dict[str, Values]
    grey: bool

    def vector(self) -> Values:
        """All aspects, one after the other."""
        return np.concatenate([self.aspects[name] for name in ASPECTS])

    def to_dict(self) -> dict[str, Any]:
        """Plain values, None for what is unknown."""
        plain = {
            name: [None if np.isnan(value) else round(float(value), 4) for value in values]
            for name, values in self.aspects.items()
        }
        return {"grey": self.grey, **plain}


def look_of(head: Head) -> Look:
    """Measure ``head``; the same pixels give the same look."""
    lab = lab_of(head.image)
    regions = regions_of(head, lab)
    parts, _ = octaves(np.ascontiguousarray(lab[..., 0]))
    skin = tones.skin_tone(head, lab, regions)
    hair = tones.hair_tone(lab, regions)
    wall = lab[regions.wall]
    deviations = wall.std(axis=0).mean() if len(wall) else np.nan
    middle = np.median(wall, axis=0) if len(wall) else np.full(3, np.nan)
    points = head.landmarks
    # Tones and colours in units of Lab over what is plain to see, strengths in octaves, places in hundredths.
    aspects = {
        "skin": skin / (6.0, 3.0, 4.0),
        "hair": np.append(
            hair / (12.0, 4.0, 6.0),
            [tones.hair_extent(head, regions) / 0.25, tones.hair_height(head) / 0.03],
        ),
        "wall": np.append(middle / 2.0, deviations / 0.5),
        "brightness": np.array([colour.brightness(lab, regions) / 6.0, colour.contrast(lab, regions) / 8.0]),
        "colour": np.append(
            colour.cast(colour.skin_lab(lab, regions)) / (3.0, 4.0), colour.saturation(lab, regions) / 4.0
        ),
        "sharpness": np.log2(
            np.concatenate([sharpness.sharpness(parts, regions), sharpness.hair_sharpness(parts, regions)])
        )
        / 0.4,
        "noise": np.log2(noise.grain(parts, regions)) / 0.4,
        "compression": np.array([np.log2(compression.blockiness(lab[..., 0])) / 0.5]),
        "head_size": np.array([placement.head_size(points) / 0.01]),
        "eye_line": np.array([placement.eye_line(points) / 0.01]),
        "expression": np.array(
            [
                measures.mouth_gap(points) / 0.08,
                measures.mouth_width(points) / 0.06,
                np.mean(measures.eye_openings(points)) / 0.06,
                placement.turn(points) / 0.06,
            ]
        ),
    }
    return Look(
        aspects={name: np.asarray(values, np.float64) for name, values in aspects.items()},
        grey=colour.is_grey(lab, regions),
    )


def look_from(plain: dict[str, Any]) -> Look:
    """The look that ``Look.to_dict`` wrote down.

    Raises:
        ValueError: it is not such a dict.
    """
    try:
        aspects = {
            name: np.array([np.nan if value is None else value for value in plain[name]], np.float64)
            for name in ASPECTS
        }
        return Look(aspects, bool(plain["grey"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"This is no look of a picture: {error}.") from error
