"""Two pictures of one person."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.command_line import BadInput
from pipeline.training.bundling.band.pairs import augmented_pairs, between, read_pairs


def write(folder: Path, *names: str) -> None:
    for level, name in enumerate(names):
        cv2.imwrite(str(folder / f"{name}.png"), np.full((8, 8, 3), level, np.uint8))


def test_pictures_are_paired_by_their_names(tmp_path: Path) -> None:
    write(tmp_path, "anna_1", "anna_2", "bela_2", "cyril", "dora_1", "dora_2")

    first, second = read_pairs(tmp_path, 8)

    assert [int(picture[0, 0, 0]) for picture in first] == [0, 4]
    assert [int(picture[0, 0, 0]) for picture in second] == [1, 5]


def test_a_folder_without_pairs_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "anna_1", "bela_2")

    with pytest.raises(BadInput, match="no pairs"):
        read_pairs(tmp_path, 8)


def test_a_second_picture_is_made_of_the_same_face_and_not_the_same_pixels() -> None:
    faces = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3)).astype(np.uint8)
    faces = np.stack([cv2.GaussianBlur(face, (0, 0), 4) for face in faces])

    first, second = augmented_pairs(faces, seed=1)

    np.testing.assert_array_equal(first, faces)
    own = np.abs(second.astype(float) - faces[:, :, ::-1]).mean(axis=(1, 2, 3))
    assert (own > 0).all()
    np.testing.assert_array_equal(second, augmented_pairs(faces, seed=1)[1])


def test_every_two_people_are_compared_once() -> None:
    people = np.eye(3)
    people[2] = [0.6, 0.8, 0.0]

    np.testing.assert_allclose(sorted(between(people)), [0.0, 0.6, 0.8])
