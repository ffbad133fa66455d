"""How real a face looks to the discriminator, as a logit."""

from typing import Any, Final

import keras
import numpy as np
from keras import ops

from pipeline.networks.batches import in_batches
from pipeline.networks.stylegan2 import Discriminator

Tensor = Any
BATCH: Final = 8


class RealismJudge:
    """Gives each picture a logit that does not depend on what else is judged.

    The discriminator compares the pictures of a group (its minibatch deviation); here each is judged in the
    company of the same few faces.

    Args:
        discriminator: channels last.
        company: uint8 (group - 1, side, side, 3), the others of each picture's group.
    """

    def __init__(self, discriminator: Discriminator, company: np.ndarray) -> None:
        group = discriminator.config.minibatch_std_group
        if len(company) != group - 1:
            raise ValueError(f"a group of {group} needs {group - 1} others, not {len(company)}")
        self._judging = _Judging(discriminator, _scaled(company))

    def logits(self, images: np.ndarray) -> np.ndarray:
        """Logits float32 (n,) of pictures uint8 (n, side, side, 3); the greater, the more real."""
        judged = in_batches(lambda part: self._judging.predict_on_batch(_scaled(part)), images, BATCH)
        return np.asarray(judged)


def _scaled(images: np.ndarray) -> np.ndarray:
    return np.asarray(images.astype(np.float32) / np.float32(127.5) - np.float32(1.0))


class _Judging(keras.Model):
    """Pictures float (BATCH, side, side, 3) in [-1, 1] → logits (BATCH,), compiled by Keras."""

    def __init__(self, discriminator: Discriminator, company: np.ndarray) -> None:
        super().__init__(name="judging", dtype="float32")
        self.discriminator = discriminator
        # A group of one has nobody beside it.
        maps = (
            ops.convert_to_numpy(discriminator.maps(ops.convert_to_tensor(company))) if len(company) else []
        )
        self._company = [np.asarray(other)[None] for other in maps]
        self.built = True

    def call(self, images: Tensor) -> Tensor:
        members = [self.discriminator.maps(images)]
        # Groups are strided: the k-th picture is with every BATCH-th one after it.
        members += [ops.repeat(ops.cast(other, members[0].dtype), BATCH, axis=0) for other in self._company]
        return self.discriminator.judge(ops.concatenate(members))[:BATCH, 0]
