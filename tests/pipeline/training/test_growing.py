"""A run grown to twice the resolution starts from exactly what the smaller one learned."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.__main__ import main
from pipeline.networks.stylegan2 import Discriminator, Generator, StyleGAN2Config
from pipeline.networks.stylegan2.resampling import downsample, upsample
from pipeline.training.checkpoints import save_checkpoint
from pipeline.training.stylegan2.config import TrainingConfig
from pipeline.training.stylegan2.growing import CannotGrow, start_grown
from pipeline.training.stylegan2.steps import Steps
from pipeline.training.stylegan2.weights import averaged_networks, kept

SMALL = TrainingConfig(
    network=StyleGAN2Config(
        resolution=8, channel_base=128, channel_max=12, z_dim=8, w_dim=8, mapping_layers=2
    ),
    batch=4,
)
LARGE = replace(SMALL, network=replace(SMALL.network, resolution=16))


@pytest.fixture(scope="module")
def smaller(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint with random weights everywhere."""
    generator, discriminator = Generator(SMALL.network), Discriminator(SMALL.network)
    random = np.random.default_rng(0)
    for variable in (*generator.weights, *discriminator.weights):
        variable.assign(random.normal(size=variable.shape))
    state = Steps(SMALL, generator, discriminator).initial_state()
    notes = {"config": SMALL.to_dict(), "images": 4000, "seconds": 9.0}
    return save_checkpoint(tmp_path_factory.mktemp("small"), 4000, kept(state, generator), notes)


@pytest.fixture(scope="module")
def grown(smaller: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first checkpoint of the grown run."""
    return start_grown(smaller, LARGE, tmp_path_factory.mktemp("large"))


def test_the_grown_generator_gives_the_smaller_image_upsampled(smaller: Path, grown: Path) -> None:
    z = np.random.default_rng(1).normal(size=(4, 8)).astype(np.float32)
    small = averaged_networks(smaller)[0]
    large = averaged_networks(grown)[0]
    expected = np.asarray(upsample(small(z), "channels_last"))
    np.testing.assert_allclose(large(z), expected, atol=1e-5 * expected.std())


def test_the_grown_discriminator_judges_the_image_downsampled(smaller: Path, grown: Path) -> None:
    images = np.random.default_rng(2).normal(size=(4, 16, 16, 3)).astype(np.float32)
    small = averaged_networks(smaller)[1]
    large = averaged_networks(grown)[1]
    np.testing.assert_allclose(large(images), small(downsample(images, "channels_last")), rtol=1e-3)


def test_a_run_starts_from_the_grown_checkpoint_and_counts_from_zero(grown: Path) -> None:
    from pipeline.training.stylegan2.loop import Run

    pictures = np.random.default_rng(3).integers(0, 255, (8, 16, 16, 3)).astype(np.uint8)
    run = Run(LARGE, pictures, grown.parent)
    assert run.images_seen == 0
    run.train(images=8)
    assert run.images_seen == 8


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"resolution": 32}, "px"), ({"w_dim": 16}, "w_dim"), ({"channel_max": 8}, "feature maps")],
)
def test_a_network_that_does_not_fit_is_refused(
    smaller: Path, tmp_path: Path, changes: dict[str, Any], word: str
) -> None:
    network = replace(LARGE.network, **changes)
    with pytest.raises(CannotGrow, match=word):
        start_grown(smaller, replace(LARGE, network=network), tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_command_grows_a_run_and_refuses_one_that_does_not_fit(
    smaller: Path, tmp_path: Path, heads: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["train", "stylegan2", str(heads), "--out", str(tmp_path / "out"), "--grow-from"]
    assert main([*command, str(tmp_path / "nothing")]) == 2
    assert "is not a checkpoint" in capsys.readouterr().err
    assert main([*command, str(smaller)]) == 2
    assert "8 px, which grows to 16 px; the preset asks for 128 px" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.fixture
def heads() -> Path:
    """A few pictures."""
    return Path(__file__).parents[2] / "fixtures" / "heads"
