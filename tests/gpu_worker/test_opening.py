"""A gallery of real blends, opened with the networks that ship: read, searched, composed, drafted from."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gpu_worker.engine import GalleryEngine
from gpu_worker.engine.opening import GalleryError, open_gallery
from gpu_worker.loading import load
from gpu_worker.readiness import NotLoaded
from lineups.fitness import MARK
from lineups.sources import Source
from pipeline.fillers import Composition
from tests.gpu_worker.blended_gallery import gallery_of_blends
from tests.gpu_worker.drawn_gallery import written

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SOMEBODY = ROOT / "tests" / "fixtures" / "blends" / "short-hair.webp"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the gallery lies."""
    return gallery_of_blends(tmp_path_factory.mktemp("gallery") / "blends")


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


@pytest.mark.process
def test_a_lineup_is_drafted_from_a_gallery_in_one_process_without_tensorflow(
    folder: Path, tmp_path: Path
) -> None:
    script = (
        "import sys, django; django.setup()\n"
        "from django.core.management import call_command\n"
        f"call_command('draft_lineup', {str(SOMEBODY)!r}, fillers=2, locks=[], seed=1, json=True,"
        f" out=__import__('pathlib').Path({str(tmp_path / 'lineup.png')!r}))\n"
        "print()\n"
        "print(*(name in sys.modules for name in ('tensorflow', 'keras')))"
    )
    environment = {"LIGAN_DATA": str(tmp_path), "LIGAN_GALLERY": str(folder), "LIGAN_SOURCES": "gallery"}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT,
        env={**os.environ, **environment, "DJANGO_SETTINGS_MODULE": "ligan_site.settings"},
    )  # fmt: skip

    told, loaded = done.stdout.splitlines()[0], done.stdout.splitlines()[-1]
    assert loaded == "False False"
    lineup = json.loads(told)
    assert next(iter(lineup.items())) == ("mark", MARK)
    assert lineup["source"] == "gallery"
    assert lineup["appearance"]["size"] == 3
    assert "The suspect's picture differs" in done.stderr
    assert (tmp_path / "lineup.png").read_bytes().startswith(b"\x89PNG")
