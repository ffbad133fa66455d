"""Predictions against the truth: what tables, matrices and groups are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pipeline.attributes import CELEBA, TRAITS, Attributes, Trait
from pipeline.evaluation.annotation.words import in_words, word_for
from pipeline.evaluation.classification import Share, YesNo, confusion, one_against_rest, share, yes_no
from pipeline.training.attributes.labelled import Labelled
from pipeline.training.attributes.measuring import GROUPS, truths

Places = npt.NDArray[np.int64]
UNKNOWN: Final = -1


@dataclass(frozen=True)
class Judged:
    """One trait, on the m faces of which the truth is known.

    Attributes:
        trait: which.
        names: what it can be, in words.
        faces: which faces, int64 (m,).
        truth, predicted: places in ``names``, int64 (m,).
        groups: kind → (names of groups, place of each face, int64 (m,), ``UNKNOWN`` where it is not known).
    """

    trait: Trait
    names: list[str]
    faces: Places
    truth: Places
    predicted: Places
    groups: Mapping[str, tuple[list[str], Places]]

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """Of which faces the value is right, (m,)."""
        return np.asarray(self.truth == self.predicted)

    @property
    def accuracy(self) -> Share:
        """Share of faces whose value is right."""
        return share(self.right)

    @property
    def near(self) -> Share | None:
        """Share that is right or in a neighbouring group, of a trait whose values are in order."""
        return share(np.abs(self.truth - self.predicted) <= 1) if self.trait.source == "age" else None

    @property
    def classes(self) -> dict[str, YesNo]:
        """Each value by itself, as in tables 5.5 and 5.6."""
        return one_against_rest(self.truth, self.predicted, self.names)

    @property
    def matrix(self) -> Places:
        """Counts (names, names), rows are true."""
        return confusion(self.truth, self.predicted, len(self.names))

    def by_group(self) -> dict[str, dict[str, Share]]:
        """Accuracy for each group of people that has faces: how well each is served."""
        return {
            kind: {
                name: share(self.right[places == place])
                for place, name in enumerate(names)
                if (places == place).any()
            }
            for kind, (names, places) in self.groups.items()
        }


def judged_traits(predicted: Attributes, faces: Labelled) -> dict[str, Judged]:
    """Judge every trait that the models tell and the labels know of any face; faces in one order."""
    true, words, found = truths(faces), in_words(predicted), {}
    groups = {trait.key: _places(trait, true[trait.key]) for trait in TRAITS if trait.key in GROUPS}
    for trait in TRAITS:
        names, truth = _places(trait, true[trait.key])
        asked = np.flatnonzero(truth != UNKNOWN)
        if trait.key in words and len(asked):
            places = np.array([names.index(word) for word in words[trait.key]])
            kinds = {kind: (of_kind, known[asked]) for kind, (of_kind, known) in groups.items()}
            found[trait.key] = Judged(trait, names, asked, truth[asked], places[asked], kinds)
    return found


def judged_labels(predicted: Attributes, faces: Labelled) -> dict[str, YesNo]:
    """CelebA's labels one by one, as in table 5.4; those that are known of any face."""
    found = {}
    for label, present in predicted.present().items():
        true = faces.celeba[:, CELEBA.index(label)]
        asked = ~np.isnan(true)
        if asked.any():
            found[label] = yes_no(true[asked] == 1, present[asked])
    return found


def _places(trait: Trait, values: Sequence[Any]) -> tuple[list[str], Places]:
    """The trait's values in words, and the place of each of ``values`` among them."""
    every = [*trait.values.values(), *([] if trait.otherwise is None else [trait.otherwise])]
    places = [UNKNOWN if value is None else every.index(value) for value in values]
    return [word_for(value) for value in every], np.array(places, np.int64)
