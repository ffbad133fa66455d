"""The same head as other cameras would show it: nothing learned may hang on one camera or wall."""

from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from pipeline.faces.head import SIDE, Head
from pipeline.training.reading.mirroring import mirrored

GREY: Final = 0.1
"""Share of the poorer variants that lose their colours."""


def poorer(head: Head, flip: np.ndarray, rng: np.random.Generator) -> Head:
    """Blurred, noisy, compressed, lighter or darker, tinted, before a plain wall, perhaps mirrored."""
    if rng.random() < 0.5:
        head = mirrored(head, flip)
    alpha = head.alpha[..., None]
    x: np.ndarray = head.image.astype(np.float32) / 255
    wall = np.clip(rng.uniform(0.3, 1.0) + rng.normal(0, 0.03, 3), 0, 1).astype(np.float32)
    x = x * alpha + wall * (1 - alpha)
    small = int(SIDE * rng.uniform(0.35, 1.0))
    shrunk = cv2.resize(x, (small, small), interpolation=cv2.INTER_AREA)
    x = np.asarray(cv2.resize(shrunk, (SIDE, SIDE)))
    x = np.clip(x, 0, 1) ** np.exp(rng.normal(0, 0.2)) * np.exp(rng.normal(0, 0.1))
    x = x * np.exp(rng.normal(0, 0.03, 3)) + rng.normal(0, rng.uniform(0, 0.03), x.shape)
    if rng.random() < GREY:
        x = np.repeat(x.mean(axis=2, keepdims=True), 3, axis=2)
    pixels = (np.clip(x, 0, 1) * 255 + 0.5).astype(np.uint8)
    return replace(head, image=_compressed(pixels, int(rng.integers(35, 95))))


def _compressed(rgb: np.ndarray, quality: int) -> np.ndarray:
    _, data = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return np.ascontiguousarray(np.asarray(decoded, np.uint8)[..., ::-1])
