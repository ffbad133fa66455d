"""The training from anchors: a synthesis network learns to make every picture from a w of its own."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from pipeline.dataset.images import to_uint8
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
from pipeline.training.checkpoints import checkpoint_files
from pipeline.training.loop import Figures, Grid, Run
from pipeline.training.stylegan2.weights import assign, kept

FACES = 16
FALLING = 1 / 3  # of a run, in which the rate falls to a hundredth


class AnchorRun(Run):
    """A training from anchors; see :class:`Run`.

    Args:
        config: the schedule.
        images: uint8 (pictures, side, side, 3).
        folder: of the run.
        look: what pictures are compared through.
        start: weights to start from in a new folder.
        embed: who pictures show, where identities are seen or count.

    Raises:
        ValueError: the checkpoint is of other settings, or there are too few pictures.
    """

    kind = "anchors"
    summary = ("anchors", "other_person")

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
        super().__init__(config, folder)
        seeing = Seeing(look, config.components, embed, config.identities, config.seed)
        self.pictures, self.seen = images, open_seen(folder, images, seeing)
        self.generator = Generator(config.network)
        keras.config.set_dtype_policy("float32")
        self.coder = Coder(config.seen, config.coder_width, config.network.w_dim)
        scale = (np.zeros(config.network.w_dim, np.float32), np.ones(config.network.w_dim, np.float32))
        if start is not None and not checkpoint_files(folder):
            scale = start.give(self.generator, self.coder)
        self.steps = AnchorSteps(config, self.generator, self.coder, scale, seeing)
        self.batches = Batches(images, batch=config.batch, mirror=True, seed=config.seed)
        self.state: State = self.steps.initial_state()
        self.resume()
        self._update, self._make = compiled(self.steps.update), compiled(self._made)

    def advance(self) -> Figures:
        shown = self.batches[self.step], self.batches.beside(self.seen, self.step)
        self.state, figures = self._update(
            self.state,
            tuple(ops.convert_to_tensor(part) for part in shown),
            tuple(ops.convert_to_tensor(part, "float32") for part in (self._rate(), self._ema_beta())),
            self.seed(),
        )
        return figures

    def _rate(self) -> float:
        left = min(1.0, (1.0 - self.images_seen / self.end) / FALLING)
        return self.config.learning_rate * (0.01 + 0.99 * left)

    def _ema_beta(self) -> float:
        half_life = self.config.ema_kimg * 1000.0
        return min(0.5 ** (self.config.batch / half_life), (self.step + 1) / (self.step + 10))

    def shown(self) -> Grid:
        """Some anchors above what is made of them."""
        which = np.linspace(0, len(self.pictures) - 1, FACES).astype(int)
        made = self.reconstruct(self.seen[0, which])
        return Grid("samples", np.concatenate([self.pictures[which], made]), FACES)

    def reconstruct(self, seen: np.ndarray) -> np.ndarray:
        """Pictures uint8 (n, side, side, 3) that averaged weights make of what is seen (n, components)."""
        return to_uint8(ops.convert_to_numpy(self._make(self.state["average"], ops.convert_to_tensor(seen))))

    def _made(self, average: list[Any], seen: Any) -> Any:
        count = len(self.state["synthesis"])
        with self.steps.weights(average[:count], average[count:]):
            return self.steps.images(self.steps.w(seen))

    def kept(self) -> Any:
        scale = {"mean": self.steps.mean, "deviation": self.steps.deviation}
        return {**kept(self.state, self.generator), **scale}

    def restore(self, kept: Any) -> None:
        self.state = kept["state"]
        self.steps.mean, self.steps.deviation = kept["mean"], kept["deviation"]
        assign(self.generator.noise_constants, kept["noise"])
