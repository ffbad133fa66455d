"""A way from one person to another leads away from the one and towards the other with each step."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fillers import Composition
from pipeline.gallery import Gallery
from pipeline.gallery.identities import Identities
from pipeline.gallery.person import Person
from pipeline.gallery.walking import longest, walk
from tests.pipeline.gallery.drawn import identity
from tests.pipeline.gallery.mixed import Everybody, composer

Vector = npt.NDArray[np.float32]
WOMAN = {"sex": {"value": "female", "confidence": 0.9}}


def way(
    gallery: Gallery, suspect: Vector, *, steps: int, seed: int = 0
) -> tuple[list[Vector], Vector, list[object]]:
    other = identity(np.random.default_rng(5), suspect)
    found = walk(
        composer(gallery),
        Identities(gallery.embeddings),
        Everybody(),
        (Person(suspect, WOMAN), Person(other, WOMAN)),
        steps=steps,
        seed=seed,
    )
    return [face.identity for face in found], other, [face.made_of for face in found]


def test_likeness_to_the_first_falls_and_to_the_last_rises(gallery: Gallery, suspect: Vector) -> None:
    found, other, recipes = way(gallery, suspect, steps=5)

    assert len(found) == 5
    assert all(a @ suspect > b @ suspect and a @ other < b @ other for a, b in pairwise(found))
    assert any(isinstance(made, Composition) and not made.is_member for made in recipes)


def test_nobody_on_the_way_is_one_of_the_two_or_another(gallery: Gallery, suspect: Vector) -> None:
    found, other, _ = way(gallery, suspect, steps=8)

    who, limit = np.stack(found), gallery.about.same_person
    assert max((who @ suspect).max(), (who @ other).max()) < limit
    assert (who @ who.T)[np.triu_indices(len(who), 1)].max() < limit


def test_the_same_way_is_found_again(gallery: Gallery, suspect: Vector) -> None:
    one, again, other = (way(gallery, suspect, steps=5, seed=seed)[2] for seed in (1, 1, 2))

    assert one == again
    assert one != other


def test_a_way_has_at_least_its_ends(gallery: Gallery, suspect: Vector) -> None:
    with pytest.raises(ValueError, match="at least its two ends"):
        way(gallery, suspect, steps=1)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_the_longest_chain_falls_and_rises(points: list[tuple[int, int]]) -> None:
    falling, rising = np.array(points, np.float32).reshape(-1, 2).T

    chain = longest(list(range(len(points))), falling, rising)

    assert all(falling[a] > falling[b] and rising[a] < rising[b] for a, b in pairwise(chain))
    assert bool(chain) == bool(points)
    assert len(chain) == _longest_by_trying(points)


def _longest_by_trying(points: list[tuple[int, int]]) -> int:
    """Every chain's length, one after the other."""

    def from_(point: tuple[int, int]) -> int:
        return 1 + max((from_(p) for p in points if p[0] < point[0] and p[1] > point[1]), default=0)

    return max(map(from_, points), default=0)
