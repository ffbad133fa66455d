"""What a training from anchors left: averaged networks, and where the anchors lie."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from pipeline.networks.stylegan2 import Generator
from pipeline.training.anchors.coder import Coder
from pipeline.training.anchors.config import AnchorTraining
from pipeline.training.anchors.pictures import read_seen
from pipeline.training.checkpoints import load_checkpoint, load_notes
from pipeline.training.stylegan2.weights import assign, kept


@dataclass(frozen=True)
class Trained:
    """An anchors' run read back.

    Attributes:
        config: its schedule.
        generator: with the averaged synthesis network; its mapping network knows nothing.
        coder: the averaged coder.
        mean, deviation: float32 (w_dim,): w = mean + deviation * code.
        notes: of its checkpoint.
    """

    config: AnchorTraining
    generator: Generator
    coder: Coder
    mean: np.ndarray
    deviation: np.ndarray
    notes: dict[str, Any]

    def w(self, codes: np.ndarray) -> np.ndarray:
        """Codes (n, w_dim) → w float32 (n, w_dim)."""
        return np.asarray(self.mean + self.deviation * codes, np.float32)


def read_trained(path: Path) -> Trained:
    """Networks of checkpoint ``path``, in float32."""
    notes = load_notes(path)
    config = AnchorTraining.from_dict(notes["config"])
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    try:
        generator = Generator(config.network)
        coder = Coder(config.seen, config.coder_width, config.network.w_dim)
    finally:
        keras.config.set_dtype_policy(policy)
    averaged = [*generator.synthesis.trainable_variables, *coder.trainable_variables]
    w = np.zeros(config.network.w_dim, np.float32)
    template = {**kept({"average": averaged}, generator), "mean": w, "deviation": w}
    state = load_checkpoint(path, template).state
    assign(averaged, state["state"]["average"])
    assign(generator.noise_constants, state["noise"])
    return Trained(config, generator, coder, np.asarray(state["mean"]), np.asarray(state["deviation"]), notes)


def codes_of(trained: Trained, folder: Path) -> np.ndarray:
    """Codes float32 (2, pictures, w_dim) of a run's anchors and of their mirror images."""
    codes = [ops.convert_to_numpy(trained.coder(ops.convert_to_tensor(part))) for part in read_seen(folder)]
    return np.stack(codes)
