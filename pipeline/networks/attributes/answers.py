"""From what the heads of an attribute model say to its predictions, whichever runtime ran it."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import numpy as np

from pipeline.attributes.labels import AGES, RACES
from pipeline.attributes.predictions import Attributes
from pipeline.networks.attributes.config import AttributeConfig, FairFaceConfig

BATCH: Final = 16
FEATURES: Final = "features"


class Predictor(Protocol):
    """An attribute model, or both as one."""

    @property
    def features(self) -> int:
        """Length of the feature vector."""
        ...

    def predict(self, images: np.ndarray, *, batch: int = BATCH) -> Attributes:
        """What it says of faces.

        Args:
            images: uint8 (n, side, side, 3), RGB, framed as in its training. Another side than the model's
                is resampled; a picture that is not square has to be fitted into one first, with its aspect
                kept and zeros around it (§3.3.2).
            batch: faces at a time; one face costs as much as a whole batch.
        """
        ...


class Combined:
    """A CelebA and a FairFace model as one: one call, one output (thesis §3.3.4).

    Args:
        models: the CelebA model first; one of them may be missing.
    """

    def __init__(self, models: Sequence[Predictor]) -> None:
        if not models:
            raise ValueError("attributes are predicted by a CelebA model, a FairFace model or both")
        self._models = models

    @property
    def features(self) -> int:
        """Length of the feature vector: 4608 with the thesis' backbones."""
        return sum(model.features for model in self._models)

    def predict(self, images: np.ndarray, *, batch: int = BATCH) -> Attributes:
        """What the models say of faces, see :meth:`Predictor.predict`."""
        return joined([model.predict(images, batch=batch) for model in self._models])


def joined(parts: Sequence[Attributes]) -> Attributes:
    """What a CelebA and a FairFace model say of the same faces, in this order, or one of them alone."""
    if len(parts) == 1:
        return parts[0]
    celeba, fairface = parts
    return Attributes(
        celeba=celeba.celeba,
        age=fairface.age,
        race=fairface.race,
        features=np.concatenate([celeba.features, fairface.features], axis=1),
        ages=fairface.ages,
        races=fairface.races,
    )


def checked_faces(images: np.ndarray) -> np.ndarray:
    """``images``, if they are square pictures in bytes; else ValueError."""
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[1] != images.shape[2]:
        raise ValueError(f"faces are uint8 (n, side, side, 3), not {images.dtype} {images.shape}")
    return images


def answer(config: AttributeConfig, found: Mapping[str, np.ndarray]) -> Attributes:
    """Predictions of n faces.

    Args:
        found: probabilities of each head, float32 (n, labels or groups taught), by its name, and
            ``"features"``, float32 (n, d).
    """
    features = found[FEATURES]
    if isinstance(config, FairFaceConfig):
        return Attributes(
            celeba={},
            age=spread(found["age"], config.ages, AGES),
            race=spread(found["race"], config.races, RACES),
            features=features,
            ages=config.ages,
            races=config.races,
        )
    by_label = {
        label: found[name][:, place]
        for name, labels in config.heads.items()
        for place, label in enumerate(labels)
    }
    ordered = {label: by_label[label] for label in config.labels}
    return Attributes(celeba=ordered, age=None, race=None, features=features)


def of_nobody(config: AttributeConfig) -> Attributes:
    """What a model of these sizes says of no face at all: it shows what the model tells."""
    tables = {name: np.zeros((0, len(groups)), np.float32) for name, groups in config.heads.items()}
    return answer(config, {**tables, FEATURES: np.zeros((0, 0), np.float32)})


def spread(values: np.ndarray, taught: tuple[str, ...], groups: tuple[str, ...]) -> np.ndarray:
    """Probabilities (n, groups taught) as float32 (n, all groups), zeros for the others."""
    table = np.zeros((len(values), len(groups)), np.float32)
    table[:, [groups.index(name) for name in taught]] = values
    return table
