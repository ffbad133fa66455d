"""What a training from anchors left: averaged networks, and where the anchors lie."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from pipeline.networks.adam import adam_state
from pipeline.networks.stylegan2 import Generator
from pipeline.training.anchors.coder import Coder
from pipeline.training.anchors.config import AnchorTraining
from pipeline.training.anchors.pictures import read_seen
from pipeline.training.checkpoints import load_checkpoint, load_notes
from pipeline.training.stylegan2.weights import assign


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
    parts = [
        [v.value for v in generator.synthesis.trainable_variables],
        [v.value for v in coder.trainable_variables],
    ]
    flat, w = parts[0] + parts[1], np.zeros(config.network.w_dim, np.float32)
    learned = config.learning(*parts)
    template = {
        "state": {"synthesis": parts[0], "coder": parts[1], "average": flat, "adam": adam_state(learned)},
        "noise": [constant.value for constant in generator.noise_constants],
        "mean": w,
        "deviation": w,
    }
    kept = load_checkpoint(path, template).state
    assign(generator.synthesis.trainable_variables, kept["state"]["average"][: len(parts[0])])
    assign(coder.trainable_variables, kept["state"]["average"][len(parts[0]) :])
    assign(generator.noise_constants, kept["noise"])
    return Trained(config, generator, coder, np.asarray(kept["mean"]), np.asarray(kept["deviation"]), notes)


def codes_of(trained: Trained, folder: Path) -> np.ndarray:
    """Codes float32 (2, pictures, w_dim) of a run's anchors and of their mirror images."""
    codes = [ops.convert_to_numpy(trained.coder(ops.convert_to_tensor(part))) for part in read_seen(folder)]
    return np.stack(codes)
