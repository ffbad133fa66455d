"""Lineups made up for detectors: in all of them the suspect is told apart, or in none."""

import cv2
import numpy as np

from pipeline.evaluation.standing_out.detectors import Exhibit
from pipeline.faces.detector import Image


def soft(image: Image) -> Image:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 1.2))


def exhibits(count: int, seed: int, *, odd: bool) -> list[Exhibit]:
    """Lineups of five, of made-up traces, faces and pictures."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        suspect = number % 5
        values = rng.normal(size=(5, 8))
        embeddings = rng.normal(size=(5, 16)) / 4
        images = rng.integers(90, 160, (5, 256, 256, 3), dtype=np.uint8)
        if odd:
            values[suspect, 3] += 4
            embeddings[suspect, 2] += 2
            images[suspect] = soft(images[suspect])
        traces = [{f"trace {k}": float(v) for k, v in enumerate(row)} for row in values]
        made.append(Exhibit(traces, embeddings, images, suspect))
    return made
