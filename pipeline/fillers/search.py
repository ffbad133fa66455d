"""Looking for a page: candidates in excess, scored in batches, chosen as a set; more if too few pass."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from pipeline.fillers.band import Limits
from pipeline.fillers.choice import Choice, choose
from pipeline.fillers.face import SyntheticFace
from pipeline.fillers.locks import Locks
from pipeline.fillers.page import Page, PageRequest
from pipeline.fillers.reasons import Reason
from pipeline.fillers.source import EXCESS, Source, Step

ROUNDS: Final = 8
# How the radius changes after as many candidates as the first round has, by what most were rejected for.
GROWTH: Final = {
    Reason.CLONE: 1.25,
    Reason.ALIKE: 1.25,
    Reason.TOO_NEAR: 1.25,
    Reason.COPY: 1.25,
    Reason.STRANGER: 0.8,
    Reason.UNREAL: 0.8,
    Reason.ATTRIBUTE: 0.9,
}


class Search:
    """Candidates of one source, and the choice among them: which faces may stand beside a suspect.

    Args:
        source: of candidates. Without a band the most alike are taken, and realism is not looked at.
        reference: float32 (d,), unit length: whom the faces are to be like.
        step: told the finished fraction; what it raises ends the search.
        rounds: of candidates, at the most.
        patience: rounds, after the first, that may bring nothing before the search ends; None: all.
    """

    def __init__(
        self,
        source: Source,
        *,
        reference: np.ndarray,
        step: Step = lambda fraction: None,
        rounds: int = ROUNDS,
        patience: int | None = None,
    ) -> None:
        self._source, self._reference, self._tell, self._rounds = source, reference, step, rounds
        self._patience = rounds if patience is None else patience
        self._told = 0.0
        self._candidates: list[SyntheticFace] = []
        self._verdicts: dict[int, Reason | None] = {}

    def run(self, request: PageRequest) -> Page:
        """Draw rounds of candidates until enough of them pass, or no round is left."""
        banded = self._source.limits(self._reference)
        limits = banded or Limits(-np.inf, np.inf)
        radius, missing, vain = self._source.first_radius(request), request.count, 0
        for number in range(self._rounds):
            amount = self._source.amount(number, count=request.count, missing=missing)
            since = len(self._candidates)
            self._candidates += self._source.draw(
                amount,
                radius=radius,
                seed=(request.seed, request.page, number),
                reference=self._reference,
                step=partial(self._within, number),
            )
            choice = self._choice(request, limits, banded=banded is not None)
            before, missing = missing, request.count - len(choice.places)
            vain = vain + 1 if number and missing >= before else 0
            if not missing or number + 1 == self._rounds or vain > self._patience:
                break
            radius *= _growth(choice.rejected, since) ** (amount / (EXCESS * request.count))
        faces = self._described(choice.places)
        self._step(1.0)
        return Page(
            faces,
            wanted=request.count,
            drawn=len(self._candidates),
            rejected=dict(Counter(choice.rejected.values())),
            limits=banded,
            radius=radius,
        )

    def _within(self, rounds: int, part: float) -> None:
        self._step((rounds + part) / (rounds + 1) * 0.9)

    def _step(self, fraction: float) -> None:
        # A round more than was hoped for: the fraction waits rather than falls back.
        self._told = max(self._told, fraction)
        self._tell(self._told)

    def _choice(self, request: PageRequest, limits: Limits, *, banded: bool) -> Choice:
        def examine(places: Sequence[int]) -> list[Reason | None]:
            new = [place for place in places if place not in self._verdicts]
            if new:
                self._verdicts |= zip(new, self._examined(new, request.locks), strict=True)
            return [self._verdicts[place] for place in places]

        if not self._candidates:
            return Choice((), {})
        return choose(
            np.array([candidate.similarity for candidate in self._candidates]),
            np.stack([candidate.identity for candidate in self._candidates]),
            limits=limits,
            count=request.count,
            # After a page that there was, the next one is as alike as it may be.
            distance=request.distance if banded and request.below is None else 0.0,
            below=request.below,
            preference=self._source.preference(self._candidates),
            examine=examine,
        )

    def _examined(self, places: Sequence[int], locks: Locks) -> list[Reason | None]:
        refused = dict(zip(places, self._source.refused(self._of(places)), strict=True))
        left = [place for place in places if refused[place] is None]
        differing = self._differing(left, locks)
        unreal = self._unreal([place for place in left if place not in differing])
        return [
            refused[place]
            or (Reason.ATTRIBUTE if place in differing else Reason.UNREAL if place in unreal else None)
            for place in places
        ]

    def _differing(self, places: Sequence[int], locks: Locks) -> set[int]:
        # Attributes first: more candidates differ in them than are unreal, so fewer are left to be judged.
        if locks:
            self._described(places)
        return {place for place in places if not locks.agree(self._candidates[place].description)}

    def _unreal(self, places: Sequence[int]) -> set[int]:
        if not places:
            return set()
        ranks = self._source.realism(self._of(places))
        for place, rank in zip(places, ranks, strict=True):
            self._candidates[place] = replace(self._candidates[place], realism=rank)
        return {
            place
            for place, rank in zip(places, ranks, strict=True)
            if rank is not None and rank < self._source.least_realism
        }

    def _described(self, places: Sequence[int]) -> tuple[SyntheticFace, ...]:
        missing = [place for place in places if self._candidates[place].description is None]
        if missing:
            predicted = self._source.describe(self._of(missing))
            for place, description in zip(missing, predicted, strict=True):
                self._candidates[place] = replace(self._candidates[place], description=description)
        return tuple(self._of(places))

    def _of(self, places: Sequence[int]) -> list[SyntheticFace]:
        return [self._candidates[place] for place in places]


def _growth(rejected: Mapping[int, Reason], since: int) -> float:
    """By what the radius is multiplied after a first round whose candidates begin at ``since``."""
    counts = Counter(reason for place, reason in rejected.items() if place >= since)
    return GROWTH[counts.most_common(1)[0][0]] if counts else 1.0
