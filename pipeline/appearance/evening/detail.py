"""Sharpness and grain evened out, octave by octave, face and hair each by themselves."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from pipeline.appearance.bands import BANDS, Plane, octaves
from pipeline.appearance.evening.canvas import Canvas
from pipeline.appearance.evening.settings import EveningSettings
from pipeline.appearance.evening.step import Step
from pipeline.appearance.evening.targets import Targets, Values, targets
from pipeline.appearance.noise import grain
from pipeline.appearance.sharpness import LEAST, hair_sharpness, sharpness, strengths
from pipeline.faces.head import SIDE

BOOST: Final = 1.25
"""The most that an octave is strengthened: more would ring. Missing strength in the finest comes as grain."""
WEAKEST: Final = 0.02
GRAINED: Final = 2
"""Octaves to which grain is added, the finest."""
EDGE: Final = 4.0
"""Deviation in pixels of the transition between face and hair."""


def evenly_sharp(
    canvases: Sequence[Canvas], settings: EveningSettings, rng: np.random.Generator
) -> tuple[list[Canvas], list[Step]]:
    """Bring the octaves of face and hair to one strength; the softer picture decides.

    Grain is no sharpness: its power is taken off that of the octave before pictures are compared.
    """
    divided = [octaves(canvas.lightness) for canvas in canvases]
    steps: list[Step] = []
    gains: list[Values] = []
    for place, measure in (("face", sharpness), ("hair", hair_sharpness)):
        strong = np.array(
            [_without_grain(measure(p, c.regions), p, c) for (p, _), c in zip(divided, canvases, strict=True)]
        )
        found = [_evenly(np.log2(strong[:, k]), settings.sharpness, rng) for k in range(len(BANDS))]
        steps += [Step.of(f"sharpness: {band} of {place}", f) for band, f in zip(BANDS, found, strict=True)]
        gains.append(np.stack([_gain(f) for f in found], axis=1))
    in_face, in_hair = gains
    made = [
        canvas.with_lightness(_strengthened(canvas, parts, rest, face, hair))
        for canvas, (parts, rest), face, hair in zip(canvases, divided, in_face, in_hair, strict=True)
    ]
    return made, steps


def evenly_tinted(
    canvases: Sequence[Canvas], settings: EveningSettings, rng: np.random.Generator
) -> tuple[list[Canvas], list[Step]]:
    """Bring the octaves of a and b within the face to one strength; the weaker picture decides.

    Blending and storage take colour's detail away; a photograph that keeps its own is told by it.
    """
    made, steps = list(canvases), []
    for channel, name in ((1, "a"), (2, "b")):
        divided = [octaves(np.ascontiguousarray(canvas.lab[..., channel])) for canvas in made]
        strong = np.array([strengths(p, c.regions.face) for (p, _), c in zip(divided, made, strict=True)])
        found = [_evenly(np.log2(strong[:, k]), settings.tint_detail, rng) for k in range(len(BANDS))]
        steps += [Step.of(f"detail of {name}: {band}", f) for band, f in zip(BANDS, found, strict=True)]
        gains = np.stack([_gain(f) for f in found], axis=1)
        for i, (canvas, (parts, rest), gain) in enumerate(zip(made, divided, gains, strict=True)):
            lab = canvas.lab.copy()
            whole = sum((part * strength for part, strength in zip(parts, gain, strict=True)), rest)
            lab[..., channel] = whole
            made[i] = canvas.with_person(lab)
    return made, steps


def evenly_grained(
    canvases: Sequence[Canvas], settings: EveningSettings, rng: np.random.Generator
) -> tuple[list[Canvas], list[Step]]:
    """Add grain to whoever has less than the others; wall and clothes, painted, get as much for everybody."""
    divided = [octaves(canvas.lightness)[0] for canvas in canvases]
    found_grain = np.array([grain(p, c.regions)[:GRAINED] for p, c in zip(divided, canvases, strict=True)])
    steps, wanted = [], []
    for k in range(GRAINED):
        levels = np.log2(found_grain[:, k])
        poorer = bool(levels[0] > np.nanmedian(levels[1:])) if not np.isnan(levels[1:]).all() else False
        found = targets(levels, poorer=poorer, spread=settings.grain, rng=rng)
        steps.append(Step.of(f"grain: {BANDS[k]}", found))
        wanted.append(2.0**found.wanted)
    levels = np.stack(wanted, axis=1)
    common = np.nan_to_num(np.nanmedian(levels, axis=0)) * settings.wall_grain
    made = [
        canvas.with_lightness(canvas.lightness + _grain_for(canvas, own, level, common, rng))
        for canvas, own, level in zip(canvases, found_grain, levels, strict=True)
    ]
    return made, steps


def _evenly(levels: Values, spread: float, rng: np.random.Generator) -> Targets:
    fillers = levels[1:]
    poorer = bool(levels[0] < np.nanmedian(fillers)) if not np.isnan(fillers).all() else False
    return targets(levels, poorer=poorer, spread=spread, rng=rng)


def _gain(found: Targets) -> Values:
    gain = np.nan_to_num(2.0 ** (found.wanted - found.before), nan=1.0)
    return np.clip(gain, WEAKEST, BOOST)


def _without_grain(strength: Values, parts: list[Plane], canvas: Canvas) -> Values:
    noise = np.nan_to_num(grain(parts, canvas.regions)[:GRAINED])
    signal = strength.copy()
    signal[:GRAINED] = np.sqrt(np.maximum(np.square(strength[:GRAINED]) - np.square(noise), LEAST**2))
    return signal


def _strengthened(canvas: Canvas, parts: list[Plane], rest: Plane, face: Values, hair: Values) -> Plane:
    of_hair = cv2.GaussianBlur(canvas.regions.hair.astype(np.float32), (0, 0), EDGE)
    # A band of the outline reaches over it: the wall beside it is sharpened and softened with it.
    near = cv2.dilate(canvas.own, np.ones((5, 5), np.uint8))
    total = rest.copy()
    for part, in_face, in_hair in zip(parts, face, hair, strict=True):
        gain = in_face + (in_hair - in_face) * of_hair
        total += part * (1 + (gain - 1) * near)
    return np.clip(total, 0, 100).astype(np.float32)


def _grain_for(
    canvas: Canvas, own: Values, wanted: Values, common: Values, rng: np.random.Generator
) -> Plane:
    """What is missing of ``wanted`` on the person, and ``common`` on what was painted."""
    white = rng.standard_normal((SIDE, SIDE)).astype(np.float32)
    bands, _ = octaves(white)
    total = np.zeros((SIDE, SIDE), np.float32)
    for band, has, level, alike in zip(bands, own, wanted, common, strict=False):
        missing = np.sqrt(max(level**2 - has**2, 0.0)) if not np.isnan(has + level) else alike
        amount = missing * canvas.own + alike * (1 - canvas.own)
        total += band / float(band.std()) * amount.astype(np.float32)
    return total
