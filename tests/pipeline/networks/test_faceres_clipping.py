"""A clip that is spelled out becomes one operation, and nothing else changes."""

import numpy as np
from keras import ops

from pipeline.identity.graph import Graph, Node, with_relu6
from pipeline.networks.faceres.network import GraphNetwork

ARRAYS = {"six": np.array(6, np.float32), "zero": np.array(0, np.float32), "four": np.array(4, np.float32)}
CLIPPED = (
    Node("relu", "Relu", ("x",)),
    Node("least", "Minimum", ("relu", "six")),
    Node("clip", "Maximum", ("least", "zero")),
)


def names(graph: Graph) -> list[str]:
    return [f"{node.name} {node.op}" for node in with_relu6(graph, ARRAYS).nodes]


def test_three_operations_become_one_of_the_same_name() -> None:
    assert names(Graph("x", CLIPPED, ("clip",))) == ["clip Relu6"]


def test_its_results_are_the_same_to_the_bit() -> None:
    graph = Graph("x", (*CLIPPED, Node("end", "Mul", ("clip", "four"))), ("end",))
    x = ops.convert_to_tensor(np.linspace(-9, 9, 1001, dtype=np.float32)[None])
    one, other = (
        ops.convert_to_numpy(GraphNetwork(each, ARRAYS)(x, names=("end",))["end"])
        for each in (graph, with_relu6(graph, ARRAYS))
    )
    np.testing.assert_array_equal(one, other)


def test_what_is_needed_elsewhere_stays() -> None:
    spelled = ["relu Relu", "least Minimum", "clip Maximum"]
    assert names(Graph("x", CLIPPED, ("clip", "least"))) == spelled
    used = Graph("x", (*CLIPPED, Node("sum", "Add", ("clip", "relu"))), ("sum",))
    assert names(used) == [*spelled, "sum Add"]


def test_a_clip_at_another_value_stays() -> None:
    nodes = (CLIPPED[0], Node("least", "Minimum", ("relu", "four")), CLIPPED[2])
    assert names(Graph("x", nodes, ("clip",))) == ["relu Relu", "least Minimum", "clip Maximum"]
