"""In which order the members of a lineup are shown."""

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def drawn(members: Sequence[T], *, seed: int, photograph: bytes) -> list[T]:
    """``members`` in the order that ``seed`` draws for ``photograph``, every order equally likely.

    With the seed alone, whoever always uses the same one would always put the suspect in the same place.

    Args:
        photograph: SHA-256 of the suspect's pixels.
    """
    both = hashlib.sha256(b"%d:" % seed + photograph).digest()
    order = list(members)
    random.Random(int.from_bytes(both)).shuffle(order)  # noqa: S311 (a draw that can be repeated)
    return order
