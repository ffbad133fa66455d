"""Fillers that nobody chose: alike, but different people."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fillers import Composition, Latent, OtherSource, SyntheticFace, TooFewFaces, pick
from pipeline.fillers.spread import POOL

SHAPE = (2, 384)
SUSPECT = np.random.default_rng(0).uniform(-1, 1, SHAPE).astype(np.float32)


def candidates(seed: int = 0, pages: int = 3) -> list[SyntheticFace]:
    """Pages of twelve faces, each further from the suspect; a face's picture is its latent."""
    made = []
    for page in range(1, pages + 1):
        steps = np.random.default_rng((seed, page)).normal(size=(12, *SHAPE)).astype(np.float32)
        for w_plus in SUSPECT + 0.05 * page * steps:
            similarity = -float(np.linalg.norm(w_plus - SUSPECT))
            made.append(SyntheticFace(w_plus, Latent(w_plus, seed), w_plus.ravel(), similarity))
    return made


def spread(faces: Sequence[SyntheticFace]) -> float:
    """Distance of the two most alike among ``faces`` and the suspect."""
    points = [SUSPECT, *(face.latent.w_plus for face in faces)]
    return min(float(np.linalg.norm(a - b)) for i, a in enumerate(points) for b in points[:i])


@given(st.integers(0, 50), st.integers(1, 12))
def test_fillers_are_different_people_from_among_the_most_alike(seed: int, count: int) -> None:
    made = candidates(seed)

    fillers = pick(made, suspect=SUSPECT, count=count)

    assert len({filler.image.tobytes() for filler in fillers}) == count
    most_alike = sorted(made, key=lambda face: -face.similarity)[: POOL * count]
    assert all(filler in most_alike for filler in fillers)


@given(st.integers(0, 50), st.integers(2, 8))
def test_fillers_lie_further_apart_than_the_most_alike_do(seed: int, count: int) -> None:
    made = candidates(seed)
    most_alike = sorted(made, key=lambda face: -face.similarity)[:count]

    assert spread(pick(made, suspect=SUSPECT, count=count)) >= spread(most_alike)


def test_the_same_candidates_give_the_same_fillers() -> None:
    first, again = (pick(candidates(), suspect=SUSPECT, count=5) for _ in range(2))

    assert [face.image.tobytes() for face in first] == [face.image.tobytes() for face in again]


def test_one_face_made_twice_is_taken_once() -> None:
    made = candidates(pages=1)[:4]

    assert len({face.image.tobytes() for face in pick(made * 3, suspect=SUSPECT, count=4)}) == 4


def test_too_few_different_faces_are_not_filled_up_with_copies() -> None:
    with pytest.raises(TooFewFaces):
        pick(candidates(pages=1)[:4] * 3, suspect=SUSPECT, count=5)


def composed(face: SyntheticFace, place: int) -> SyntheticFace:
    """The same picture, as if it came from a gallery."""
    return replace(face, made_of=Composition("g" * 64, (place,), (1.0,)))


def test_faces_without_latents_are_spread_by_who_they_are() -> None:
    made = candidates()
    twins = [composed(face, place) for place, face in enumerate(made)]

    one = pick(made, suspect=SUSPECT, count=5)
    other = pick(twins, suspect=SUSPECT.ravel(), count=5)  # who they are, is their latent here

    assert [face.image.tobytes() for face in one] == [face.image.tobytes() for face in other]


def test_fillers_of_one_lineup_come_from_one_source() -> None:
    made = candidates()

    with pytest.raises(OtherSource, match="one source"):
        pick([composed(made[0], 0), *made[1:]], suspect=SUSPECT, count=5)
    with pytest.raises(OtherSource, match="no latent"):
        _ = composed(made[0], 0).latent
