"""faceres by OpenVINO says what faceres by Keras says, and needs no Keras."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline.dataset.images import read_rgb
from pipeline.faces.window import resize
from pipeline.identity import FaceIdentity, GraphError, face_box, identity_crop
from pipeline.identity.crops import Box
from pipeline.identity.files import DESCRIPTION, SHIPPED, WEIGHTS, read_network
from pipeline.identity.graph import Graph, Node
from pipeline.identity.lowering import lowered

PORTRAITS = Path(__file__).parents[2] / "fixtures" / "portraits"


@pytest.fixture(scope="module")
def identity() -> FaceIdentity:
    return FaceIdentity.load(threads=1)


@pytest.fixture(scope="module")
def crops() -> np.ndarray:
    """Eleven squares: noise, and pieces of pictures of faces."""
    noise = np.random.default_rng(4).integers(0, 256, (3, 224, 224, 3), np.uint8)
    pictures = [read_rgb(path) for path in sorted(PORTRAITS.glob("*.jpg"))[:8]]
    faces = [resize(rgb, width=224, height=224) for rgb in pictures if rgb is not None]
    return np.concatenate([noise, np.stack(faces)])


@pytest.mark.slow  # Keras is loaded to compare with
def test_the_same_is_said_with_and_without_keras(identity: FaceIdentity, crops: np.ndarray) -> None:
    from pipeline.networks.faceres import FaceEmbedder

    expected, found = FaceEmbedder.load().look(crops), identity.look(crops)

    cosines = np.sum(expected.directions() * found.directions(), axis=1)
    assert cosines.min() > 0.99999
    np.testing.assert_allclose(found.features, expected.features, atol=1e-3)
    np.testing.assert_allclose(found.ages, expected.ages, atol=0.01)
    np.testing.assert_allclose(found.male, expected.male, atol=1e-4)


def test_the_number_of_faces_does_not_change_what_is_said_of_each(
    identity: FaceIdentity, crops: np.ndarray
) -> None:
    together = identity.embed(crops)

    np.testing.assert_allclose(identity.embed(crops[-1:]), together[-1:], atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1.0, rtol=1e-5)
    assert identity.embed(crops[:0]).shape == (0, 1024)


def test_the_network_is_loaded_once(identity: FaceIdentity) -> None:
    assert FaceIdentity.load(threads=1) is identity


def test_what_was_compiled_can_be_kept_for_the_next_process(tmp_path: Path, crops: np.ndarray) -> None:
    first = FaceIdentity(read_network(), threads=1, cache_folder=tmp_path)
    assert list(tmp_path.iterdir())

    again = FaceIdentity(read_network(), threads=1, cache_folder=tmp_path)

    np.testing.assert_array_equal(again.embed(crops[:2]), first.embed(crops[:2]))


@pytest.mark.parametrize(
    "wrong", [np.zeros((1, 224, 224, 3), np.float32), np.zeros((1, 128, 128, 3), np.uint8)]
)
def test_what_is_no_crop_is_refused(identity: FaceIdentity, wrong: np.ndarray) -> None:
    with pytest.raises(ValueError, match="crops are uint8"):
        identity.look(wrong)


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        (WEIGHTS, bytes(7)),
        (WEIGHTS, None),
        (DESCRIPTION, b"{}"),
        (DESCRIPTION, b"\xff\xfe"),
        (DESCRIPTION, None),
    ],
)
def test_damaged_files_are_refused(tmp_path: Path, name: str, damage: bytes | None) -> None:
    for part in (DESCRIPTION, WEIGHTS):
        shutil.copy(SHIPPED / part, tmp_path / part)
    if damage is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(damage)

    with pytest.raises(GraphError):
        FaceIdentity.load(tmp_path)


def test_an_operation_that_is_not_known_is_named() -> None:
    from openvino import opset15 as ops

    graph = Graph("x", (Node("y", "MatrixInverse", ("x",)),), ("y",))

    with pytest.raises(GraphError, match="MatrixInverse"):
        lowered(graph, {}, lambda x: x, ops.parameter([-1, 4, 4, 3], np.float32), ("y",))


def test_keras_and_tensorflow_stay_away() -> None:
    program = (
        "import sys, numpy as np\n"
        "from pipeline.identity import FaceIdentity\n"
        "FaceIdentity.load().embed(np.zeros((1, 224, 224, 3), np.uint8))\n"
        "assert not {'keras', 'tensorflow', 'torch'} & set(sys.modules), 'loaded'\n"
    )

    subprocess.run([sys.executable, "-c", program], check=True)


def landmarks_of_an_ellipse(scale: float, move: tuple[float, float]) -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.asarray(rng.uniform(50, 150, (468, 2)) * scale + move, np.float32)


def test_the_box_moves_and_grows_with_the_landmarks() -> None:
    box = face_box(landmarks_of_an_ellipse(1, (0, 0)))

    moved = face_box(landmarks_of_an_ellipse(2, (30, -10)))

    assert (moved.centre_x, moved.centre_y, moved.side) == pytest.approx(
        (2 * box.centre_x + 30, 2 * box.centre_y - 10, 2 * box.side), rel=1e-4
    )


@pytest.mark.parametrize("size", [50, 100, 200])
def test_a_box_is_cut_where_it_lies_and_beyond_the_picture_the_edge_goes_on(size: int) -> None:
    x = np.broadcast_to(np.linspace(0, 255, 256)[None, :, None], (256, 256, 3)).astype(np.uint8)

    inside = Box(99.5, 120, 100).cut(x, size)
    beyond = Box(255, 120, 100).cut(x, size)

    assert inside[size // 2, [0, -1], 0].tolist() == pytest.approx([50, 149], abs=2)
    assert (beyond[:, size * 3 // 4 :] >= 254).all()


def test_the_identity_crop_is_the_network_s_size() -> None:
    picture = np.zeros((256, 256, 3), np.uint8)

    assert identity_crop(picture, landmarks_of_an_ellipse(1, (0, 0))).shape == (224, 224, 3)
