"""The end of a training from anchors: a generator that draws faces like them, ready for the game."""

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
from keras import ops

from pipeline.networks.bundle import Bundle
from pipeline.networks.stylegan2 import Discriminator
from pipeline.training.anchors.codes import Coordinates
from pipeline.training.anchors.flow import carried, fit_flow
from pipeline.training.anchors.mapping import fit_mapping, mapped, widened
from pipeline.training.anchors.trained import codes_of, read_trained
from pipeline.training.checkpoints import checkpoint_files
from pipeline.training.stylegan2.anchors import write_anchors
from pipeline.training.stylegan2.config import TrainingConfig
from pipeline.training.stylegan2.growing import grown_discriminator
from pipeline.training.stylegan2.starting import OtherNetwork, write_start
from pipeline.training.stylegan2.weights import assign_named, averaged_networks, named

JITTER = 0.1


def start_game(
    run: Path,
    config: TrainingConfig,
    folder: Path,
    *,
    discriminator: Path | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> None:
    """Write the first checkpoint of a run of the game in ``folder``, and its anchors.

    Args:
        run: folder of the training from anchors.
        config: the game's schedule, of the same network.
        discriminator: bundle, or checkpoint of an earlier game, whose discriminator, of the same or of half
            the resolution, the game starts with; by default it starts at random.
        report: told how the fitting goes.

    Raises:
        OtherNetwork: the network of ``run`` or the discriminator is of other sizes.
        ValueError: there is no checkpoint in ``run``.
    """
    path = newest(run)
    trained = read_trained(path)
    keras.config.set_dtype_policy("float32")
    generator = trained.generator
    if trained.config.network != config.network:
        raise OtherNetwork(f"{path} is of another network than the game's preset.")
    codes, seed = codes_of(trained, run), trained.config.seed
    flat = codes.reshape(-1, codes.shape[-1])
    coordinates = Coordinates.of(flat, config.network.z_dim)
    groups = np.tile(np.arange(codes.shape[1]), 2)
    fitted = fit_flow(
        coordinates.project(flat),
        groups,
        steps=trained.config.flow_steps,
        seed=seed,
        jitter=JITTER,
        report=lambda step, loss, held: report(f"flow {step}: {loss:.4f}, held out {held:.4f}"),
    )
    shape = (trained.config.draws, config.network.z_dim)
    z = np.random.default_rng(seed + 7).standard_normal(shape).astype(np.float32)
    w = trained.w(coordinates.lift(carried(fitted.flow, z)))
    mapping, steps = generator.mapping, trained.config.mapping_steps
    fit_mapping(
        mapping,
        z,
        w,
        steps=steps,
        seed=seed,
        report=lambda step, loss: report(f"mapping {step}: {loss:.4f}"),
    )
    fit_mapping(
        mapping,
        z,
        widened(mapped(mapping, z), trained.w(flat), trained.config.spread),
        steps=steps // 2,
        seed=seed,
        report=lambda step, loss: report(f"widened {step}: {loss:.4f}"),
    )
    judge = Discriminator(config.network)
    if discriminator is not None:
        give_discriminator(judge, read_discriminator(discriminator))
    write_anchors(folder, trained.w(codes))
    write_start(
        folder,
        config,
        generator,
        judge,
        averaged=named(generator),
        w_avg=ops.convert_to_tensor(w.mean(axis=0)),
        origin={"anchors": {key: trained.notes[key] for key in ("images", "seconds", "config")}},
    )


def newest(run: Path) -> Path:
    """The newest checkpoint of a training from anchors; ValueError for none."""
    files = checkpoint_files(run)
    if not files:
        raise ValueError(f"{run} is not the folder of a training from anchors: it has no checkpoint.")
    return files[-1]


def read_discriminator(path: Path) -> Discriminator:
    """The discriminator of a bundle's folder, or of a checkpoint of a game."""
    return averaged_networks(path)[1] if path.is_file() else Bundle.open(path).discriminator()


def give_discriminator(discriminator: Discriminator, old: Discriminator) -> None:
    """Give ``discriminator`` the weights of one of its resolution or of half of it."""
    weights = named(old)
    if old.config.resolution != discriminator.config.resolution:
        weights = grown_discriminator(weights, discriminator)
    assign_named(discriminator, weights)
