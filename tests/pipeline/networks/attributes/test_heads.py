"""What follows the backbones is as the thesis has it (§3.3.2, §3.3.3, Figures 3.8 and 3.9)."""

import keras
import numpy as np
import pytest

from pipeline.networks.attributes.model import build_heads
from pipeline.training.attributes.config import PRESETS

#: The last maps of EfficientNetB7 and B3 for faces of 128 x 128.
MAPS = {"celeba": (4, 4, 2560), "fairface": (4, 4, 1536)}


@pytest.fixture(scope="module")
def celeba() -> keras.Model:
    return build_heads(PRESETS["celeba", "thesis"].network, MAPS["celeba"])


@pytest.fixture(scope="module")
def fairface() -> keras.Model:
    return build_heads(PRESETS["fairface", "thesis"].network, MAPS["fairface"])


def maps(kind: str, faces: int = 2) -> np.ndarray:
    """Maps of faces that nobody has: float32 (faces, 4, 4, channels)."""
    return np.random.default_rng(0).normal(size=(faces, *MAPS[kind])).astype(np.float32)


def layers(model: keras.Model, kind: type) -> list[keras.layers.Layer]:
    return [layer for layer in model.layers if isinstance(layer, kind)]


def test_the_celeba_models_features_are_the_largest_value_of_each_map(celeba: keras.Model) -> None:
    given = maps("celeba")

    features = np.asarray(celeba(given, training=False)["features"])

    np.testing.assert_array_equal(features, given.max(axis=(1, 2)))


def test_half_of_the_celeba_models_features_are_dropped_in_training(celeba: keras.Model) -> None:
    given = maps("celeba", faces=8)
    pooled = given.max(axis=(1, 2))

    features = np.asarray(celeba(given, training=True)["features"])

    dropped = features == 0
    assert np.mean(dropped) == pytest.approx(0.5, abs=0.02)
    np.testing.assert_allclose(features[~dropped], 2 * pooled[~dropped], rtol=1e-6)
    assert [layer.rate for layer in layers(celeba, keras.layers.Dropout)] == [0.5]


def test_the_celeba_models_three_heads_see_the_features_and_are_held_small_by_l2(celeba: keras.Model) -> None:
    weight = PRESETS["celeba", "thesis"].network.to_dict()["l2"]
    heads = {layer.name: layer for layer in layers(celeba, keras.layers.Dense)}
    random = np.random.default_rng(1)
    for head in heads.values():
        head.kernel.assign(random.normal(size=head.kernel.shape))

    assert {name: tuple(head.kernel.shape) for name, head in heads.items()} == {
        "hair": (2560, 5),
        "gender": (2560, 1),
        "remaining": (2560, 17),
    }
    squares = sum(np.sum(np.square(np.asarray(head.kernel))) for head in heads.values())
    assert weight > 0
    assert float(sum(celeba.losses)) == pytest.approx(weight * squares, rel=1e-4)


def test_the_fairface_model_has_two_layers_of_2048_with_relu_behind_the_largest_values(
    fairface: keras.Model,
) -> None:
    given = maps("fairface")
    first, second = (fairface.get_layer(f"hidden{number}") for number in (1, 2))

    features = np.asarray(fairface(given, training=False)["features"])

    hidden = given.max(axis=(1, 2))
    for layer in (first, second):
        kernel, bias = (np.asarray(value) for value in layer.weights)
        hidden = np.maximum(hidden @ kernel + bias, 0)
    assert features.shape == (2, 2048)
    np.testing.assert_allclose(features, hidden, atol=1e-4)
    assert [tuple(layer.kernel.shape) for layer in (first, second)] == [(1536, 2048), (2048, 2048)]


def test_the_fairface_model_has_heads_for_9_ages_and_7_ethnicities_and_no_other_layer(
    fairface: keras.Model,
) -> None:
    dense = {layer.name: layer.units for layer in layers(fairface, keras.layers.Dense)}

    assert dense == {"hidden1": 2048, "hidden2": 2048, "age": 9, "race": 7}


def test_the_fairface_model_has_neither_dropout_nor_l2(fairface: keras.Model) -> None:
    assert layers(fairface, keras.layers.Dropout) == []
    assert fairface.losses == []
