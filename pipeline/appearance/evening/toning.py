"""Brightness, contrast, cast and saturation of people evened out; the wall, alike for all, stays.

The fillers move, be their pictures better or worse: light and colour can be given to a picture without
spoiling it, and the complexion in the suspect's photograph is what there is to go by.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from pipeline.appearance import colour
from pipeline.appearance.evening.canvas import Canvas
from pipeline.appearance.evening.settings import EveningSettings
from pipeline.appearance.evening.step import Step
from pipeline.appearance.evening.targets import Values, targets

EXPONENTS: Final = (0.45, 2.2)
CONTRASTS: Final = (0.5, 1.6)
SATURATIONS: Final = (0.0, 2.0)
"""The furthest that a picture is moved."""

Toned = tuple[list[Canvas], list[Step]]


def without_colour(suspect: Canvas) -> bool:
    """Whether his photograph is black and white or of one tint."""
    return colour.is_grey(suspect.lab, suspect.regions)


def evenly_grey(canvases: Sequence[Canvas], _settings: EveningSettings, _: np.random.Generator) -> Toned:
    """The suspect's photograph has no colour: nobody's has, and all have its tint.

    Wall and clothes too, as if all of it were of one photograph.
    """
    suspect = canvases[0]
    tint = colour.tint(suspect.lab, suspect.regions)
    return [c.with_lab(colour.tinted(c.lightness, tint)) for c in canvases], [Step("grey", "all")]


def evenly_lit(canvases: Sequence[Canvas], settings: EveningSettings, rng: np.random.Generator) -> Toned:
    """Brightness by a power of L, which keeps black and white, and contrast around the face's brightness."""
    light = np.array([colour.brightness(c.lab, c.regions) for c in canvases])
    lit = targets(light, poorer=True, spread=settings.brightness, rng=rng)
    made = [_brightened(*one) for one in zip(canvases, lit.before, lit.wanted, strict=True)]

    range_of = np.array([colour.contrast(c.lab, c.regions) for c in made])
    ranged = targets(range_of, poorer=True, spread=settings.contrast, rng=rng)
    made = [_contrasted(*one) for one in zip(made, ranged.before, ranged.wanted, strict=True)]
    return made, [Step.of("brightness", lit), Step.of("contrast", ranged)]


def evenly_coloured(canvases: Sequence[Canvas], settings: EveningSettings, rng: np.random.Generator) -> Toned:
    """The cast of skin, a and b alone, then the strength of all colours."""
    steps, made = [], list(canvases)
    casts = np.array([colour.cast(colour.skin_lab(c.lab, c.regions)) for c in made])
    shifts = []
    for axis, name in enumerate(("cast: green to red", "cast: blue to yellow")):
        found = targets(casts[:, axis], poorer=True, spread=settings.cast, rng=rng)
        shifts.append(found.wanted - found.before)
        steps.append(Step.of(name, found))
    made = [_shifted(canvas, shift) for canvas, shift in zip(made, np.stack(shifts, axis=1), strict=True)]

    chroma = np.log2(np.maximum([colour.saturation(c.lab, c.regions) for c in made], 0.1))
    found = targets(chroma, poorer=True, spread=settings.saturation, rng=rng)
    steps.append(Step.of("saturation", found))
    return [_saturated(*one) for one in zip(made, found.before, found.wanted, strict=True)], steps


def _brightened(canvas: Canvas, before: float, wanted: float) -> Canvas:
    exponent = np.log(np.clip(wanted, 5, 97) / 100) / np.log(np.clip(before, 5, 97) / 100)
    lab = canvas.lab.copy()
    lab[..., 0] = 100 * np.power(np.clip(lab[..., 0] / 100, 0, 1), np.clip(exponent, *EXPONENTS))
    return canvas.with_person(lab)


def _contrasted(canvas: Canvas, before: float, wanted: float) -> Canvas:
    middle = colour.brightness(canvas.lab, canvas.regions)
    gain = np.clip(wanted / max(before, 1.0), *CONTRASTS)
    lab = canvas.lab.copy()
    lab[..., 0] = np.clip(middle + gain * (lab[..., 0] - middle), 0, 100)
    return canvas.with_person(lab)


def _shifted(canvas: Canvas, shift: Values) -> Canvas:
    """Less in the dark, where a cast of the light has nothing to colour."""
    lab = canvas.lab.copy()
    lab[..., 1:] += shift * np.clip(lab[..., :1] / 50.0, 0, 1)
    return canvas.with_person(lab)


def _saturated(canvas: Canvas, before: float, wanted: float) -> Canvas:
    lab = canvas.lab.copy()
    lab[..., 1:] *= np.clip(2.0 ** (wanted - before), *SATURATIONS)
    return canvas.with_person(lab)
