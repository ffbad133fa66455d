"""Pictures in files, read when they are needed; few enough stay in memory."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from pipeline.command_line import BadInput

#: 40,000 pictures of 128 px.
KEPT_BYTES: Final = 2 * 2**30
READERS: Final = 4


class UnreadablePicture(BadInput):
    """A file that should be a picture is none."""


class Pictures:
    """Faces in files, by number.

    Args:
        files: in order.
        side: each is fitted into a square of this side.
        kept_bytes: if all take no more than this, each is read from its file only once.
    """

    def __init__(self, files: Sequence[Path], side: int, *, kept_bytes: int = KEPT_BYTES) -> None:
        self.files, self.side = list(files), side
        keep = len(self.files) * side * side * 3 <= kept_bytes
        self._kept = np.zeros((len(self.files), side, side, 3), np.uint8) if keep else None
        self._read = np.zeros(len(self.files), bool)
        self._pool = ThreadPoolExecutor(READERS)

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, places: np.ndarray) -> np.ndarray:
        """Pictures by their places, int (n,) → uint8 (n, side, side, 3), RGB.

        Raises:
            UnreadablePicture: a file is missing or no picture.
        """
        found = list(self._pool.map(self._picture, map(int, places)))
        return np.stack(found) if found else np.zeros((0, self.side, self.side, 3), np.uint8)

    def _picture(self, place: int) -> np.ndarray:
        if self._kept is None:
            return self._from_file(place)
        if not self._read[place]:
            self._kept[place] = self._from_file(place)
            self._read[place] = True
        return np.asarray(self._kept[place])

    def _from_file(self, place: int) -> np.ndarray:
        bgr = cv2.imread(str(self.files[place]), cv2.IMREAD_COLOR)
        if bgr is None:
            raise UnreadablePicture(f"{self.files[place]} is not a readable picture; remove it or mend it.")
        return letterbox(np.ascontiguousarray(bgr[:, :, ::-1]), self.side)


def letterbox(image: np.ndarray, side: int) -> np.ndarray:
    """Scale an image to ``side`` with its aspect kept, centred, zeros around it (thesis §3.3.2).

    CelebA's 178 x 218 pictures become 105 x 128 within 128 x 128.

    Args:
        image: uint8 (height, width, 3).

    Returns:
        uint8 (side, side, 3).
    """
    height, width = image.shape[:2]
    if (height, width) == (side, side):
        return image
    scale = side / max(height, width)
    new_height, new_width = max(1, round(height * scale)), max(1, round(width * scale))
    resampling = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    whole = np.zeros((side, side, 3), np.uint8)
    top, left = (side - new_height) // 2, (side - new_width) // 2
    scaled = cv2.resize(image, (new_width, new_height), interpolation=resampling)
    whole[top : top + new_height, left : left + new_width] = scaled
    return whole
