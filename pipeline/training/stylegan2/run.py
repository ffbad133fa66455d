"""StyleGAN2's training: the adversarial game of generator and discriminator."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops

from pipeline.dataset.images import to_uint8
from pipeline.networks.backend import compiled, with_weights
from pipeline.networks.faceres.framed import Embed
from pipeline.networks.perceptual import Look
from pipeline.networks.stylegan2 import Discriminator, Generator
from pipeline.training.batches import Batches
from pipeline.training.loop import Figures, Grid, Run
from pipeline.training.shares import Shares
from pipeline.training.stylegan2.anchors import open_anchors
from pipeline.training.stylegan2.augment import adjusted
from pipeline.training.stylegan2.config import TrainingConfig
from pipeline.training.stylegan2.starting import ORIGINS
from pipeline.training.stylegan2.steps import State, Steps
from pipeline.training.stylegan2.weights import assign, kept

GRID = (8, 8)


class StyleGAN2Run(Run):
    """A training of generator and discriminator; see :class:`Run`.

    Args:
        config: the schedule.
        images: uint8 (pictures, side, side, 3).
        folder: of the run.
        shares: the devices that each batch is shared out to; a run may go on with others.
        look, embed: what anchors are compared through, if the schedule has any.

    Raises:
        ValueError: the checkpoint is of other settings, the batch cannot be shared out so, or there are no
            anchors.
    """

    kind = "stylegan2"
    summary = ("generator", "discriminator", "anchors", "augment_p")

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
        super().__init__(config, folder)
        self.shares = Shares() if shares is None else shares
        self.devices = self.shares.devices
        self.generator, self.discriminator = Generator(config.network), Discriminator(config.network)
        self.anchors = open_anchors(folder, images, config, look, embed) if config.anchor_weight else None
        self.steps = Steps(config, self.generator, self.discriminator, self.shares, self.anchors)
        self.batches = Batches(images, batch=config.batch, mirror=config.mirror, seed=config.seed)
        self.state: State = self.devices.everywhere(self.steps.initial_state())
        self.augment_p, self._signs = 0.0, list[float]()
        self.origin: dict[str, Any] = {}
        self.resume()
        self._g_main = self.devices.compiled(self.steps.generator_main)
        self._g_paths = self.devices.compiled(self.steps.generator_paths)
        self._d_main = self.devices.compiled(self.steps.discriminator_main)
        self._d_r1 = self.devices.compiled(self.steps.discriminator_r1)
        self._average = self.devices.compiled(self.steps.averaged)
        self._sample = compiled(self._sampled)

    def advance(self) -> Figures:
        """Both networks' turns in the game, and the step of the averaged generator."""
        state, figures = self.state, Figures()
        for update, arguments in self._turns():
            state, new = update(state, *arguments)
            figures |= new
        beta = self.steps.ema_beta(self.images_seen + self.config.batch)
        self.state = self._average(state, ops.convert_to_tensor(beta, "float32"))
        return self.devices.first(figures)

    def _turns(self) -> Iterator[tuple[Callable[..., Any], tuple[Any, ...]]]:
        """The step's updates with their arguments, regularisation where it is due."""
        config = self.config
        if self.images_seen >= config.discriminator_kimg * 1000.0:
            yield self._g_main, (self.seed(0), *self._anchored())
            if config.path_interval and self.step % config.path_interval == 0:
                yield self._g_paths, (self.seed(1),)
        real = self._real()
        yield self._d_main, (real, self.seed(2))
        if config.r1_interval and self.step % config.r1_interval == 0:
            yield self._d_r1, (real, self.seed(3))

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

    # --- the augmentation's probability ---------------------------------------------------------------------

    @property
    def settle_due(self) -> bool:
        adjusting = len(self._signs) + len(self._unsettled) >= self.config.ada_interval
        return super().settle_due or (adjusting and self.config.ada_target is not None)

    def settled(self, figures: dict[str, float]) -> None:
        """Adjust the augmentation's probability every few steps."""
        super().settled(figures)
        config = self.config
        if config.ada_target is None:
            return
        self._signs.append(figures["sign_real"])
        if len(self._signs) >= config.ada_interval:
            images, mean = len(self._signs) * config.batch, float(np.mean(self._signs))
            self.augment_p = adjusted(
                self.augment_p, mean, target=config.ada_target, images=images, kimg=config.ada_kimg
            )
            self._signs = []
            p = self.devices.everywhere(ops.convert_to_tensor(self.augment_p, "float32"))
            self.state = {**self.state, "augment_p": p}

    # --- what is written ------------------------------------------------------------------------------------

    def measure(self) -> dict[str, float]:
        return super().measure() | {"augment_p": round(self.augment_p, 4)}

    def shown(self) -> Grid:
        """Samples from latents that never change."""
        columns, rows = GRID
        z = np.random.default_rng(self.config.seed).standard_normal(
            (columns * rows, self.config.network.z_dim)
        )
        parts = [self.sample(part.astype(np.float32)) for part in np.split(z, rows)]
        return Grid("samples", np.concatenate(parts), columns)

    def sample(self, z: np.ndarray, psi: float = 1.0) -> np.ndarray:
        """Images of the averaged generator, uint8 (batch, side, side, 3), with its constant noise."""
        ema, w_avg = self.devices.first((self.state["ema"], self.state["w_avg"]))
        images = ops.convert_to_numpy(self._sample(ema, w_avg, z, np.float32(psi)))
        if self.config.network.data_format == "channels_first":
            images = images.transpose(0, 2, 3, 1)
        return to_uint8(images)

    def _sampled(self, ema: list[Any], w_avg: Any, z: Any, psi: Any) -> Any:
        with with_weights((self.generator, ema)):
            w = self.generator.mapping(z)
            ws = self.generator.broadcast(w_avg + psi * (ops.cast(w, "float32") - w_avg))
            return self.generator.synthesis(ws)

    def kept(self) -> Any:
        return kept(self.devices.first(self.state), self.generator)

    def restore(self, kept: Any) -> None:
        self.state = self.devices.everywhere(kept["state"])
        assign(self.generator.noise_constants, kept["noise"])

    def noted(self) -> dict[str, Any]:
        return super().noted() | {"augment_p": self.augment_p, "signs": self._signs, **self.origin}

    def recall(self, notes: dict[str, Any]) -> None:
        super().recall(notes)
        self.augment_p = float(notes["augment_p"])
        self._signs = [float(sign) for sign in notes["signs"]]
        self.origin = {key: notes[key] for key in ORIGINS if key in notes}
