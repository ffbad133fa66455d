"""Float16 where it is published to be used, and in its range."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from pipeline.networks.stylegan2 import Discriminator, Generator, StyleGAN2Config
from pipeline.training.schedule import Precision
from pipeline.training.stylegan2.config import PRESETS, preset
from pipeline.training.stylegan2.run import StyleGAN2Run
from tests.pipeline.training.short_run import TINY, discs

SIZES = StyleGAN2Config(
    resolution=64, channel_base=512, channel_max=16, z_dim=16, w_dim=16, mapping_layers=2, conv_clamp=256.0
)
REDUCED = replace(SIZES, reduced_precision_blocks=4)


@pytest.fixture(autouse=True)
def _policy() -> Iterator[None]:
    """Leave the policy as it was."""
    before = keras.config.dtype_policy()
    yield
    keras.config.set_dtype_policy(before)


def generator(sizes: StyleGAN2Config, policy: str, *, scale: float = 1.0) -> Generator:
    """A generator with the same weights whatever the policy; convolutions' are multiplied by ``scale``."""
    keras.config.set_dtype_policy(policy)
    keras.utils.set_random_seed(3)
    made = Generator(sizes)
    for variable in made.trainable_variables:
        if variable.path.endswith("conv/kernel") and "torgb" not in variable.path:
            variable.assign(variable * scale)
    return made


def images(made: Generator) -> np.ndarray:
    """Eight images."""
    return np.asarray(made(np.random.default_rng(0).standard_normal((8, 16)).astype(np.float32)), np.float32)


def test_only_the_four_largest_blocks_are_reduced() -> None:
    made = generator(REDUCED, "mixed_float16")
    assert [b.convs[0].conv.compute_dtype for b in made.synthesis.blocks] == ["float32"] + ["float16"] * 4
    assert made.mapping.dense[0].compute_dtype == "float32"
    judge = Discriminator(REDUCED)
    assert [b.conv0.compute_dtype for b in judge.blocks] == ["float16"] * 4
    assert judge.from_rgb.compute_dtype == "float16"
    assert {judge.conv.compute_dtype, judge.fc.compute_dtype, judge.out.compute_dtype} == {"float32"}
    assert keras.config.dtype_policy().name == "mixed_float16"


def test_float32_does_not_change() -> None:
    np.testing.assert_array_equal(images(generator(REDUCED, "float32")), images(generator(SIZES, "float32")))


@pytest.mark.parametrize("scale", [1.0, 1000.0])
def test_large_weights_stay_in_the_range_of_float16(scale: float) -> None:
    expected = images(generator(SIZES, "float32", scale=scale))
    found = images(generator(REDUCED, "mixed_float16", scale=scale))
    # Four blocks of arithmetic with 11 bits.
    np.testing.assert_allclose(found, expected, rtol=0, atol=0.02 * float(expected.std()))


def test_a_run_in_float16_has_finite_losses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PRESETS, "tiny", TINY)
    run = StyleGAN2Run(preset("tiny", precision="mixed_float16"), discs(), tmp_path)
    before = [np.asarray(v) for v in run.state["g"]]
    run.train(images=24)  # raises Diverged otherwise
    changed = [not np.array_equal(a, b) for a, b in zip(before, run.state["g"], strict=True)]
    assert all(changed)


@pytest.mark.parametrize(
    ("precision", "blocks", "clamp"),
    [("float32", None, None), ("mixed_bfloat16", 4, None), ("mixed_float16", 4, 256.0)],
)
def test_a_preset_reduces_what_its_precision_allows(
    precision: Precision, blocks: int | None, clamp: float | None
) -> None:
    network = preset("thesis-128", precision=precision).network
    assert (network.reduced_precision_blocks, network.conv_clamp) == (blocks, clamp)
