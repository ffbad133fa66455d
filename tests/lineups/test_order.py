"""Where the suspect stands is chance, whatever seed somebody keeps to."""

import hashlib
from collections import Counter

import pytest

from lineups.order import drawn

PHOTOGRAPHS = 3000
MEMBERS = ["suspect", *"abcde"]
# Chi-square of five degrees of freedom that chance passes once in a thousand.
BOUND = 20.5


def photograph(number: int) -> bytes:
    return hashlib.sha256(b"photograph %d" % number).digest()


def places(*, seed: int) -> Counter[int]:
    """How often the suspect stands where, over many photographs."""
    return Counter(
        drawn(MEMBERS, seed=seed, photograph=photograph(number)).index("suspect")
        for number in range(PHOTOGRAPHS)
    )


@pytest.mark.parametrize("seed", [0, 1, 2, 2**31 - 1])
def test_with_one_seed_every_place_is_as_likely_over_many_photographs(seed: int) -> None:
    expected = PHOTOGRAPHS / len(MEMBERS)
    found = places(seed=seed)

    assert sum((found[place] - expected) ** 2 / expected for place in range(len(MEMBERS))) < BOUND


def test_neighbouring_seeds_give_a_photograph_no_pattern_of_places() -> None:
    expected = PHOTOGRAPHS / len(MEMBERS)
    found = Counter(
        drawn(MEMBERS, seed=seed, photograph=photograph(0)).index("suspect") for seed in range(PHOTOGRAPHS)
    )

    assert sum((found[place] - expected) ** 2 / expected for place in range(len(MEMBERS))) < BOUND


def test_the_same_seed_and_photograph_draw_the_same_order_of_the_same_members() -> None:
    first, again = (drawn(MEMBERS, seed=5, photograph=photograph(5)) for _ in range(2))

    assert first == again
    assert sorted(first) == sorted(MEMBERS)
