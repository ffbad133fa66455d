"""A mapping network learns where a flow ends for each z."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from keras import ops

from pipeline.networks.adam import adam_state, adam_step
from pipeline.networks.backend import compiled, value_and_gradients, with_weights
from pipeline.networks.batches import in_batches
from pipeline.networks.stylegan2.generator import MappingNetwork
from pipeline.training.stylegan2.weights import assign

Tensor = Any
BATCH: Final = 512
PART: Final = 4096
RATE: Final = 0.02  # of weights of deviation 1, as all are kept; relative to the multiplier
REPORT_EVERY: Final = 500


def widened(w: np.ndarray, wanted: np.ndarray, spread: float = 1.0) -> np.ndarray:
    """Give w float32 (n, w_dim) mean and deviation of ``wanted`` (m, w_dim), in each dimension.

    What a regression cannot explain it draws towards the mean: faces more alike than those it learned from.
    ``spread`` multiplies the deviation.
    """
    share = spread * wanted.std(axis=0) / np.maximum(w.std(axis=0), 1e-6)
    return np.asarray(wanted.mean(axis=0) + (w - w.mean(axis=0)) * share, np.float32)


def mapped(mapping: MappingNetwork, z: np.ndarray) -> np.ndarray:
    """w float32 (n, w_dim) of z float32 (n, z_dim)."""
    return np.asarray(in_batches(lambda part: ops.cast(mapping(part), "float32"), z, PART))


def fit_mapping(
    mapping: MappingNetwork,
    z: np.ndarray,
    w: np.ndarray,
    *,
    steps: int,
    seed: int,
    report: Callable[[int, float], None],
) -> float:
    """Teach ``mapping`` to give w float32 (n, w_dim) for z float32 (n, z_dim).

    Args:
        report: told the step and the share of the variance of w that is left unexplained.

    Returns:
        That share on a twentieth that the mapping network did not see.
    """
    held = max(1, len(z) // 20)
    spread = float(w.var(axis=0).mean())
    values = [ops.convert_to_tensor(v.value) for v in mapping.trainable_variables]
    moments = adam_state(values)

    def missed(values: list[Tensor], z: Tensor, w: Tensor) -> Tensor:
        with with_weights((mapping, values)):
            return ops.mean(ops.square(ops.cast(mapping(z), "float32") - w)) / spread

    def update(values: list[Tensor], moments: Any, pair: tuple[Tensor, Tensor], rate: Tensor) -> Any:
        value, _, gradients = value_and_gradients(lambda v: (missed(v, *pair), None), values)
        values, moments = adam_step(values, gradients, moments, rate=rate, beta2=0.99)
        return values, moments, value

    step_of, picks = compiled(update), np.random.default_rng(seed)
    for step in range(1, steps + 1):
        chosen = picks.integers(held, len(z), BATCH)
        rate = (
            RATE / mapping.config.mapping_lr_multiplier * (0.01 + 0.99 * np.cos(0.5 * np.pi * step / steps))
        )
        pair = (ops.convert_to_tensor(z[chosen]), ops.convert_to_tensor(w[chosen]))
        values, moments, value = step_of(values, moments, pair, ops.convert_to_tensor(rate, "float32"))
        if step % REPORT_EVERY == 0 or step == steps:
            report(step, float(value))
    assign(mapping.trainable_variables, values)
    return float(missed(values, ops.convert_to_tensor(z[:held]), ops.convert_to_tensor(w[:held])))
