"""Looking for a page: draw candidates in excess, score them in batches, choose; draw more if too few pass."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

import numpy as np

from pipeline.fillers.ball import Neighbourhood
from pipeline.fillers.band import Band, Limits
from pipeline.fillers.choice import Choice, choose
from pipeline.fillers.locks import Locks
from pipeline.fillers.reasons import Reason

EXCESS: Final = 5  # candidates for each face wanted: 60 for 12
FURTHER: Final = 2  # and in each round after the first, since few are missing then
ROUNDS: Final = 8
BATCH: Final = 8
# How the ball changes after as many candidates as the first round has, by what most were rejected for.
GROWTH: Final = {
    Reason.CLONE: 1.25,
    Reason.ALIKE: 1.25,
    Reason.TOO_NEAR: 1.25,
    Reason.STRANGER: 0.8,
    Reason.UNREAL: 0.8,
    Reason.ATTRIBUTE: 0.9,
}

Description = Mapping[str, Mapping[str, Any]]
Step = Callable[[float], None]
"""Called with the finished fraction before each batch and at the end; raises what is to end the search."""


class Maker(Protocol):
    """What makes faces and scores them: an engine, or a view of one with other weights."""

    def render(self, w_plus: np.ndarray, *, noise_seed: int = 0) -> np.ndarray:
        """w+ float32 (n, num_ws, w_dim) → uint8 (n, r, r, 3)."""
        ...

    def identity(self, faces: np.ndarray, /) -> np.ndarray:
        """Faces uint8 (n, r, r, 3) → float32 (n, d) of unit length, whose dot product is similarity."""
        ...

    def logits(self, faces: np.ndarray, /) -> np.ndarray:
        """Faces uint8 (n, r, r, 3) → the discriminator's logits, float32 (n,)."""
        ...

    def describe(self, faces: np.ndarray, /) -> Sequence[Description | None]:
        """What is predicted of faces uint8 (n, r, r, 3); None of each where nothing is."""
        ...


@dataclass(frozen=True, eq=False)
class Candidate:
    """A face that was drawn.

    Attributes:
        image: uint8 (r, r, 3).
        w_plus: float32 (num_ws, w_dim).
        identity: float32 (d,), unit length.
        similarity: to the reference, -1..1.
        realism: rank among the generator's own faces, 0..1; None where it was not asked or is not known.
        description: what is predicted of it; None likewise.
    """

    image: np.ndarray
    w_plus: np.ndarray
    identity: np.ndarray
    similarity: float
    realism: float | None = None
    description: Description | None = None


@dataclass(frozen=True)
class Wanted:
    """What a page is to be.

    Attributes:
        count: faces.
        distance: from the suspect, 0 (as alike as may be) to 1 (as different as may be).
        locks: what all faces share.
        seed, page: of the draw: the same give the same faces.
        below: mean similarity of the page before, which no face reaches again; None: there is none.
    """

    count: int
    distance: float
    locks: Locks
    seed: int
    page: int
    below: float | None = None


@dataclass(frozen=True)
class Found:
    """What a search came to.

    Attributes:
        faces: the most alike first; fewer than were wanted where no more passed.
        drawn: candidates looked at.
        rejected: how many of them were passed over, by reason.
        limits: the band; None of a bundle without one, where faces are ordered by similarity alone.
        radius: of the last ball.
    """

    faces: tuple[Candidate, ...]
    drawn: int
    rejected: Mapping[Reason, int]
    limits: Limits | None
    radius: float

    @property
    def mean_similarity(self) -> float | None:
        """Of the faces, to the reference; None of no faces."""
        return float(np.mean([face.similarity for face in self.faces])) if self.faces else None


class Search:
    """Candidates around one start, and the choice among them.

    Args:
        maker: renders and scores.
        neighbourhood: where candidates are drawn.
        band: the limits; None without: then the most alike of the page's ball are taken, and realism is not
            looked at.
        start: w+ float32 (num_ws, w_dim).
        reference: float32 (d,), whom the faces are to be like.
        step: see ``Step``.
        rounds: of candidates, at the most.
        held: see :meth:`Neighbourhood.around`.
    """

    def __init__(
        self,
        maker: Maker,
        neighbourhood: Neighbourhood,
        band: Band | None,
        *,
        start: np.ndarray,
        reference: np.ndarray,
        step: Step = lambda fraction: None,
        rounds: int = ROUNDS,
        held: np.ndarray | None = None,
    ) -> None:
        self._maker, self._neighbourhood, self._band = maker, neighbourhood, band
        self._start, self._reference, self._held = start, reference, held
        self._told, self._tell, self._rounds = 0.0, step, rounds
        self._candidates: list[Candidate] = []
        self._verdicts: dict[int, Reason | None] = {}

    def run(self, wanted: Wanted) -> Found:
        """Draw rounds of candidates until enough of them pass, or no round is left."""
        band = self._band
        limits = Limits(-np.inf, np.inf) if band is None else band.limits(self._reference)
        radius = self._neighbourhood.radius(wanted.page) if band is None else band.radius(wanted.distance)
        for number in range(self._rounds):
            each, since = EXCESS if number == 0 else FURTHER, len(self._candidates)
            self._draw(wanted, radius, number, each * wanted.count)
            choice = self._choice(wanted, limits)
            if len(choice.places) == wanted.count or number + 1 == self._rounds:
                break
            radius *= _growth(choice.rejected, since) ** (each / EXCESS)
        faces = self._described(choice.places)
        counts = Counter(choice.rejected.values())
        self._step(1.0)
        return Found(faces, len(self._candidates), dict(counts), limits if band else None, radius)

    def _draw(self, wanted: Wanted, radius: float, number: int, count: int) -> None:
        random = np.random.default_rng((wanted.seed, wanted.page, number))
        codes = self._neighbourhood.around(self._start, count, radius=radius, random=random, held=self._held)
        parts = [codes[done : done + BATCH] for done in range(0, count, BATCH)]
        # The next batch is rendered while one is embedded: neither keeps all cores busy alone.
        with ThreadPoolExecutor(1) as embedding:
            made = []
            for place, part in enumerate(parts):
                self._step((number + place / len(parts)) / (number + 1) * 0.9)
                images = self._maker.render(part, noise_seed=wanted.seed)
                made.append((images, embedding.submit(self._maker.identity, images)))
            for part, (images, embedded) in zip(parts, made, strict=True):
                identities = embedded.result()
                alike = identities @ self._reference
                self._candidates += map(Candidate, images, part, identities, map(float, alike))

    def _step(self, fraction: float) -> None:
        # A round more than was hoped for: the fraction waits rather than falls back.
        self._told = max(self._told, fraction)
        self._tell(self._told)

    def _choice(self, wanted: Wanted, limits: Limits) -> Choice:
        def examine(places: Sequence[int]) -> list[Reason | None]:
            new = [place for place in places if place not in self._verdicts]
            if new:
                self._verdicts |= zip(new, self._examined(new, wanted.locks), strict=True)
            return [self._verdicts[place] for place in places]

        return choose(
            np.array([candidate.similarity for candidate in self._candidates]),
            np.stack([candidate.identity for candidate in self._candidates]),
            limits=limits,
            count=wanted.count,
            # After a page that there was, the next one is as alike as it may be.
            distance=0.0 if self._band is None or wanted.below is not None else wanted.distance,
            below=wanted.below,
            examine=examine,
        )

    def _examined(self, places: Sequence[int], locks: Locks) -> list[Reason | None]:
        # Attributes first: more candidates differ in them than are unreal, so fewer are left to be judged.
        if locks:
            self._described(places)
        differing = {place for place in places if not locks.agree(self._candidates[place].description)}
        unreal = self._unreal([place for place in places if place not in differing])
        return [
            Reason.ATTRIBUTE if place in differing else Reason.UNREAL if place in unreal else None
            for place in places
        ]

    def _unreal(self, places: Sequence[int]) -> set[int]:
        if self._band is None or not places:
            return set()
        logits = self._maker.logits(np.stack([self._candidates[place].image for place in places]))
        ranks = dict(zip(places, self._band.scale.realism(logits), strict=True))
        for place, rank in ranks.items():
            self._candidates[place] = replace(self._candidates[place], realism=float(rank))
        return {place for place, rank in ranks.items() if rank < self._band.least_realism}

    def _described(self, places: Sequence[int]) -> tuple[Candidate, ...]:
        missing = [place for place in places if self._candidates[place].description is None]
        if missing:
            said = self._maker.describe(np.stack([self._candidates[place].image for place in missing]))
            for place, description in zip(missing, said, strict=True):
                self._candidates[place] = replace(self._candidates[place], description=description)
        return tuple(self._candidates[place] for place in places)


def distance_of(page: int) -> float:
    """How far from the suspect a page is, counted from 1: 0, 1/3, 1/2, 3/5 … towards 1.

    Raises:
        ValueError: a page before the first.
    """
    if page < 1:
        raise ValueError(f"pages are counted from 1, not {page}")
    return (page - 1) / (page + 1)


def _growth(rejected: Mapping[int, Reason], since: int) -> float:
    """By what the radius is multiplied after a first round whose candidates begin at ``since``."""
    counts = Counter(reason for place, reason in rejected.items() if place >= since)
    return GROWTH[counts.most_common(1)[0][0]] if counts else 1.0
