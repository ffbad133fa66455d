"""A network as a list of plain operations: what a converted graph model is kept as."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

FORMAT: Final = 1


class GraphError(ValueError):
    """A graph that cannot be run or converted; ``str()`` says what is wrong with it."""


@dataclass(frozen=True)
class Node:
    """One operation.

    Attributes:
        name: its name in the graph; the name of its result.
        op: a name of ``operations.OPERATIONS``.
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
        except (OSError, KeyError, TypeError, json.JSONDecodeError) as error:
            raise GraphError(f"{path} is not the description of a graph: {error!r}") from error
