"""What attribute models found on faces, as columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.attributes.labels import AGES, HAIR, RACES

#: A sigmoid from here on says that the attribute is there.
PRESENT: Final = 0.5


@dataclass(frozen=True, kw_only=True)
class Attributes:
    """Predictions for n faces.

    Attributes:
        celeba: by label, float32 (n,), probability 0..1; only labels that the model was taught, none without
            a CelebA model.
        age: float32 (n, 9), probabilities of ``AGES``, or None without a FairFace model. Groups that the
            model was never taught are 0.
        race: float32 (n, 7), probabilities of ``RACES``, likewise.
        features: float32 (n, d): the last layers before the classification heads, concatenated (§3.3.4).
        ages, races: the groups that the model was taught.
    """

    celeba: Mapping[str, np.ndarray]
    age: np.ndarray | None
    race: np.ndarray | None
    features: np.ndarray
    ages: tuple[str, ...] = ()
    races: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.features)

    def columns(self) -> dict[str, np.ndarray]:
        """Every probability by name, float32 (n,): the single output vector of §3.3.4.

        CelebA's labels by their names, then ``age 20-29`` …, then ``race East Asian`` …
        """
        found = dict(self.celeba)
        if self.age is not None and self.race is not None:
            found |= {f"age {name}": self.age[:, i] for i, name in enumerate(AGES) if name in self.ages}
            found |= {f"race {name}": self.race[:, i] for i, name in enumerate(RACES) if name in self.races}
        return found

    def present(self) -> dict[str, np.ndarray]:
        """CelebA labels that each face has, bool (n,) by label.

        If no colour of hair nor baldness passes 0.5, the likeliest of them is taken (§3.3.2).
        """
        found = {label: np.asarray(p >= PRESENT) for label, p in self.celeba.items()}
        hair = [label for label in HAIR if label in found]
        if hair:
            likeliest = self.hair()
            nothing = ~np.any([found[label] for label in hair], axis=0)
            for index, label in enumerate(hair):
                found[label] = found[label] | (nothing & (likeliest == index))
        return found

    def hair(self) -> np.ndarray:
        """Place of each face's likeliest label among those of ``HAIR`` that the model has, int (n,)."""
        return np.asarray(np.argmax([self.celeba[label] for label in HAIR if label in self.celeba], axis=0))
