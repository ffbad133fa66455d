"""Training images served in a fixed random order."""

import numpy as np


class Batches:
    """Batches by number: the n-th is always the same, so that a run can resume exactly.

    Args:
        images: uint8 (pictures, side, side, 3).
        batch: pictures a batch.
        mirror: mirror half of them, at random.
        seed: of the order.
    """

    def __init__(self, images: np.ndarray, *, batch: int, mirror: bool, seed: int) -> None:
        self.images, self.batch, self.mirror, self.seed = images, batch, mirror, seed
        self._epoch, self._order = -1, np.empty(0, np.int64)

    def order(self, epoch: int) -> np.ndarray:
        """Order of the pictures in a pass over all of them."""
        if epoch != self._epoch:
            self._epoch = epoch
            self._order = np.random.default_rng((self.seed, epoch)).permutation(len(self.images))
        return self._order

    def picked(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """Batch ``number``: which pictures int64 (batch,), and whether each is mirrored, bool (batch,)."""
        places = np.arange(number * self.batch, (number + 1) * self.batch)
        epochs, places = np.divmod(places, len(self.images))
        picked = [self.order(int(epoch))[places[epochs == epoch]] for epoch in np.unique(epochs)]
        flips = np.zeros(self.batch, bool)
        if self.mirror:
            flips = np.random.default_rng((self.seed, number, 1)).random(self.batch) < 0.5
        return np.concatenate(picked), flips

    def beside(self, values: np.ndarray, number: int) -> np.ndarray:
        """What belongs to the pictures of batch ``number``, (batch, …).

        Args:
            values: (2, pictures, …), of the pictures and of their mirror images.
        """
        picked, flips = self.picked(number)
        return values[flips.astype(int), picked]

    def __getitem__(self, number: int) -> np.ndarray:
        """Batch ``number``: float32 (batch, side, side, 3) in [-1, 1]."""
        picked, flips = self.picked(number)
        images = self.images[picked]
        images = np.where(flips[:, None, None, None], images[:, :, ::-1], images)
        return np.asarray(images, np.float32) / np.float32(127.5) - np.float32(1.0)
