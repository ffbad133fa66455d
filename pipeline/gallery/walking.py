"""From one person to another, through faces of a gallery and blends of those nearest to both."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.fillers import Composition, SyntheticFace
from pipeline.gallery.about import EACH_OTHER
from pipeline.gallery.composing import SEEDS, Composer
from pipeline.gallery.identities import Identities
from pipeline.gallery.kinship import Kinship
from pipeline.gallery.parents import weighed
from pipeline.gallery.person import Person

Floats = npt.NDArray[np.float32]

#: Faces of the gallery nearest to each of the two.
NEAREST: Final = 24
#: Of these, so many are blended with one another.
BLENDED: Final = 12
#: Blends that are made at a time for each step, and how many times at the most.
EACH, ROUNDS = 1.0, 4


def walk(
    composer: Composer,
    identities: Identities,
    kinship: Kinship,
    ends: tuple[Person, Person],
    *,
    steps: int,
    seed: int,
    step: Callable[[float], None] = lambda fraction: None,
) -> list[SyntheticFace]:
    """Faces on the way from the first of ``ends`` to the second.

    Likeness to the first falls and likeness to the second rises with every face. None of them is one of the
    two, another of them or, where it was composed, somebody of the gallery. The same arguments give the same
    faces.

    Args:
        steps: faces; fewer come back where the gallery has no more of a way.

    Raises:
        ValueError: fewer than two steps.
    """
    if steps < 2:
        raise ValueError(f"an interpolation has at least its two ends, not {steps} steps")
    limit = composer.gallery.about.same_person
    near = [_nearest(composer, identities, end, limit) for end in ends]
    found = [_member(composer, identities, place) for place in dict.fromkeys((*near[0], *near[1]))]
    for number in range(ROUNDS):
        random = np.random.default_rng((seed, number))
        drawn = [_between(composer, kinship, near, random) for _ in range(max(4, round(EACH * steps)))]
        compositions = [one for one in drawn if one is not None]
        if not compositions:
            break

        def within(part: float, before: int = number) -> None:
            step((before + part) / ROUNDS)

        composed = composer.compose(compositions, within)
        copies = identities.nearest(composed.identities) >= EACH_OTHER
        found += [
            SyntheticFace(head.image, made_of, identity, 0.0, head=head)
            for (made_of, head, identity), copy in zip(composed, copies, strict=True)
            if not copy
        ]
        if len(_way(found, ends, limit, steps)) == steps:
            break
    step(1.0)
    return [_told(composer, found[place], ends[0]) for place in _way(found, ends, limit, steps)]


def _nearest(composer: Composer, identities: Identities, end: Person, limit: float) -> list[int]:
    """Faces of the gallery that are like ``end``, of its sex where that is known, the most alike first."""
    sex = end.description["sex"]["value"] if "sex" in end.description else None
    fitting = np.ones(len(identities), bool) if sex is None else composer.gallery.having("sex", [sex])
    places = np.flatnonzero(fitting)
    alike = identities.similarities(end.identity, places)
    order = np.argsort(-alike, kind="stable")
    return [int(places[i]) for i in order if alike[i] < limit][:NEAREST]


def _between(
    composer: Composer, kinship: Kinship, near: list[list[int]], random: np.random.Generator
) -> Composition | None:
    """A blend of some that are near one end with some that are near the other; None where none suit."""
    end = int(random.integers(2))
    first = int(random.choice(near[end][:BLENDED])) if near[end] else None
    if first is None:
        return None
    chosen: list[int] = []
    for side in (1 - end, end):
        others = [place for place in near[side][:BLENDED] if place not in {first, *chosen}]
        weights = np.array([kinship.suits(first, place) for place in others])
        if weights.sum() > 0:
            chosen.append(int(random.choice(others, p=weights / weights.sum())))
    if not chosen:
        return None
    members = (first, *chosen)
    weights_of = weighed(len(members), random)
    return Composition(composer.gallery.digest, members, weights_of, int(random.integers(SEEDS)))


def _way(found: list[SyntheticFace], ends: tuple[Person, Person], limit: float, steps: int) -> list[int]:
    """Up to ``steps`` of ``found``, by place, in an order in which likeness falls and rises strictly."""
    who = np.stack([face.identity for face in found]) if found else np.zeros((0, 1), np.float32)
    usable = [i for i, face in enumerate(who) if max(float(face @ end.identity) for end in ends) < limit]
    to = [who @ end.identity for end in ends] if usable else []
    chain = longest(usable, to[0], to[1], who @ who.T < limit) if usable else []
    apart: list[int] = []
    for place in chain:
        if not apart or float(np.max(who[apart] @ who[place])) < limit:
            apart.append(place)
    if len(apart) <= steps:
        return apart
    return [apart[i] for i in np.linspace(0, len(apart) - 1, steps).round().astype(int)]


def longest(
    places: list[int], falling: Floats, rising: Floats, apart: npt.NDArray[np.bool_] | None = None
) -> list[int]:
    """The longest chain of ``places`` along which one value falls and the other rises, strictly.

    Args:
        apart: bool (n, n), who may follow whom; None: everybody.
    """
    order = sorted(places, key=lambda place: (rising[place] - falling[place], place))
    length = dict.fromkeys(order, 1)
    before: dict[int, int | None] = dict.fromkeys(order)
    for number, place in enumerate(order):
        for earlier in order[:number]:
            goes_on = falling[earlier] > falling[place] and rising[earlier] < rising[place]
            goes_on = goes_on and (apart is None or bool(apart[earlier, place]))
            if goes_on and length[earlier] + 1 > length[place]:
                length[place], before[place] = length[earlier] + 1, earlier
    at: int | None = max(order, key=lambda place: length[place]) if order else None
    chain: list[int] = []
    while at is not None:
        chain.append(at)
        at = before[at]
    return chain[::-1]


def _member(composer: Composer, identities: Identities, place: int) -> SyntheticFace:
    member = Composition(composer.gallery.digest, (place,), (1.0,))
    head = composer.head(member)
    return SyntheticFace(head.image, member, identities.of(np.array([place]))[0], 0.0, head=head)


def _told(composer: Composer, face: SyntheticFace, first: Person) -> SyntheticFace:
    """With how like the first person it is, and what is said of it."""
    assert isinstance(face.made_of, Composition) and face.head is not None  # noqa: PT018, S101
    (said,) = composer.descriptions([face.made_of], [face.head])
    return replace(face, similarity=float(face.identity @ first.identity), description=said)
