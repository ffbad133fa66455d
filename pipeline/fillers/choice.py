"""Choosing a page: not the best faces one by one, but a set of them that go together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.fillers.band import Limits
from pipeline.fillers.reasons import Reason

# Candidates that are examined together: a batch of the discriminator's.
TOGETHER: Final = 8

Examine = Callable[[Sequence[int]], Sequence[Reason | None]]
"""Candidates by place → why each is not to be shown, None where nothing speaks against it."""


@dataclass(frozen=True)
class Choice:
    """A set of candidates.

    Attributes:
        places: of the chosen, the most alike first.
        rejected: place → reason, of those that were passed over. Candidates that were not needed are in
            neither.
    """

    places: tuple[int, ...]
    rejected: dict[int, Reason]


def choose(
    similarity: np.ndarray,
    identities: np.ndarray,
    *,
    limits: Limits,
    count: int,
    distance: float,
    examine: Examine,
    below: float | None = None,
    preference: np.ndarray | None = None,
) -> Choice:
    """Choose up to ``count`` candidates inside the band, no two of them one person.

    They are taken greedily in the order of similarity, from its head for distance 0, from its last ``count``
    for distance 1; should too few of them pass, from there upwards. What is costly to find out (realism,
    attributes) is asked only of candidates that would be taken.

    Args:
        similarity: float (n,), to the suspect.
        identities: float (n, d), unit length.
        limits: the band. Two candidates are one person from ``limits.clone`` on.
        distance: 0..1.
        below: what every similarity stays under, so that their mean does however many are found.
        preference: float (n,), added to the similarity for the order, and for nothing else.
        examine: asked once of each candidate at most, of a few at a time.
    """
    inside = np.flatnonzero((similarity >= limits.stranger) & (similarity < limits.clone))
    rejected = {int(i): Reason.CLONE for i in np.flatnonzero(similarity >= limits.clone)}
    rejected |= {int(i): Reason.STRANGER for i in np.flatnonzero(similarity < limits.stranger)}
    if below is not None:
        rejected |= {int(i): Reason.ALIKE for i in inside[similarity[inside] >= below]}
        inside = inside[similarity[inside] < below]
    liked = similarity if preference is None else similarity + preference
    waiting = ordered(liked, inside, count=count, distance=distance)
    verdicts: dict[int, Reason | None] = {}
    taken: list[int] = []

    def is_near(place: int) -> bool:
        return bool(taken) and float(np.max(identities[taken] @ identities[place])) >= limits.clone

    for number, place in enumerate(waiting):
        if len(taken) == count:
            break
        if is_near(place):
            rejected[place] = Reason.TOO_NEAR
            continue
        if place not in verdicts:
            asked = [each for each in waiting[number:] if each not in verdicts and not is_near(each)]
            verdicts |= zip(asked[:TOGETHER], examine(asked[:TOGETHER]), strict=True)
        reason = verdicts[place]
        if reason is None:
            taken.append(place)
        else:
            rejected[place] = reason
    return Choice(tuple(sorted(taken, key=lambda place: (-similarity[place], place))), rejected)


def ordered(similarity: np.ndarray, inside: np.ndarray, *, count: int, distance: float) -> list[int]:
    """Places ``inside`` in the order in which they are asked for.

    ``distance`` means a rank, not a similarity: the most alike of a draw is one lucky face, and what is
    measured from it rises from page to page about as often as it falls.
    """
    ranked = inside[np.argsort(-similarity[inside], kind="stable")]
    start = round(distance * max(0, len(ranked) - count))
    return [int(i) for i in (*ranked[start:], *ranked[:start][::-1])]
