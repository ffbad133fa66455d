"""From a TensorFlow.js model to the files that :class:`FaceEmbedder` loads."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from pipeline.interchange.tfjs import read_tfjs
from pipeline.networks.bundle import sha256_of
from pipeline.networks.faceres.embedder import DESCRIPTION, WEIGHTS
from pipeline.networks.faceres.graph import Graph


def import_tfjs(model_json: Path, folder: Path) -> Graph:
    """Convert a graph model: ``weights.safetensors`` in the file's own precision, ``graph.json``.

    The description is written last, so that a folder with one is whole.

    Raises:
        GraphError: see :func:`read_tfjs`; nothing has been written then.
    """
    graph, arrays = read_tfjs(model_json)
    folder.mkdir(parents=True, exist_ok=True)
    data = save({name: np.ascontiguousarray(array).reshape(array.shape) for name, array in arrays.items()})
    _write_whole(folder / WEIGHTS, data)
    digests = {**graph.facts["sha256"], WEIGHTS: sha256_of(folder / WEIGHTS)}
    graph = replace(graph, facts={**graph.facts, "sha256": digests})
    partial = folder / f"{DESCRIPTION}.partial"
    graph.write(partial)
    partial.replace(folder / DESCRIPTION)
    return graph


def _write_whole(path: Path, data: bytes) -> None:
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
