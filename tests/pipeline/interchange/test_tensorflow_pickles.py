"""A pickle of the published TensorFlow code gives the same network as the PyTorch one."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.interchange.files import read_snapshot
from pipeline.interchange.importing import import_snapshot
from pipeline.pickles.unpickler import Unreadable
from tests.pipeline.interchange.pickled import Global, New, pickled
from tests.pipeline.interchange.written import (
    SMALL,
    random_discriminator,
    random_generator,
    tensorflow_snapshot,
)
from tests.pipeline.networks import published


def small(**options: Any) -> bytes:
    """A pickle of a small random network."""
    return tensorflow_snapshot(SMALL, random_generator(SMALL), random_discriminator(SMALL), **options)


def refusal(data: bytes, folder: Path) -> str:
    """What is said when these bytes are refused."""
    path = folder / "network.pkl"
    path.write_bytes(data)
    with pytest.raises(Unreadable) as caught:
        read_snapshot(path)
    return str(caught.value)


@pytest.mark.parametrize("version", [4, 5])
def test_the_same_weights_make_the_same_images_as_the_published_ones(version: int, tmp_path: Path) -> None:
    path = tmp_path / "network.pkl"
    arguments = {"fmap_base": 1024, "fmap_max": 64}
    # The older code has a group of four unless something else is said, the newer one always says it.
    grouping = {} if version == 4 else {"mbstd_group_size": 4}
    generator, discriminator = published.values("g"), published.values("d")
    config = published.config()
    path.write_bytes(
        tensorflow_snapshot(
            config, generator, discriminator, version=version, arguments=arguments, grouping=grouping
        )
    )

    bundle, _ = import_snapshot(path, tmp_path / "bundle")

    io, images = published.values("io"), published.images("images_psi07_const")
    ours = np.asarray(bundle.generator()(io["z"], psi=0.7))
    np.testing.assert_allclose(ours, images, rtol=0, atol=1e-4 * images.std())
    logits = io["d_logits_psi07"]
    np.testing.assert_allclose(bundle.discriminator()(images), logits, rtol=0, atol=1e-4 * logits.std())
    assert bundle.manifest["source"]["implementation"] == "TensorFlow"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"label_size": 5}, "another label_size than 0"),
        ({"architecture": "orig"}, "another architecture than 'skip'"),
        ({"nonlinearity": "relu"}, "another nonlinearity than 'lrelu'"),
        ({"normalize_latents": False}, "another normalize_latents than True"),
        ({"resample_kernel": [1, 2, 1]}, "taps 1, 3, 3, 1"),
        ({"attention": True}, "the argument attention, whose meaning is not established"),
        ({"mapping_lrmul": -1.0}, "no positive number"),
    ],
)
def test_what_the_network_was_built_with_is_heeded(
    arguments: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    assert reason in refusal(small(arguments=arguments), tmp_path)


def test_arguments_with_a_meaning_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "network.pkl"
    path.write_bytes(small(arguments={"mapping_lrmul": 0.1, "conv_clamp": 256}))
    config = read_snapshot(path).generator_config
    assert (config.mapping_lr_multiplier, config.conv_clamp) == (0.1, 256.0)


@pytest.mark.parametrize("version", [2, 3, 6])
def test_a_version_that_is_not_of_stylegan2_is_refused(version: int, tmp_path: Path) -> None:
    assert "version" in refusal(small(version=version), tmp_path)


@pytest.mark.parametrize(
    "name", ["8x8/Attention/weight", "4x4/Conv0_up/weight", "8x8/Conv/weight", "8x16/Conv1/bias"]
)
def test_a_variable_of_unknown_meaning_is_refused(name: str, tmp_path: Path) -> None:
    assert name in refusal(small(more={name: np.ones((3, 3, 4, 4), np.float32)}), tmp_path)


def test_objects_in_an_array_are_refused(tmp_path: Path) -> None:
    state = {
        "version": 5,
        "build_func_name": "G_main",
        "static_kwargs": {},
        "variables": [("dlatent_avg", np.array([Global("os", "system"), None], object))],
    }
    made = New(Global("dnnlib.tflib.network", "Network"), state)
    assert "something other than numbers" in refusal(pickled((made, made, made)), tmp_path)
