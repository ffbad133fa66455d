"""A gallery comes out of its folder as it went in, or says in a sentence why not."""

import hashlib
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.attributes import Reliability
from pipeline.gallery import About, Gallery, GalleryError, GalleryWriter, Portion
from pipeline.gallery.gallery import EMBEDDINGS, FACES, FILES, LANDMARKS, MANIFEST, MATTES, PICTURES
from pipeline.gallery.pictures import decode_picture
from pipeline.gallery.rows import row_type
from tests.pipeline.gallery.drawn import ABOUT, faces, said, sign


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gallery") / "drawn"
    GalleryWriter(ABOUT).write(folder, faces(6))
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    """A copy of a gallery, to be damaged."""
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in written.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    return copy


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    count=st.integers(1, 4), seed=st.integers(0, 10_000), unknown=st.sampled_from(sorted(ABOUT.attributes))
)
def test_faces_come_out_as_they_went_in(
    tmp_path_factory: pytest.TempPathFactory, count: int, seed: int, unknown: str
) -> None:
    made = list(faces(count, seed=seed, **{unknown: None}))

    gallery = GalleryWriter(ABOUT).write(tmp_path_factory.mktemp("round") / "trip", made)

    assert len(gallery) == count
    for place, face in enumerate(made):
        head = gallery.head(place)
        assert np.abs(head.landmarks - face.head.landmarks).max() <= 1 / 256
        assert np.abs(head.alpha - face.head.alpha).mean() < 0.01
        assert np.abs(head.image.astype(int) - face.head.image).mean() < 3
        assert gallery.identity(place) @ face.identity > 0.99999
        assert said(gallery.descriptions(place)) == said(face.description)
        assert gallery.provenance(place) == face.provenance
        assert int(gallery.table["number"][place]) == face.number


def test_what_a_gallery_says_of_itself_comes_out_as_it_went_in(tmp_path: Path) -> None:
    measured = Reliability(accuracy=0.9, n=150, measured_on="photographs", real_people=True)
    about = replace(
        ABOUT,
        casework=True,
        figures={"pairs": 0.69},
        garment={"colour": [40, 40, 40]},
        reliability={"sex": measured},
    )

    gallery = GalleryWriter(about).write(tmp_path / "g", faces(1))

    assert gallery.about == about
    assert gallery.digest == hashlib.sha256((tmp_path / "g" / MANIFEST).read_bytes()).hexdigest()


def test_the_same_faces_make_the_same_gallery(tmp_path: Path) -> None:
    one, other = (GalleryWriter(ABOUT).write(tmp_path / name, faces(3)) for name in "ab")

    assert one.digest == other.digest


def test_faces_are_found_by_what_is_said_of_them(written: Path) -> None:
    gallery = Gallery.open(written)

    found = gallery.having("age_group", ["20-29", "30-39"])

    assert list(found) == [said(gallery.descriptions(i))["age_group"] in {"20-29", "30-39"} for i in range(6)]
    assert not gallery.having("shoes", ["brown"]).any()


def test_what_fails_leaves_no_gallery_and_no_traces(tmp_path: Path) -> None:
    def broken() -> Any:
        yield from faces(2)
        raise RuntimeError("no more portraits")

    with pytest.raises(RuntimeError, match="no more portraits"):
        GalleryWriter(ABOUT).write(tmp_path / "g", broken())
    with pytest.raises(GalleryError, match="at least one face"):
        GalleryWriter(ABOUT).write(tmp_path / "g", [])
    assert list(tmp_path.iterdir()) == []


def test_a_gallery_is_never_written_over(folder: Path) -> None:
    with pytest.raises(GalleryError, match="never written over"):
        GalleryWriter(ABOUT).write(folder, faces(1))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"identity": np.zeros(1024)}, "not all 0"),
        ({"identity": np.full(1024, np.nan)}, "finite"),
        ({"identity": np.ones(512)}, "1024 finite numbers"),
        ({"description": {}}, "nothing is said of the sex"),
        ({"provenance": (Portion(1, 0.1),) * 9}, "9 sources"),
        ({"number": -1}, "number is -1"),
        ({"measures": [1.0]}, "0 measures"),
    ],
)
def test_a_face_that_cannot_be_kept_is_refused(tmp_path: Path, changes: dict[str, Any], why: str) -> None:
    (face,) = faces(1)

    with pytest.raises(GalleryError, match=why):
        GalleryWriter(ABOUT).write(tmp_path / "g", [replace(face, **changes)])


def test_a_value_that_is_no_word_of_the_gallery_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GalleryError, match="hair is green"):
        GalleryWriter(ABOUT).write(tmp_path / "g", faces(1, hair="green"))


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_changed_or_is_missing_is_noticed(folder: Path, name: str) -> None:
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(GalleryError, match=f"{name} is not the file that"):
        Gallery.open(folder)
    (folder / name).unlink()
    with pytest.raises(GalleryError, match=f"{name} is missing"):
        Gallery.open(folder)


def written_as(name: str, data: bytes) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        (folder / name).write_bytes(data)

    return damage


def shorten(name: str) -> Callable[[Path], None]:
    return lambda folder: written_as(name, (folder / name).read_bytes()[:-100])(folder)


def array(name: str, change: Callable[[Any], Any]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        values = np.load(folder / name)
        np.save(folder / name, change(values))

    return damage


def filled(field: str, value: Any) -> Callable[[Any], Any]:
    def change(table: Any) -> Any:
        table[field][-1] = value
        return table

    return change


def with_nan(values: Any) -> Any:
    values[-1, 5] = np.nan
    return values


HOSTILE: dict[str, tuple[Callable[[Path], None], str]] = {
    "truncated pictures": (shorten(PICTURES), "not as long as the pictures"),
    "truncated mattes": (shorten(MATTES), "not as long as the pictures"),
    "no pictures": (written_as(PICTURES, b""), "not as long as the pictures"),
    "truncated rows": (shorten(EMBEDDINGS), "is no array"),
    "an empty array": (written_as(LANDMARKS, b""), "is no array"),
    "a header of nonsense": (
        written_as(FACES, b"\x93NUMPY\x01\x00\xff\xff{{{{"),
        "is no array",
    ),
    "a picture beyond the pack": (array(FACES, filled("picture", 2**32 - 1)), "not as long as the pictures"),
    "identities of another type": (array(EMBEDDINGS, lambda e: e.astype("<f4")), "does not hold"),
    "pickled objects": (array(LANDMARKS, lambda e: e.astype(object)), "is no array"),
    "fewer rows than faces": (array(LANDMARKS, lambda e: e[:-1]), "does not hold"),
    "rows the other way round": (array(EMBEDDINGS, np.asfortranarray), "one after the other"),
    "an identity that is no number": (array(EMBEDDINGS, with_nan), "not of unit length"),
    "an identity of no length": (array(EMBEDDINGS, lambda e: e * 0), "not of unit length"),
    "words that there are not": (array(FACES, filled("values", 200)), "none of the gallery's words"),
    "too many parents": (array(FACES, filled("shares", 90)), "more than their sources"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_gallery_ends_in_a_sentence(folder: Path, kind: str) -> None:
    damage, why = HOSTILE[kind]
    damage(folder)
    sign(folder)

    with pytest.raises(GalleryError, match=why) as caught:
        Gallery.open(folder)
    assert "\n" not in str(caught.value)


def test_a_header_may_claim_what_it_likes(folder: Path) -> None:
    header = {"descr": "<f2", "fortran_order": False, "shape": (2**50, 1024)}
    with (folder / EMBEDDINGS).open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
    sign(folder)

    with pytest.raises(GalleryError, match="is no array"):
        Gallery.open(folder)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"count": 2**40}, "claims 1099511627776 faces"),
        ({"count": -1}, "claims -1 faces"),
        ({"count": True}, "claims True faces"),
        ({"count": 5}, "does not hold"),
        ({"format": 2}, "not of format 1"),
        ({"side": 128}, "pictures of side 128"),
        ({"same_person": 7}, "same_person is out of range"),
        ({"same_person": float("nan")}, "same_person is out of range"),
        ({"wall": [1, 2]}, "wall is out of range"),
        ({"wall": None}, "incomplete"),
        ({"attributes": [{"key": "sex"}]}, "incomplete"),
        ({"attributes": [{"key": "sex", "words": [[]]}]}, "incomplete|out of range"),
        ({"attributes": 5}, "incomplete"),
        ({"reliability": {"sex": {"accuracy": 1}}}, "incomplete"),
        ({"reliability": []}, "incomplete"),
    ],
)
def test_what_a_gallery_claims_is_checked(folder: Path, changes: dict[str, Any], why: str) -> None:
    sign(folder, **changes)

    with pytest.raises(GalleryError, match=why):
        Gallery.open(folder)


@pytest.mark.parametrize("text", ["", "[", "[" * 100_000, "[]", "null", '{"format": 1}'])
def test_a_manifest_of_nonsense_ends_in_a_sentence(folder: Path, text: str) -> None:
    (folder / MANIFEST).write_text(text)

    with pytest.raises(GalleryError):
        Gallery.open(folder)


def test_a_picture_is_not_decoded_before_its_size_is_known() -> None:
    bomb = b"RIFF" + struct.pack("<I", 30) + b"WEBPVP8 " + struct.pack("<I", 18) + b"\x10\x00\x00\x9d\x01\x2a"
    bomb += struct.pack("<HH", 16_383, 16_383) + bytes(20)

    with pytest.raises(GalleryError, match="no WebP of 256 x 256"):
        decode_picture(bomb)


@given(noise=st.binary(max_size=80))
def test_bytes_of_nonsense_are_no_picture(noise: bytes) -> None:
    header = b"RIFF\x00\x00\x00\x00WEBPVP8 \x00\x00\x00\x00\x10\x00\x00\x9d\x01\x2a" + struct.pack(
        "<HH", 256, 256
    )

    for data in (noise, header + noise):
        with pytest.raises(GalleryError):
            decode_picture(data)


def test_a_damaged_picture_ends_in_a_sentence(folder: Path) -> None:
    packed = (folder / PICTURES).read_bytes()
    (folder / PICTURES).write_bytes(bytes(len(packed)))
    sign(folder)
    gallery = Gallery.open(folder)

    with pytest.raises(GalleryError, match="no WebP"):
        gallery.head(0)
    with pytest.raises(GalleryError, match="no face 6"):
        gallery.head(6)
    with pytest.raises(GalleryError, match="no face -1"):
        gallery.identity(-1)


def test_a_row_is_as_small_as_it_can_be() -> None:
    assert row_type(10).itemsize == 12 + 2 * 10 + 5 * 8


def test_what_makes_no_sense_of_a_gallery_is_refused() -> None:
    with pytest.raises(GalleryError, match="wall"):
        About(licence="x", provenance="y", wall=(0, 0, 256))
