"""A graph with its weights as an OpenVINO model: what each operation computes, in OpenVINO's own operations.

The graph is channels last, OpenVINO's convolutions are channels first: maps are turned once at the entrance,
and what belongs to their channels or axes is turned with them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import openvino as ov
from openvino import opset15 as ops

from pipeline.identity.graph import Graph, GraphError, Node

Tensor: TypeAlias = Any
Operation: TypeAlias = Callable[[Sequence[Tensor], Mapping[str, Any]], Tensor]

MAP: Final = 4
"""Dimensions of what is turned: batch, height, width, channels."""
CHANNELS_FIRST: Final = (0, 3, 1, 2)
PADDING: Final = {"same": "same_upper", "valid": "valid"}


def _dimensions(x: Tensor) -> int:
    return 0 if isinstance(x, np.ndarray) else len(x.output(0).get_partial_shape())


def _geometry(attributes: Mapping[str, Any]) -> dict[str, Any]:
    none = [0, 0]
    return {
        "strides": list(attributes["strides"]),
        "pads_begin": none,
        "pads_end": none,
        "dilations": list(attributes["dilations"]),
        "auto_pad": PADDING[attributes["padding"]],
    }


def _convolution(inputs: Sequence[Tensor], attributes: Mapping[str, Any]) -> Tensor:
    kernel = np.ascontiguousarray(inputs[1].transpose(3, 2, 0, 1))
    return ops.convolution(inputs[0], ops.constant(kernel), **_geometry(attributes))


def _depthwise(inputs: Sequence[Tensor], attributes: Mapping[str, Any]) -> Tensor:
    """Kernels (height, width, channels, multiplier): each channel is a group of its own."""
    kernel = np.ascontiguousarray(inputs[1].transpose(2, 3, 0, 1)[:, :, None])
    return ops.group_convolution(inputs[0], ops.constant(kernel), **_geometry(attributes))


def _elementwise(operation: Callable[[Tensor, Tensor], Tensor]) -> Operation:
    """Of two results, or of one and a weight for every channel."""

    def run(inputs: Sequence[Tensor], _: Mapping[str, Any]) -> Tensor:
        return operation(*(_beside(x, inputs) for x in inputs))

    return run


def _beside(x: Tensor, others: Sequence[Tensor]) -> Tensor:
    if not isinstance(x, np.ndarray):
        return x
    if x.ndim == 1 and any(_dimensions(other) == MAP for other in others):
        x = x.reshape(1, -1, 1, 1)
    elif x.ndim == MAP:
        x = x.transpose(CHANNELS_FIRST)
    return ops.constant(np.ascontiguousarray(x))


def _mean(inputs: Sequence[Tensor], attributes: Mapping[str, Any]) -> Tensor:
    axes = [int(axis) for axis in np.ravel(inputs[1])]
    if _dimensions(inputs[0]) == MAP:
        axes = [CHANNELS_FIRST.index(axis % MAP) for axis in axes]
        if attributes["keep_dims"] is False and sorted(axes) != [2, 3]:
            raise GraphError("a mean that leaves a height or a width cannot be run channels first")
    return ops.reduce_mean(inputs[0], ops.constant(np.array(axes, np.int64)), attributes["keep_dims"])


def _matmul(inputs: Sequence[Tensor], attributes: Mapping[str, Any]) -> Tensor:
    a, b = (ops.constant(x) if isinstance(x, np.ndarray) else x for x in inputs[:2])
    x, rest = ops.matmul(a, b, attributes["transpose_a"], attributes["transpose_b"]), list(inputs[2:])
    for name in attributes.get("fused", ()):
        x = ops.add(x, ops.constant(rest.pop(0))) if name == "BiasAdd" else _ACTIVATIONS[name](x)
    return x


def _softmax(x: Tensor) -> Tensor:
    return ops.softmax(x, 1)  # the channels, whether maps or rows


_ACTIVATIONS: Final[dict[str, Callable[[Tensor], Tensor]]] = {
    "Relu": ops.relu,
    "Relu6": lambda x: ops.clamp(x, 0.0, 6.0),
    "Sigmoid": ops.sigmoid,
}


def _of_one(function: Callable[[Tensor], Tensor]) -> Operation:
    return lambda inputs, _: function(inputs[0])


OPERATIONS: Final[dict[str, Operation]] = {
    "Conv2D": _convolution,
    "DepthwiseConv2dNative": _depthwise,
    "MatMul": _matmul,
    "_FusedMatMul": _matmul,
    "BiasAdd": _elementwise(ops.add),
    "Add": _elementwise(ops.add),
    "AddV2": _elementwise(ops.add),
    "Sub": _elementwise(ops.subtract),
    "Mul": _elementwise(ops.multiply),
    "Minimum": _elementwise(ops.minimum),
    "Maximum": _elementwise(ops.maximum),
    "Mean": _mean,
    "Softmax": _of_one(_softmax),
    "Identity": lambda inputs, _: inputs[0],
    **{name: _of_one(function) for name, function in _ACTIVATIONS.items()},
}
"""By the name that TensorFlow's graphs have for it: those that embedders of faces are made of."""


def lowered(
    graph: Graph,
    arrays: Mapping[str, np.ndarray],
    enter: Callable[[Tensor], Tensor],
    entrance: Tensor,
    names: Sequence[str],
) -> ov.Model:
    """Make a model of the part of a graph that leads to ``names``.

    Args:
        arrays: the graph's weights by name, in any precision; they are used as float32.
        entrance: the model's parameter.
        enter: what becomes of it before it is the graph's input, channels last.

    Returns:
        A model with one result for each name, in that order, maps channels last again.

    Raises:
        GraphError: an operation is not known here, or its weights are missing.
    """
    turn = ops.constant(np.array(CHANNELS_FIRST, np.int64))
    results: dict[str, Any] = {graph.input: ops.transpose(enter(entrance), turn)}
    for name in graph.constants():
        if name not in arrays:
            raise GraphError(f"the weights lack {name}")
        array = arrays[name]
        results[name] = array.astype(np.float32) if array.dtype.kind == "f" else array
    for node in graph.needed_for(tuple(names)):
        results[node.name] = _run(node, [results[name] for name in node.inputs])
    return ov.Model([_leaving(results[name]) for name in names], [entrance], "faceres")


def _run(node: Node, inputs: Sequence[Tensor]) -> Tensor:
    if node.op not in OPERATIONS:
        raise GraphError(f"{node.name} is a {node.op}; OpenVINO is not told here how to run it")
    return OPERATIONS[node.op](inputs, node.attributes)


def _leaving(x: Tensor) -> Tensor:
    back = np.argsort(CHANNELS_FIRST).astype(np.int64)
    return ops.transpose(x, ops.constant(back)) if _dimensions(x) == MAP else x
