"""A network as a list of plain operations: what a converted graph model is kept as."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

FORMAT: Final = 1
# Relu6 as TensorFlow.js spells it out: three passes over every map.
SPELLED_OUT: Final = ("Relu", "Minimum", "Maximum")


class GraphError(ValueError):
    """A graph that cannot be run or converted; ``str()`` says what is wrong with it."""


@dataclass(frozen=True)
class Node:
    """One operation.

    Attributes:
        name: its name in the graph; the name of its result.
        op: a name of ``network.OPERATIONS``.
        inputs: names of nodes, of weights, or of the graph's input, in the operation's order.
        attributes: plain values, as the operation wants them.
    """

    name: str
    op: str
    inputs: tuple[str, ...]
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Graph:
    """Operations in an order in which they can be run.

    Attributes:
        input: name of the one input.
        nodes: the operations.
        outputs: names of the results that the graph was made for.
        facts: where it comes from, with digests; not used to run it.
    """

    input: str
    nodes: tuple[Node, ...]
    outputs: tuple[str, ...]
    facts: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        seen = {self.input}
        for node in self.nodes:
            if node.name in seen:
                raise GraphError(f"the graph has two nodes of the name {node.name}")
            seen.add(node.name)
        if missing := [name for name in self.outputs if name not in seen]:
            raise GraphError(f"the graph has no node {', '.join(missing)}")

    def constants(self) -> Iterator[str]:
        """Names that nodes read and no node makes: weights, in order of first use."""
        made = {self.input, *(node.name for node in self.nodes)}
        yield from dict.fromkeys(name for node in self.nodes for name in node.inputs if name not in made)

    def needed_for(self, names: tuple[str, ...]) -> tuple[Node, ...]:
        """The nodes that lead to ``names``, in order; GraphError for a name that no node has."""
        if missing := set(names) - {node.name for node in self.nodes}:
            raise GraphError(f"the graph has no node {', '.join(sorted(missing))}")
        wanted, kept = set(names), []
        for node in reversed(self.nodes):
            if node.name in wanted:
                wanted.update(node.inputs)
                kept.append(node)
        return tuple(reversed(kept))

    def write(self, path: Path) -> None:
        """Write the description as JSON, one node a line."""
        head = {"format": FORMAT, "facts": self.facts, "input": self.input, "outputs": list(self.outputs)}
        lines = ",\n".join("    " + json.dumps(asdict(node)) for node in self.nodes)
        text = json.dumps(head, indent=2, ensure_ascii=False)[: -len("\n}")]
        path.write_text(f'{text},\n  "nodes": [\n{lines}\n  ]\n}}\n')

    @classmethod
    def read(cls, path: Path) -> "Graph":
        """The inverse of :meth:`write`; GraphError where ``path`` is no such description."""
        try:
            values = json.loads(path.read_text())
            if values["format"] != FORMAT:
                raise GraphError(f"{path} is not of format {FORMAT}")
            nodes = tuple(Node(**{**node, "inputs": tuple(node["inputs"])}) for node in values["nodes"])
            return cls(values["input"], nodes, tuple(values["outputs"]), values["facts"])
        except (OSError, KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as error:
            raise GraphError(f"{path} is not the description of a graph: {error!r}") from error


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
