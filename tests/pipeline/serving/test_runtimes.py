"""Which runtime serves a bundle, and how a refined one is served."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.networks.bundle import Bundle, BundleError, write_parts
from pipeline.networks.encoder import EncoderConfig, build_encoder
from pipeline.networks.stylegan2 import noise_from_seed
from pipeline.refinement import Notes, Refinement, RefinementError
from pipeline.serving import runtimes
from pipeline.serving.by_keras import KerasNetworks
from pipeline.serving.by_openvino import OpenVINONetworks
from pipeline.serving.networks import Networks
from pipeline.serving.runtimes import served
from tests.pipeline.serving.conftest import Both

NOTES = Notes(
    bundle="", method="pivotal", photographs=1, same_person=True, seconds=1.0, ended="time", steps={},
    before={}, after={}, started_from=None,
)  # fmt: skip


def refinement(both: Both, *, seed: int = 1, **changes: Any) -> Refinement:
    """One of the generator and of the encoder, by a little."""
    random = np.random.default_rng(seed)
    generator, encoder = both.bundle.part("generator"), both.bundle.part("encoder")
    name = "synthesis/b8/conv1/conv/kernel"
    bias = next(path for path in encoder if path.endswith("_w/bias"))
    shape = (1, both.bundle.generator_config.num_ws, both.bundle.generator_config.w_dim)
    values: dict[str, Any] = {
        "generator": {name: generator[name] + random.normal(size=generator[name].shape, scale=0.3)},
        "encoder": {bias: encoder[bias] + random.normal(size=encoder[bias].shape)},
        "pivots": np.zeros(shape),
        "notes": replace(NOTES, bundle=both.bundle.digest),
    }
    return Refinement.of(**{**values, **changes})


def faces(networks: Networks, bundle: Bundle) -> np.ndarray:
    config = bundle.generator_config
    ws = np.random.default_rng(4).normal(size=(3, config.num_ws, config.w_dim)).astype(np.float32)
    return networks.synthesise(ws, noise_from_seed(config.noise_sides, 1))


def test_a_refined_generator_is_served_alike_by_both(tiny: Both) -> None:
    tuned = refinement(tiny)

    by_openvino, by_keras = (faces(one.refined(tuned), tiny.bundle) for one in (tiny.openvino, tiny.keras))

    assert np.abs(by_openvino.astype(np.int16) - by_keras).max() <= 1
    assert np.abs(by_openvino.astype(np.int16) - faces(tiny.openvino, tiny.bundle)).max() > 1
    encoded = [one.refined(tuned).encode(by_keras) for one in (tiny.openvino, tiny.keras)]
    np.testing.assert_allclose(encoded[0], encoded[1], atol=1e-4)
    assert not np.allclose(encoded[0], tiny.openvino.encode(by_keras), atol=1e-3)


def test_a_refinement_leaves_the_networks_that_it_began_with_as_they_are(tiny: Both) -> None:
    before = faces(tiny.openvino, tiny.bundle)

    tiny.openvino.refined(refinement(tiny))

    np.testing.assert_array_equal(faces(tiny.openvino, tiny.bundle), before)


@pytest.mark.parametrize("runtime", ["openvino", "keras"])
def test_a_refinement_that_does_not_fit_is_refused(tiny: Both, runtime: str) -> None:
    networks: Networks = getattr(tiny, runtime)

    with pytest.raises(RefinementError, match="do not fit"):
        networks.refined(refinement(tiny, generator={"synthesis/b8/nothing": np.zeros(3)}))
    with pytest.raises(RefinementError, match="another bundle"):
        networks.refined(refinement(tiny, notes=replace(NOTES, bundle="f" * 64)))


@pytest.mark.parametrize("runtime", [KerasNetworks, OpenVINONetworks])
def test_a_bundle_that_only_makes_faces_is_served_until_it_is_to_encode(
    tiny: Both, tmp_path: Path, runtime: type[KerasNetworks] | type[OpenVINONetworks]
) -> None:
    parts = {part: tiny.bundle.part(part) for part in ("generator", "discriminator")}
    manifest = {key: tiny.bundle.manifest[key] for key in ("framing", "resolution", "generator")}
    bundle = write_parts(tmp_path, parts, manifest)
    networks = runtime(bundle)

    pictures = faces(networks, bundle)

    assert len(networks.logits(pictures, pictures)) == len(pictures)
    with pytest.raises(BundleError, match="it has no encoder"):
        networks.encode(pictures)


def test_keras_traces_no_refinement_again(tiny: Both) -> None:
    faces(tiny.keras.refined(refinement(tiny)), tiny.bundle)
    synthesise: Any = tiny.keras._synthesise_with
    traced = synthesise.experimental_get_tracing_count()

    faces(tiny.keras.refined(refinement(tiny, seed=2)), tiny.bundle)

    assert synthesise.experimental_get_tracing_count() == traced == 1


def test_a_processor_is_served_by_openvino_and_a_gpu_by_tensorflow(
    tiny: Both, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        assert isinstance(served(tiny.bundle), OpenVINONetworks)
    assert str(tiny.openvino.arithmetic) in caplog.text
    monkeypatch.setattr(runtimes, "GPU", tmp_path)  # as where a driver is
    assert isinstance(served(tiny.bundle), KerasNetworks)
    assert isinstance(served(tiny.bundle, "openvino"), OpenVINONetworks)


def test_where_keras_is_not_installed_it_is_said_what_is_missing(
    tiny: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtimes, "find_spec", lambda name: None if name == "keras" else True)

    assert isinstance(served(tiny.bundle), OpenVINONetworks)
    with pytest.raises(BundleError, match="Keras and TensorFlow, which would run it, are not installed"):
        served(tiny.bundle, "tensorflow")


def test_a_network_that_is_not_lowered_is_served_by_tensorflow_unless_openvino_is_asked_for(
    tiny: Both, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = EncoderConfig(
        resolution=32, num_ws=6, w_dim=8, backbone="EfficientNetB0", pyramid_channels=4, coarse=2, medium=2
    )
    other = Bundle(tiny.bundle.folder, {**tiny.bundle.manifest, "encoder": config.to_dict()}, "0" * 64)
    monkeypatch.setattr(Bundle, "encoder", lambda bundle: build_encoder(config))

    with pytest.raises(BundleError, match="the encoder is on EfficientNetB0"):
        served(other, "openvino")
    assert isinstance(served(other), KerasNetworks)
    assert "the encoder is on EfficientNetB0" in caplog.text
