"""The encoder's training: from a photograph to w+, for a generator that is trained already."""

import math
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from pipeline.dataset.images import to_uint8
from pipeline.networks.backend import compiled
from pipeline.networks.encoder import build_encoder
from pipeline.networks.faceres.framed import Embed
from pipeline.networks.perceptual import Look
from pipeline.training.batches import Batches
from pipeline.training.checkpoints import checkpoint_files, load_checkpoint, load_notes
from pipeline.training.encoder.config import EncoderTraining
from pipeline.training.encoder.steps import EncoderSteps, weights_of
from pipeline.training.loop import Figures, Grid, Run
from pipeline.training.sampling import sample_w
from pipeline.training.stylegan2.weights import assign, averaged_networks

W_SAMPLES = 10_000
HELD_OUT = 0.05
GRID_FACES = 16


class EncoderRun(Run):
    """A training of an encoder; see :class:`Run`.

    Args:
        config: the schedule.
        generator_checkpoint: a checkpoint of the generator's training.
        images: uint8 (pictures, r, r, 3); the last twentieth is held out for the curve and the grids.
        folder: of the run.
        start_from: checkpoint of an earlier run to take the weights from, for example with a younger
            generator.
        anchors: w float32 (2, pictures, w_dim) of the pictures and of their mirror images, where the
            generator learned from them as anchors.
        look, embed: what the perceptual loss and the loss of identity are measured with.

    Raises:
        ValueError: the checkpoint is of other settings, the anchors are of other pictures, or a loss has
            nothing to be measured with.
    """

    kind = "encoder"
    unit = "steps"
    axis = "step"
    row_every = 50
    grid_every = checkpoint_every = 500
    summary = ("latent", "pixel", "feature", "perceptual", "identity", "held_out_pixel")

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
        super().__init__(config, folder)
        self.anchors = anchors
        self.generator, discriminator, _ = averaged_networks(generator_checkpoint, config.precision)
        w = sample_w(self.generator, W_SAMPLES, config.seed)
        self.encoder = build_encoder(config.network)
        self.encoder.get_layer("normalisation").adapt(w)
        self.steps = EncoderSteps(
            config, self.encoder, self.generator, discriminator, w.std(axis=0), look=look, embed=embed
        )
        held_out = max(GRID_FACES, round(len(images) * HELD_OUT))
        self.held_out = images[-held_out:].astype(np.float32) / 127.5 - 1.0
        self.batches = Batches(images[:-held_out], batch=config.batch // 2, mirror=True, seed=config.seed)
        self.state = self.steps.initial_state()
        if start_from is not None and not checkpoint_files(folder):
            self.state |= load_checkpoint(start_from, weights_of(self.encoder)).state
        self.resume()
        self._latent, self._full = compiled(self.steps.latent_update), compiled(self.steps.full_update)
        self._reconstruct = compiled(self._reconstructed)

    @property
    def end(self) -> int:
        return int(self.config.steps)

    def advance(self) -> Figures:
        """One step of the schedule: first on known w+ alone, then with all losses."""
        config = self.config
        falling = 0.01 + 0.495 * (1 + math.cos(math.pi * self.step / config.steps))
        pace = ops.convert_to_tensor(config.learning_rate * falling, "float32"), self.seed()
        if self.step >= config.latent_steps:
            self.state, figures = self._full(self.state, self._photographs(), *pace)
        elif self.anchors is None:
            self.state, figures = self._latent(self.state, *pace)
        else:
            self.state, figures = self._latent(self.state, *pace, self._photographs())
        return figures

    def _photographs(self) -> tuple[Any, Any]:
        """The step's photographs, and their w+ if they are anchors."""
        taken = ops.convert_to_tensor(self.batches[self.step])
        if self.anchors is None:
            return taken, None
        w = self.batches.beside(self.anchors, self.step)
        return taken, self.generator.broadcast(ops.convert_to_tensor(w))

    def row_due(self, every: int) -> bool:
        return super().row_due(every) or self.ended

    def measure(self) -> dict[str, float]:
        """Also the squared error of held-out photographs' pixels in [-1, 1]."""
        faces = self.held_out[:64]
        return super().measure() | {
            "held_out_pixel": float(np.mean(np.square(self.reconstruct(faces) - faces)))
        }

    def shown(self) -> Grid:
        """Held-out photographs above their reconstructions."""
        faces = self.held_out[:: max(1, len(self.held_out) // GRID_FACES)][:GRID_FACES]
        rows = np.concatenate([faces, self.reconstruct(faces)])
        return Grid("reconstructions", to_uint8(rows), GRID_FACES)

    def reconstruct(self, images: np.ndarray) -> np.ndarray:
        """Encode and synthesise again: float32 (n, r, r, 3) in about [-1, 1]."""
        return np.asarray(self._reconstruct(self.state["values"], self.state["statistics"], images))

    def _reconstructed(self, values: list[Any], statistics: list[Any], images: Any) -> Any:
        outputs, _ = self.encoder.stateless_call(values, statistics, images, training=False)
        return ops.cast(self.generator.synthesis(outputs["w_plus"]), "float32")


def trained_encoder(path: Path) -> tuple[keras.Model, dict[str, Any]]:
    """The encoder of a checkpoint, float32, and the checkpoint's notes."""
    config = EncoderTraining.from_dict(load_notes(path)["config"])
    keras.config.set_dtype_policy("float32")
    encoder = build_encoder(config.network)
    checkpoint = load_checkpoint(path, weights_of(encoder))
    assign(encoder.trainable_variables, checkpoint.state["values"])
    assign(encoder.non_trainable_variables, checkpoint.state["statistics"])
    return encoder, checkpoint.notes
