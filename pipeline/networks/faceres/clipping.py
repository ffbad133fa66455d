"""Relu6, where a graph spells it out: three passes over every map become one."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from pipeline.networks.faceres.graph import Graph, Node

SPELLED_OUT = ("Relu", "Minimum", "Maximum")


def with_relu6(graph: Graph, arrays: Mapping[str, np.ndarray]) -> Graph:
    """Put one Relu6 for each max(min(relu(x), 6), 0), under the name of its last operation.

    The results are the same to the bit. A node whose result is needed elsewhere stays.

    Args:
        arrays: the graph's weights by name.
    """
    uses = Counter(name for node in graph.nodes for name in node.inputs) + Counter(graph.outputs)
    nodes = {node.name: node for node in graph.nodes}
    dropped: set[str] = set()
    clipped: dict[str, Node] = {}
    for last in graph.nodes:
        chain = _chain(last, nodes)
        if chain is None:
            continue
        relu, least, _ = chain
        limits = [arrays.get(name) for name in (least.inputs[1], last.inputs[1])]
        once = uses[relu.name] == uses[least.name] == 1
        if once and all(_is(limit, value) for limit, value in zip(limits, (6.0, 0.0), strict=True)):
            dropped |= {relu.name, least.name}
            clipped[last.name] = Node(last.name, "Relu6", relu.inputs)
    kept = (clipped.get(node.name, node) for node in graph.nodes if node.name not in dropped)
    return replace(graph, nodes=tuple(kept))


def _chain(last: Node, nodes: Mapping[str, Node]) -> tuple[Node, Node, Node] | None:
    """Relu, minimum and maximum, each of the one before, that end in ``last``."""
    chain = [last]
    while len(chain) < len(SPELLED_OUT) and chain[0].inputs[0] in nodes:
        chain.insert(0, nodes[chain[0].inputs[0]])
    return (chain[0], chain[1], chain[2]) if tuple(node.op for node in chain) == SPELLED_OUT else None


def _is(limit: np.ndarray | None, value: float) -> bool:
    return limit is not None and limit.size == 1 and float(np.ravel(limit)[0]) == value
