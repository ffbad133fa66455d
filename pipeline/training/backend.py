"""Differentiation, compilation and random numbers of whichever Keras backend runs.

Training steps are written once, as pure functions of (state, batch, seed); what differs between TensorFlow
and JAX is here.
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


class Random:
    """Independent random tensors from one seed: the n-th draw is always the same.

    Args:
        seed: int32 (2,), for example (seed of the run, number of the step).
    """

    def __init__(self, seed: Tensor) -> None:
        self._seed, self._draws = seed, 0

    def _next(self) -> Any:
        self._draws += 1
        if BACKEND == "jax":
            import jax

            key = jax.random.fold_in(jax.random.PRNGKey(self._seed[0]), self._seed[1])
            return jax.random.fold_in(key, self._draws)
        return self._seed + ops.convert_to_tensor([self._draws * 7919, 0], "int32")

    def normal(self, shape: Sequence[int]) -> Tensor:
        """Standard normal float32."""
        key = self._next()
        if BACKEND == "jax":
            import jax

            return jax.random.normal(key, tuple(shape))
        import tensorflow as tf

        return tf.random.stateless_normal(shape, key)

    def uniform(self, shape: Sequence[int]) -> Tensor:
        """Uniform float32 in [0, 1)."""
        key = self._next()
        if BACKEND == "jax":
            import jax

            return jax.random.uniform(key, tuple(shape))
        import tensorflow as tf

        return tf.random.stateless_uniform(shape, key)

    def integers(self, shape: Sequence[int], low: int, high: int) -> Tensor:
        """Uniform int32 in [low, high)."""
        return ops.cast(ops.floor(self.uniform(shape) * (high - low)), "int32") + low


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
