"""EfficientNet-Lite0 is the published network."""

from typing import Any

import cv2
import keras
import numpy as np
import pytest
from sklearn.datasets import load_sample_image

from pipeline.networks.backbones import LITE0, BackboneConfig, BackboneError, backbone
from pipeline.networks.backbones.lite0 import assign_published, published_file, read_published
from pipeline.networks.backbones.stages import STAGES

Array = np.ndarray
#: ImageNet's numbers of what the two pictures that come with scikit-learn show.
PALACE, DAISY = 698, 985


@pytest.fixture(scope="module")
def published() -> dict[str, Array]:
    """The published weights by PyTorch's names."""
    return read_published(published_file())


def centre(image: Array, side: int) -> Array:
    """The middle of a picture as a square, in [-1, 1]."""
    height, width = image.shape[:2]
    edge = min(height, width)
    top, left = (height - edge) // 2, (width - edge) // 2
    square = image[top : top + edge, left : left + edge]
    resized = cv2.resize(square, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(resized[None] / 127.5 - 1.0, np.float32)


@pytest.mark.parametrize(("picture", "number"), [("china.jpg", PALACE), ("flower.jpg", DAISY)])
def test_with_published_weights_it_knows_what_pictures_show(
    picture: str, number: int, published: dict[str, Array]
) -> None:
    network = backbone(BackboneConfig(name=LITE0, weights="imagenet"), 224)
    features = np.asarray(network(centre(load_sample_image(picture), 224))).mean(axis=(1, 2))
    logits = features @ published["_fc.weight"].T + published["_fc.bias"]
    assert int(np.argmax(logits)) == number


def convolution(x: Array, kernel: Array, stride: int, *, depthwise: bool) -> Array:
    """Convolution written out; zeros around it as TensorFlow's SAME has them: one more behind than before.

    x (h, w, in); kernel (out, in, k, k), or (channels, 1, k, k).
    """
    size = kernel.shape[-1]
    out = -(-x.shape[0] // stride)
    missing = max((out - 1) * stride + size - x.shape[0], 0)
    before = missing // 2
    padded = np.pad(x, ((before, missing - before), (before, missing - before), (0, 0)))
    result = np.zeros((out, out, kernel.shape[0]))
    for row in range(out):
        for column in range(out):
            patch = padded[row * stride : row * stride + size, column * stride : column * stride + size]
            law = "hwc,cxhw->c" if depthwise else "hwi,oihw->o"
            result[row, column] = np.einsum(law, patch, kernel)
    return result


def normalised(x: Array, arrays: dict[str, Array], name: str) -> Array:
    """Batch normalisation with the published epsilon."""
    scale = arrays[f"{name}.weight"] / np.sqrt(arrays[f"{name}.running_var"] + 1e-3)
    return np.asarray((x - arrays[f"{name}.running_mean"]) * scale + arrays[f"{name}.bias"])


def written_out(image: Array, arrays: dict[str, Array]) -> Array:
    """The whole network, layer by layer: image (side, side, 3) in [-1, 1] → maps (h, w, 1280)."""
    x = (image * 127.5 + 127.5 - 127.0) / 128.0

    def layer(x: Array, name: str, norm: str, *, stride: int = 1, linear: bool = False) -> Array:
        depthwise = name.endswith("depthwise_conv")
        x = normalised(convolution(x, arrays[f"{name}.weight"], stride, depthwise=depthwise), arrays, norm)
        return x if linear else np.clip(x, 0.0, 6.0)

    x = layer(x, "_conv_stem", "_bn0", stride=2)
    number = 0
    for stage in STAGES:
        for place in range(stage.blocks):
            at, inner = f"_blocks.{number}.", x
            if stage.expansion > 1:
                inner = layer(inner, f"{at}_expand_conv", f"{at}_bn0")
            stride = stage.stride if place == 0 else 1
            inner = layer(inner, f"{at}_depthwise_conv", f"{at}_bn1", stride=stride)
            inner = layer(inner, f"{at}_project_conv", f"{at}_bn2", linear=True)
            x = x + inner if place else inner
            number += 1
    return layer(x, "_conv_head", "_bn1")


def test_every_layer_is_the_one_written_out(published: dict[str, Array]) -> None:
    image = np.random.default_rng(0).uniform(-1, 1, (37, 37, 3)).astype(np.float32)
    network = backbone(BackboneConfig(name=LITE0, weights="imagenet"), 37)
    np.testing.assert_allclose(network(image[None])[0], written_out(image, published), atol=2e-4)


@pytest.mark.parametrize(("stages", "shape"), [(1, (16, 16, 16)), (5, (2, 2, 112)), (7, (1, 1, 1280))])
def test_it_can_be_cut_after_any_stage(stages: int, shape: tuple[int, ...]) -> None:
    network = backbone(BackboneConfig(name=LITE0, stages=stages), 32)
    assert tuple(network.output.shape[1:]) == shape


def test_a_part_of_it_gives_the_maps_that_the_whole_has_inside() -> None:
    image = np.random.default_rng(0).uniform(-1, 1, (1, 32, 32, 3)).astype(np.float32)
    whole = backbone(BackboneConfig(name=LITE0, weights="imagenet"), 32)
    inside = keras.Model(whole.input, whole.get_layer("block2_add").output)
    part = backbone(BackboneConfig(name=LITE0, weights="imagenet", stages=2), 32)
    np.testing.assert_allclose(part(image), inside(image), atol=1e-6)


def test_weights_that_lack_a_layer_or_do_not_fit_are_named(published: dict[str, Array]) -> None:
    network = backbone(BackboneConfig(name=LITE0, stages=1), 32)
    lacking = {name: values for name, values in published.items() if name != "_blocks.0._bn1.running_var"}
    with pytest.raises(BackboneError, match=r"_blocks\.0\._bn1\.running_var"):
        assign_published(network, lacking)
    odd: dict[str, Any] = {**published, "_conv_stem.weight": np.zeros((8, 3, 3, 3), np.float32)}
    with pytest.raises(BackboneError, match=r"_conv_stem\.weight"):
        assign_published(network, odd)
