"""Faces with what is known of them: what every reader of a data set gives."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pipeline.attributes import AGES, CELEBA, RACES
from pipeline.command_line import BadInput


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """Faces and their labels.

    Attributes:
        files: n pictures.
        celeba: float32 (n, 23), by ``CELEBA``: 1 has it, 0 has it not, NaN not known.
        age: float32 (n, 9), by ``AGES``: 1 for the face's group, all zeros if not known. May be shared out
            between groups.
        race: float32 (n, 7), by ``RACES``, likewise.
        what: the faces in words, to be read beside figures measured on them.
        real_people: whether they are photographs of people.
    """

    files: Sequence[Path]
    celeba: np.ndarray
    age: np.ndarray
    race: np.ndarray
    what: str
    real_people: bool

    def __len__(self) -> int:
        return len(self.files)

    def taught(self) -> dict[str, tuple[str, ...]]:
        """The labels that something is known of: of "celeba", "age", "race", in order.

        A label of CelebA is known if some faces have it and some have it not.
        """
        has, lacks = np.any(self.celeba == 1, axis=0), np.any(self.celeba == 0, axis=0)
        return {
            "celeba": tuple(name for name, known in zip(CELEBA, has & lacks, strict=True) if known),
            "age": tuple(name for name, share in zip(AGES, self.age.sum(axis=0), strict=True) if share > 0),
            "race": tuple(
                name for name, share in zip(RACES, self.race.sum(axis=0), strict=True) if share > 0
            ),
        }

    def only(self, chosen: np.ndarray, what: str) -> "Labelled":
        """Some of the faces, by a bool (n,)."""
        return replace(
            self,
            files=[file for file, one in zip(self.files, chosen, strict=True) if one],
            celeba=self.celeba[chosen],
            age=self.age[chosen],
            race=self.race[chosen],
            what=what,
        )


@dataclass(frozen=True, kw_only=True)
class Split:
    """A data set in parts that share no face.

    Attributes:
        train: what is learned from.
        validation: decides on the learning rate, on stopping, and which epoch's weights are kept.
        held_out: what the model is measured on in the end; None: nothing but the validation set is left.
    """

    train: Labelled
    validation: Labelled
    held_out: Labelled | None

    def __post_init__(self) -> None:
        for name, part in (("train", self.train), ("validate", self.validation)):
            if not len(part):
                raise BadInput(f"there are no faces to {name} on.")

    @property
    def measured(self) -> Labelled:
        """What the model is measured on."""
        return self.validation if self.held_out is None else self.held_out


def unknown_celeba(count: int) -> np.ndarray:
    """Labels float32 (count, 23) of which nothing is known."""
    return np.full((count, len(CELEBA)), np.nan, np.float32)


def one_hot(names: Sequence[str | None], groups: Sequence[str]) -> np.ndarray:
    """Groups by name as float32 (n, groups); None is all zeros, an unknown name a ValueError."""
    table = np.zeros((len(names), len(groups)), np.float32)
    for row, name in enumerate(names):
        if name is not None:
            table[row, groups.index(name)] = 1.0
    return table
