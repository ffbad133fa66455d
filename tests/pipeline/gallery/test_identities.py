"""Who the faces of a gallery are is compared with all of them, however many they are."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from pipeline.faces.head import SIDE, Head
from pipeline.gallery import Gallery, GalleryError, GalleryFace, GalleryWriter, Portion, writing
from pipeline.gallery.gallery import COARSE, unit
from pipeline.gallery.identities import IN_MEMORY, Identities
from tests.pipeline.gallery.drawn import ABOUT, POINTS, faces, sign

MANY = 100_000
SIZE = 1024
MIB = 2**20


def rows(count: int, seed: int = 0) -> npt.NDArray[np.float32]:
    """Directions at random, as faceres' are: no number below 0."""
    values = np.abs(np.random.default_rng(seed).standard_normal((count, SIZE), np.float32))
    return unit(values)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Identities:
    """So many that they are read from the disk, block by block."""
    folder = tmp_path_factory.mktemp("many")
    fine = np.lib.format.open_memmap(folder / "fine.npy", "w+", np.float16, (MANY, SIZE))
    coarse = np.lib.format.open_memmap(folder / "coarse.npy", "w+", np.int8, (MANY, SIZE))
    for start in range(0, MANY, 10_000):
        fine[start : start + 10_000] = part = rows(10_000, seed=start)
        coarse[start : start + 10_000] = np.clip(np.round(part * ABOUT.coarse_scale), -127, 127)
    del fine, coarse
    mapped = [np.load(folder / name, mmap_mode="r") for name in ("fine.npy", "coarse.npy")]
    return Identities(mapped[0], mapped[1], ABOUT.coarse_scale)


def test_a_hundred_thousand_faces_are_compared_within_little_memory(many: Identities) -> None:
    wanted = rows(2, seed=77)
    wanted[1] = many.of(np.array([54_321]))[0]

    tracemalloc.start()
    nearest, rough = many.nearest(wanted), many.roughly(wanted)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert rough.shape == (2, MANY)
    assert nearest[1] == pytest.approx(1.0, abs=1e-3)
    assert nearest[0] < 0.9
    assert peak < 64 * MIB  # the rows are 400 MB as float32


def test_coarse_comparisons_are_close_to_exact_ones(many: Identities) -> None:
    wanted = rows(1, seed=3)
    places = np.arange(0, MANY, 97)

    exact, rough = many.similarities(wanted[0], places), many.roughly(wanted)[0][places]

    np.testing.assert_allclose(rough, exact, atol=0.005)


def test_whoever_is_nearest_is_found_whatever_is_rounded(many: Identities) -> None:
    wanted = rows(4, seed=5)
    everybody = np.arange(MANY)

    exact = [float(many.similarities(who, everybody).max()) for who in wanted]

    np.testing.assert_allclose(many.nearest(wanted), exact, atol=1e-5)


def test_few_faces_are_compared_exactly() -> None:
    few = rows(50)
    identities = Identities(few.astype(np.float16))

    np.testing.assert_allclose(identities.nearest(few[:3]), 1.0, atol=1e-3)
    np.testing.assert_allclose(
        identities.similarities(few[7], np.array([7, 8])), few[[7, 8]] @ few[7], atol=1e-3
    )
    assert identities.similarities(few[0], np.zeros(0, np.intp)).shape == (0,)
    assert identities.nearest(np.zeros((0, SIZE), np.float32)).shape == (0,)


def plain(count: int) -> Iterator[GalleryFace]:
    """Faces that all look alike, so that many are written quickly."""
    (one,) = faces(1)
    head = Head(
        np.zeros((SIDE, SIDE, 3), np.uint8),
        np.zeros((POINTS, 2), np.float32),
        np.zeros((SIDE, SIDE), np.float32),
    )
    random = np.random.default_rng(0)
    for number in range(count):
        who = np.abs(random.standard_normal(SIZE))
        yield GalleryFace(head, who, one.description, (Portion(0, 1.0),), number)


def test_a_large_gallery_has_coarse_identities_that_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "IN_MEMORY", 8)  # 20,000 faces take a minute to write
    gallery = GalleryWriter(ABOUT).write(tmp_path / "large", plain(9))

    assert gallery.coarse is not None
    assert gallery.coarse.shape == (9, SIZE)
    assert np.abs(gallery.coarse - gallery.embeddings * ABOUT.coarse_scale).max() < 1.0

    np.save(tmp_path / "large" / COARSE, np.zeros((9, SIZE), np.int8))
    sign(tmp_path / "large")
    with pytest.raises(GalleryError, match="other identities"):
        Gallery.open(tmp_path / "large")


def test_a_small_gallery_has_none(gallery: Gallery) -> None:
    assert len(gallery) <= IN_MEMORY
    assert gallery.coarse is None
