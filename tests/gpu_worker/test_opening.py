"""A gallery of real blends, opened with the networks that ship: read, searched, composed, drafted from."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gpu_worker.engine import GalleryEngine
from gpu_worker.engine.opening import GalleryError, embedded, open_gallery
from gpu_worker.loading import load
from gpu_worker.readiness import NotLoaded
from lineups.sources import Source
from pipeline.faces.head import Head
from pipeline.faces.scene import Scene
from pipeline.fillers import Composition
from pipeline.gallery import About, GalleryFace, GalleryWriter, Portion
from pipeline.gallery.blending.traits import traits_of
from pipeline.gallery.measures import NAMES, measures_of
from pipeline.gallery.pictures import decode_picture, encode_picture
from pipeline.identity import FaceIdentity
from pipeline.reading import Reader
from tests.gpu_worker.drawn_gallery import written
from tests.pipeline.faces import blends

pytestmark = pytest.mark.slow

ABOUT = About(
    licence="CC0-1.0", provenance="The blends of the tests.", wall=(200, 203, 206), measures=NAMES,
    garment={"garment": "gown"},
)  # fmt: skip


def faces() -> Iterator[GalleryFace]:
    """The blends of the tests, described as they are read."""
    identity, reader = FaceIdentity.load(), Reader.load()
    for number, name in enumerate(blends.NAMES):
        plain = blends.head(name)
        said = reader.read(plain).description.to_dict()
        shown = Scene.of({"wall": list(ABOUT.wall), **ABOUT.garment}).around(plain)
        image = decode_picture(encode_picture(shown.image, ABOUT.picture_quality))
        kept = Head(image, shown.landmarks, shown.alpha)
        beard = "full" if said["beard"]["value"] else "none"
        yield GalleryFace(
            kept, embedded(identity, [kept])[0], said, (Portion(number, 0.5),), number,
            measures=measures_of(traits_of(kept), age=40.0, beard=beard),
        )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the gallery lies."""
    place = tmp_path_factory.mktemp("gallery") / "blends"
    GalleryWriter(ABOUT).write(place, faces())
    return place


@pytest.fixture(scope="module")
def engine(folder: Path) -> GalleryEngine:
    """The gallery, opened."""
    return open_gallery(folder)


def test_a_face_of_the_gallery_is_recognised_and_read_as_the_gallery_has_it(engine: GalleryEngine) -> None:
    gallery = engine.gallery
    for place in range(len(gallery)):
        person = engine.person(gallery.head(place))
        assert float(person.identity @ gallery.identity(place)) > 0.97
        said = {key: finding["value"] for key, finding in person.description.items()}
        assert said["sex"] == gallery.descriptions(place)["sex"]["value"]
    assert engine.reliability["sex"].real_people


def test_two_faces_are_blended_into_one_the_same_to_the_bit_each_time(engine: GalleryEngine) -> None:
    composed = Composition(engine.digest, (0, 1), (0.3, 0.7), seed=5)

    first, again = engine.regenerate(composed), engine.regenerate(composed)

    np.testing.assert_array_equal(first.image, again.image)
    alike = engine.gallery.embeddings.astype(np.float32) @ first.identity
    assert alike.max() < 0.999, "it is one of the members"


def test_a_gallery_without_the_measures_of_its_faces_is_refused_in_one_sentence(tmp_path: Path) -> None:
    written(tmp_path / "drawn", count=3)
    with pytest.raises(GalleryError, match="built without the measures"):
        open_gallery(tmp_path / "drawn")


def test_a_worker_of_a_gallery_alone_says_what_it_has(folder: Path, tmp_path: Path) -> None:
    models = load(tmp_path / "no bundle", folder, [Source.GALLERY])

    assert models.generator is None
    assert models.digest == models.gallery.digest
    assert models.capabilities.source is Source.GALLERY


def test_a_worker_whose_gallery_is_damaged_names_it(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(NotLoaded, match="The gallery nowhere cannot be used"):
        load(tmp_path, tmp_path / "nowhere", [Source.GALLERY])
    with pytest.raises(NotLoaded, match="Name one by LIGAN_GALLERY"):
        load(tmp_path, None, [Source.GALLERY])
