"""A network that ours cannot be is refused with a sentence that says what is different."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.interchange.files import read_snapshot
from pipeline.pickles.unpickler import Unreadable
from tests.pipeline.interchange.pickled import pickled
from tests.pipeline.interchange.written import (
    SMALL,
    network,
    random_discriminator,
    random_generator,
    torch_snapshot,
)

NAN = np.float32("nan")


def refusal(data: bytes, folder: Path) -> str:
    """What is said when these bytes are refused."""
    path = folder / "snapshot.pkl"
    path.write_bytes(data)
    with pytest.raises(Unreadable) as caught:
        read_snapshot(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("path", "facts", "reason"),
    [
        ("", {"c_dim": 7}, "it is conditional"),
        ("mapping", {"c_dim": 7}, "it is conditional"),
        ("", {"class_name": "Decoder"}, "it is a Decoder, not a Generator"),
        ("synthesis.b8", {"architecture": "orig"}, "architecture is not the one of the paper"),
        ("synthesis.b8", {"architecture": "resnet"}, "architecture is not the one of the paper"),
        ("synthesis.b8.conv1", {"use_noise": False}, "made without noise"),
        ("synthesis.b8.conv1", {"activation": "swish"}, "activation of its synthesis.b8.conv1 is not lrelu"),
        ("synthesis.b8.conv0", {"up": 4}, "up of its synthesis.b8.conv0 is not 2"),
        ("synthesis.b8.conv0", {"conv_clamp": 1.0}, "do not share one clamp"),
        ("synthesis.b8.conv0", {"conv_clamp": "x"}, "no positive number"),
        ("mapping.fc1", {"activation": "relu"}, "activation of its mapping.fc1 is not lrelu"),
        ("mapping.fc1", {"bias_gain": 1, "weight_gain": 5**-0.5}, "do not share one learning rate"),
        ("mapping.fc0", {"weight_gain": 1.0}, "scales its weights"),
        ("synthesis.b4.conv1.affine", {"bias_gain": 2, "weight_gain": 2 * 5**-0.5}, "scales its bias"),
        ("synthesis.b8.torgb", {"class_name": "Transformer"}, "is a Transformer"),
    ],
)
def test_another_kind_of_generator_is_named(
    path: str, facts: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    assert reason in refusal(torch_snapshot(changed={path: facts}), tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("synthesis.b4.const", None, "it lacks synthesis.b4.const"),
        ("mapping.w_avg", None, "it lacks mapping.w_avg"),
        ("mapping.embed.weight", np.ones((5, 5), np.float32), "mapping.embed"),
        (
            "synthesis.b8.conv1.bias",
            np.ones(7, np.float32),
            "synthesis.b8.conv1.bias is of shape (7,), not (4,)",
        ),
        ("synthesis.b4.const", np.full((4, 4, 4), NAN), "synthesis.b4.const has values that are no numbers"),
        ("synthesis.b4.const", np.ones((4, 4, 4), np.float64), "synthesis.b4.const is float64"),
        ("synthesis.b8.conv0.resample_filter", np.ones((4, 4), np.float32), "taps 1, 3, 3, 1"),
        ("synthesis.b8.resample_filter", np.ones((12, 12), np.float32), "taps 1, 3, 3, 1"),
        ("synthesis.input.weight", np.ones((5, 5), np.float32), "StyleGAN3"),
        ("synthesis.b32.conv1.weight", np.ones((4, 4, 3, 3), np.float32), "4, 8, … px"),
        ("mapping.fc0.weight", np.ones((7, 3), np.float32), "hidden layers of 7, not of w's 5"),
    ],
)
def test_tensors_that_do_not_make_a_generator_are_named(
    name: str, value: np.ndarray | None, reason: str, tmp_path: Path
) -> None:
    arrays = random_generator(SMALL)
    arrays.pop(name, None)
    if value is not None:
        arrays[name] = value
    kinds: dict[str, dict[str, Any]] = {
        "synthesis.b32": {"class_name": "SynthesisBlock", "architecture": "skip"},
        "synthesis.b32.conv1": {"class_name": "SynthesisLayer"},
        "synthesis.input": {"class_name": "SynthesisInput"},
        "mapping.embed": {
            "class_name": "FullyConnectedLayer",
            "activation": "lrelu",
            "bias_gain": 0.01,
            "weight_gain": 0.01 * 5**-0.5,
        },
    }
    changed = {path: facts for path, facts in kinds.items() if name.startswith(path)}
    assert reason in refusal(pickled({"G_ema": network(arrays, SMALL, changed=changed)}), tmp_path)


def test_a_snapshot_without_an_averaged_generator_is_refused(tmp_path: Path) -> None:
    assert "no G_ema" in refusal(pickled({"G": 1, "D": 2}), tmp_path)
    assert "no G_ema" in refusal(pickled([1, 2, 3]), tmp_path)
    assert "should be a network is none" in refusal(pickled({"G_ema": 1}), tmp_path)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"": {"c_dim": 3}}, "conditional"),
        ({"b8": {"architecture": "orig"}}, "architecture"),
        ({"b4.mbstd": {"num_channels": 2}}, "num_channels"),
        ({"b4.mbstd": {"group_size": "x"}}, "minibatch statistic"),
    ],
)
def test_a_discriminator_that_ours_cannot_be_is_left_out_and_that_is_said(
    changed: dict[str, dict[str, Any]], reason: str, tmp_path: Path
) -> None:
    other = network(random_discriminator(SMALL), SMALL, changed=changed)
    path = tmp_path / "snapshot.pkl"
    path.write_bytes(torch_snapshot(discriminator=other))
    snapshot = read_snapshot(path)
    assert snapshot.discriminator is None
    assert snapshot.left_out is not None
    assert reason in snapshot.left_out


def test_a_discriminator_of_other_images_is_left_out(tmp_path: Path) -> None:
    larger = replace(SMALL, resolution=16, channel_base=64)
    path = tmp_path / "snapshot.pkl"
    path.write_bytes(torch_snapshot(discriminator=network(random_discriminator(larger), larger)))
    assert "other images than of 8 px" in str(read_snapshot(path).left_out)


def test_a_group_of_the_whole_batch_is_kept_as_one(tmp_path: Path) -> None:
    other = network(random_discriminator(SMALL), SMALL, changed={"b4.mbstd": {"group_size": None}})
    path = tmp_path / "snapshot.pkl"
    path.write_bytes(torch_snapshot(discriminator=other))
    config = read_snapshot(path).discriminator_config
    assert config is not None
    assert config.minibatch_std_group > 10**6
