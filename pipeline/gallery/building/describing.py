"""What is said of a face that was blended: what is known of those it was blended from."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from pipeline.attributes.labels import AGES
from pipeline.attributes.people import APPEARANCES
from pipeline.gallery.building.labels import Labels

Description = dict[str, dict[str, Any]]
"""Key -> value and confidence."""

SURE: Final = {
    "sex": 0.99,
    "age_group": 0.85,
    "ethnicity": 0.85,
    "ethnic_appearance": 0.97,
    "hair": 0.9,
    "hair_length": 0.95,
    "beard": 0.96,
    "glasses": 0.99,
    "baldness": 0.98,
    "mouth": 0.95,
}
"""How often people's labels are right, about, where all of a face's sources have the same."""


def described(people: Sequence[Labels], seen: Sequence[float]) -> tuple[Labels, Description]:
    """Labels and description of a face.

    Args:
        people: whoever gave the hair first.
        seen: share of each in what is seen of the face.

    Returns:
        The labels that are the likeliest, and what is said with how much confidence: of what the sources
        disagree in, with no more than the share of those who agree.
    """
    giver = people[0]
    age = sum(one.age * share for one, share in zip(people, seen, strict=True))
    ethnicity, agree = _likeliest(people, seen, lambda one: one.ethnicity)
    appearance, alike = _likeliest(people, seen, lambda one: one.ethnic_appearance)
    beard, bearded = _likeliest(people, seen, lambda one: one.beard)
    labels = Labels(
        sex=giver.sex,
        age=age,
        ethnicity=ethnicity,
        hair=giver.hair,
        length=giver.length,
        beard=beard,
        glasses=giver.glasses,
        mouth=giver.mouth,
    )
    values = values_of(labels) | {"ethnic_appearance": appearance}
    shares = {"ethnicity": agree, "ethnic_appearance": alike, "beard": bearded}
    return labels, {
        key: {"value": value, "confidence": round(SURE[key] * shares.get(key, 1.0), 3)}
        for key, value in values.items()
    }


def wearing(labels: Labels, description: Description) -> tuple[Labels, Description]:
    """The same of a face that glasses were put on."""
    return replace(labels, glasses=True), {
        **description,
        "glasses": {"value": True, "confidence": SURE["glasses"]},
    }


def values_of(labels: Labels) -> dict[str, Any]:
    """The values of a description: key -> value."""
    return {
        "sex": labels.sex,
        "age_group": age_group(labels.age),
        "ethnicity": labels.ethnicity,
        "ethnic_appearance": APPEARANCES[labels.ethnicity],
        "hair": labels.hair,
        "hair_length": labels.hair_length,
        "beard": labels.beard != "none",
        "glasses": labels.glasses,
        "baldness": labels.baldness,
        "mouth": labels.mouth,
    }


def age_group(age: float) -> str:
    """FairFace's class of an age in years."""
    starts = [int(name.rstrip("+").split("-")[0]) for name in AGES]
    return [name for name, start in zip(AGES, starts, strict=True) if start <= round(age)][-1]


def _likeliest(
    people: Sequence[Labels], seen: Sequence[float], value: Callable[[Labels], str]
) -> tuple[str, float]:
    shares: Counter[str] = Counter()
    for one, share in zip(people, seen, strict=True):
        shares[value(one)] += share  # type: ignore[assignment]
    best = max(shares, key=lambda name: shares[name])
    return best, float(shares[best])
