"""What a training from anchors starts with: the weights of an earlier one, or of a bundle."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.networks.bundle import Bundle
from pipeline.networks.stylegan2 import Generator
from pipeline.training.anchors.coder import Coder
from pipeline.training.anchors.trained import read_trained
from pipeline.training.sampling import sample_w
from pipeline.training.stylegan2.growing import grown_generator
from pipeline.training.stylegan2.starting import fitting
from pipeline.training.stylegan2.weights import Weights, assign, assign_named, averaged_networks, named

Scale = tuple[np.ndarray, np.ndarray]
W_SAMPLES = 4096


@dataclass(frozen=True)
class FromBundle:
    """The synthesis network of a bundle, of the same or of half the resolution."""

    folder: Path

    def give(self, generator: Generator, _: Coder) -> Scale:
        """Assign the weights; returns mean and deviation float32 (w_dim,) of w."""
        old = Bundle.open(self.folder).generator()
        give_synthesis(generator, named(old), [c.value for c in old.noise_constants])
        w = sample_w(old, W_SAMPLES, seed=0)
        return w.mean(axis=0), w.std(axis=0)


def give_synthesis(generator: Generator, weights: Weights, noise: list[np.ndarray]) -> None:
    """Give a generator the synthesis network of one of its resolution or of half of it."""
    own = {v.path for v in generator.trainable_variables}
    if any(path not in weights for path in own if path.startswith("synthesis/")):
        weights = grown_generator(weights, generator)
    assign_named(generator, fitting(generator, weights, loose="mapping/"))
    assign(generator.noise_constants[: len(noise)], noise)


@dataclass(frozen=True)
class FromRun:
    """The averaged networks of an earlier training from anchors, of the same or of half the resolution.

    Its coder knows what it saw in its own run: the new folder has to hold the same components. A coder that
    is to see more numbers of a picture than the old one begins by not heeding those.

    Attributes:
        checkpoint: of that training.
        game: checkpoint of an adversarial game that went on from there; its averaged synthesis network takes
            the place of the run's.
    """

    checkpoint: Path
    game: Path | None = None

    def give(self, generator: Generator, coder: Coder) -> Scale:
        """Assign the weights; returns mean and deviation float32 (w_dim,) of w."""
        old = read_trained(self.checkpoint)
        played = old.generator if self.game is None else averaged_networks(self.game)[0]
        give_synthesis(generator, named(played), [c.value for c in played.noise_constants])
        for new, kept in zip(coder.trainable_variables, old.coder.trainable_variables, strict=True):
            new.assign(_unheeded(np.asarray(kept.value), new.shape[0]))
        return old.mean, old.deviation


Start = FromBundle | FromRun


def _unheeded(kernel: np.ndarray, rows: int) -> np.ndarray:
    """A kernel (inputs, units) with zeros for further inputs, ``rows`` in all."""
    zeros = np.zeros((max(0, rows - len(kernel)), *kernel.shape[1:]), kernel.dtype)
    return np.concatenate([kernel, zeros])
