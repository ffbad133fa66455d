"""A small convolutional network that looks for the photograph: what no measure of ours has a name for.

It sees patches at the pictures' own resolution, in which blending, resampling and compression would leave
traces, and is taught to choose one member of a lineup (softmax over members), the witness's question too.
"""

from collections.abc import Sequence
from typing import Any, Final

import keras
import numpy as np
from keras import layers, ops

from pipeline.evaluation.standing_out.detectors import Exhibit, Values
from pipeline.faces.head import EYE_LINE, SIDE

PATCH: Final = 112
"""Pixels of a patch, across and down."""
WIDTHS: Final = (16, 24, 40, 64)
"""Channels after each halving."""
LOOKS: Final = 8
"""Patches of a lineup whose scores are added up in a test."""
BATCH: Final = 8
"""Lineups of a step."""


class PatchNetwork:
    """The detector; its randomness is all of ``seed``."""

    def __init__(self, seed: int, epochs: int = 16, learning_rate: float = 2e-3) -> None:
        keras.utils.set_random_seed(seed)
        self._rng = np.random.default_rng(seed)
        self._epochs = epochs
        self._scorer = scorer()
        self._optimizer_rate = learning_rate

    def fit(self, exhibits: Sequence[Exhibit]) -> None:
        """Every lineup once an epoch, members shuffled, all from one place, mirrored at random."""
        members = len(exhibits[0].images)
        inputs = keras.Input((members, PATCH, PATCH, 3))
        scores = layers.TimeDistributed(self._scorer)(inputs)
        model = keras.Model(inputs, layers.Reshape((members,))(scores))
        steps = self._epochs * -(-len(exhibits) // BATCH)
        schedule = keras.optimizers.schedules.CosineDecay(self._optimizer_rate, steps)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.AdamW(schedule, weight_decay=1e-3), loss)
        for _ in range(self._epochs):
            order = self._rng.permutation(len(exhibits))
            for start in range(0, len(order), BATCH):
                chosen = [exhibits[i] for i in order[start : start + BATCH]]
                model.train_on_batch(*self._batch(chosen, members))

    def scores(self, exhibit: Exhibit) -> Values:
        """Sum over ``LOOKS`` patches, the same for all members."""
        rng = np.random.default_rng(0)
        total = np.zeros(len(exhibit.images))
        for _ in range(LOOKS):
            patches = _patches(exhibit.images, rng)
            total += np.asarray(ops.convert_to_numpy(self._scorer(patches, training=False)))[:, 0]
        return total

    def _batch(self, exhibits: Sequence[Exhibit], members: int) -> tuple[Any, Any]:
        patches = np.empty((len(exhibits), members, PATCH, PATCH, 3), np.float32)
        answers = np.empty(len(exhibits), np.int64)
        for row, exhibit in enumerate(exhibits):
            order = self._rng.permutation(members)
            patches[row] = _patches(exhibit.images[order], self._rng)
            answers[row] = int(np.flatnonzero(order == exhibit.suspect)[0])
        return patches, answers


def scorer() -> keras.Model:
    """float (n, PATCH, PATCH, 3), -1..1 -> (n, 1)."""
    x = inputs = keras.Input((PATCH, PATCH, 3))
    for width in WIDTHS:
        x = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
        x = layers.GroupNormalization(8)(x)
        x = layers.Activation("relu")(x)
        x = layers.AveragePooling2D(2)(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.3)(x)
    return keras.Model(inputs, layers.Dense(1)(x))


def _patches(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The same square of every picture, about the face: float32 (n, PATCH, PATCH, 3), -1..1."""
    top = int(np.clip(EYE_LINE * SIDE - PATCH / 2 + rng.integers(-50, 51), 0, SIDE - PATCH))
    left = int(np.clip(SIDE / 2 - PATCH / 2 + rng.integers(-36, 37), 0, SIDE - PATCH))
    patches = images[:, top : top + PATCH, left : left + PATCH].astype(np.float32) / 127.5 - 1
    return patches[:, :, ::-1] if rng.random() < 0.5 else patches
