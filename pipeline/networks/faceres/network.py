"""A graph with its weights, as a Keras network: what each operation computes, in keras.ops.

Channels last, any backend, differentiable.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import keras
import numpy as np
from keras import ops

from pipeline.identity.graph import Graph, GraphError

Tensor = Any
Attributes = Mapping[str, Any]
Operation = Callable[[Sequence[Tensor], Attributes], Tensor]


def _convolved(kind: Callable[..., Tensor]) -> Operation:
    """x (n, h, w, in), kernel (kh, kw, in, out or, of a depthwise one, multiplier)."""

    def convolve(inputs: Sequence[Tensor], attributes: Attributes) -> Tensor:
        return kind(
            inputs[0],
            inputs[1],
            strides=tuple(attributes["strides"]),
            padding=attributes["padding"],
            data_format="channels_last",
            dilation_rate=tuple(attributes["dilations"]),
        )

    return convolve


def _matmul(inputs: Sequence[Tensor], attributes: Attributes) -> Tensor:
    a, b = inputs[0], inputs[1]
    a = ops.transpose(a) if attributes["transpose_a"] else a
    return ops.matmul(a, ops.transpose(b) if attributes["transpose_b"] else b)


def _batch_norm(inputs: Sequence[Tensor], attributes: Attributes) -> Tensor:
    """x, scale, offset, mean, variance: normalised with the moments that training left behind."""
    x, scale, offset, mean, variance = inputs
    factor = scale * ops.rsqrt(variance + attributes["epsilon"])
    return x * factor + (offset - mean * factor)


def _mean(inputs: Sequence[Tensor], attributes: Attributes) -> Tensor:
    axes = tuple(int(axis) for axis in np.ravel(inputs[1]))
    return ops.mean(inputs[0], axis=axes, keepdims=attributes["keep_dims"])


def _pooled(kind: Callable[..., Tensor]) -> Operation:
    def pool(inputs: Sequence[Tensor], attributes: Attributes) -> Tensor:
        return kind(
            inputs[0],
            tuple(attributes["window"]),
            strides=tuple(attributes["strides"]),
            padding=attributes["padding"],
            data_format="channels_last",
        )

    return pool


ACTIVATIONS: Final[dict[str, Callable[[Tensor], Tensor]]] = {
    "Relu": ops.relu,
    "Relu6": ops.relu6,
    "Elu": ops.elu,
    "Sigmoid": ops.sigmoid,
}


def _fused(main: Operation) -> Operation:
    """``main`` followed by the operations that its node carries: a bias, an activation, or both."""

    def run(inputs: Sequence[Tensor], attributes: Attributes) -> Tensor:
        x, rest = main(inputs[:2], attributes), list(inputs[2:])
        for name in attributes["fused"]:
            x = x + rest.pop(0) if name == "BiasAdd" else ACTIVATIONS[name](x)
        return x

    return run


def _of_one(function: Callable[[Tensor], Tensor]) -> Operation:
    return lambda inputs, _: function(inputs[0])


FUSIBLE: Final = frozenset({"BiasAdd", *ACTIVATIONS})

OPERATIONS: Final[dict[str, Operation]] = {
    "Conv2D": _convolved(ops.conv),
    "_FusedConv2D": _fused(_convolved(ops.conv)),
    "DepthwiseConv2dNative": _convolved(ops.depthwise_conv),
    "FusedDepthwiseConv2dNative": _fused(_convolved(ops.depthwise_conv)),
    "MatMul": _matmul,
    "_FusedMatMul": _fused(_matmul),
    "FusedBatchNormV3": _batch_norm,
    "BiasAdd": lambda inputs, _: inputs[0] + inputs[1],
    "Add": lambda inputs, _: inputs[0] + inputs[1],
    "AddV2": lambda inputs, _: inputs[0] + inputs[1],
    "Sub": lambda inputs, _: inputs[0] - inputs[1],
    "Mul": lambda inputs, _: inputs[0] * inputs[1],
    "Minimum": lambda inputs, _: ops.minimum(inputs[0], inputs[1]),
    "Maximum": lambda inputs, _: ops.maximum(inputs[0], inputs[1]),
    "Softmax": lambda inputs, _: ops.softmax(inputs[0], axis=-1),
    "AvgPool": _pooled(ops.average_pool),
    "MaxPool": _pooled(ops.max_pool),
    "Mean": _mean,
    "Reshape": lambda inputs, _: ops.reshape(inputs[0], tuple(int(n) for n in np.ravel(inputs[1]))),
    "Identity": lambda inputs, _: inputs[0],
    **{name: _of_one(function) for name, function in ACTIVATIONS.items()},
}
"""By the name that TensorFlow's graphs have for it: (inputs, attributes) → result."""


class GraphNetwork(keras.layers.Layer):
    """Runs a :class:`Graph` in float32, whatever Keras' policy is; nothing in it is trained.

    Args:
        graph: the operations; GraphError if one is unknown or its weights are missing.
        arrays: its weights by name; whole numbers (axes, shapes) stay NumPy.

    Call arguments:
        x: float (batch, height, width, channels), as the graph's input wants it.
        names: nodes whose results are wanted.

    Returns:
        dict: name → float tensor.
    """

    def __init__(self, graph: Graph, arrays: Mapping[str, np.ndarray], **kwargs: Any) -> None:
        super().__init__(trainable=False, dtype="float32", **kwargs)
        self.graph = graph
        if unknown := sorted({node.op for node in graph.nodes} - OPERATIONS.keys()):
            raise GraphError(f"no operation is known as {', '.join(unknown)}")
        self._constants: dict[str, Any] = {}
        for name in graph.constants():
            if name not in arrays:
                raise GraphError(f"the weights lack {name}")
            array = arrays[name]
            if array.dtype.kind == "f" and array.ndim:
                variable = self.add_weight(
                    shape=array.shape, initializer="zeros", name=name.replace("/", ".")
                )
                variable.assign(array.astype(np.float32))
                self._constants[name] = variable
            else:
                self._constants[name] = array.astype(np.float32) if array.dtype.kind == "f" else array
        self.built = True

    def call(self, x: Tensor, names: Sequence[str]) -> dict[str, Tensor]:
        results = {**self._constants, self.graph.input: x}
        for node in self.graph.needed_for(tuple(names)):
            inputs = [results[name] for name in node.inputs]
            results[node.name] = OPERATIONS[node.op](inputs, node.attributes)
        return {name: results[name] for name in names}
