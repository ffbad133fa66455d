"""Attributes that a bundle's models predict of a face, and how far they are to be believed."""

from collections.abc import Collection, Mapping
from typing import Final, NotRequired, TypedDict


class Predicted(TypedDict):
    """What a model predicts of one attribute: its most likely value, and how sure it is of that, 0..1.

    ``value`` is None where that is too little to go by: unknown is an answer.
    """

    value: str | bool | None
    confidence: float


class Measured(TypedDict):
    """How reliable the predictions of one attribute are, as the bundle's manifest says.

    ``accuracy`` is the share, 0..1, that was right of ``n`` faces of the kind that ``measured_on`` names;
    where values have an order, ``near`` is the share that was right or next to it. A bundle that was measured
    on photographs of real people says so by ``real_people``.
    """

    accuracy: float
    n: int
    measured_on: str
    near: NotRequired[float]
    real_people: NotRequired[bool]


Attributes = Mapping[str, Predicted]
"""Predictions by the name of the attribute."""

Reliability = Mapping[str, Measured]
"""Measurements by the name of the attribute; one that has none was not measured."""


class NamedPrediction(Predicted):
    """A prediction as it is stored: in a list, because not every database keeps the order of an object."""

    name: str


JUDGED: Final = "Judged by a model, from the picture alone."
NOT_REAL: Final = "It says nothing reliable about real people."


def listed(attributes: Attributes | None) -> list[NamedPrediction] | None:
    """Predictions as they are stored, in their order."""
    if attributes is None:
        return None
    return [
        {"name": name, "value": predicted["value"], "confidence": predicted["confidence"]}
        for name, predicted in attributes.items()
    ]


def names(attributes: Attributes | None) -> list[str]:
    """What was predicted, without saying what."""
    return list(attributes or ())


def note(names: Collection[str], reliability: Reliability) -> str:
    """What must be known before anybody goes by predictions of ``names``, in plain sentences."""
    measured = {name: reliability[name] for name in names if name in reliability}
    kinds = sorted({entry["measured_on"] for entry in measured.values()})
    sentences = [JUDGED]
    if kinds:
        sentences.append(f"How often it is right was measured on {_enumerated(kinds)}.")
    else:
        sentences.append("How often it is right was not measured.")
    real = sorted(name for name, entry in measured.items() if entry.get("real_people", False))
    if not real:
        sentences.append(NOT_REAL)
    elif len(real) < len(names):
        words = _enumerated([name.replace("_", " ") for name in real])
        sentences.append(f"Of real people only {words} can be judged so; the rest says nothing reliable.")
    return " ".join(sentences)


def _enumerated(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
