"""A graph with its weights, as a Keras network."""

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from pipeline.networks.faceres.graph import Graph, GraphError
from pipeline.networks.faceres.operations import OPERATIONS

Tensor = Any


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
