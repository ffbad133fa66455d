"""Training faces as they enter the part of a network that learns: augmented, perhaps seen by first layers."""

from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

import numpy as np

from pipeline.networks.batches import in_batches
from pipeline.training.attributes.augmentation import Augmentation
from pipeline.training.attributes.pictures import Pictures

#: 26,000 views of 16 x 16 x 40 maps take half a GiB.
KEPT_BYTES: Final = 2 * 2**30


class Entering(Protocol):
    """Faces by place, for an epoch: always the same for the same numbers."""

    def __len__(self) -> int: ...

    def __call__(self, places: np.ndarray, phase: int, epoch: int) -> np.ndarray:
        """Input (n, …) for faces at ``places``, int (n,)."""
        ...


class AugmentedPictures:
    """Pictures changed anew in each epoch.

    Args:
        pictures: the faces.
        augmentation: how far they may be changed.
        seed: of the changes.
    """

    def __init__(self, pictures: Pictures, augmentation: Augmentation, seed: int) -> None:
        self.pictures, self.augmentation, self.seed = pictures, augmentation, seed

    def __len__(self) -> int:
        return len(self.pictures)

    def __call__(self, places: np.ndarray, phase: int, epoch: int) -> np.ndarray:
        """Images uint8 (n, side, side, 3)."""
        return self.changed(places, [(phase, epoch)] * len(places))

    def changed(self, places: np.ndarray, looks: Sequence[tuple[int, ...]]) -> np.ndarray:
        """Images uint8 (n, side, side, 3): the same change for the same place and look."""
        images = self.pictures[places]
        randoms = [
            np.random.default_rng((self.seed, int(place), *look))
            for place, look in zip(places, looks, strict=True)
        ]
        return np.stack([self.augmentation(*pair) for pair in zip(images, randoms, strict=True)])


class KeptViews:
    """What first layers that never learn make of a few views of each face, worked out once.

    An epoch takes one of the views of each face at random. All of them are kept if they take no more than
    2 GiB, half as large in float16.

    Args:
        faces: the pictures and their changes.
        layers: images uint8 (batch, side, side, 3) → maps (batch, h, w, channels).
        shape: of the maps of one face.
        views: of each face.
        batch: faces at a time.
    """

    def __init__(
        self,
        faces: AugmentedPictures,
        layers: Callable[[np.ndarray], Any],
        shape: tuple[int, ...],
        *,
        views: int,
        batch: int,
        kept_bytes: int = KEPT_BYTES,
    ) -> None:
        self.faces, self.layers, self.views, self.batch = faces, layers, views, batch
        size = (views, len(faces), *shape)
        keep = 2 * int(np.prod(size)) <= kept_bytes
        self._kept = np.zeros(size if keep else (0, 0, *shape), np.float16)
        self._seen = np.zeros((views, len(faces)), bool)

    def __len__(self) -> int:
        return len(self.faces)

    def __call__(self, places: np.ndarray, phase: int, epoch: int) -> np.ndarray:
        """Maps float16 (n, h, w, channels)."""
        random = np.random.default_rng((self.faces.seed, phase, epoch))
        views = random.integers(self.views, size=len(self.faces))[places]
        if not self._kept.size:
            return self._worked_out(places, views)
        missing = ~self._seen[views, places]
        if missing.any():
            at = views[missing], places[missing]
            self._kept[at] = self._worked_out(places[missing], views[missing])
            self._seen[at] = True
        return np.asarray(self._kept[views, places])

    def _worked_out(self, places: np.ndarray, views: np.ndarray) -> np.ndarray:
        images = self.faces.changed(places, [(int(view),) for view in views])
        return np.asarray(in_batches(self.layers, images, self.batch), np.float16)
