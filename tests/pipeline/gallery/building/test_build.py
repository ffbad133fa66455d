"""A whole build in miniature: photographs of a few people in, a gallery of nobody out.

The photographs are faces of nobody themselves: no real person's picture is among the fixtures.
"""

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.command_line import BadInput
from pipeline.gallery import Gallery
from pipeline.gallery.building.building import build
from pipeline.gallery.building.containers import GalleryContainer
from pipeline.gallery.building.layout import Layout
from pipeline.gallery.building.portraits import Portrait, portraits
from pipeline.gallery.building.settings import Settings
from pipeline.identity import FaceIdentity
from pipeline.identity.crops import identity_crop
from pipeline.workers.staff import staff
from tests.pipeline.gallery.drawn import said

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

FACES = Path(__file__).parents[3] / "fixtures" / "gallery"
SETTINGS = Settings(count=2, seed=3, tries=40)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Portrait]:
    """Every face of the small gallery as somebody's photograph, with what is known of it."""
    folder, gallery = tmp_path_factory.mktemp("portraits"), Gallery.open(FACES)
    rows = []
    for place in range(len(gallery)):
        name, one = f"{place:02}.png", said(gallery.descriptions(place))
        cv2.imwrite(str(folder / name), gallery.picture(place)[..., ::-1])
        rows.append({
            "file": name, "sex": one["sex"][0], "age": 30 if place % 2 else 34, "group": "white",
            "hair": one["hair"], "length": one["hair_length"], "beard": "full" if one["beard"] else "none",
            "glasses": bool(one["glasses"]), "mouth": "closed",
        })  # fmt: skip
    labels = folder / "labels.jsonl"
    labels.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return portraits(folder, labels)


def built(found: list[Portrait], folder: Path, settings: Settings = SETTINGS) -> Gallery:
    build(found, settings, folder, GalleryContainer(), staff("0", {}))
    return Gallery.open(folder / "faces")


@pytest.fixture(scope="module")
def gallery(found: list[Portrait], tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    return built(found, tmp_path_factory.mktemp("built") / "out")


@pytest.fixture(scope="module")
def everybody(found: list[Portrait]) -> np.ndarray:
    """Who is on the photographs, float32 (n, 1024)."""
    identity, gallery = FaceIdentity.load(), Gallery.open(FACES)
    crops = [identity_crop(gallery.picture(place), gallery.landmarks(place)) for place in range(len(found))]
    return identity.embed(np.stack(crops))


def test_as_many_faces_are_made_as_were_asked_for(gallery: Gallery) -> None:
    assert len(gallery) == SETTINGS.count


def test_no_face_is_anybody_of_the_photographs(gallery: Gallery, everybody: np.ndarray) -> None:
    identity = FaceIdentity.load()
    heads = [gallery.head(place) for place in range(len(gallery))]

    who = identity.embed(np.stack([identity_crop(head.image, head.landmarks) for head in heads]))

    assert (who @ everybody.T).max() < SETTINGS.identity + 0.005  # WebP's


def test_every_face_is_of_several_people_and_little_of_whoever_gave_the_hair(gallery: Gallery) -> None:
    for place in range(len(gallery)):
        giver, *others = gallery.provenance(place)
        assert len(others) >= 2
        assert giver.share <= 1 / 3 + 0.01


def test_every_face_stands_before_the_wall(gallery: Gallery) -> None:
    for place in range(len(gallery)):
        corners = gallery.picture(place)[:8, [*range(8), *range(-8, 0)]].reshape(-1, 3)
        assert np.abs(corners.astype(int) - SETTINGS.wall).max() <= 3


def test_the_report_says_how_near_the_nearest_portrait_is(gallery: Gallery) -> None:
    report = json.loads(Layout(gallery.folder.parent).report.read_bytes())

    assert 0 < report["identity"]["identity_to_any_portrait"] < SETTINGS.identity
    assert report["faces"] == SETTINGS.count
    assert (gallery.folder.parent / "report.html").is_file()


def test_what_is_done_is_not_done_again(found: list[Portrait], gallery: Gallery) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in gallery.folder.iterdir()}

    built(found, gallery.folder.parent)

    assert {path.name: path.stat().st_mtime_ns for path in gallery.folder.iterdir()} == before


def test_another_gallery_is_not_written_over_it(found: list[Portrait], gallery: Gallery) -> None:
    with pytest.raises(BadInput, match="begun with other settings"):
        built(found, gallery.folder.parent, replace(SETTINGS, seed=4))


def test_nobodys_photograph_is_left_beside_the_faces(gallery: Gallery) -> None:
    assert not Layout(gallery.folder.parent).sources.exists()
