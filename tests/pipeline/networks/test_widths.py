"""Feature maps that no rule gives are part of a network's sizes, and no concern of those that have a rule."""

import json

import pytest

from pipeline.networks.stylegan2 import StyleGAN2Config

RULED = StyleGAN2Config(resolution=16, channel_base=64, channel_max=8)
FREE = StyleGAN2Config(resolution=16, widths=(7, 3, 9))


def test_given_widths_are_the_feature_maps_of_each_block() -> None:
    assert [FREE.channels(side) for side in FREE.resolutions] == [7, 3, 9]


def test_sizes_that_follow_the_rule_are_written_as_ever() -> None:
    assert "widths" not in RULED.to_dict()
    assert StyleGAN2Config.from_dict(RULED.to_dict()) == RULED


def test_given_widths_survive_json() -> None:
    assert StyleGAN2Config.from_dict(json.loads(json.dumps(FREE.to_dict()))) == FREE


@pytest.mark.parametrize("widths", [(), (7, 3), (7, 3, 9, 1), (7, 0, 9)])
def test_widths_that_do_not_fit_the_blocks_are_refused(widths: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="widths are 3 numbers"):
        StyleGAN2Config(resolution=16, widths=widths)
