"""The four updates of a small network, as arrays: run as a program, once for each backend.

``KERAS_BACKEND=jax python updates.py OUT.npz`` on a machine of two virtual CPU devices. Names in OUT are
``variant/update/path``: what the update ``g_main``, ``g_paths``, ``g_both`` (``g_main`` with anchors),
``d_main`` or ``d_r1`` made of the state, and its figures under ``figures``. Adam starts in
motion (a second moment that is not zero), so that a weight's step is proportional to its gradient; its first
moment after the update is the gradient, for beta1 is 0.
"""

import os
import sys
from typing import Any

import keras
import numpy as np

from pipeline.networks.backend import BACKEND, Random, strided
from pipeline.networks.stylegan2 import Discriminator, Generator, StyleGAN2Config
from pipeline.training.batches import Batches
from pipeline.training.checkpoints import flattened
from pipeline.training.devices import devices
from pipeline.training.shares import Shares
from pipeline.training.stylegan2.anchors import Anchors
from pipeline.training.stylegan2.config import TrainingConfig
from pipeline.training.stylegan2.steps import Steps
from tests.pipeline.training.short_run import patches

CONFIG = TrainingConfig(
    network=StyleGAN2Config(
        resolution=8,
        channel_base=64,
        channel_max=8,
        z_dim=8,
        w_dim=8,
        mapping_layers=2,
        minibatch_std_group=2,
    ),
    batch=8,
    anchor_weight=0.5,
)
UPDATES = {
    "g_main": "generator_main",
    "g_paths": "generator_paths",
    "g_both": "generator_main",
    "d_main": "discriminator_main",
    "d_r1": "discriminator_r1",
}


class GivenNumbers(Random):
    """Random numbers from NumPy: the same for every backend."""

    def _drawn(self, what: str, shape: Any, *, alike: bool) -> Any:
        self._draws += 1
        shares = 1 if alike else self._shares
        source = np.random.default_rng(self._draws)
        draw = source.standard_normal if what == "normal" else source.random
        drawn = draw((shape[0] * shares, *shape[1:])).astype(np.float32)
        return strided(keras.ops.convert_to_tensor(drawn), self._share, shares)


class GivenShares(Shares):
    """Shares whose random numbers are given."""

    def random(self, seed: Any, share: Any) -> Random:
        return GivenNumbers(seed, share, self.count)


def randomised(state: dict[str, Any]) -> dict[str, Any]:
    """A state in the middle of a run: nothing zero, nothing symmetric."""
    random = np.random.default_rng(5)

    def drawn(value: Any) -> np.ndarray:
        # The backends draw different initial weights: only their scale counts (1, 100, or a constant).
        deviation, mean = float(np.std(value)), float(np.mean(value))
        scale = 100.0 if deviation > 10 else 1.0 if deviation > 0.3 else 0.1
        middle = round(mean) if deviation < 0.3 else 0.0
        return np.asarray(middle + scale * random.standard_normal(value.shape), np.float32)

    state = {**state, "g": [drawn(v) for v in state["g"]], "d": [drawn(v) for v in state["d"]]}
    state["ema"] = state["g"]
    for which in ("g", "d"):
        v = [0.01 + 0.1 * random.random(x.shape).astype(np.float32) for x in state[which]]
        state[f"adam_{which}"] = {
            "m": [np.zeros(x.shape, np.float32) for x in v],
            "v": v,
            "steps": np.float32(50),
        }
    state["w_avg"] = random.standard_normal(CONFIG.network.w_dim).astype(np.float32)
    state["path_mean"], state["augment_p"] = np.float32(0.5), np.float32(0.7)
    return state


def anchors() -> Anchors:
    """Eight pictures with a w of their own, seen as colours of patches of two sizes."""
    random = np.random.default_rng(2)
    pictures = random.integers(0, 256, (8, 8, 8, 3), dtype=np.uint8)
    w = random.standard_normal((2, 8, CONFIG.network.w_dim)).astype(np.float32)
    batches = Batches(pictures, batch=CONFIG.batch, mirror=True, seed=0)
    return Anchors(batches, w, patches)


def updated(shares: Shares) -> dict[str, np.ndarray]:
    """Every update of the same state, by ``update/path``."""
    keras.utils.set_random_seed(1)
    steps = Steps(CONFIG, Generator(CONFIG.network), Discriminator(CONFIG.network), shares, anchors())
    state = shares.devices.everywhere(
        keras.tree.map_structure(keras.ops.convert_to_tensor, randomised(steps.initial_state()))
    )
    real = np.random.default_rng(9).uniform(-1, 1, (8, 8, 8, 3)).astype(np.float32)
    real, seed = keras.ops.convert_to_tensor(real), keras.ops.convert_to_tensor([3, 5], "int32")
    found: dict[str, np.ndarray] = {}
    anchored = tuple(keras.ops.convert_to_tensor(values) for values in anchors()[0])
    arguments = {
        "g_main": (seed,),
        "g_paths": (seed,),
        "g_both": (seed, anchored),
        "d_main": (real, seed),
        "d_r1": (real, seed),
    }
    for name, method in UPDATES.items():
        after, figures = shares.devices.compiled(getattr(steps, method))(state, *arguments[name])
        whole = {**shares.devices.first(after), "figures": shares.devices.first(figures)}
        found |= {f"{name}/{path}": value for path, value in flattened(whole).items()}
    return found


def main(out: str) -> None:
    """Work out every variant and write them to ``out``."""
    if BACKEND == "tensorflow":
        import tensorflow as tf

        (cpu,) = tf.config.list_physical_devices("CPU")
        tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    variants = {
        "one": Shares(),
        "two": Shares(devices(2)),
        "passes": Shares(passes=2),
        "given": GivenShares(),
    }
    arrays: dict[str, Any] = {}
    for name, shares in variants.items():
        arrays |= {f"{name}/{path}": value for path, value in updated(shares).items()}
    np.savez(out, **arrays)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    main(sys.argv[1])
