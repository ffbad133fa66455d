"""The training loop from anchors: steps in their order, grids, checkpoints, the end."""

import time
from contextlib import closing
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from pipeline.dataset.images import save_grid, to_uint8
from pipeline.networks.backend import compiled
from pipeline.networks.faceres.framed import Embed
from pipeline.networks.perceptual import Look
from pipeline.networks.stylegan2 import Generator
from pipeline.training.anchors.coder import Coder
from pipeline.training.anchors.config import AnchorTraining
from pipeline.training.anchors.pictures import Seeing, open_seen
from pipeline.training.anchors.start import Start
from pipeline.training.anchors.steps import AnchorSteps, State
from pipeline.training.batches import Batches
from pipeline.training.checkpoints import checkpoint_files, load_checkpoint, save_checkpoint
from pipeline.training.stopping import until_told
from pipeline.training.stylegan2.progress import Progress
from pipeline.training.stylegan2.statistics import Statistics
from pipeline.training.stylegan2.weights import assign

FACES = 16
FALLING = 1 / 3  # of a run, in which the rate falls to a hundredth


class AnchorRun:
    """One training run in one folder; made again, it goes on from the newest checkpoint there.

    Args:
        config: the schedule.
        images: uint8 (pictures, side, side, 3).
        folder: where checkpoints, ``stats.jsonl``, TensorBoard's events and grids go.
        look: what pictures are compared through.
        embed: who they show, where identities are seen or count.
        start: weights to start from in a new folder.

    Raises:
        ValueError: the checkpoint is of other settings, or there are too few pictures.
    """

    def __init__(
        self,
        config: AnchorTraining,
        images: np.ndarray,
        folder: Path,
        look: Look,
        start: Start | None = None,
        *,
        embed: Embed | None = None,
    ) -> None:
        keras.config.set_dtype_policy(config.precision)
        keras.utils.set_random_seed(config.seed)
        self.config, self.folder, self.images = config, folder, images
        seeing = Seeing(look, config.components, embed, config.identities, config.seed)
        self.seen = open_seen(folder, images, seeing)
        self.generator = Generator(config.network)
        keras.config.set_dtype_policy("float32")
        self.coder = Coder(config.seen, config.coder_width, config.network.w_dim)
        scale = (np.zeros(config.network.w_dim, np.float32), np.ones(config.network.w_dim, np.float32))
        files = checkpoint_files(folder)
        if start is not None and not files:
            scale = start.give(self.generator, self.coder)
        self.step, self.seconds = 0, 0.0
        self.scale = scale
        self.steps = AnchorSteps(config, self.generator, self.coder, scale, seeing)
        self.state: State = self.steps.initial_state()
        window = None
        if files:
            window = self._resume(files[-1], seeing)
        self.batches = Batches(images, batch=config.batch, mirror=True, seed=config.seed)
        self.statistics = Statistics(folder, self.images_seen, window)
        self._update = compiled(self.steps.update)
        self._make = compiled(self._made)
        self._logged = (0, 0.0)

    @property
    def images_seen(self) -> int:
        """Pictures that were to be made so far."""
        return self.step * self.config.batch

    def _kept(self) -> dict[str, Any]:
        noise = [constant.value for constant in self.generator.noise_constants]
        return {"state": self.state, "noise": noise, "mean": self.scale[0], "deviation": self.scale[1]}

    def _resume(self, path: Path, seeing: Seeing) -> dict[str, list[float]] | None:
        checkpoint = load_checkpoint(path, self._kept())
        if AnchorTraining.from_dict(checkpoint.notes["config"]) != self.config:
            raise ValueError(
                f"{path} was made with other settings; choose another folder or the same settings."
            )
        kept = checkpoint.state
        assign(self.generator.noise_constants, kept["noise"])
        self.scale = (np.asarray(kept["mean"]), np.asarray(kept["deviation"]))
        self.steps = AnchorSteps(self.config, self.generator, self.coder, self.scale, seeing)
        self.state = kept["state"]
        self.step, self.seconds = int(checkpoint.notes["step"]), float(checkpoint.notes["seconds"])
        return checkpoint.notes.get("window")

    def train(
        self,
        *,
        images: int,
        of: int | None = None,
        hours: float | None = None,
        row_every: int = 2_000,
        grid_every: int = 10_000,
        checkpoint_every: int = 20_000,
    ) -> None:
        """Train until ``images`` pictures were made, ``hours`` have passed in this call, or SIGINT/SIGTERM.

        Args:
            of: pictures of the whole run, over whose last third the rate falls; ``images`` by default.
            row_every, grid_every, checkpoint_every: images between rows of statistics, grids, checkpoints.

        Raises:
            FloatingPointError: the loss is no longer a number; the checkpoint before it stays.
        """
        self._logged = (self.images_seen, self.seconds)
        progress, last = Progress(images, self.images_seen, hours), ""
        with closing(progress), until_told() as told:
            while self.images_seen < images and not told.stop and not progress.time_is_up:
                tick = time.monotonic()
                self._iterate(self._rate(of or images))
                self.seconds += time.monotonic() - tick
                if self._passed(row_every):
                    last = self._log()
                progress.advance(self.config.batch, last)
                if self._passed(grid_every):
                    self.write_grid()
                if self._passed(checkpoint_every):
                    self.checkpoint()
        self.write_grid()
        self.checkpoint()

    def _passed(self, interval: int) -> bool:
        return self.images_seen // interval > (self.images_seen - self.config.batch) // interval

    def _rate(self, images: int) -> float:
        left = min(1.0, (1.0 - self.images_seen / images) / FALLING)
        return self.config.learning_rate * (0.01 + 0.99 * left)

    def _iterate(self, rate: float) -> None:
        picked, mirrored = self.batches.picked(self.step)
        seen = self.seen[mirrored.astype(int), picked]
        beta = min(
            0.5 ** (self.config.batch / (self.config.ema_kimg * 1000.0)), (self.step + 1) / (self.step + 10)
        )
        self.state, figures = self._update(
            self.state,
            (ops.convert_to_tensor(self.batches[self.step]), ops.convert_to_tensor(seen)),
            (ops.convert_to_tensor(rate, "float32"), ops.convert_to_tensor(beta, "float32")),
            ops.convert_to_tensor([self.config.seed, self.step], "int32"),
        )
        self.step += 1
        values = {name: float(value) for name, value in figures.items()}
        if not all(np.isfinite(list(values.values()))):
            raise FloatingPointError(f"the loss is {values} after {self.images_seen} images.")
        self.statistics.add(values)

    def _log(self) -> str:
        images, elapsed = self.images_seen - self._logged[0], self.seconds - self._logged[1]
        self._logged = (self.images_seen, self.seconds)
        more = {"seconds": round(self.seconds, 1), "images_per_second": round(images / max(elapsed, 1e-9), 2)}
        row = self.statistics.write(self.images_seen, more)
        return ", ".join(f"{name} {row[name]:.4f}" for name in ("anchors", "other_person") if name in row)

    def _made(self, average: list[Any], seen: Any) -> Any:
        count = len(self.state["synthesis"])
        with self.steps.weights(average[:count], average[count:]):
            return self.steps.images(self.steps.w(seen))

    def reconstruct(self, seen: np.ndarray) -> np.ndarray:
        """Pictures uint8 (n, side, side, 3) that averaged weights make of what is seen (n, components)."""
        return to_uint8(ops.convert_to_numpy(self._make(self.state["average"], ops.convert_to_tensor(seen))))

    def write_grid(self) -> Path:
        """Some anchors above what is made of them."""
        which = np.linspace(0, len(self.images) - 1, FACES).astype(int)
        rows = np.concatenate([self.images[which], self.reconstruct(self.seen[0, which])])
        path = self.folder / "grids" / f"{self.images_seen:09d}.png"
        save_grid(path, rows, FACES)
        self.statistics.grid(self.images_seen, rows, FACES)
        return path

    def checkpoint(self) -> Path:
        """Write everything that the run goes on from."""
        notes = {
            "kind": "anchors",
            "config": self.config.to_dict(),
            "step": self.step,
            "images": self.images_seen,
            "seconds": self.seconds,
            "window": self.statistics.window,
        }
        return save_checkpoint(self.folder, self.images_seen, self._kept(), notes)
