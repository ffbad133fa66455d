"""One face in words: what the attribute models say, as values with a confidence.

This is what a site stores and shows. The keys are data: each says which outputs it is read from, so that a
model with fewer labels gives a description with fewer keys.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from pipeline.attributes.labels import AGES, RACES
from pipeline.attributes.predictions import PRESENT, Attributes

Value = str | bool


@dataclass(frozen=True)
class Trait:
    """A key of a description.

    Attributes:
        key: its name in JSON.
        source: "celeba", "age" or "race": which outputs it is read from.
        values: output → value. The likeliest output counts.
        otherwise: of a trait with one output, its value when the output is below 0.5.
    """

    key: str
    source: str
    values: dict[str, Value]
    otherwise: Value | None = None


def word(name: str) -> str:
    return name.lower().replace(" ", "_")


HAIR_WORDS: Final[dict[str, Value]] = {
    "Bald": "bald",
    "Black_Hair": "black",
    "Blond_Hair": "blond",
    "Brown_Hair": "brown",
    "Gray_Hair": "grey",
}
YES_OR_NO: Final = (
    ("moustache", "Mustache"),
    ("goatee", "Goatee"),
    ("stubble", "5_o_Clock_Shadow"),
    ("sideburns", "Sideburns"),
    ("receding_hairline", "Receding_Hairline"),
    ("bangs", "Bangs"),
    ("straight_hair", "Straight_Hair"),
    ("wavy_hair", "Wavy_Hair"),
    ("chubby", "Chubby"),
    ("double_chin", "Double_Chin"),
    ("bags_under_eyes", "Bags_Under_Eyes"),
    ("narrow_eyes", "Narrow_Eyes"),
    ("big_lips", "Big_Lips"),
    ("big_nose", "Big_Nose"),
    ("pointy_nose", "Pointy_Nose"),
    ("oval_face", "Oval_Face"),
)
#: Every key, in the order in which a description is shown.
TRAITS: Final = (
    Trait("sex", "celeba", {"Male": "male"}, otherwise="female"),
    Trait("age_group", "age", {name: name for name in AGES}),
    Trait("ethnicity", "race", {name: word(name) for name in RACES}),
    Trait("hair", "celeba", HAIR_WORDS),
    # Any hair on the face, stubble included: CelebA's label says that there is none.
    Trait("beard", "celeba", {"No_Beard": False}, otherwise=True),
    *(Trait(key, "celeba", {label: True}, otherwise=False) for key, label in YES_OR_NO),
)


@dataclass(frozen=True)
class Finding:
    """A value and how sure the model is of it: 0.5 (or one in so many groups) is a guess, 1 certainty.

    How often the model is right is another figure: see the bundle's ``reliability``. None: unknown, because
    the model is too unsure to be believed; whoever reads it asks a person.
    """

    value: Value | None
    confidence: float


@dataclass(frozen=True)
class Description:
    """One face: key → finding, in the order of ``TRAITS``; keys that the models do not carry are missing."""

    findings: dict[str, Finding]

    def __getitem__(self, key: str) -> Finding:
        return self.findings[key]

    def __contains__(self, key: object) -> bool:
        return key in self.findings

    def to_dict(self) -> dict[str, dict[str, Any]]:
        """The JSON form: ``{"sex": {"value": "female", "confidence": 0.98}, …}``, three decimals."""
        return {
            key: {"value": finding.value, "confidence": round(finding.confidence, 3)}
            for key, finding in self.findings.items()
        }

    @classmethod
    def from_dict(cls, values: dict[str, dict[str, Any]]) -> "Description":
        """The inverse of :meth:`to_dict`."""
        return cls({key: Finding(one["value"], float(one["confidence"])) for key, one in values.items()})


def describe(attributes: Attributes, index: int) -> Description:
    """Put the predictions for one face into words."""
    findings = {}
    for trait in TRAITS:
        outputs = outputs_of(trait, attributes)
        if outputs:
            findings[trait.key] = _finding(trait, {name: float(p[index]) for name, p in outputs.items()})
    return Description(findings)


def outputs_of(trait: Trait, attributes: Attributes) -> dict[str, np.ndarray]:
    """The probabilities that a trait is read from, float32 (n,) by output; empty if the models lack it."""
    if trait.source == "celeba":
        return {name: attributes.celeba[name] for name in trait.values if name in attributes.celeba}
    groups, taught, table = (
        (AGES, attributes.ages, attributes.age)
        if trait.source == "age"
        else (RACES, attributes.races, attributes.race)
    )
    if table is None:
        return {}
    return {name: table[:, place] for place, name in enumerate(groups) if name in taught}


def _finding(trait: Trait, probabilities: dict[str, float]) -> Finding:
    name, probability = max(probabilities.items(), key=lambda pair: pair[1])
    if trait.otherwise is None:
        # Of hair's independent outputs as of a softmax: the share of the likeliest.
        return Finding(trait.values[name], probability / max(sum(probabilities.values()), 1e-9))
    if probability >= PRESENT:
        return Finding(trait.values[name], probability)
    return Finding(trait.otherwise, 1.0 - probability)
