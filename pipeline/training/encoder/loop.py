"""The encoder's training loop: steps, progress, reconstruction grids, checkpoints."""

import json
import math
from collections import defaultdict
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops
from tqdm import tqdm

from pipeline.dataset.images import save_grid, sheet, to_uint8
from pipeline.networks.adam import adam_state
from pipeline.networks.backend import compiled
from pipeline.networks.encoder import build_encoder
from pipeline.networks.faceres.framed import Embed
from pipeline.networks.perceptual import Look
from pipeline.training.batches import Batches
from pipeline.training.checkpoints import checkpoint_files, load_checkpoint, load_notes, save_checkpoint
from pipeline.training.encoder.config import EncoderTraining
from pipeline.training.encoder.steps import EncoderSteps
from pipeline.training.sampling import sample_w
from pipeline.training.stopping import until_told
from pipeline.training.stylegan2.statistics import Events
from pipeline.training.stylegan2.weights import assign, averaged_networks

W_SAMPLES = 10_000
HELD_OUT = 0.05
GRID_FACES = 16


class EncoderRun:
    """One training run in one folder; made again, it goes on from the newest checkpoint there.

    Args:
        config: the schedule.
        generator_checkpoint: a checkpoint of the generator's training.
        images: uint8 (pictures, r, r, 3); the last twentieth is held out for the curve and the grids.
        folder: where checkpoints, ``stats.jsonl``, TensorBoard's events and grids go.
        start_from: checkpoint of an earlier run to take the weights from, for example with a younger
            generator.
        anchors: w float32 (2, pictures, w_dim) of the pictures and of their mirror images, where the
            generator learned from them as anchors.
        look, embed: what the perceptual loss and the loss of identity are measured with.

    Raises:
        ValueError: the checkpoint is of other settings, the anchors are of other pictures, or a loss has
            nothing to be measured with.
    """

    def __init__(
        self,
        config: EncoderTraining,
        generator_checkpoint: Path,
        images: np.ndarray,
        folder: Path,
        start_from: Path | None = None,
        *,
        anchors: np.ndarray | None = None,
        look: Look | None = None,
        embed: Embed | None = None,
    ) -> None:
        if anchors is not None and anchors.shape[1] != len(images):
            raise ValueError(f"the anchors are of {anchors.shape[1]} pictures, not of these {len(images)}.")
        self.config, self.folder, self.events = config, folder, Events(folder / "tensorboard")
        keras.utils.set_random_seed(config.seed)
        self.generator, self.discriminator, _ = averaged_networks(generator_checkpoint, config.precision)
        w = sample_w(self.generator, W_SAMPLES, config.seed)
        self.encoder = build_encoder(config.network)
        self.encoder.get_layer("normalisation").adapt(w)
        self.steps = EncoderSteps(
            config, self.encoder, self.generator, self.discriminator, w.std(axis=0), look=look, embed=embed
        )
        self.anchors = anchors
        held_out = max(GRID_FACES, round(len(images) * HELD_OUT))
        self.held_out = images[-held_out:].astype(np.float32) / 127.5 - 1.0
        self.batches = Batches(images[:-held_out], batch=config.batch // 2, mirror=True, seed=config.seed)
        self.state, self.step = self.steps.initial_state(), 0
        files = checkpoint_files(folder)
        if files:
            checkpoint = load_checkpoint(files[-1], self.state)
            if EncoderTraining.from_dict(checkpoint.notes["config"]) != config:
                raise ValueError(f"{files[-1]} was made with other settings; choose another folder.")
            self.state, self.step = checkpoint.state, int(checkpoint.notes["step"])
        elif start_from is not None:
            earlier = load_checkpoint(start_from, self.state).state
            self.state = {**self.state, "values": earlier["values"], "statistics": earlier["statistics"]}
        self._latent, self._full = compiled(self.steps.latent_update), compiled(self.steps.full_update)
        self._reconstruct = compiled(self._reconstruction)

    def train(self, *, log_every: int = 50, grid_every: int = 500, checkpoint_every: int = 500) -> None:
        """Train to the end of the schedule, or until SIGINT/SIGTERM; last comes a checkpoint."""
        figures: dict[str, list[float]] = defaultdict(list)
        bar = tqdm(total=self.config.steps, initial=self.step, unit="step", mininterval=5)
        with bar, until_told() as told:
            while self.step < self.config.steps and not told.stop:
                for name, value in self._iterate().items():
                    figures[name].append(value)
                bar.update()
                last = self.step == self.config.steps
                if self.step % log_every == 0 or last:
                    self._log(figures, bar)
                    figures = defaultdict(list)
                if self.step % grid_every == 0 or last:
                    self.write_grid()
                if self.step % checkpoint_every == 0 or last or told.stop:
                    self.checkpoint()

    def _iterate(self) -> dict[str, float]:
        """One step of the schedule."""
        config = self.config
        seed = ops.convert_to_tensor([config.seed, self.step], "int32")
        rate = config.learning_rate * (0.01 + 0.495 * (1 + math.cos(math.pi * self.step / config.steps)))
        rate = ops.convert_to_tensor(rate, "float32")
        if self.step >= config.latent_steps:
            self.state, figures = self._full(self.state, self._photographs(), rate, seed)
        elif self.anchors is None:
            self.state, figures = self._latent(self.state, rate, seed)
        else:
            self.state, figures = self._latent(self.state, rate, seed, self._photographs())
        self.step += 1
        values = {name: float(value) for name, value in figures.items()}
        if not all(np.isfinite(value) for value in values.values()):
            raise RuntimeError(f"the loss is no longer a number after {self.step} steps: {values}")
        return values

    def _photographs(self) -> tuple[Any, Any]:
        """The step's photographs, and their w+ if they are anchors."""
        taken = ops.convert_to_tensor(self.batches[self.step])
        if self.anchors is None:
            return taken, None
        picked, mirrored = self.batches.picked(self.step)
        w = ops.convert_to_tensor(self.anchors[mirrored.astype(int), picked])
        return taken, self.generator.broadcast(w)

    def _log(self, figures: dict[str, list[float]], bar: Any) -> None:
        held_out = self.held_out[:64]
        error = float(np.mean(np.square(self.reconstruct(held_out) - held_out)))
        row = {name: float(np.mean(values)) for name, values in figures.items()}
        row |= {"held_out_pixel": error}
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "stats.jsonl").open("a") as file:
            file.write(json.dumps({**row, "step": self.step}) + "\n")
        self.events.scalars(self.step, row)
        bar.set_postfix({name: f"{value:.4f}" for name, value in row.items()})

    def _reconstruction(self, state: dict[str, Any], images: Any) -> Any:
        outputs, _ = self.encoder.stateless_call(state["values"], state["statistics"], images, training=False)
        return ops.cast(self.generator.synthesis(outputs["w_plus"]), "float32")

    def reconstruct(self, images: np.ndarray) -> np.ndarray:
        """Encode and synthesise again: float32 (n, r, r, 3) in about [-1, 1]."""
        weights = {"values": self.state["values"], "statistics": self.state["statistics"]}
        return np.asarray(self._reconstruct(weights, images))

    def write_grid(self) -> Path:
        """Held-out photographs above their reconstructions."""
        faces = self.held_out[:: max(1, len(self.held_out) // GRID_FACES)][:GRID_FACES]
        rows = to_uint8(np.concatenate([faces, self.reconstruct(faces)]))
        path = self.folder / "grids" / f"{self.step:06d}.png"
        save_grid(path, rows, GRID_FACES)
        self.events.image(self.step, "reconstructions", sheet(rows, GRID_FACES))
        return path

    def checkpoint(self) -> Path:
        """Write everything that the run goes on from."""
        notes = {"kind": "encoder", "config": self.config.to_dict(), "step": self.step}
        return save_checkpoint(self.folder, self.step, self.state, notes)


def trained_encoder(path: Path) -> tuple[keras.Model, dict[str, Any]]:
    """The encoder of a checkpoint, float32, and the checkpoint's notes."""
    notes = load_notes(path)
    config = EncoderTraining.from_dict(notes["config"])
    keras.config.set_dtype_policy("float32")
    encoder = build_encoder(config.network)
    values = [v.value for v in encoder.trainable_variables]
    template = {
        "values": values,
        "statistics": [v.value for v in encoder.non_trainable_variables],
        "adam": adam_state(values),
    }
    state = load_checkpoint(path, template).state
    assign(encoder.trainable_variables, state["values"])
    assign(encoder.non_trainable_variables, state["statistics"])
    return encoder, notes
