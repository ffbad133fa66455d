"""``python -m pipeline import-faceres``: TensorFlow.js graph models become a description and arrays."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from keras import ops
from safetensors.numpy import load_file

from pipeline.__main__ import main
from pipeline.identity.files import DESCRIPTION, WEIGHTS
from pipeline.identity.graph import Graph, GraphError, Node
from pipeline.interchange.tfjs import read_tfjs
from pipeline.networks.faceres.network import OPERATIONS, GraphNetwork


def text(value: str) -> dict[str, str]:
    return {"s": base64.b64encode(value.encode()).decode()}


def whole_numbers(*values: int) -> dict[str, Any]:
    return {"list": {"i": [str(value) for value in values]}}


CONVOLUTION = {"strides": whole_numbers(1, 2, 2, 1), "padding": text("SAME"), "data_format": text("NHWC")}
RANDOM = np.random.default_rng(5)
KERNEL = RANDOM.standard_normal((3, 3, 3, 4)).astype(np.float16)
BIAS = RANDOM.standard_normal(4).astype(np.float32)
AXES = np.array([1, 2], np.int32)
NODES: list[dict[str, Any]] = [
    {"name": "x", "op": "Placeholder", "attr": {}},
    {"name": "kernel", "op": "Const", "attr": {}},
    {"name": "bias", "op": "Const", "attr": {}},
    {"name": "axes", "op": "Const", "attr": {}},
    # Out of order on purpose: a graph's nodes are a set.
    {"name": "mean", "op": "Mean", "input": ["conv:0", "axes"], "attr": {"keep_dims": {"b": False}}},
    {
        "name": "conv",
        "op": "_FusedConv2D",
        "input": ["x", "kernel", "bias"],
        "attr": {**CONVOLUTION, "fused_ops": {"list": {"s": [text("BiasAdd")["s"], text("Relu6")["s"]]}}},
    },
]


def write_model(folder: Path, nodes: list[dict[str, Any]] = NODES, **changes: Any) -> Path:
    """A graph model in two files of weights, as the converter of TensorFlow.js writes it."""
    folder.mkdir(parents=True, exist_ok=True)
    data = KERNEL.tobytes() + BIAS.tobytes() + AXES.tobytes()
    (folder / "a.bin").write_bytes(data[:50])
    (folder / "b.bin").write_bytes(data[50:])
    weights = [
        {
            "name": "kernel",
            "shape": [3, 3, 3, 4],
            "dtype": "float32",
            "quantization": {"dtype": "float16", "original_dtype": "float32"},
        },
        {"name": "bias", "shape": [4], "dtype": "float32"},
        {"name": "axes", "shape": [2], "dtype": "int32"},
    ]
    model = {
        "format": "graph-model",
        "modelTopology": {"node": nodes},
        "weightsManifest": [{"paths": ["a.bin", "b.bin"], "weights": weights}],
        **changes,
    }
    path = folder / "model.json"
    path.write_text(json.dumps(model))
    return path


def test_a_converted_network_computes_what_the_graph_says(tmp_path: Path) -> None:
    graph, arrays = read_tfjs(write_model(tmp_path))
    x = RANDOM.standard_normal((2, 9, 9, 3)).astype(np.float32)

    result = GraphNetwork(graph, arrays)(x, names=("mean",))["mean"]

    maps = ops.conv(x, KERNEL.astype(np.float32), strides=2, padding="same") + BIAS
    np.testing.assert_allclose(result, np.clip(maps, 0, 6).mean(axis=(1, 2)), rtol=1e-5)


def test_the_command_keeps_the_precision_of_the_files_and_notes_where_they_came_from(tmp_path: Path) -> None:
    source, out = write_model(tmp_path / "in"), tmp_path / "out"

    assert main(["import-faceres", str(source), str(out)]) == 0

    arrays = load_file(out / WEIGHTS)
    assert {name: array.dtype.name for name, array in arrays.items()} == {
        "kernel": "float16",
        "bias": "float32",
        "axes": "int32",
    }
    graph = Graph.read(out / DESCRIPTION)
    assert [node.name for node in graph.nodes] == ["conv", "mean"]
    assert graph.outputs == ("mean",)
    assert set(graph.facts["sha256"]) == {"model.json", "a.bin", "b.bin", WEIGHTS}


def test_a_description_is_read_as_it_was_written(tmp_path: Path) -> None:
    graph, _ = read_tfjs(write_model(tmp_path))

    graph.write(tmp_path / DESCRIPTION)

    assert Graph.read(tmp_path / DESCRIPTION) == graph


def changed(index: int, **changes: Any) -> list[dict[str, Any]]:
    return [{**node, **changes} if i == index else node for i, node in enumerate(NODES)]


def with_attribute(**attributes: Any) -> list[dict[str, Any]]:
    return changed(5, attr={**NODES[5]["attr"], **attributes})


@pytest.mark.parametrize(
    ("nodes", "reason"),
    [
        (changed(5, op="MatrixInverse"), "MatrixInverse"),
        (with_attribute(fused_ops={"list": {"s": [text("Tanh")["s"]]}}), "Tanh"),
        (with_attribute(padding=text("EXPLICIT")), "EXPLICIT"),
        (with_attribute(data_format=text("NCHW")), "channels last"),
        (changed(5, input=["x", "kernel", "nothing"]), "no weights for nothing"),
        (changed(5, input=["mean", "kernel", "bias"]), "circle"),
        (changed(4, input=["conv:1", "axes"]), "conv:1"),
        (NODES[1:], "0 inputs"),
        ([*NODES, NODES[5]], "two nodes"),
    ],
)
def test_a_graph_that_cannot_be_run_is_refused(
    tmp_path: Path, nodes: list[dict[str, Any]], reason: str
) -> None:
    with pytest.raises(GraphError, match=reason):
        read_tfjs(write_model(tmp_path, nodes))


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "b.bin").unlink(),
        lambda folder: (folder / "b.bin").write_bytes(b""),
        lambda folder: (folder / "b.bin").write_bytes(bytes(1000)),
        lambda folder: (folder / "model.json").write_text("{"),
        lambda folder: (folder / "model.json").write_text("[]"),
        lambda folder: (folder / "model.json").unlink(),
    ],
    ids=["no weights", "too few", "too many", "no JSON", "another JSON", "no file"],
)
def test_damaged_files_end_with_one_line_and_write_nothing(
    tmp_path: Path, damage: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_model(tmp_path / "in")
    damage(tmp_path / "in")

    assert main(["import-faceres", str(source), str(tmp_path / "out")]) == 2

    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def run(op: str, *inputs: np.ndarray, **attributes: Any) -> np.ndarray:
    return np.asarray(OPERATIONS[op](inputs, attributes))


def test_batch_normalisation_uses_the_moments_of_training() -> None:
    x, scale, offset, mean = (RANDOM.standard_normal(n).astype(np.float32) for n in (4, 4, 4, 4))
    variance = RANDOM.random(4).astype(np.float32)

    result = run("FusedBatchNormV3", x, scale, offset, mean, variance, epsilon=1e-3)

    np.testing.assert_allclose(result, (x - mean) / np.sqrt(variance + 1e-3) * scale + offset, rtol=1e-4)


@pytest.mark.parametrize(("a", "b"), [(False, False), (True, False), (False, True)])
def test_matrices_are_transposed_as_asked(a: bool, b: bool) -> None:
    left, right = RANDOM.standard_normal((3, 3)), RANDOM.standard_normal((3, 3))

    result = run("MatMul", left, right, transpose_a=a, transpose_b=b)

    np.testing.assert_allclose(result, (left.T if a else left) @ (right.T if b else right), rtol=1e-5)


def test_each_map_has_its_own_kernel_in_a_depthwise_convolution() -> None:
    x = RANDOM.standard_normal((1, 5, 5, 2)).astype(np.float32)
    kernel = RANDOM.standard_normal((3, 3, 2, 1)).astype(np.float32)

    result = run("DepthwiseConv2dNative", x, kernel, strides=[1, 1], dilations=[1, 1], padding="valid")

    for channel in range(2):
        alone = ops.conv(x[..., channel : channel + 1], kernel[:, :, channel : channel + 1], padding="valid")
        np.testing.assert_allclose(result[..., channel], np.asarray(alone)[..., 0], rtol=1e-4, atol=1e-5)


def test_pooling_takes_the_mean_or_the_largest() -> None:
    x = np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1)
    how = {"window": [2, 2], "strides": [2, 2], "padding": "valid"}

    assert run("AvgPool", x, **how).ravel().tolist() == [2.5, 4.5, 10.5, 12.5]
    assert run("MaxPool", x, **how).ravel().tolist() == [5, 7, 13, 15]


def test_only_what_leads_to_the_wanted_results_is_run() -> None:
    graph = Graph(
        "x",
        (Node("a", "Relu", ("x",)), Node("b", "Sigmoid", ("a",)), Node("c", "Relu6", ("x",))),
        ("b", "c"),
    )

    assert [node.name for node in graph.needed_for(("b",))] == ["a", "b"]
    with pytest.raises(GraphError, match="d"):
        graph.needed_for(("d",))
