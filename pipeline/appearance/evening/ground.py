"""What everybody has in common made the same to the last digit: storage, wall, and the finest detail.

An eye does not see these differences; a machine finds the one picture that was not kept as the others were.
"""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from pipeline.appearance.evening.canvas import Canvas
from pipeline.appearance.evening.settings import EveningSettings
from pipeline.appearance.evening.step import Step
from pipeline.faces.detector import Image
from pipeline.faces.head import SIDE, Head

Made = tuple[list[Canvas], list[Step]]


def kept_alike(heads: Sequence[Head], settings: EveningSettings) -> tuple[list[Head], list[Step]]:
    """Everybody as a gallery keeps its faces: colours at half the resolution, the least detail left out."""
    made = [replace(head, image=through_webp(head.image, settings.kept)) for head in heads]
    return made, [Step(f"storage: WebP {settings.kept}", "all")]


def evenly_walled(canvases: Sequence[Canvas], _settings: EveningSettings, _: np.random.Generator) -> Made:
    """The suspect's wall behind everybody: storage and composing round its colour in their own ways."""
    walls = [_wall(canvas) for canvas in canvases]
    if any(np.isnan(wall).any() for wall in walls):
        return list(canvases), []
    made = []
    for canvas, wall in zip(canvases, walls, strict=True):
        behind = (1 - canvas.head.alpha)[..., None]
        lab = canvas.lab + behind * (walls[0] - wall)
        lab[canvas.regions.wall] = walls[0]
        made.append(canvas.with_lab(lab))
    return made, [Step("wall", "all")]


def finished_alike(canvases: Sequence[Canvas], settings: EveningSettings, rng: np.random.Generator) -> Made:
    """What is finest, where resampling and mixing leave their traces, is taken off and replaced by grain."""
    made = []
    for canvas in canvases:
        soft = cv2.GaussianBlur(canvas.lab, (0, 0), settings.soft) if settings.soft else canvas.lab
        lab = np.array(soft, np.float32)
        lab[..., 0] += settings.film * rng.standard_normal((SIDE, SIDE)).astype(np.float32)
        made.append(canvas.with_lab(lab))
    return made, [Step(f"finest detail: blur {settings.soft}, grain {settings.film}", "all")]


def through_webp(image: Image, quality: int) -> Image:
    """uint8 RGB kept as WebP and read again."""
    done, file = cv2.imencode(
        ".webp", np.ascontiguousarray(image[..., ::-1]), [cv2.IMWRITE_WEBP_QUALITY, quality]
    )
    read = cv2.imdecode(file, cv2.IMREAD_COLOR) if done else None
    if read is None:
        raise ValueError("OpenCV could not keep a picture as WebP.")
    return np.ascontiguousarray(read[..., ::-1], np.uint8)


def _wall(canvas: Canvas) -> np.ndarray:
    known = canvas.lab[canvas.regions.wall]
    return np.asarray(np.median(known, axis=0) if len(known) else np.full(3, np.nan), np.float32)
