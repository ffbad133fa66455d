"""A probe of flaws learns from a gallery, and says how well it tells."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.__main__ import main
from pipeline.gallery import Gallery, GalleryFace, GalleryWriter, Portion
from pipeline.gallery.flaws import CORRUPTIONS, FlawProbe, spoilt
from pipeline.identity import FaceIdentity
from pipeline.reading.signs import signs_of
from pipeline.training.flaws.learning import CLEAN, EACH, examples
from pipeline.training.flaws.run import learn_flaws

FACES = Path(__file__).parents[3] / "fixtures" / "gallery"


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    """The small gallery, everybody with hair of their own."""
    ships = Gallery.open(FACES)
    people = [
        GalleryFace(
            ships.head(place), ships.identity(place), ships.descriptions(place), (Portion(place, 1.0),), place
        )
        for place in range(len(ships))
    ]
    about = replace(ships.about, measures=())
    return GalleryWriter(about).write(tmp_path_factory.mktemp("people") / "gallery", people)


@pytest.fixture(scope="module")
def probe(gallery: Gallery) -> FlawProbe:
    return learn_flaws(gallery, seed=1, count=len(gallery), said=lambda number: None)


def test_a_face_is_an_example_as_it_is_and_spoilt_in_some_ways(gallery: Gallery) -> None:
    found = list(examples(gallery.head(0), gallery.head(1), 7, np.random.default_rng(1)))

    flaws = [one.flaw for one in found]
    assert flaws[0] == CLEAN
    assert len(flaws) <= 1 + EACH
    assert set(flaws[1:]) <= set(CORRUPTIONS)
    assert len(set(flaws)) == len(flaws)
    assert {one.giver for one in found} == {7}


def test_faces_that_are_blurred_are_told_from_those_that_are_not(gallery: Gallery, probe: FlawProbe) -> None:
    heads = [gallery.head(place) for place in range(len(gallery))]
    rng = np.random.default_rng(2)
    blurred = [spoilt("blur", head, head, rng) for head in heads]

    good, bad = (probe.ranks(signs_of(some, FaceIdentity.load())) for some in (heads, blurred))

    assert np.median(bad) < np.median(good) - 0.2


def test_the_probe_says_of_what_it_was_learned_and_what_it_finds(probe: FlawProbe, gallery: Gallery) -> None:
    facts = probe.facts

    assert facts["examples"]["good"] == len(gallery)
    assert set(facts["found_at_limit"]) <= set(CORRUPTIONS)
    assert 0.5 < facts["area_under_roc"] <= 1.0
    assert facts["good"] == sorted(facts["good"])


def test_a_folder_that_is_no_gallery_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "flaws", str(tmp_path), str(tmp_path / "flaws.npz")]) == 2

    assert "is no gallery" in capsys.readouterr().err
