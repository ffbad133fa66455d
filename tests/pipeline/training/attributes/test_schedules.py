"""The schedules are the thesis', and plateaus change them as said."""

from dataclasses import replace

import pytest

from pipeline.training.attributes.commands import KINDS
from pipeline.training.attributes.commands import PRESETS as NAMES
from pipeline.training.attributes.config import PRESETS, AttributeTraining, Patience, preset
from pipeline.training.attributes.plateau import Plateau


def rates(config: AttributeTraining) -> list[tuple[bool, list[float]]]:
    """Of each phase whether it is frozen, and the learning rate of each epoch."""
    return [(p.frozen, [p.rate(epoch) for epoch in range(p.epochs)]) for p in config.phases]


def test_the_celeba_model_trains_15_frozen_and_15_unfrozen_epochs_as_in_3_3_2() -> None:
    config = preset("celeba", "thesis")
    assert rates(config) == [(True, [1e-4] * 10 + [1e-5] * 5), (False, [1e-5] * 5 + [1e-6] * 10)]
    assert (config.batch, config.focal_alpha, config.focal_gamma) == (64, 0.5, 2.0)
    assert (config.network.backbone.name, config.network.side) == ("EfficientNetB7", 128)


def test_the_fairface_model_trains_5_frozen_and_25_unfrozen_epochs_as_in_3_3_3() -> None:
    config = preset("fairface", "thesis")
    assert rates(config) == [(True, [1e-4] * 5), (False, [1e-5] * 25)]
    assert (config.batch, config.network.backbone.name) == (64, "EfficientNetB3")
    assert config.augmentation.saturation > 0
    assert config.augmentation.brightness > 0


def test_the_command_line_offers_every_preset() -> None:
    assert {(kind, name) for kind in KINDS for name in NAMES} == set(PRESETS)


@pytest.mark.parametrize("name", PRESETS)
def test_a_schedule_comes_back_from_plain_values(name: tuple[str, str]) -> None:
    config = replace(PRESETS[name], seed=7)
    assert AttributeTraining.from_dict(config.to_dict()) == config


def test_an_epoch_after_the_last_has_no_learning_rate() -> None:
    phase = preset("fairface", "thesis").phases[0]
    with pytest.raises(ValueError, match="ended"):
        phase.rate(phase.epochs)


def after(losses: list[float], patience: Patience) -> Plateau:
    """How a phase has gone after these validation losses."""
    plateau = Plateau()
    for loss in losses:
        plateau = plateau.after(loss, patience)
    return plateau


PATIENCE = Patience(reduce_after=2, factor=0.1, stop_after=4)


@pytest.mark.parametrize(
    ("losses", "scale", "ended"),
    [
        ([3, 2, 1], 1.0, False),
        ([1, 2], 1.0, False),
        ([1, 2, 2], 0.1, False),
        ([1, 2, 2, 0.5], 0.1, False),
        ([1, 2, 2, 2, 2], 0.01, True),
        ([1, 2, 2, 2, 0.5, 2, 2, 2], 0.01, False),
    ],
)
def test_the_rate_falls_on_a_plateau_and_a_longer_one_ends_the_phase(
    losses: list[float], scale: float, ended: bool
) -> None:
    plateau = after(losses, PATIENCE)
    assert plateau.scale == pytest.approx(scale)
    assert plateau.ended(PATIENCE) is ended
