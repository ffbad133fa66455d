"""Adam as a pure function (Kingma and Ba 2015), with the details that StyleGAN2's schedule relies on.

``keras.optimizers.Adam`` cannot take its place. Its ``stateless_apply`` refuses to run on TensorFlow (Keras
3.15), and it is another update: epsilon is added before the bias is corrected, so that it counts for
1 / sqrt(1 - beta2**steps) as much as published, eleven times in the first step of StyleGAN2's generator.
"""

from collections.abc import Sequence
from typing import Any

from keras import ops

Tensor = Any
AdamState = dict[str, Any]
GRADIENT_LIMIT = 1e5


def adam_state(values: Sequence[Tensor]) -> AdamState:
    """First and second moments (zeros) and the number of steps, for ``values``."""
    return {
        "m": [ops.zeros_like(v) for v in values],
        "v": [ops.zeros_like(v) for v in values],
        "steps": ops.zeros((), "float32"),
    }


def adam_step(
    values: Sequence[Tensor],
    gradients: Sequence[Tensor],
    state: AdamState,
    *,
    rate: Tensor | float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> tuple[list[Tensor], AdamState]:
    """One step; NaN in a gradient counts as 0 and infinity as ±1e5, as in the published training loop.

    ``epsilon`` is added to the bias-corrected root of the second moment.
    """
    steps = state["steps"] + 1.0
    first_correction, second_correction = 1.0 - beta1**steps, 1.0 - beta2**steps
    new_values, new_m, new_v = [], [], []
    for value, raw, old_m, old_v in zip(values, gradients, state["m"], state["v"], strict=True):
        gradient = ops.nan_to_num(raw, nan=0.0, posinf=GRADIENT_LIMIT, neginf=-GRADIENT_LIMIT)
        m = beta1 * old_m + (1.0 - beta1) * gradient
        v = beta2 * old_v + (1.0 - beta2) * ops.square(gradient)
        step = (m / first_correction) / (ops.sqrt(v / second_correction) + epsilon)
        new_values.append(value - rate * step)
        new_m.append(m)
        new_v.append(v)
    return new_values, {"m": new_m, "v": new_v, "steps": steps}
