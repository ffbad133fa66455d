"""Why a page has fewer faces than were asked for."""

from collections.abc import Mapping
from typing import Final, NotRequired, TypedDict


class Shortfall(TypedDict):
    """How many faces were asked for and found, and how many were turned down, by the reason.

    ``without``: of a gallery, key of what faces were to share → how many share everything else.
    """

    asked: int
    found: int
    rejected: dict[str, int]
    without: NotRequired[dict[str, int]]


COSTLY: Final = 3
"""Ways out that are named."""
ATTRIBUTE: Final = "attribute mismatch"
WORDS: Final[Mapping[str, str]] = {
    "clone": "too like the suspect",
    "stranger": "too unlike the suspect",
    "as alike as the page before": "as alike as those of the page before",
    "too near another": "too like another face of the page",
    "unreal": "not realistic enough",
    ATTRIBUTE: "without the locked attributes",
    "age_group": "the age",
    "ethnic_appearance": "the appearance",
    "ethnicity": "the group",
    "hair": "the colour of the hair",
    "hair_length": "the length of the hair",
    "beard": "the beard",
    "baldness": "the baldness",
    "glasses": "the glasses",
    "sex": "the sex",
}


def sentence(shortfall: Shortfall | None) -> str | None:
    """The shortfall in plain words, with what can be done; None where there is none."""
    if shortfall is None:
        return None
    parts = [f"{count} were {_words(reason)}" for reason, count in _frequent(shortfall["rejected"])]
    why = f": of the others {', '.join(parts)}" if parts else ""
    found = f"Only {shortfall['found']} of {shortfall['asked']} faces were found{why}."
    if ways := _ways(shortfall.get("without", {})):
        return f"{found} {ways}"
    if shortfall["rejected"].get(ATTRIBUTE):
        return f"{found} Ask for fewer attributes, or for the next page."
    return f"{found} Ask for the next page, or start from another face."


def _ways(without: Mapping[str, int]) -> str:
    """Which of what faces were to share leaves so few; empty where none does."""
    costly = [(key, count) for key, count in _frequent(without) if count][:COSTLY]
    if not costly:
        return ""
    ways = ", ".join(f"{count} without {_words(key)}" for key, count in costly)
    return f"Asked for less, there would be more to choose from: {ways}."


def _frequent(rejected: Mapping[str, int]) -> list[tuple[str, int]]:
    """The reasons that turned any face down, the most frequent first."""
    return sorted(((reason, n) for reason, n in rejected.items() if n), key=lambda pair: -pair[1])


def _words(reason: str) -> str:
    return WORDS.get(reason, reason)
