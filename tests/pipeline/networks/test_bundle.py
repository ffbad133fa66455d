"""A bundle is used only if it is, byte for byte, what its manifest says."""

import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.networks.bundle import Bundle, BundleError
from tests.pipeline.tiny_bundle import write_tiny_bundle


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a small bundle."""
    write_tiny_bundle(tmp_path)
    return tmp_path


def test_networks_come_back_as_they_were_to_half_precision(tmp_path: Path) -> None:
    written = write_tiny_bundle(tmp_path)
    z = np.random.default_rng(0).normal(size=(2, 8)).astype(np.float32)
    read = Bundle.open(tmp_path).generator()
    for before, after in zip(written.generator.weights, read.weights, strict=True):
        np.testing.assert_allclose(after.value, before.value, rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(read(z), written.generator(z), atol=0.05)


def test_every_network_of_a_bundle_can_be_built(folder: Path) -> None:
    bundle = Bundle.open(folder)
    images = bundle.generator()(np.ones((1, 8), np.float32))
    assert tuple(bundle.discriminator()(images).shape) == (1, 1)
    assert bundle.encoder()(images)["w_plus"].shape[1:] == (6, 8)
    assert bundle.subspace().components.shape[1] == 48


@pytest.mark.parametrize("name", ["generator", "discriminator", "encoder", "neighbours"])
def test_a_single_altered_bit_is_noticed(folder: Path, name: str) -> None:
    path = folder / f"{name}.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(BundleError, match=rf"{name}\.safetensors is not the file"):
        Bundle.open(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "encoder.safetensors").unlink()
    with pytest.raises(BundleError, match=r"encoder\.safetensors is missing"):
        Bundle.open(folder)


def test_a_folder_without_a_manifest_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"no bundle\.json"):
        Bundle.open(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", '{"format": 2}', "not json"])
def test_a_manifest_of_another_kind_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "bundle.json").write_text(text)
    with pytest.raises(BundleError):
        Bundle.open(tmp_path)


def test_weights_of_other_sizes_are_refused(folder: Path) -> None:
    path = folder / "bundle.json"
    manifest = json.loads(path.read_text())
    manifest["generator"]["channel_max"] = 4
    path.write_text(json.dumps(manifest))
    with pytest.raises(BundleError, match="generator"):
        Bundle.open(folder).generator()


def test_the_digest_changes_with_the_manifest(folder: Path) -> None:
    before = Bundle.open(folder).digest
    path = folder / "bundle.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps({**manifest, "name": "another"}))
    assert Bundle.open(folder).digest != before
