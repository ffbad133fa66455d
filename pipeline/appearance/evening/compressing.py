"""Compression evened out: as poor as the suspect's upload for all, and one last pass for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from pipeline.appearance.compression import blockiness
from pipeline.appearance.evening.canvas import Canvas
from pipeline.appearance.evening.settings import EveningSettings
from pipeline.appearance.evening.step import Step
from pipeline.appearance.evening.targets import Targets
from pipeline.faces.detector import Image
from pipeline.faces.head import SIDE
from pipeline.faces.lab import lab_of


@dataclass(frozen=True)
class Upload:
    """What is known of the file that the suspect's photograph came in.

    Attributes:
        quality: of its JPEG compression, 1..100; None if it is not known or was none.
        scale: pixels of the file for one of the head's picture: how large its blocks are here.
    """

    quality: int | None = None
    scale: float = 1.0


SCALES: Final = (0.25, 4.0)
"""Uploads beyond are compressed as at the nearest of these: blocks under two pixels are averaged away."""


def evenly_compressed(
    upload: Upload, canvases: Sequence[Canvas], settings: EveningSettings, _: np.random.Generator
) -> tuple[list[Canvas], list[Step]]:
    """Give the fillers the compression of a poor upload, in blocks of its size; a good one's is not seen."""
    quality = upload.quality
    if quality is None or quality >= settings.poor_quality:
        return list(canvases), []
    scale = float(np.clip(upload.scale, *SCALES))
    made = [c.with_person(lab_of(compressed_at(c.image(), quality, scale))) for c in canvases[1:]]
    before, after = ([blockiness(c.lightness) for c in people] for people in (canvases, [canvases[0], *made]))
    found = Targets(np.array(before), np.array(after), "fillers")
    return [canvases[0], *made], [Step.of(f"compression: JPEG {quality} at {scale:.2f}", found)]


def compressed_at(image: Image, quality: int, scale: float) -> Image:
    """``image`` as if it had been cut from a picture ``scale`` times its size that was compressed."""
    side = round(SIDE * scale)
    smaller = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    back = cv2.INTER_CUBIC if scale < 1 else cv2.INTER_AREA
    there = np.asarray(cv2.resize(image, (side, side), interpolation=smaller), np.uint8)
    here = cv2.resize(through_jpeg(there, quality), (SIDE, SIDE), interpolation=back)
    return np.asarray(here, np.uint8)


def through_jpeg(image: Image, quality: int) -> Image:
    """uint8 RGB compressed with colours at half the resolution, and read again."""
    options = [
        cv2.IMWRITE_JPEG_QUALITY,
        quality,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
    ]
    done, file = cv2.imencode(".jpg", image[..., ::-1], options)
    if not done:
        raise ValueError("OpenCV could not write a picture as JPEG.")
    read = cv2.imdecode(file, cv2.IMREAD_COLOR)
    if read is None:
        raise ValueError("OpenCV could not read the JPEG that it wrote.")
    return np.ascontiguousarray(read[..., ::-1], np.uint8)
