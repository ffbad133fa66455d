"""The face embedder that ships: whose weights they are, and that it tells people apart."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from keras import ops

from pipeline.dataset.images import read_rgb
from pipeline.faces.choice import choose_face
from pipeline.faces.detector import Detection, MTCNNDetector
from pipeline.faces.framing import HEAD, Framing
from pipeline.identity.files import DESCRIPTION, SHIPPED, WEIGHTS
from pipeline.identity.looks import expected_age
from pipeline.networks.backend import gradient
from pipeline.networks.faceres import HEAD_FACE, FaceEmbedder, GraphError, face_frame

PORTRAITS = Path(__file__).parents[2] / "fixtures" / "portraits"
TWICE = ("60003_1", "60003_2")
OTHERS = ("60004_2", "60005_1")
EMBEDDERS_CROP = Framing(side=1.1, centre_y=0.5)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def embedder() -> FaceEmbedder:
    return FaceEmbedder.load()


@pytest.fixture(scope="module")
def found() -> dict[str, tuple[np.ndarray, Detection]]:
    detector, faces = MTCNNDetector(), {}
    for name in (*TWICE, *OTHERS):
        rgb = read_rgb(PORTRAITS / f"{name}.jpg")
        assert rgb is not None
        face = choose_face(detector.detect(rgb), min_face_width=32, min_face_height=32)
        faces[name] = (rgb, face)
    return faces


@pytest.fixture(scope="module")
def identities(
    embedder: FaceEmbedder, found: dict[str, tuple[np.ndarray, Detection]]
) -> dict[str, np.ndarray]:
    crops = np.stack([EMBEDDERS_CROP.cut(rgb, face, size=224) for rgb, face in found.values()])
    return dict(zip(found, embedder.embed(crops), strict=True))


def test_the_weights_that_ship_are_those_that_the_notice_names() -> None:
    digest = hashlib.sha256((SHIPPED / WEIGHTS).read_bytes()).hexdigest()
    notice = (SHIPPED / "NOTICE").read_text()
    noted = json.loads((SHIPPED / DESCRIPTION).read_text())["facts"]["sha256"]

    assert noted[WEIGHTS] == digest
    assert all(f"{name} " in notice and value in notice for name, value in noted.items())


def test_one_person_is_more_like_herself_than_like_anybody_else(identities: dict[str, np.ndarray]) -> None:
    same = float(identities[TWICE[0]] @ identities[TWICE[1]])
    different = [
        float(identities[a] @ identities[b])
        for a in identities
        for b in identities
        if a < b and {a, b} != set(TWICE)
    ]

    assert same > 0.85
    assert max(different) < 0.7


def test_a_face_is_a_direction(identities: dict[str, np.ndarray]) -> None:
    for identity in identities.values():
        assert identity.shape == (FaceEmbedder.size,)
        assert identity.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(identity), 1.0, rtol=1e-5)


@pytest.mark.parametrize(("size", "likeness"), [(512, 0.99), (128, 0.97), (64, 0.85)])
def test_a_framed_head_shows_the_same_person_without_a_detector(
    embedder: FaceEmbedder,
    found: dict[str, tuple[np.ndarray, Detection]],
    identities: dict[str, np.ndarray],
    size: int,
    likeness: float,
) -> None:
    heads = np.stack([HEAD.cut(rgb, face, size=size) for rgb, face in found.values()])

    framed = embedder.embed(heads, HEAD_FACE)

    for identity, expected in zip(framed, identities.values(), strict=True):
        assert float(identity @ expected) > likeness


def test_the_frame_follows_the_framing_that_heads_are_cut_out_with() -> None:
    assert face_frame(side=HEAD.side, centre_y=HEAD.centre_y) == HEAD_FACE


def test_men_and_women_are_told_apart(
    embedder: FaceEmbedder, found: dict[str, tuple[np.ndarray, Detection]]
) -> None:
    crops = np.stack([EMBEDDERS_CROP.cut(rgb, face, size=224) for rgb, face in found.values()])

    male = embedder.look(crops).male > 0.5

    assert dict(zip(found, male.tolist(), strict=True)) == {**dict.fromkeys(found, True), "60005_1": False}


def test_a_loss_sees_what_the_measurement_sees_and_has_a_gradient(embedder: FaceEmbedder) -> None:
    heads = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3), np.uint8)
    images = ops.convert_to_tensor(heads.astype(np.float32) / 127.5 - 1.0)

    embedded = embedder(images, HEAD_FACE)
    slope = gradient(lambda x: similarity(embedder(x, HEAD_FACE)), images)

    np.testing.assert_allclose(embedded, embedder.embed(heads, HEAD_FACE), atol=1e-5)
    assert np.isfinite(slope).all()
    assert (np.abs(slope).sum(axis=(1, 2, 3)) > 0).all()


JAX = """
import sys, numpy as np
from pipeline.networks.faceres import HEAD_FACE, FaceEmbedder
np.save(sys.argv[2], FaceEmbedder.load().embed(np.load(sys.argv[1]), HEAD_FACE))
"""


def test_both_backends_say_the_same(
    embedder: FaceEmbedder, found: dict[str, tuple[np.ndarray, Detection]], tmp_path: Path
) -> None:
    heads = np.stack([HEAD.cut(rgb, face, size=64) for rgb, face in found.values()])
    np.save(tmp_path / "heads.npy", heads)

    subprocess.run(
        [sys.executable, "-c", JAX, tmp_path / "heads.npy", tmp_path / "identities.npy"],
        env={**os.environ, "KERAS_BACKEND": "jax"},
        check=True,
    )

    np.testing.assert_allclose(
        np.load(tmp_path / "identities.npy"), embedder.embed(heads, HEAD_FACE), atol=1e-5
    )


def similarity(pair: Any) -> Any:
    return ops.sum(pair[0] * pair[1])


def test_the_number_of_faces_does_not_change_what_is_said_of_each(embedder: FaceEmbedder) -> None:
    heads = np.random.default_rng(1).integers(0, 256, (33, 16, 16, 3), np.uint8)

    together = embedder.embed(heads)

    np.testing.assert_allclose(embedder.embed(heads[-1:]), together[-1:], atol=1e-6)
    assert embedder.embed(heads[:0]).shape == (0, FaceEmbedder.size)


def test_altered_weights_are_refused(tmp_path: Path) -> None:
    for name in (DESCRIPTION, WEIGHTS):
        shutil.copy(SHIPPED / name, tmp_path / name)
    data = bytearray((tmp_path / WEIGHTS).read_bytes())
    data[-1] ^= 1
    (tmp_path / WEIGHTS).write_bytes(data)

    with pytest.raises(GraphError, match="SHA-256"):
        FaceEmbedder.load(tmp_path)


def test_the_age_is_the_mean_of_the_likeliest() -> None:
    probabilities = np.zeros((1, 100))
    probabilities[0, [29, 30, 39, 5]] = 0.4, 0.3, 0.2, 0.1

    assert expected_age(probabilities)[0] == pytest.approx((0.4 * 30 + 0.3 * 31 + 0.2 * 40) / 0.9)
