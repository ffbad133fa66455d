"""Networks of any size come through the importer and the exporter as they are."""

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.interchange.exporting import published_arrays
from pipeline.interchange.files import read_snapshot
from pipeline.interchange.importing import import_snapshot
from pipeline.networks.bundle import Bundle
from pipeline.networks.stylegan2 import StyleGAN2Config
from tests.pipeline.interchange.written import (
    SMALL,
    network,
    random_discriminator,
    random_generator,
    torch_snapshot,
)

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
SIZE = st.integers(1, 9)


@st.composite
def configs(draw: st.DrawFn) -> StyleGAN2Config:
    """Any sizes; feature maps by the rule of base and maximum, or not."""
    blocks = draw(st.integers(2, 4))
    resolution = 2 ** (blocks + 1)
    ruled = {"channel_base": draw(st.integers(1, 4)) * resolution, "channel_max": draw(SIZE)}
    widths = draw(st.none() | st.lists(SIZE, min_size=blocks, max_size=blocks).map(tuple))
    return StyleGAN2Config(
        resolution=resolution,
        **ruled,
        widths=widths,
        z_dim=draw(SIZE),
        w_dim=draw(SIZE),
        mapping_layers=draw(st.integers(1, 4)),
        mapping_lr_multiplier=draw(st.sampled_from([0.01, 0.1, 1.0])),
        image_channels=draw(st.integers(1, 4)),
        conv_clamp=draw(st.sampled_from([None, 256.0])),
        minibatch_std_group=draw(st.sampled_from([2, 4, 8])),
    )


def imported(data: bytes, folder: Path) -> Bundle:
    """A bundle made of these bytes."""
    path = folder / "snapshot.pkl"
    path.write_bytes(data)
    return import_snapshot(path, folder / "bundle")[0]


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(config=configs(), channels_last=st.booleans(), seed=st.integers(0, 99))
def test_whatever_the_sizes_every_tensor_comes_back_bit_for_bit(
    config: StyleGAN2Config, channels_last: bool, seed: int
) -> None:
    arrays = random_generator(config, seed)
    data = torch_snapshot(
        config,
        arrays=arrays,
        discriminator=network(random_discriminator(config), config),
        channels_last=channels_last,
    )
    with tempfile.TemporaryDirectory() as folder:
        bundle = imported(data, Path(folder))
        written = published_arrays(bundle)
        read = StyleGAN2Config.from_dict(bundle.manifest["generator"])
        assert bundle.has("discriminator")
    assert written.keys() == arrays.keys()
    for name, array in arrays.items():
        assert (written[name].shape, written[name].tobytes()) == (array.shape, array.tobytes()), name
    assert [read.channels(r) for r in read.resolutions] == [config.channels(r) for r in config.resolutions]
    rule = ("channel_base", "channel_max", "widths", "minibatch_std_group")
    one, other = ({k: v for k, v in c.to_dict().items() if k not in rule} for c in (read, config))
    assert one == other


@settings(max_examples=4, deadline=None, suppress_health_check=SLOW)
@given(config=configs())
def test_whatever_the_sizes_our_networks_take_the_weights_and_run(config: StyleGAN2Config) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bundle = imported(torch_snapshot(config), Path(folder))
        images = bundle.generator()(np.ones((2, config.z_dim), np.float32))
        assert tuple(images.shape) == (2, config.resolution, config.resolution, config.image_channels)
        assert tuple(bundle.discriminator()(images).shape) == (2, 1)


def test_a_discriminator_may_have_other_sizes_than_its_generator(tmp_path: Path) -> None:
    wider = replace(SMALL, channel_base=64, channel_max=7, conv_clamp=256.0)
    other = network(random_discriminator(wider), wider)
    bundle = imported(torch_snapshot(SMALL, discriminator=other), tmp_path)
    model = bundle.discriminator()
    assert model.config.channels(4) == 7
    assert model.config.conv_clamp == 256.0
    assert bundle.generator().config.conv_clamp is None


def test_half_precision_weights_are_kept_exactly(tmp_path: Path) -> None:
    halves = {name: array.astype(np.float16) for name, array in random_generator(SMALL).items()}
    written = published_arrays(imported(torch_snapshot(arrays=halves), tmp_path))
    for name, array in halves.items():
        np.testing.assert_array_equal(written[name], array.astype(np.float32))


@pytest.mark.parametrize("protocol", [3, 4, 5])
def test_snapshots_of_older_and_newer_pythons_are_read(protocol: int, tmp_path: Path) -> None:
    written = published_arrays(imported(torch_snapshot(protocol=protocol), tmp_path))
    for name, array in random_generator(SMALL).items():
        np.testing.assert_array_equal(written[name], array)


def test_both_orders_of_the_values_in_memory_mean_the_same(tmp_path: Path) -> None:
    for order in (False, True):
        (tmp_path / f"{order}.pkl").write_bytes(torch_snapshot(channels_last=order))
    one, other = (read_snapshot(tmp_path / f"{order}.pkl").generator.arrays for order in (False, True))
    for name, array in one.items():
        np.testing.assert_array_equal(other[name], array)
