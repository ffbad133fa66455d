"""From a TensorFlow.js graph model, ``model.json`` and the binary files that it names, to our own files.

The format: ``modelTopology`` is a TensorFlow GraphDef as JSON (attributes tagged with their type, strings in
base64, integers as strings), ``weightsManifest`` lists the arrays that lie one after another in the files.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from safetensors.numpy import save

from pipeline.identity.files import DESCRIPTION, WEIGHTS
from pipeline.identity.graph import Graph, GraphError, Node
from pipeline.networks.bundle import sha256_of
from pipeline.networks.faceres.network import FUSIBLE, OPERATIONS
from pipeline.whole_files import replacing, write_whole

Arrays = dict[str, np.ndarray]
PADDINGS: Final = {"SAME": "same", "VALID": "valid"}
DTYPES: Final[dict[str, np.dtype[Any]]] = {
    "float32": np.dtype("<f4"),
    "float16": np.dtype("<f2"),
    "int32": np.dtype("<i4"),
}
DEFAULTS: Final = {"dilations": [1, 1, 1, 1], "transpose_a": False, "transpose_b": False, "keep_dims": False}
CONVOLUTIONS: Final = frozenset(
    {"Conv2D", "_FusedConv2D", "DepthwiseConv2dNative", "FusedDepthwiseConv2dNative"}
)


def import_tfjs(model_json: Path, folder: Path) -> Graph:
    """Convert a graph model to the files of a :class:`FaceEmbedder`; weights keep the file's own precision.

    The description is written last, so that a folder with one is whole.

    Raises:
        GraphError: see :func:`read_tfjs`; nothing has been written then.
    """
    graph, arrays = read_tfjs(model_json)
    folder.mkdir(parents=True, exist_ok=True)
    data = save({name: np.ascontiguousarray(array).reshape(array.shape) for name, array in arrays.items()})
    write_whole(folder / WEIGHTS, data)
    digests = {**graph.facts["sha256"], WEIGHTS: sha256_of(folder / WEIGHTS)}
    graph = replace(graph, facts={**graph.facts, "sha256": digests})
    with replacing(folder / DESCRIPTION) as partial:
        graph.write(partial)
    return graph


def read_tfjs(path: Path) -> tuple[Graph, Arrays]:
    """Read ``model.json`` at ``path``.

    Returns:
        The graph, and its arrays in the precision of the file (float16 stays float16).

    Raises:
        GraphError: not a graph model, an operation or a storage that is not known, arrays that do not fit.
    """
    try:
        raw = path.read_bytes()
        model = json.loads(raw)
        topology, manifest = model["modelTopology"]["node"], model["weightsManifest"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GraphError(f"{path} is not a TensorFlow.js graph model: {error!r}") from error
    arrays, digests = _arrays(path.parent, manifest)
    graph = _graph(topology, model.get("signature", {}))
    if missing := [name for name in graph.constants() if name not in arrays]:
        raise GraphError(f"{path} has no weights for {', '.join(missing[:3])}")
    used = set(graph.constants())
    facts = {
        "generated_by": model.get("generatedBy"),
        "converted_by": model.get("convertedBy"),
        "sha256": {path.name: hashlib.sha256(raw).hexdigest(), **digests},
    }
    graph = Graph(graph.input, graph.nodes, graph.outputs, facts)
    return graph, {name: array for name, array in arrays.items() if name in used}


def _arrays(folder: Path, manifest: list[dict[str, Any]]) -> tuple[Arrays, dict[str, str]]:
    arrays: Arrays = {}
    digests = {}
    for group in manifest:
        parts = {}
        for name in group["paths"]:
            if Path(name).name != name or not (folder / name).is_file():
                raise GraphError(f"the weights' file {name} is not beside the model")
            parts[name] = (folder / name).read_bytes()
            digests[name] = hashlib.sha256(parts[name]).hexdigest()
        data, offset = b"".join(parts.values()), 0
        for entry in group["weights"]:
            dtype, count = _stored(entry), int(np.prod(entry["shape"], dtype=np.int64))
            if offset + count * dtype.itemsize > len(data):
                raise GraphError(f"the weights' files end before {entry['name']}")
            flat = np.frombuffer(data, dtype, count, offset)
            arrays[entry["name"]] = flat.reshape(entry["shape"]).astype(dtype.newbyteorder("="))
            offset += count * dtype.itemsize
        if offset != len(data):
            raise GraphError(f"the weights' files have {len(data) - offset} bytes that no array claims")
    return arrays, digests


def _stored(entry: Mapping[str, Any]) -> np.dtype[Any]:
    """How an array lies in the file. Affine quantisation to whole numbers is refused."""
    stored = entry.get("quantization", entry)["dtype"]
    if stored not in DTYPES:
        raise GraphError(f"{entry['name']} is stored as {stored}; known are {', '.join(DTYPES)}")
    return DTYPES[stored]


def _graph(topology: list[dict[str, Any]], signature: Mapping[str, Any]) -> Graph:
    inputs = [node["name"] for node in topology if node["op"] == "Placeholder"]
    if len(inputs) != 1:
        raise GraphError(f"the graph has {len(inputs)} inputs; one is wanted")
    nodes = [_node(node) for node in topology if node["op"] not in {"Placeholder", "Const"}]
    read = {name for node in nodes for name in node.inputs}
    outputs = [entry["name"].partition(":")[0] for entry in signature.get("outputs", {}).values()]
    return Graph(
        inputs[0],
        _ordered(nodes, inputs[0]),
        tuple(sorted(outputs) or [node.name for node in nodes if node.name not in read]),
    )


def _ordered(nodes: list[Node], graph_input: str) -> tuple[Node, ...]:
    """Each node after those whose results it reads."""
    names, done, ordered = {node.name for node in nodes}, {graph_input}, []
    waiting = nodes
    while waiting:
        ready = [node for node in waiting if all(name in done or name not in names for name in node.inputs)]
        if not ready:
            raise GraphError("the graph runs in a circle")
        ordered += ready
        done |= {node.name for node in ready}
        waiting = [node for node in waiting if node.name not in done]
    return tuple(ordered)


def _node(raw: Mapping[str, Any]) -> Node:
    name, op = raw["name"], raw["op"]
    if op not in OPERATIONS:
        raise GraphError(f"{name} is a {op}; this converter knows no such operation")
    inputs = [source.removesuffix(":0") for source in raw.get("input", ())]
    if odd := [source for source in inputs if ":" in source or source.startswith("^")]:
        raise GraphError(f"{name} reads {odd[0]}; only first results of operations can be read")
    given = {**DEFAULTS, **{key: _plain(value) for key, value in raw.get("attr", {}).items()}}
    attributes = _attributes(name, op, given)
    if "Fused" in op and op != "FusedBatchNormV3":
        attributes["fused"] = given.get("fused_ops", [])
        if odd := [fused for fused in attributes["fused"] if fused not in FUSIBLE]:
            raise GraphError(f"{name} carries a {odd[0]}; this converter knows no such operation")
    return Node(name, op, tuple(inputs), attributes)


def _attributes(name: str, op: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the operation needs of what TensorFlow notes; GraphError for what it cannot do."""
    if given.get("data_format", "NHWC") != "NHWC":
        raise GraphError(f"{name} is not channels last")
    if op in CONVOLUTIONS or op.endswith("Pool"):
        if given["padding"] not in PADDINGS:
            raise GraphError(f"{name} has padding {given['padding']}; SAME or VALID is wanted")
        other = {"dilations": "dilations"} if op in CONVOLUTIONS else {"window": "ksize"}
        return {
            "padding": PADDINGS[given["padding"]],
            "strides": given["strides"][1:3],
            **{ours: given[theirs][1:3] for ours, theirs in other.items()},
        }
    plain = {"Mean": ("keep_dims",), "FusedBatchNormV3": ("epsilon",)}
    names = ("transpose_a", "transpose_b") if op.endswith("MatMul") else plain.get(op, ())
    return {key: given[key] for key in names}


def _plain(value: Mapping[str, Any]) -> Any:
    """An attribute's value without its tag."""
    kind: str
    content: Any
    kind, content = next(iter(value.items()), ("", None))
    if kind == "s":
        return base64.b64decode(content).decode()
    if kind == "i":
        return int(content)
    if kind == "list":
        inner, items = next(iter(content.items()), ("", []))
        return [_plain({inner: item}) for item in items]
    return content
