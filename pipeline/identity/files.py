"""The files of a face embedder, faceres by default: the graph's description and its arrays."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load

from pipeline.identity.graph import Graph, GraphError, with_relu6
from pipeline.identity.looks import AGE, FEATURES, SEX

SHIPPED: Final = Path(__file__).parent
WEIGHTS: Final = "weights.safetensors"
DESCRIPTION: Final = "graph.json"


@dataclass(frozen=True)
class Network:
    """What a folder of ``import-faceres`` holds.

    Attributes:
        graph: the operations, each clipped activation as one.
        arrays: the weights by name, in the precision of the file.
        digest: SHA-256 of the weights' file.
    """

    graph: Graph
    arrays: dict[str, np.ndarray]
    digest: str


def read_network(folder: Path = SHIPPED) -> Network:
    """Read a folder that ``import-faceres`` wrote; the one that ships by default.

    Raises:
        GraphError: a file is missing or damaged, or of another network.
    """
    graph = Graph.read(folder / DESCRIPTION)
    if missing := {FEATURES, AGE, SEX} - set(graph.outputs):
        raise GraphError(f"{folder / DESCRIPTION} is another network: it lacks {', '.join(missing)}")
    try:
        data = (folder / WEIGHTS).read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        if digest != graph.facts["sha256"][WEIGHTS]:
            raise GraphError(f"{folder / WEIGHTS} is not the file that {DESCRIPTION} names: SHA-256 differs")
        arrays = load(data)
    except (OSError, KeyError, TypeError, SafetensorError) as error:
        raise GraphError(f"{folder / WEIGHTS} cannot be read: {error}") from error
    return Network(with_relu6(graph, arrays), arrays, digest)
