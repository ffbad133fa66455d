"""The training loop: steps in their order, sample grids, checkpoints, the end."""

import time
from contextlib import closing
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from pipeline.dataset.images import save_grid, to_uint8
from pipeline.networks.backend import compiled, with_weights
from pipeline.networks.faceres.framed import Embed
from pipeline.networks.perceptual import Look
from pipeline.networks.stylegan2 import Discriminator, Generator
from pipeline.training.batches import Batches
from pipeline.training.checkpoints import (
    checkpoint_files,
    load_checkpoint,
    save_checkpoint,
)
from pipeline.training.shares import Shares
from pipeline.training.stopping import until_told
from pipeline.training.stylegan2.anchors import Anchors, open_anchors
from pipeline.training.stylegan2.augment import adjusted
from pipeline.training.stylegan2.config import TrainingConfig
from pipeline.training.stylegan2.progress import Progress
from pipeline.training.stylegan2.starting import ORIGINS
from pipeline.training.stylegan2.statistics import Statistics
from pipeline.training.stylegan2.steps import Figures, State, Steps
from pipeline.training.stylegan2.weights import assign, kept

GRID = (8, 8)
SETTLE_EVERY = 4
TELLING = ("generator", "discriminator", "anchors")


class Diverged(RuntimeError):
    """A loss is no longer a number: the run cannot go on from here."""


class Run:
    """One training run in one folder; made again, it goes on from the newest checkpoint there.

    Args:
        config: the schedule.
        images: uint8 (pictures, side, side, 3).
        folder: where checkpoints, ``stats.jsonl``, TensorBoard's events and grids go.
        shares: the devices that each batch is shared out to; a run may go on with others.
        look, embed: what anchors are compared through, if the schedule has any.

    Raises:
        ValueError: the checkpoint is of other settings, or the batch cannot be shared out so.
    """

    def __init__(
        self,
        config: TrainingConfig,
        images: np.ndarray,
        folder: Path,
        shares: Shares | None = None,
        *,
        look: Look | None = None,
        embed: Embed | None = None,
    ) -> None:
        keras.config.set_dtype_policy(config.precision)
        keras.utils.set_random_seed(config.seed)
        self.config, self.folder, self.shares = config, folder, Shares() if shares is None else shares
        self.devices = self.shares.devices
        self.generator, self.discriminator = Generator(config.network), Discriminator(config.network)
        self.anchors = anchors_of(config, images, folder, look, embed)
        self.steps = Steps(config, self.generator, self.discriminator, self.shares, self.anchors)
        self.batches = Batches(images, batch=config.batch, mirror=config.mirror, seed=config.seed)
        self.state: State = self.steps.initial_state()
        self.step, self.seconds, self.augment_p = 0, 0.0, 0.0
        self.origin: dict[str, Any] = {}
        self._signs: list[float] = []
        self._unsettled: list[tuple[int, Figures]] = []
        self._logged = (0, 0.0)
        window = None
        if files := checkpoint_files(folder):
            window = self._resume(files[-1])
        self.statistics = Statistics(folder, self.images_seen, window)
        self.state = self.devices.everywhere(self.state)
        self._g_main = self.devices.compiled(self.steps.generator_main)
        self._g_paths = self.devices.compiled(self.steps.generator_paths)
        self._d_main = self.devices.compiled(self.steps.discriminator_main)
        self._d_r1 = self.devices.compiled(self.steps.discriminator_r1)
        self._average = self.devices.compiled(self.steps.averaged)
        self._sample = compiled(self._sample_from)

    @property
    def images_seen(self) -> int:
        """Training images shown to the discriminator so far."""
        return self.step * self.config.batch

    def _resume(self, path: Path) -> dict[str, list[float]] | None:
        """Take over a checkpoint; returns the statistics' window."""
        checkpoint = load_checkpoint(path, kept(self.state, self.generator))
        if TrainingConfig.from_dict(checkpoint.notes["config"]) != self.config:
            raise ValueError(
                f"{path} was made with other settings; choose another folder or the same settings."
            )
        self.state = checkpoint.state["state"]
        assign(self.generator.noise_constants, checkpoint.state["noise"])
        self.step, self.seconds = int(checkpoint.notes["step"]), float(checkpoint.notes["seconds"])
        self.augment_p = float(checkpoint.notes["augment_p"])
        self._signs = [float(s) for s in checkpoint.notes["signs"]]
        self.origin = {key: checkpoint.notes[key] for key in ORIGINS if key in checkpoint.notes}
        return checkpoint.notes.get("window")

    def train(
        self,
        *,
        images: int,
        hours: float | None = None,
        row_every: int = 2_000,
        grid_every: int = 10_000,
        checkpoint_every: int = 20_000,
        keep: int = 2,
        keep_every: int | None = None,
    ) -> None:
        """Train until ``images`` images were seen, ``hours`` have passed in this call, or SIGINT/SIGTERM.

        Whatever ends it, the last thing written is a checkpoint from which the run goes on exactly.

        Args:
            row_every, grid_every, checkpoint_every: images between rows of statistics, grids, checkpoints.
            keep, keep_every: which checkpoints stay (:func:`save_checkpoint`).

        Raises:
            Diverged: a loss became NaN or infinite; the checkpoint before it stays.
        """
        self._logged = (self.images_seen, self.seconds)
        progress, last = Progress(images, self.images_seen, hours), ""
        with closing(progress), until_told() as told:
            while self.images_seen < images and not told.stop:
                tick = time.monotonic()
                self._iterate()
                if self.step % SETTLE_EVERY == 0 or self._passed(row_every) or self._passed(checkpoint_every):
                    self._settle()
                self.seconds += time.monotonic() - tick
                if self._passed(row_every):
                    last = self._log()
                progress.advance(self.config.batch, last)
                if self._passed(grid_every):
                    self.write_grid()
                if self._passed(checkpoint_every):
                    self.checkpoint(keep=keep, keep_every=keep_every)
                if progress.time_is_up:
                    break
        self._settle()
        self.write_grid()
        self.checkpoint(keep=keep, keep_every=keep_every)

    def _passed(self, interval: int) -> bool:
        return self.images_seen // interval > (self.images_seen - self.config.batch) // interval

    def _seed(self, phase: int) -> Any:
        return ops.convert_to_tensor([self.config.seed * 4 + phase, self.step], "int32")

    def _real(self) -> Any:
        real = self.batches[self.step]
        if self.config.network.data_format == "channels_first":
            real = np.ascontiguousarray(real.transpose(0, 3, 1, 2))
        return ops.convert_to_tensor(real)

    def _anchored(self) -> tuple[Any, ...]:
        """The step's anchors as one more argument of an update, or none."""
        if self.anchors is None:
            return ()
        return (tuple(ops.convert_to_tensor(values) for values in self.anchors[self.step]),)

    def _iterate(self) -> None:
        """One step, with the regularisation that is due; its figures wait to be settled."""
        config = self.config
        if self.images_seen < config.discriminator_kimg * 1000.0:
            state, figures = self._judge(self.state)
        else:
            state, figures = self._play()
        self.step += 1
        beta = self.steps.ema_beta(self.images_seen)
        self.state = self._average(state, ops.convert_to_tensor(beta, "float32"))
        self._unsettled.append((self.images_seen, figures))
        if len(self._signs) + len(self._unsettled) >= config.ada_interval and config.ada_target is not None:
            self._settle()

    def _play(self) -> tuple[State, Figures]:
        """Both networks' turns in the adversarial game."""
        config, figures = self.config, {}
        state, new = self._g_main(self.state, self._seed(0), *self._anchored())
        figures.update(new)
        if config.path_interval and self.step % config.path_interval == 0:
            state, new = self._g_paths(state, self._seed(1))
            figures.update(new)
        state, new = self._judge(state)
        return state, {**figures, **new}

    def _judge(self, state: State) -> tuple[State, Figures]:
        """The discriminator's turn."""
        config, real = self.config, self._real()
        state, figures = self._d_main(state, real, self._seed(2))
        if config.r1_interval and self.step % config.r1_interval == 0:
            state, new = self._d_r1(state, real, self._seed(3))
            figures = {**figures, **new}
        return state, figures

    def _settle(self) -> None:
        """Read the figures that the devices have worked out since; until then the loop runs ahead of them."""
        for images, figures in self._unsettled:
            values = {name: float(value) for name, value in self.devices.first(figures).items()}
            for name, value in values.items():
                if not np.isfinite(value):
                    raise Diverged(f"{name} is {value} after {images} images; try a lower learning rate.")
            self.statistics.add(values)
            if "sign_real" in values:
                self._adapt(values["sign_real"])
        self._unsettled = []

    def _adapt(self, sign: float) -> None:
        """Adjust the augmentation's probability every few steps."""
        if self.config.ada_target is None:
            return
        self._signs.append(sign)
        if len(self._signs) >= self.config.ada_interval:
            images = len(self._signs) * self.config.batch
            mean = float(np.mean(self._signs))
            self.augment_p = adjusted(
                self.augment_p, mean, target=self.config.ada_target, images=images, kimg=self.config.ada_kimg
            )
            self._signs = []
            p = self.devices.everywhere(ops.convert_to_tensor(self.augment_p, "float32"))
            self.state = {**self.state, "augment_p": p}

    def _log(self) -> str:
        """Write a row of statistics; returns its most telling figures."""
        images, elapsed = self.images_seen - self._logged[0], self.seconds - self._logged[1]
        self._logged = (self.images_seen, self.seconds)
        more = {
            "seconds": round(self.seconds, 1),
            "images_per_second": round(images / max(elapsed, 1e-9), 2),
            "augment_p": round(self.augment_p, 4),
        }
        row = self.statistics.write(self.images_seen, more)
        telling = (f"{name} {row[name]:.2f}" for name in TELLING if name in row)
        return ", ".join((*telling, f"p {self.augment_p:.2f}"))

    def _sample_from(self, ema: list[Any], w_avg: Any, z: Any, psi: Any) -> Any:
        with with_weights((self.generator, ema)):
            w = self.generator.mapping(z)
            ws = self.generator.broadcast(w_avg + psi * (ops.cast(w, "float32") - w_avg))
            return self.generator.synthesis(ws)

    def sample(self, z: np.ndarray, psi: float = 1.0) -> np.ndarray:
        """Images of the averaged generator, uint8 (batch, side, side, 3), with its constant noise."""
        ema, w_avg = self.devices.first((self.state["ema"], self.state["w_avg"]))
        images = ops.convert_to_numpy(self._sample(ema, w_avg, z, np.float32(psi)))
        if self.config.network.data_format == "channels_first":
            images = images.transpose(0, 2, 3, 1)
        return to_uint8(images)

    def write_grid(self) -> Path:
        """Sample grid from latents that never change, so that grids of a run can be laid side by side."""
        columns, rows = GRID
        z = np.random.default_rng(self.config.seed).standard_normal(
            (columns * rows, self.config.network.z_dim)
        )
        images = np.concatenate([self.sample(part.astype(np.float32)) for part in np.split(z, rows)])
        path = self.folder / "grids" / f"{self.images_seen:09d}.png"
        save_grid(path, images, columns)
        self.statistics.grid(self.images_seen, images, columns)
        return path

    def checkpoint(self, *, keep: int = 2, keep_every: int | None = None) -> Path:
        """Write the state and everything else that an exact resume needs."""
        notes = {
            "kind": "stylegan2",
            "config": self.config.to_dict(),
            "step": self.step,
            "images": self.images_seen,
            "seconds": self.seconds,
            "augment_p": self.augment_p,
            "signs": self._signs,
            "window": self.statistics.window,
            **self.origin,
        }
        state = kept(self.devices.first(self.state), self.generator)
        return save_checkpoint(self.folder, self.images_seen, state, notes, keep=keep, keep_every=keep_every)


def anchors_of(
    config: TrainingConfig, images: np.ndarray, folder: Path, look: Look | None, embed: Embed | None
) -> Anchors | None:
    """Anchors that a schedule asks for, or None; ValueError if there is nothing to compare them through."""
    if not config.anchor_weight:
        return None
    if look is None:
        raise ValueError("anchors are compared through a network's eyes: say which.")
    if config.identity_weight and embed is None:
        raise ValueError("who an anchor is, a face embedder says: say which.")
    return open_anchors(
        folder,
        images,
        look,
        batch=config.batch,
        mirror=config.mirror,
        seed=config.seed,
        embed=embed,
        identity_weight=config.identity_weight,
    )
