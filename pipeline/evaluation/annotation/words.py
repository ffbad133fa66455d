"""Predictions in words and as columns."""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from pipeline.attributes import AGES, RACES, TRAITS, Attributes, describe
from pipeline.attributes.description import Value, outputs_of
from pipeline.evaluation.annotation.records import NO, YES
from pipeline.networks.attributes.answers import joined, of_nobody
from pipeline.networks.attributes.config import AttributeConfig

UNKNOWN: Final = "unknown"
"""What is said where a model says nothing."""


def in_words(attributes: Attributes) -> dict[str, list[str]]:
    """What is predicted of each face: key of a description → a word for each face."""
    found: dict[str, list[str]] = {key: [] for key in vocabulary(attributes)}
    for number in range(len(attributes)):
        for key, finding in describe(attributes, number).findings.items():
            found[key].append(UNKNOWN if finding.value is None else word_for(finding.value))
    return found


def vocabulary(attributes: Attributes) -> dict[str, list[str]]:
    """The words that models with these outputs can say: key of a description → words."""
    words = {}
    for trait in TRAITS:
        values = [trait.values[name] for name in outputs_of(trait, attributes)]
        if values:
            others = [] if trait.otherwise is None else [trait.otherwise]
            words[trait.key] = [word_for(value) for value in (*values, *others)]
    return words


def carried(configs: Iterable[AttributeConfig]) -> Attributes:
    """What models of these sizes, the CelebA model first, say of no face at all: it shows what they carry."""
    return joined([of_nobody(config) for config in configs])


def word_for(value: Value) -> str:
    """A trait's value in words: yes and no for what is there or not."""
    return value if isinstance(value, str) else YES if value else NO


def from_columns(columns: Mapping[str, np.ndarray]) -> Attributes:
    """The inverse of ``Attributes.columns``, without features."""
    count = len(next(iter(columns.values()), ()))
    ages = tuple(name for name in AGES if f"age {name}" in columns)
    races = tuple(name for name in RACES if f"race {name}" in columns)
    nothing = np.zeros(count, np.float32)
    tables = {
        kind: np.stack([columns.get(f"{kind} {name}", nothing) for name in groups], axis=1)
        for kind, groups in (("age", AGES), ("race", RACES))
    }
    return Attributes(
        celeba={name: p for name, p in columns.items() if not name.startswith(("age ", "race "))},
        age=tables["age"] if ages else None,
        race=tables["race"] if races else None,
        features=np.zeros((count, 0), np.float32),
        ages=ages,
        races=races,
    )
