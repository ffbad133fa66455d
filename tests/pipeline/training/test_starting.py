"""A run that starts from the weights of another."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from pipeline.training.checkpoints import checkpoint_files, load_notes
from pipeline.training.stylegan2.run import StyleGAN2Run
from pipeline.training.stylegan2.starting import OtherNetwork, start_from
from pipeline.training.stylegan2.weights import averaged_networks
from tests.pipeline.training.short_run import TINY, discs


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint of a short run."""
    folder = tmp_path_factory.mktemp("other")
    run = StyleGAN2Run(TINY, discs(), folder)
    run.train(images=16)
    return checkpoint_files(folder)[-1]


def assert_same_weights(one: keras.Model, two: keras.Model) -> None:
    """Every weight of one is that of the other, bit for bit."""
    for a, b in zip(one.weights, two.weights, strict=True):
        np.testing.assert_array_equal(np.asarray(a.value), np.asarray(b.value))


def test_a_run_of_the_same_sizes_starts_as_what_the_other_became(other: Path, tmp_path: Path) -> None:
    started = start_from(other, replace(TINY, learning_rate=0.001), tmp_path)
    generator, discriminator, _ = averaged_networks(other)
    started_generator, started_discriminator, _ = averaged_networks(started)
    assert_same_weights(generator, started_generator)
    assert_same_weights(discriminator, started_discriminator)
    assert load_notes(started)["images"] == 0
    assert load_notes(started)["started_from"]["images"] == 16


def test_every_checkpoint_says_where_its_run_started_from(other: Path, tmp_path: Path) -> None:
    start_from(other, TINY, tmp_path)
    StyleGAN2Run(TINY, discs(), tmp_path).train(images=8)
    StyleGAN2Run(TINY, discs(), tmp_path).train(images=16)
    assert load_notes(checkpoint_files(tmp_path)[-1])["started_from"]["images"] == 16


def test_with_a_z_of_another_size_only_the_mapping_network_starts_afresh(other: Path, tmp_path: Path) -> None:
    network = replace(TINY.network, z_dim=4)
    started, _, _ = averaged_networks(start_from(other, replace(TINY, network=network), tmp_path))
    before, _, _ = averaged_networks(other)
    assert_same_weights(before.synthesis, started.synthesis)
    assert 4 in next(w.shape for w in started.mapping.weights if w.path.endswith("fc0/kernel"))


def test_a_synthesis_network_of_other_sizes_is_refused(other: Path, tmp_path: Path) -> None:
    network = replace(TINY.network, channel_max=4)
    with pytest.raises(OtherNetwork, match="does not fit"):
        start_from(other, replace(TINY, network=network), tmp_path)
