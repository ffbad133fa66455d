"""The first checkpoint of a run that starts from what another one learned."""

from pathlib import Path
from typing import Any

from pipeline.networks.stylegan2 import Discriminator, Generator
from pipeline.training.checkpoints import Checkpoint, save_checkpoint
from pipeline.training.stylegan2.config import TrainingConfig
from pipeline.training.stylegan2.steps import Steps
from pipeline.training.stylegan2.weights import Weights, assign, assign_named, fresh_networks, kept, named

#: What a first checkpoint notes of where its weights came from; every later one repeats it.
#: No run is "grown_from" another any more, but bundles of those that were say it.
ORIGINS = ("anchors", "started_from", "grown_from")


class OtherNetwork(ValueError):
    """Too little of the other run fits this one."""


def start_from(other: Path, config: TrainingConfig, folder: Path) -> Path:
    """Write the first checkpoint of a run in ``folder`` with the weights of checkpoint ``other``.

    Both networks' weights must fit, but for the mapping network: where that differs (for example in z_dim) it
    starts at random. Averages and noise are taken over, optimisers start at rest, images are counted from 0.

    Raises:
        OtherNetwork: the synthesis network or the discriminator is of other sizes.
    """
    old_g, old_d, checkpoint = fresh_networks(other)
    old = checkpoint.state
    generator, discriminator = Generator(config.network), Discriminator(config.network)
    current = fitting(generator, named(old_g, old["state"]["g"]), loose="mapping/")
    averaged = fitting(generator, named(old_g, old["state"]["ema"]), loose="mapping/")
    assign_named(generator, current)
    assign_named(discriminator, fitting(discriminator, named(old_d, old["state"]["d"])))
    assign(generator.noise_constants, old["noise"])
    return write_start(
        folder,
        config,
        generator,
        discriminator,
        averaged=averaged,
        w_avg=old["state"]["w_avg"],
        origin={"started_from": origin(checkpoint)},
    )


def fitting(model: Any, weights: Weights, loose: str | None = None) -> Weights:
    """``weights``, if all fit the model's; else its own for all whose path begins with ``loose``."""
    own = named(model)
    odd = [path for path, value in own.items() if path not in weights or weights[path].shape != value.shape]
    odd += [path for path in weights if path not in own]
    if strict := [path for path in odd if loose is None or not path.startswith(loose)]:
        raise OtherNetwork(f"the checkpoint is of another network: {strict[0]} does not fit.")
    if not odd:
        return weights
    return {path: own[path] if path.startswith(str(loose)) else weights[path] for path in own}


def origin(checkpoint: Checkpoint) -> dict[str, Any]:
    """What a new run notes of the one that it started from."""
    return {key: checkpoint.notes[key] for key in ("images", "seconds", "config")}


def write_start(
    folder: Path,
    config: TrainingConfig,
    generator: Generator,
    discriminator: Discriminator,
    *,
    averaged: Weights,
    w_avg: Any,
    origin: dict[str, Any],
) -> Path:
    """Write checkpoint 0 of a run: the networks' weights, the averaged generator's and what to note."""
    state = Steps(config, generator, discriminator).initial_state()
    state["ema"] = [averaged[v.path] for v in generator.trainable_variables]
    state["w_avg"] = w_avg
    notes = {
        "kind": "stylegan2",
        "config": config.to_dict(),
        "step": 0,
        "images": 0,
        "seconds": 0.0,
        "augment_p": 0.0,
        "signs": [],
        **origin,
    }
    return save_checkpoint(folder, 0, kept(state, generator), notes)
