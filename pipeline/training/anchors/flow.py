"""A flow: it carries normal numbers to where the anchors' codes lie.

It learns the velocity of straight ways from the one to the other (rectified flow, Liu et al. 2023; flow
matching, Lipman et al. 2023). Both ends are short vectors, so this takes minutes where pictures take hours.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import keras
import numpy as np
from keras import layers, ops

from pipeline.networks.adam import adam_state, adam_step
from pipeline.networks.backend import Random, compiled, value_and_gradients, with_weights
from pipeline.networks.batches import in_batches
from pipeline.training.stylegan2.weights import assign

Tensor = Any
HELD_OUT: Final = 0.1
BATCH: Final = 512
WIDTH: Final = 512
BLOCKS: Final = 2
ANGLES: Final = 16  # whose cosines and sines tell the time
DROPOUT: Final = 0.1
RATE: Final = 1e-3
WARM_UP: Final = 200
KEPT: Final = 0.998  # share of the averaged weights that a step keeps
JUDGE_EVERY: Final = 250
JUDGED_TIMES: Final = 16
PATIENCE: Final = 1500  # steps without a better loss on what is held out
ODE_STEPS: Final = 24


class Flow(keras.Model):
    """Velocity (n, dimensions) at a place (n, dimensions) and a time (n, 1) in [0, 1].

    Args:
        dimensions: of a place.

    Call arguments:
        keep: float (blocks, n, width), what dropout multiplies the hidden units by, or None.
    """

    def __init__(self, dimensions: int, **kwargs: Any) -> None:
        super().__init__(name="flow", **kwargs)
        self.enter = layers.Dense(WIDTH, name="enter")
        self.inner = [layers.Dense(WIDTH, activation="gelu", name=f"inner{i}") for i in range(BLOCKS)]
        self.outer = [layers.Dense(WIDTH, activation="gelu", name=f"outer{i}") for i in range(BLOCKS)]
        self.out = layers.Dense(dimensions, kernel_initializer="zeros", name="out")
        self.enter.build((None, dimensions + 2 * ANGLES))
        for layer in (*self.inner, *self.outer, self.out):
            layer.build((None, WIDTH))
        self.built = True

    def call(self, place: Tensor, time: Tensor, keep: Tensor | None = None) -> Tensor:
        angles = time * np.pi * np.arange(1, ANGLES + 1, dtype=np.float32)
        x = self.enter(ops.concatenate([place, ops.cos(angles), ops.sin(angles)], axis=-1))
        for block in range(BLOCKS):
            hidden = self.inner[block](normalised(x))
            hidden = hidden if keep is None else hidden * keep[block]
            x = x + self.outer[block](hidden)
        return self.out(normalised(x))


def normalised(x: Tensor) -> Tensor:
    """Of mean 0 and mean square 1 in each row."""
    x = x - ops.mean(x, axis=-1, keepdims=True)
    return x * ops.rsqrt(ops.mean(ops.square(x), axis=-1, keepdims=True) + 1e-6)


def on_sphere(z: Tensor) -> Tensor:
    """z (n, dimensions) with a mean square of 1 in each row, as the mapping network sees it."""
    return z * ops.rsqrt(ops.mean(ops.square(z), axis=-1, keepdims=True) + 1e-8)


def missed(flow: Flow, values: list[Tensor], ends: Tensor, random: Random, *, dropout: bool) -> Tensor:
    """Mean squared error of the velocity at random times of ways to ``ends`` float32 (n, dimensions)."""
    start, time = on_sphere(random.normal(ends.shape)), random.uniform((ends.shape[0], 1))
    keep = None
    if dropout:
        kept = random.uniform((BLOCKS, ends.shape[0], WIDTH), alike=True) > DROPOUT
        keep = ops.cast(kept, "float32") / (1.0 - DROPOUT)
    with with_weights((flow, values)):
        found = flow(start + time * (ends - start), time, keep)
    return ops.mean(ops.square(found - (ends - start)))


@dataclass(frozen=True)
class Fitted:
    """A flow, the step whose weights it has, and its loss on what was held out."""

    flow: Flow
    step: int
    loss: float


def fit_flow(
    ends: np.ndarray,
    groups: np.ndarray,
    *,
    steps: int,
    seed: int,
    jitter: float,
    report: Callable[[int, float, float], None],
) -> Fitted:
    """Learn to carry normal numbers on a sphere to ``ends`` float32 (n, dimensions).

    A tenth of the groups is held out, and the averaged weights that are best there are taken: the flow stops
    before it knows the anchors by heart.

    Args:
        groups: int (n,): a picture and its mirror image are in one.
        jitter: deviation of noise on the ends.
        report: told the step, the loss and the loss on what is held out.
    """
    keras.utils.set_random_seed(seed)
    flow = Flow(ends.shape[1])

    def update(state: dict[str, Any], ends: Tensor, rate: Tensor, seed: Tensor) -> Any:
        random = Random(seed)
        ends = ends + jitter * random.normal(ends.shape)
        value, _, gradients = value_and_gradients(
            lambda values: (missed(flow, values, ends, random, dropout=True), None), state["values"]
        )
        values, adam = adam_step(state["values"], gradients, state["adam"], rate=rate, beta2=0.99)
        average = [v + KEPT * (a - v) for v, a in zip(values, state["average"], strict=True)]
        return {"values": values, "average": average, "adam": adam}, value

    step_of = compiled(update)
    judged = compiled(lambda values, ends, seed: missed(flow, values, ends, Random(seed), dropout=False))
    values = [ops.convert_to_tensor(v.value) for v in flow.trainable_variables]
    state = {"values": values, "average": list(values), "adam": adam_state(values)}
    order = np.random.default_rng(seed).permutation(np.unique(groups))
    held = np.isin(groups, order[: max(1, round(HELD_OUT * len(order)))])
    known, unknown = ends[~held], ops.convert_to_tensor(ends[held])
    picks, best = np.random.default_rng(seed + 1), (np.inf, 0, values)
    for step in range(1, steps + 1):
        rate = RATE * min(1.0, step / WARM_UP) * (0.02 + 0.98 * np.cos(0.5 * np.pi * step / steps))
        state, loss = step_of(
            state,
            ops.convert_to_tensor(known[picks.integers(0, len(known), BATCH)]),
            ops.convert_to_tensor(rate, "float32"),
            ops.convert_to_tensor([seed, step], "int32"),
        )
        if step % JUDGE_EVERY == 0 or step == steps:
            seeds = [ops.convert_to_tensor([seed + 2, i], "int32") for i in range(JUDGED_TIMES)]
            on_held = float(np.mean([float(judged(state["average"], unknown, each)) for each in seeds]))
            report(step, float(loss), on_held)
            if on_held < best[0]:
                best = (on_held, step, state["average"])
            elif step - best[1] >= PATIENCE:
                break
    assign(flow.trainable_variables, best[2])
    return Fitted(flow, best[1], best[0])


def carried(flow: Flow, z: np.ndarray, batch: int = 2048) -> np.ndarray:
    """Where the flow carries z: float32 (n, dimensions) → float32 (n, dimensions), by Heun's method."""

    def carry(z: Tensor) -> Tensor:
        place, size = on_sphere(z), 1.0 / ODE_STEPS
        for step in range(ODE_STEPS):
            now = ops.full((z.shape[0], 1), step * size)
            first = flow(place, now)
            second = flow(place + size * first, now + size)
            place = place + 0.5 * size * (first + second)
        return place

    return np.asarray(in_batches(compiled(carry), z, batch))
