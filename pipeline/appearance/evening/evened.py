"""A lineup evened out: everybody's picture, and what was done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np

from pipeline.appearance.evening.canvas import Canvas
from pipeline.appearance.evening.compressing import Upload, evenly_compressed, through_jpeg
from pipeline.appearance.evening.detail import evenly_grained, evenly_sharp, evenly_tinted
from pipeline.appearance.evening.ground import evenly_walled, finished_alike, kept_alike
from pipeline.appearance.evening.settings import EveningSettings
from pipeline.appearance.evening.step import Step
from pipeline.appearance.evening.toning import (
    evenly_coloured,
    evenly_grey,
    evenly_lit,
    without_colour,
)
from pipeline.faces.detector import Image
from pipeline.faces.head import Head

FORMAT: Final = 1
DEFAULT: Final = EveningSettings()
UNKNOWN: Final = Upload()
Evenly = Callable[[Sequence[Canvas], EveningSettings, np.random.Generator], tuple[list[Canvas], list[Step]]]
"""One thing evened out: the lineup's canvases, the suspect's first -> as they are then, and what was done."""


@dataclass(frozen=True, eq=False)
class Evened:
    """What ``even_out`` made.

    Attributes:
        suspect: uint8 (SIDE, SIDE, 3), RGB.
        fillers: as many as were given, in their order.
        steps: what was done, in order.
        settings, upload: what it was done with.
    """

    suspect: Image
    fillers: list[Image]
    steps: list[Step]
    settings: EveningSettings
    upload: Upload

    def to_dict(self) -> dict[str, Any]:
        """Plain values for recipe and audit trail; with the heads they make the same pictures again."""
        return {
            "format": FORMAT,
            "settings": self.settings.to_dict(),
            "upload": {"quality": self.upload.quality, "scale": round(self.upload.scale, 4)},
            "steps": [step.to_dict() for step in self.steps],
        }


def even_out(
    suspect: Head,
    fillers: Sequence[Head],
    settings: EveningSettings = DEFAULT,
    upload: Upload = UNKNOWN,
) -> Evened:
    """Make the pictures of one lineup alike in everything that is not the face.

    Where the suspect's photograph is the poorer, the fillers' pictures become like it; where it is the
    better, it becomes like theirs. In light and colour the fillers always move: no picture is spoiled by it,
    and the suspect's complexion is part of who he is. Light and colour first, then compression, sharpness and
    grain; at the end all pictures take one pass through the same compression. No pixel moves, so no face
    changes its shape.

    Args:
        suspect, fillers: before the same wall, in the same clothes (``pipeline.faces``).
        upload: of the suspect's photograph, if it is known.

    Raises:
        ValueError: there are no fillers.
    """
    if not fillers:
        raise ValueError("There is nobody to even the suspect out with.")
    rng = np.random.default_rng(settings.seed)
    heads, steps = kept_alike((suspect, *fillers), settings)
    canvases = [Canvas.of(head, gown=settings.gown) for head in heads]
    grey = without_colour(canvases[0])
    detail: tuple[Evenly, ...] = (
        partial(evenly_compressed, upload),
        evenly_sharp,
        evenly_grained,
        finished_alike,
    )
    colours: tuple[Evenly, ...] = (evenly_coloured, evenly_tinted)
    rest = (*detail, evenly_grey) if grey else (*colours, *detail)
    for evenly in (evenly_walled, evenly_lit, *rest):
        canvases, done = evenly(canvases, settings, rng)
        steps += done
    images = [through_jpeg(canvas.image(), settings.finish) for canvas in canvases]
    steps.append(Step(f"finish: JPEG {settings.finish}", "all"))
    return Evened(images[0], images[1:], steps, settings, upload)
