"""Differentiation, compilation and random numbers of whichever Keras backend runs.

Steps of training and of refinement are written once, as pure functions of (state, batch, seed); what differs
between TensorFlow and JAX is here.
"""

from collections.abc import Callable, Sequence
from typing import Any

import keras
from keras import ops

Tensor = Any
BACKEND: str = keras.backend.backend()


def value_and_gradients(
    function: Callable[[list[Tensor]], tuple[Tensor, Any]], values: Sequence[Tensor]
) -> tuple[Tensor, Any, list[Tensor]]:
    """Evaluate ``function`` and differentiate its first result.

    Args:
        function: takes ``values``, returns (scalar, anything else).

    Returns:
        (scalar, anything else, gradients like ``values``; zeros where the scalar does not depend on a value).
    """
    values = list(values)
    if BACKEND == "jax":
        import jax

        (value, other), gradients = jax.value_and_grad(function, has_aux=True)(values)
        return value, other, gradients
    import tensorflow as tf

    with tf.GradientTape() as tape:
        tape.watch(values)
        value, other = function(values)
    return value, other, tape.gradient(value, values, unconnected_gradients="zero")


def gradient(function: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Gradient of the scalar ``function(x)`` with respect to ``x``; can be differentiated again."""
    return value_and_gradients(lambda values: (function(values[0]), None), [x])[2][0]


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a pure function of tensors."""
    if BACKEND == "jax":
        import jax

        return jax.jit(function)
    import tensorflow as tf

    return tf.function(function, autograph=False)


def mean_of(function: Callable[[Tensor], Any], count: int) -> Any:
    """Mean of ``function(0)`` … ``function(count - 1)``, nested tensors, worked out one after the other.

    Only one is in memory at a time: to be used inside a compiled function, around differentiation.
    """
    if count == 1:
        return function(0)
    if BACKEND == "jax":
        import jax

        zeros = jax.tree.map(lambda x: ops.zeros(x.shape, x.dtype), jax.eval_shape(function, 0))
        total = jax.lax.fori_loop(0, count, lambda i, total: jax.tree.map(ops.add, total, function(i)), zeros)
        return jax.tree.map(lambda x: x / count, total)
    import tensorflow as tf

    _, total = tf.while_loop(
        lambda i, _: i < count,
        lambda i, total: (i + 1, tf.nest.map_structure(ops.add, total, function(i))),
        (tf.constant(1), function(tf.constant(0))),
        parallel_iterations=1,
    )
    return tf.nest.map_structure(lambda x: x / count, total)


def each(function: Callable[[Tensor], Tensor], count: int) -> Tensor:
    """``function(0)`` … ``function(count - 1)``, float32, stacked; one after the other."""
    if count == 1:
        return function(0)[None]
    if BACKEND == "jax":
        import jax

        return jax.lax.map(function, ops.arange(count))
    import tensorflow as tf

    return tf.map_fn(function, tf.range(count), parallel_iterations=1, fn_output_signature=tf.float32)


def only_if(condition: Tensor, function: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """``function(x)``, of the shape of ``x``, where the scalar ``condition`` holds, else ``x`` unchanged.

    In a compiled function only one of them is worked out.
    """
    if BACKEND == "jax":
        import jax

        return jax.lax.cond(condition, function, lambda x: x, x)
    import tensorflow as tf

    return tf.cond(condition, lambda: function(x), lambda: tf.identity(x))


def strided(x: Tensor, start: Tensor, step: int) -> Tensor:
    """``x[start::step]`` for a ``start`` that may be a tensor; ``len(x)`` is a multiple of ``step``."""
    if step == 1:
        return x
    return ops.take(ops.reshape(x, (x.shape[0] // step, step, *x.shape[1:])), start, axis=1)


class Random:
    """Independent random tensors from one seed: the n-th draw is always the same.

    Args:
        seed: int32 (2,), for example (seed of the run, number of the step).
        share, shares: which share of every batch to return. The first axis of what is drawn counts the
            samples of one share; all shares' samples are drawn, and those of the share are each
            ``shares``-th.
    """

    def __init__(self, seed: Tensor, share: Tensor = 0, shares: int = 1) -> None:
        self._seed, self._share, self._shares, self._draws = seed, share, shares, 0

    def _next(self) -> Any:
        self._draws += 1
        if BACKEND == "jax":
            import jax

            key = jax.random.fold_in(jax.random.PRNGKey(self._seed[0]), self._seed[1])
            return jax.random.fold_in(key, self._draws)
        return self._seed + ops.convert_to_tensor([self._draws * 7919, 0], "int32")

    def _drawn(self, what: str, shape: Sequence[int], *, alike: bool) -> Tensor:
        key, shares = self._next(), 1 if alike else self._shares
        shape = (shape[0] * shares, *shape[1:])
        if BACKEND == "jax":
            import jax

            drawn = getattr(jax.random, what)(key, shape)
        else:
            import tensorflow as tf

            drawn = getattr(tf.random, f"stateless_{what}")(shape, key)
        return strided(drawn, self._share, shares)

    def normal(self, shape: Sequence[int], *, alike: bool = False) -> Tensor:
        """Standard normal float32; ``alike``: the same for every share."""
        return self._drawn("normal", shape, alike=alike)

    def uniform(self, shape: Sequence[int], *, alike: bool = False) -> Tensor:
        """Uniform float32 in [0, 1); ``alike``: the same for every share."""
        return self._drawn("uniform", shape, alike=alike)

    def integers(self, shape: Sequence[int], low: int, high: int, *, alike: bool = False) -> Tensor:
        """Uniform int32 in [low, high); ``alike``: the same for every share."""
        return ops.cast(ops.floor(self.uniform(shape, alike=alike) * (high - low)), "int32") + low


def with_weights(*pairs: tuple[Any, Sequence[Tensor]]) -> Any:
    """Scope in which each model's trainable variables read as the tensors beside it.

    One scope for all: in nested scopes only the innermost counts.
    """
    mapping = [
        (variable, value)
        for model, values in pairs
        for variable, value in zip(model.trainable_variables, values, strict=True)
    ]
    return keras.StatelessScope(state_mapping=mapping)
