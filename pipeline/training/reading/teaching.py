"""All probes of a reader from the signs of labelled people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.command_line import BadInput
from pipeline.reading.probes import AgeProbe, Probe, group_probabilities
from pipeline.reading.signs import Signs
from pipeline.reading.views import VIEWS
from pipeline.reading.words import AGE, VALUES
from pipeline.training.reading.labels import Person
from pipeline.training.reading.learning import (
    Learned,
    Space,
    learn_classes,
    learn_years,
    reliable_confidence,
    space_of,
)

WHO: Final = tuple(VIEWS)
PARTS: Final = tuple(f"{view}/middle" for view in VIEWS)
EVERYTHING: Final = (*WHO, *PARTS, "colours", "shape", "answers")
HAIR: Final = ("wide", "upper", "wide/middle", "upper/middle", "wide/early", "upper/early", "colours")
COLOUR: Final = ("wide/middle", "upper/middle", "colours")
# Chosen by cross-validation among the people that are learned from.
BLOCKS: Final[dict[str, tuple[str, ...]]] = {
    "sex": EVERYTHING,
    AGE: EVERYTHING,
    "ethnicity": WHO,
    "ethnic_appearance": WHO,
    "hair": COLOUR,
    "hair_length": (*WHO, *PARTS),
    "beard": ("face", "lower", "lower/early", "lower/middle"),
    "glasses": WHO,
    "baldness": HAIR,
    "mouth": ("face", "lower", "face/middle", "lower/middle", "shape"),
}
"""What each key is read from."""


@dataclass(frozen=True, eq=False)
class Taught:
    """Probes, and what each said of the people while they were held out.

    Attributes:
        age, classes: as ``Probes`` has them.
        held_out: key → float (n, values), probabilities.
        strengths: key → the regularisation that cross-validation chose.
    """

    age: AgeProbe
    classes: dict[str, Probe]
    held_out: dict[str, np.ndarray]
    strengths: dict[str, float]


def teach(people: Sequence[Person], variants: Sequence[Signs], seed: int) -> Taught:
    """Learn every key.

    Args:
        people: all of them to be learned from.
        variants: their signs in each variant of the pictures, in the same order; the first as they are.

    Raises:
        BadInput: a value has too few examples.
    """
    spaces: dict[tuple[str, ...], Space] = {}
    learned: dict[str, Learned] = {}
    for key, blocks in BLOCKS.items():
        if blocks not in spaces:
            spaces[blocks] = space_of([[signs.blocks[name] for name in blocks] for signs in variants])
        answers = _answers(key, people)
        try:
            if key == AGE:
                years = np.array([person.years for person in people])
                learned[key] = learn_years(spaces[blocks], years, seed)
            else:
                learned[key] = learn_classes(spaces[blocks], answers, len(VALUES[key]), seed)
        except ValueError as error:
            raise BadInput(f"The labels cannot teach {key}: {error}.") from error
    years = np.array([person.years for person in people])
    spread = float(np.std(learned[AGE].held_out[:, 0] - years))
    held_out: dict[str, np.ndarray] = {key: one.held_out for key, one in learned.items() if key != AGE}
    held_out[AGE] = group_probabilities(learned[AGE].held_out[:, 0], spread)
    return Taught(
        # The neighbouring groups are as good as the group itself: an age is never unknown.
        age=AgeProbe(BLOCKS[AGE], learned[AGE].weights, learned[AGE].bias, spread, reliable=0.0),
        classes=_classes(learned, people),
        held_out=held_out,
        strengths={key: one.strength for key, one in learned.items()},
    )


def _classes(learned: Mapping[str, Learned], people: Sequence[Person]) -> dict[str, Probe]:
    return {
        key: Probe(
            key,
            BLOCKS[key],
            one.weights,
            one.bias,
            reliable_confidence(one.held_out, _answers(key, people)),
        )
        for key, one in learned.items()
        if key != AGE
    }


def _answers(key: str, people: Sequence[Person]) -> np.ndarray:
    return np.array([VALUES[key].index(person.traits[key]) for person in people])
