"""A small gallery of drawn heads, men and women, around one suspect."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest

from pipeline.gallery import Gallery, GalleryFace, GalleryWriter
from tests.pipeline.gallery.drawn import ABOUT, faces, identity

SUSPECT = identity(np.random.default_rng(999))


def crowd() -> Iterator[GalleryFace]:
    """40 women and 24 men of one group, all shaven, half of the women of long hair."""
    common = {"ethnicity": "indian", "beard": False, "glasses": False, "hair": "black", "mouth": "closed"}
    ages = ("20-29", "30-39", "40-49", "60-69")
    for sex, seed, count in (("female", 1, 10), ("male", 2, 6)):
        for number, age in enumerate(ages):
            length = "long" if number % 2 else "short"
            yield from faces(
                count,
                seed=100 * seed + number,
                around=SUSPECT,
                sex=sex,
                age_group=age,
                hair_length=length,
                **common,
            )


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    """Of ``crowd``."""
    return GalleryWriter(ABOUT).write(tmp_path_factory.mktemp("gallery") / "crowd", crowd())


@pytest.fixture(scope="session")
def suspect() -> npt.NDArray[np.float32]:
    """Who the suspect is: like the crowd's faces to a cosine from 0.35 to 0.68."""
    return np.asarray(SUSPECT, np.float32)
