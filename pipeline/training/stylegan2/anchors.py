"""Anchors in the adversarial game: training pictures that have a w of their own.

A discriminator tells a generator little at a time: with a few thousand pictures and an office's processor it
leaves most of their variety out. An anchor tells it everything about one picture (Bojanowski et al. 2018,
"Optimizing the latent space of generative networks"). Where the anchors lie was learned before
(:mod:`pipeline.training.anchors`); here they keep the synthesis network from forgetting them.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops
from safetensors.numpy import load_file

from pipeline.networks.faceres.framed import Embed
from pipeline.networks.perceptual import Look, distance_of_maps
from pipeline.training.batches import Batches
from pipeline.training.checkpoints import write_arrays
from pipeline.training.stylegan2.config import TrainingConfig

Tensor = Any
FILE = "anchors.safetensors"
IDENTIFIED = 2  # one picture in so many is shown to the embedder, for it costs


@dataclass(frozen=True)
class Anchors:
    """The anchors of a run.

    Attributes:
        batches: training pictures by number of the step.
        w: float32 (2, pictures, w_dim), of the pictures and of their mirror images.
        look: what pictures are compared through.
        embed: who pictures show; None: that does not count.
        identity_weight: of 1 - the cosine of what ``embed`` says.
        pixel_weight: of the mean absolute difference of pixels; that of the maps seen counts once.
    """

    batches: Batches
    w: np.ndarray
    look: Look = field(repr=False)
    embed: Embed | None = field(repr=False, default=None)
    identity_weight: float = 0.0
    pixel_weight: float = 2.0

    def __getitem__(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """Step ``number``: pictures float32 (batch, side, side, 3) in [-1, 1], their w (batch, w_dim)."""
        return self.batches[number], self.batches.beside(self.w, number)

    def loss(self, made: Tensor, wanted: Tensor) -> Tensor:
        """How far pictures made from their w are from those wanted: a scalar."""
        loss = anchor_loss(made, wanted, self.look, self.pixel_weight)
        if self.embed is None or not self.identity_weight:
            return loss
        some = slice(0, max(1, made.shape[0] // IDENTIFIED))
        return loss + self.identity_weight * other_person(made[some], wanted[some], self.embed)


def anchor_loss(made: Tensor, wanted: Tensor, look: Look, pixel_weight: float) -> Tensor:
    """How far pictures are from those wanted: pixels, and maps seen (LPIPS without learned weights).

    Args:
        made, wanted: float32 (n, side, side, 3), about [-1, 1], channels last.

    Returns:
        A scalar.
    """
    pixels = ops.mean(ops.abs(made - wanted))
    return pixel_weight * pixels + ops.mean(distance_of_maps(look(made), look(wanted)))


def other_person(made: Tensor, wanted: Tensor, embed: Embed) -> Tensor:
    """1 - the mean cosine of who pictures show and who those wanted show, which nothing is learned from."""
    return 1.0 - ops.mean(ops.sum(embed(made) * ops.stop_gradient(embed(wanted)), axis=-1))


def write_anchors(folder: Path, w: np.ndarray) -> None:
    """Put anchors' w float32 (2, pictures, w_dim) into the folder of a run."""
    write_arrays(folder / FILE, {"w": w})


def open_anchors(
    folder: Path, images: np.ndarray, config: TrainingConfig, look: Look | None, embed: Embed | None = None
) -> Anchors:
    """Anchors of a run in ``folder``.

    Args:
        images: uint8 (pictures, side, side, 3), channels last: those that the anchors were learned from.
        config: the schedule.
        look, embed: see :class:`Anchors`.

    Raises:
        ValueError: there are none in the folder, they are of other pictures, or there is nothing to compare
            them through.
    """
    if look is None:
        raise ValueError("anchor_weight needs a network that pictures are compared through.")
    if config.identity_weight and embed is None:
        raise ValueError("identity_weight needs a face embedder.")
    path = folder / FILE
    if not path.is_file():
        raise ValueError(f"there is no {path}: start the run from a training from anchors.")
    w = load_file(path)["w"]
    if w.shape[:2] != (2, len(images)):
        raise ValueError(f"{path} has anchors of {w.shape[1]} pictures, not of these {len(images)}.")
    batches = Batches(images, batch=config.batch, mirror=config.mirror, seed=config.seed + 1)
    return Anchors(batches, w, look, embed, config.identity_weight)
