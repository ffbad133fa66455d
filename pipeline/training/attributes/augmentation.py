"""Pictures changed at random, so that a model does not rely on how they were taken."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

#: Shares of red, green, blue in what an eye takes for brightness (ITU-R BT.601).
LUMA: Final = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """How far a picture may be changed; zeros and False leave it as it is.

    Args:
        mirror: mirror half of the pictures.
        rotation: degrees to either side.
        zoom: larger or smaller by up to this share.
        shift: of the side, in either direction.
        brightness, contrast, saturation: a factor of 1 ± this.
        blur: largest deviation of a Gaussian blur in pixels; half of the pictures are blurred.
        shrink: half of the pictures lose detail: resampled to as little as 1 - this of the side, and back.
        noise: largest deviation of grain in grey levels.
    """

    mirror: bool = False
    rotation: float = 0.0
    zoom: float = 0.0
    shift: float = 0.0
    brightness: float = 0.0
    contrast: float = 0.0
    saturation: float = 0.0
    blur: float = 0.0
    shrink: float = 0.0
    noise: float = 0.0

    def __call__(self, image: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Change an image uint8 (side, side, 3), RGB; the same random numbers give the same image."""
        # Drawn at once, so that switching one change off leaves the others as they are.
        draws, grain = random.uniform(-1.0, 1.0, 12), int(random.integers(2**31))
        image = self._moved(image, draws[:5])
        image = self._recoloured(image, draws[5:8])
        return self._worsened(image, draws[8:], grain)

    def _moved(self, image: np.ndarray, draws: np.ndarray) -> np.ndarray:
        flip, turn, zoom, right, down = draws
        if self.mirror and flip < 0:
            image = np.ascontiguousarray(image[:, ::-1])
        if not (self.rotation or self.zoom or self.shift):
            return image
        side = image.shape[0]
        centre = (side - 1) / 2
        matrix = cv2.getRotationMatrix2D((centre, centre), turn * self.rotation, (1 + self.zoom) ** zoom)
        matrix[:, 2] += np.array([right, down]) * self.shift * side
        return cv2.warpAffine(
            image, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )

    def _recoloured(self, image: np.ndarray, draws: np.ndarray) -> np.ndarray:
        if not (self.brightness or self.contrast or self.saturation):
            return image
        bright, contrast, colour = 1 + draws * (self.brightness, self.contrast, self.saturation)
        values = image.astype(np.float32) * np.float32(bright)
        grey = values @ LUMA
        values = grey[..., None] + (values - grey[..., None]) * np.float32(colour)
        middle = np.float32(grey.mean())
        return to_bytes(middle + (values - middle) * np.float32(contrast))

    def _worsened(self, image: np.ndarray, draws: np.ndarray, grain: int) -> np.ndarray:
        blur, shrink, noise, _ = draws
        side = image.shape[0]
        if self.shrink and shrink > 0:
            small = max(2, round(side * (1 - shrink * self.shrink)))
            image = cv2.resize(image, (small, small), interpolation=cv2.INTER_AREA)
            image = cv2.resize(image, (side, side), interpolation=cv2.INTER_LINEAR)
        if self.blur and blur > 0:
            image = cv2.GaussianBlur(image, (0, 0), max(blur * self.blur, 0.1))
        if self.noise:
            drawn = np.random.default_rng(grain).standard_normal(image.shape, np.float32)
            image = to_bytes(image + drawn * np.float32(abs(noise) * self.noise))
        return image


def to_bytes(values: np.ndarray) -> np.ndarray:
    """Grey levels as float → uint8, rounded and clipped."""
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)
