"""A snapshot of the published PyTorch code becomes a bundle that makes exactly its images."""

import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.interchange.exporting import export_generator
from pipeline.interchange.importing import import_snapshot
from pipeline.networks.bundle import Bundle, BundleError
from tests.pipeline.interchange.published_snapshot import snapshot_bytes
from tests.pipeline.networks import published


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The published snapshot, imported."""
    folder = tmp_path_factory.mktemp("published")
    path = folder / "network-snapshot.pkl"
    path.write_bytes(snapshot_bytes())
    return import_snapshot(path, folder / "bundle", licence="for these tests")[0]


def close(ours: object, theirs: np.ndarray) -> None:
    """Fail unless the largest difference is below 1e-4 of the published values' deviation."""
    np.testing.assert_allclose(np.asarray(ours), theirs, rtol=0, atol=1e-4 * float(theirs.std()))


def test_an_imported_generator_makes_the_published_images(bundle: Bundle) -> None:
    generator, io = bundle.generator(), published.values("io")
    close(generator(io["z"], psi=0.7), published.images("images_psi07_const"))
    close(generator.synthesis(io["wplus"]), published.images("images_wplus_const"))


def test_an_imported_discriminator_gives_the_published_logits(bundle: Bundle) -> None:
    logits = bundle.discriminator()(published.images("images_psi07_const"))
    close(logits, published.values("io")["d_logits_psi07"])


def test_export_gives_back_every_tensor_of_the_averaged_generator_bit_for_bit(
    bundle: Bundle, tmp_path: Path
) -> None:
    export_generator(bundle, tmp_path / "g.npz")
    with np.load(tmp_path / "g.npz", allow_pickle=False) as file:
        written = {name: file[name] for name in file.files}
    kwargs = json.loads(str(written.pop("init_kwargs")))
    expected = published.values("g")
    assert written.keys() == expected.keys()
    for name, array in expected.items():
        assert (written[name].dtype, written[name].shape) == (array.dtype, array.shape), name
        assert written[name].tobytes() == array.tobytes(), name
    sizes = {key: kwargs[key] for key in ("z_dim", "c_dim", "w_dim", "img_resolution", "img_channels")}
    assert sizes == {"z_dim": 48, "c_dim": 0, "w_dim": 48, "img_resolution": 64, "img_channels": 3}
    assert kwargs["mapping_kwargs"]["num_layers"] == 8
    assert kwargs["synthesis_kwargs"]["channel_base"] == 2048
    assert kwargs["synthesis_kwargs"]["channel_max"] == 64


def test_the_bundle_says_what_it_was_imported_from(bundle: Bundle) -> None:
    source = bundle.manifest["source"]
    assert source["sha256"] == "b94a4c216581429887820075607086f3dde6a396e4a846eb1f9867374207c05f"
    assert (source["file"], source["implementation"]) == ("network-snapshot.pkl", "PyTorch")
    assert bundle.manifest["licence"] == "for these tests"


def test_weights_are_kept_in_single_precision(bundle: Bundle) -> None:
    parts = [bundle.part(name) for name in ("generator", "discriminator")]
    assert {array.dtype for arrays in parts for array in arrays.values()} == {np.dtype(np.float32)}


def test_an_imported_bundle_says_that_it_only_makes_faces(bundle: Bundle) -> None:
    assert not bundle.has("encoder")
    with pytest.raises(BundleError, match="only makes faces: it has no encoder"):
        bundle.encoder()
    with pytest.raises(BundleError, match="only makes faces: it has no neighbours"):
        bundle.subspace()
