"""Training batches by number, made beside the step that uses the one before."""

from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from pipeline.attributes import AGES, CELEBA, RACES
from pipeline.networks.attributes import AttributeConfig, CelebAConfig
from pipeline.training.attributes.entering import Entering
from pipeline.training.attributes.labelled import Labelled

Targets = dict[str, np.ndarray]
Batch = tuple[np.ndarray, Targets]
Number = tuple[int, int, int]


def targets_for(config: AttributeConfig, faces: Labelled) -> Targets:
    """The labels that a model is taught: float32 (n, its labels) by "celeba", or by "age" and "race"."""
    if isinstance(config, CelebAConfig):
        return {"celeba": faces.celeba[:, [CELEBA.index(label) for label in config.labels]]}
    return {
        "age": faces.age[:, [AGES.index(name) for name in config.ages]],
        "race": faces.race[:, [RACES.index(name) for name in config.races]],
    }


class TrainingBatches:
    """Batches by (phase, epoch, step): each is always the same, so that a run can resume exactly.

    Args:
        faces: what enters the network.
        targets: what is known of them.
        batch: faces a step; what is left of an epoch is not used in it.
        seed: of the order.
    """

    def __init__(self, faces: Entering, targets: Targets, *, batch: int, seed: int) -> None:
        if len(faces) < batch:
            raise ValueError(f"{len(faces)} faces to train on are less than one batch of {batch}.")
        self.faces, self.targets, self.batch, self.seed = faces, targets, batch, seed
        self.steps = len(faces) // batch
        self._pool = ThreadPoolExecutor(1)
        self._ahead: tuple[Number, Future[Batch]] | None = None

    def __getitem__(self, number: Number) -> Batch:
        """Faces (batch, …) and their targets; the next batch is begun meanwhile."""
        if self._ahead is not None and self._ahead[0] == number:
            batch = self._ahead[1].result()
        else:
            batch = self.made(number)
        phase, epoch, step = number
        following = (phase, epoch, step + 1) if step + 1 < self.steps else (phase, epoch + 1, 0)
        self._ahead = (following, self._pool.submit(self.made, following))
        return batch

    def made(self, number: Number) -> Batch:
        """The batch, read and augmented now."""
        phase, epoch, step = number
        order = np.random.default_rng((self.seed, phase, epoch)).permutation(len(self.faces))
        places = order[step * self.batch : (step + 1) * self.batch]
        found = {name: values[places] for name, values in self.targets.items()}
        return self.faces(places, phase, epoch), found
