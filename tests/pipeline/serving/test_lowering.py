"""Sizes and weights that the bundles that ship do not have are lowered right, or refused in a sentence."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import ops

from pipeline.networks.bundle import Arrays, BundleError, arrays_of
from pipeline.networks.realism import RealismJudge
from pipeline.networks.stylegan2 import Discriminator, Generator, StyleGAN2Config, noise_from_seed
from pipeline.serving.by_keras import to_pixels
from pipeline.serving.lowered.compiling import Compiled
from pipeline.serving.lowered.discriminator import judging, seeing
from pipeline.serving.lowered.generator import mapping, synthesis
from tests.pipeline.serving.conftest import Both
from tests.pipeline.tiny_bundle import write_tiny_bundle

TINY = StyleGAN2Config(resolution=16, channel_base=128, channel_max=8, z_dim=8, w_dim=8, mapping_layers=2)
SIZES = {
    "clamped": replace(TINY, conv_clamp=0.5),
    "widths of its own": replace(TINY, widths=(6, 10, 4)),
    "a w of another size": replace(TINY, z_dim=6, w_dim=10, mapping_layers=3),
    "the smallest picture": replace(TINY, resolution=8),
}


def random_weights(model: keras.Model, seed: int = 1) -> keras.Model:
    """Every weight drawn anew: biases and strengths of noise are zeros at first, and would hide mistakes."""
    random = np.random.default_rng(seed)
    for variable in model.weights:
        variable.assign(random.standard_normal(variable.shape).astype(np.float32) * 0.5)
    return model


@pytest.mark.parametrize("config", SIZES.values(), ids=list(SIZES))
def test_a_generator_of_any_sizes_makes_the_same_faces(config: StyleGAN2Config) -> None:
    model = random_weights(Generator(config))
    random = np.random.default_rng(2)
    z = random.standard_normal((3, config.z_dim)).astype(np.float32)
    ws = random.standard_normal((3, config.num_ws, config.w_dim)).astype(np.float32)
    noise = noise_from_seed(config.noise_sides, 5)

    (w,) = Compiled(mapping(config, arrays_of(model), 3))(z)
    (faces,) = Compiled(synthesis(config, arrays_of(model), 3))(ws, *noise)

    np.testing.assert_allclose(w, np.asarray(model.mapping(z)), rtol=1e-4, atol=1e-5)
    expected = np.asarray(to_pixels(model.synthesis(ws, noise=[ops.convert_to_tensor(x) for x in noise])))
    assert np.abs(faces.astype(np.int16) - expected).max() <= 1
    assert faces.std() > 10  # neither black nor white all over


@pytest.mark.parametrize("group", [1, 2, 4])
@pytest.mark.parametrize("config", SIZES.values(), ids=list(SIZES))
def test_a_discriminator_of_any_sizes_judges_alike(config: StyleGAN2Config, group: int) -> None:
    config = replace(config, minibatch_std_group=group)
    model = random_weights(Discriminator(config))
    shape = (config.resolution, config.resolution, 3)
    random = np.random.default_rng(3)
    faces, company = (random.integers(0, 256, (n, *shape), np.uint8) for n in (5, group - 1))

    seen = Compiled(seeing(config, arrays_of(model), group - 1))(company)[0] if group > 1 else company
    (logits,) = Compiled(judging(config, arrays_of(model), seen, 5))(faces)

    np.testing.assert_allclose(logits, RealismJudge(model, company).logits(faces), rtol=1e-3, atol=1e-3)


def without(arrays: Arrays, name: str) -> Arrays:
    return {path: array for path, array in arrays.items() if path != name}


HARMS = {
    "one is missing": (
        lambda arrays: without(arrays, "synthesis/b8/conv0/bias"),
        "it has no synthesis/b8/conv0/bias",
    ),
    "one has another shape": (
        lambda arrays: {**arrays, "synthesis/b8/conv0/bias": np.zeros(3, np.float16)},
        r"synthesis/b8/conv0/bias is \(3,\), not \(8,\)",
    ),
    "one is too many": (
        lambda arrays: {**arrays, "synthesis/b8/conv2/bias": np.zeros(3, np.float16)},
        "do not fit its sizes: synthesis/b8/conv2/bias",
    ),
}


@pytest.mark.parametrize(("harm", "words"), HARMS.values(), ids=list(HARMS))
def test_weights_of_another_network_are_refused_by_name(harm: object, words: str) -> None:
    assert callable(harm)
    arrays = arrays_of(Generator(TINY))

    with pytest.raises(BundleError, match=words):
        synthesis(TINY, harm(arrays), 1)


def test_whoever_shares_its_batch_a_face_has_the_same_pixels(shipped: Both) -> None:
    config = shipped.bundle.generator_config
    z = np.random.default_rng(9).standard_normal((11, config.z_dim)).astype(np.float32)
    ws = np.repeat(shipped.openvino.map(z)[:, None], config.num_ws, axis=1)
    noise = noise_from_seed(config.noise_sides, 0)

    together = shipped.openvino.synthesise(ws, noise)

    for count in (1, 3, 8):
        np.testing.assert_array_equal(shipped.openvino.synthesise(ws[-count:], noise), together[-count:])
    assert shipped.openvino.synthesise(ws[:0], noise).shape == (0, *together.shape[1:])


SERVED = """
import sys, numpy as np
from pathlib import Path
from gpu_worker.engine import Engine
engine = Engine.load(Path(sys.argv[1]), "openvino")
engine.warm_up()
assert len(engine.neighbours(engine.random_codes(1, 3)[0], count=2)) == 2
print(*sorted({"keras", "tensorflow", "jax", "mtcnn"} & set(sys.modules)))
"""


def test_a_page_is_made_without_keras_or_tensorflow(tmp_path: Path) -> None:
    write_tiny_bundle(tmp_path)

    done = subprocess.run(
        [sys.executable, "-c", SERVED, str(tmp_path)], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == []
