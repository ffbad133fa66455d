"""Which network makes the features, and that a report's reader is told."""

from pathlib import Path

import keras
import numpy as np
import pytest

from pipeline.command_line import BadInput
from pipeline.evaluation.features import feature_network
from pipeline.networks.faceres import HEAD_FACE, FaceEmbedder

pytestmark = pytest.mark.slow
HEADS = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), np.uint8)


@pytest.fixture(scope="module")
def embedder() -> FaceEmbedder:
    return FaceEmbedder.load()


def test_faceres_looks_at_the_face_and_faceres_frame_at_everything(embedder: FaceEmbedder) -> None:
    face = feature_network("faceres", embedder=embedder)
    whole = feature_network("faceres-frame", embedder=embedder)
    other_hair = HEADS.copy()
    other_hair[:, :4] = 0

    np.testing.assert_allclose(face(other_hair), face(HEADS), atol=1e-5)
    assert not np.allclose(whole(other_hair), whole(HEADS), atol=1e-3)
    np.testing.assert_allclose(face(HEADS), embedder.look(HEADS, HEAD_FACE).features)


def test_no_name_can_be_taken_for_inception(embedder: FaceEmbedder) -> None:
    for name in ("faceres", "faceres-frame"):
        network = feature_network(name, embedder=embedder)
        assert network.name == name
        assert "not Inception" in network.description


@pytest.fixture(scope="module")
def inception_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights that were never trained, in a file such as Keras writes."""
    keras.utils.set_random_seed(0)
    path = tmp_path_factory.mktemp("inception") / "random.weights.h5"
    keras.applications.InceptionV3(include_top=False, weights=None).save_weights(path)
    return path


def test_inception_uses_the_weights_that_it_is_given(embedder: FaceEmbedder, inception_weights: Path) -> None:
    network = feature_network("inception", embedder=embedder, inception_weights=inception_weights)

    features = network(HEADS)

    model = keras.applications.InceptionV3(include_top=False, weights=None, pooling="avg")
    model.load_weights(inception_weights)
    large = keras.ops.image.resize(HEADS.astype(np.float32), (299, 299), interpolation="bilinear")
    expected = model(keras.applications.inception_v3.preprocess_input(np.array(large)), training=False)
    assert features.shape == (3, network.size)
    np.testing.assert_allclose(features, expected, rtol=1e-3, atol=1e-5)
    assert network.name == f"inception {network.digest[:8]}"
    assert inception_weights.name in network.description


def test_weights_of_another_network_are_refused(embedder: FaceEmbedder, tmp_path: Path) -> None:
    path = tmp_path / "other.weights.h5"
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]).save_weights(path)

    with pytest.raises(BadInput, match="InceptionV3"):
        feature_network("inception", embedder=embedder, inception_weights=path)


@pytest.mark.parametrize(
    ("name", "weights", "reason"),
    [
        ("vgg", None, "vgg"),
        ("inception", None, "--inception-weights"),
        ("inception", Path("nowhere.h5"), "nowhere.h5"),
        ("inception", Path(__file__), "Keras file"),
        ("faceres", Path("some.h5"), "--features inception"),
    ],
)
def test_what_cannot_be_is_said(embedder: FaceEmbedder, name: str, weights: Path | None, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        feature_network(name, embedder=embedder, inception_weights=weights)
