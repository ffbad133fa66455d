"""MTCNN's three networks, run by OpenVINO on the processor.

Zhang et al. 2016, section II-B; layers and weights are those of the package mtcnn (see weights/NOTICE). Maps
are channels first inside, what goes in and comes out is channels last.
"""

import hashlib
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import openvino as ov
from openvino import opset15 as ops
from safetensors.numpy import load

from pipeline.command_line import BadInput
from pipeline.faces.tiles import Piece, cells_of, pieces_of

Floats: TypeAlias = npt.NDArray[np.float32]
Tensor: TypeAlias = Any
Layers: TypeAlias = Mapping[str, Floats]
"""``LAYER.kernel`` (height, width, in, out) or (in, out), ``LAYER.bias`` and ``LAYER.alpha`` (out)."""

WEIGHTS: Final = Path(__file__).with_name("weights") / "mtcnn.safetensors"
DIGEST: Final = "22b3d34ca75167127276ddc657ad7ae9d34c6b82a1a0e32d33383eb6685c17cc"
"""SHA-256 of the weights' file."""
SIDES: Final = (24, 48)
"""Of the squares that the second and the third network look at, in pixels."""

# A tile of a picture or eight squares take a millisecond or two on one core; more threads cost more than they
# bring. With one, the sums come out the same in every process, the workers of a build among them.
SETTINGS: Final = {
    "INFERENCE_NUM_THREADS": 1,
    "INFERENCE_PRECISION_HINT": "f32",
    "PERFORMANCE_HINT": "LATENCY",
}
# Squares that are run at once; fewer are run as they are. OpenVINO keeps what it compiled for each number of
# them (see ``tiles``), and 32 at once take no less time each.
BATCH: Final = 8
# Below every activation of the first network, and above.
BELOW_ALL, ABOVE_ALL = np.float32(-1e9), np.float32(1e9)


class Compiled:
    """One network; several threads may use it, in turns."""

    def __init__(self, model: ov.Model) -> None:
        self._request = ov.Core().compile_model(model, "CPU", SETTINGS).create_infer_request()
        self._lock = threading.Lock()

    def __call__(self, *inputs: Floats) -> Sequence[Floats]:
        """The network's results, in its order."""
        with self._lock:
            results = self._request.infer(inputs, share_inputs=True)
            return [np.array(results[number]) for number in range(len(results))]

    def in_batches(self, crops: Floats) -> Sequence[Floats]:
        """As a call with all of these squares."""
        parts = [self(crops[start : start + BATCH]) for start in range(0, len(crops), BATCH)]
        return [np.concatenate(results) for results in zip(*parts, strict=True)]


class CascadeNetworks:
    """The three networks, compiled: 2 MB of weights, 0.2 s."""

    def __init__(self, layers: Layers) -> None:
        """Compile.

        Args:
            layers: ``NETWORK.LAYER.PART`` → array, of the networks ``first``, ``second`` and ``third``.
        """
        self._first = Compiled(_first(_of(layers, "first")))
        self._second = Compiled(_second(_of(layers, "second")))
        self._third = Compiled(_third(_of(layers, "third")))

    @staticmethod
    def load(path: Path = WEIGHTS) -> "CascadeNetworks":
        """Read the weights that ship; once for each process.

        Raises:
            BadInput: the file is missing or is another one.
        """
        return _loaded(path)

    def look(self, picture: Floats) -> tuple[Floats, Floats]:
        """The first network, on a picture of any size.

        Args:
            picture: float32 (height, width, 3) in [-1, 1], both sides at least 12.

        Returns:
            For each cell how its box's edges are to be moved (left, top, right, bottom), as shares of it, and
            how likely it shows a face: float32 (rows, columns, 4) and (rows, columns).
        """
        height, width = picture.shape[:2]
        shifts = np.empty((cells_of(height), cells_of(width), 4), np.float32)
        scores = np.empty(shifts.shape[:2], np.float32)
        for down in pieces_of(height):
            for across in pieces_of(width):
                found, likely = self._first(
                    _tile(picture[down.pixels, across.pixels], down.length, across.length),
                    np.minimum.outer(_limits(down), _limits(across))[None, None],
                )
                here, rows, columns = (down.cells, across.cells), down.number, across.number
                shifts[here], scores[here] = found[0, :rows, :columns], likely[0, :rows, :columns, 1]
        return shifts, scores

    def sort_out(self, crops: Floats) -> tuple[Floats, Floats]:
        """The second network.

        Args:
            crops: float32 (n, 24, 24, 3) in [-1, 1], n at least 1.

        Returns:
            As :meth:`look` for each of them: float32 (n, 4) and (n,).
        """
        shifts, scores = self._second.in_batches(crops)
        return shifts, scores[:, 1]

    def place(self, crops: Floats) -> tuple[Floats, Floats, Floats]:
        """The third network.

        Args:
            crops: float32 (n, 48, 48, 3) in [-1, 1], n at least 1.

        Returns:
            As :meth:`sort_out`, with the landmarks between: float32 (n, 10), five x and then five y as shares
            of the crop.
        """
        shifts, points, scores = self._third.in_batches(crops)
        return shifts, points, scores[:, 1]


@cache
def _loaded(path: Path) -> CascadeNetworks:
    return CascadeNetworks(read_layers(path))


def read_layers(path: Path = WEIGHTS) -> Layers:
    """Read the three networks' arrays, ``NETWORK.LAYER.PART`` → float32.

    Raises:
        BadInput: the file is missing or is another one.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"The networks {path} cannot be read: {error.strerror}.") from error
    if hashlib.sha256(data).hexdigest() != DIGEST:
        raise BadInput(f"{path} is not the file that LiGAN was made for: its SHA-256 differs.")
    return load(data)


def _of(layers: Layers, network: str) -> Layers:
    return {
        name.removeprefix(f"{network}."): array
        for name, array in layers.items()
        if name.startswith(f"{network}.")
    }


def _tile(part: Floats, height: int, width: int) -> Floats:
    """Part of a picture, something added to it: float32 (1, height, width, 3)."""
    tile = np.zeros((1, height, width, 3), np.float32)
    tile[0, : part.shape[0], : part.shape[1]] = part
    return tile


def _limits(piece: Piece) -> Floats:
    """What the maps behind the first layer may be at most along one side of a tile."""
    inside = np.arange(piece.length - 2) < piece.pixels.stop - piece.pixels.start - 2
    return np.where(inside, ABOVE_ALL, BELOW_ALL)


def _first(layers: Layers) -> ov.Model:
    """P-Net, for tiles that something was added to.

    Its pooling takes in half a cell more than there is where a side is odd: nothing beyond the picture may be
    the largest there. So the maps have limits at each place.
    """
    tile = ops.parameter([-1, -1, -1, 3], np.float32)
    limits = ops.parameter([-1, 1, -1, -1], np.float32)
    x = ops.minimum(_convolution(_channels_first(tile), layers, "conv1"), limits)
    x = _pooling(x, 2, "same_upper")
    x = _convolution(_convolution(x, layers, "conv2"), layers, "conv3")
    shifts = _convolution(x, layers, "conv4_1")
    scores = ops.softmax(_convolution(x, layers, "conv4_2"), 1)
    return ov.Model([_channels_last(shifts), _channels_last(scores)], [tile, limits], "first")


def _second(layers: Layers) -> ov.Model:
    """R-Net."""
    crops = ops.parameter([-1, SIDES[0], SIDES[0], 3], np.float32)
    x = _pooling(_convolution(_channels_first(crops), layers, "conv1"), 3, "same_upper")
    x = _pooling(_convolution(x, layers, "conv2"), 3, "valid")
    x = _dense(_flat(_convolution(x, layers, "conv3")), layers, "fc4")
    results = [_dense(x, layers, "fc5_1"), ops.softmax(_dense(x, layers, "fc5_2"), 1)]
    return ov.Model(results, [crops], "second")


def _third(layers: Layers) -> ov.Model:
    """O-Net."""
    crops = ops.parameter([-1, SIDES[1], SIDES[1], 3], np.float32)
    x = _pooling(_convolution(_channels_first(crops), layers, "conv1"), 3, "same_upper")
    x = _pooling(_convolution(x, layers, "conv2"), 3, "valid")
    x = _pooling(_convolution(x, layers, "conv3"), 2, "same_upper")
    x = _dense(_flat(_convolution(x, layers, "conv4")), layers, "fc5")
    results = [_dense(x, layers, name) for name in ("fc6_1", "fc6_2", "fc6_3")]
    return ov.Model([*results[:2], ops.softmax(results[2], 1)], [crops], "third")


def _convolution(x: Tensor, layers: Layers, name: str) -> Tensor:
    """Without zeros around; with the PReLU of the same number where there is one."""
    kernel = np.ascontiguousarray(layers[f"{name}.kernel"].transpose(3, 2, 0, 1))
    none = [0, 0]
    x = ops.convolution(x, ops.constant(kernel), [1, 1], none, none, [1, 1])
    return _activated(ops.add(x, ops.constant(layers[f"{name}.bias"].reshape(1, -1, 1, 1))), layers, name)


def _dense(x: Tensor, layers: Layers, name: str) -> Tensor:
    x = ops.matmul(x, ops.constant(layers[f"{name}.kernel"]), transpose_a=False, transpose_b=False)
    return _activated(ops.add(x, ops.constant(layers[f"{name}.bias"].reshape(1, -1))), layers, name)


def _activated(x: Tensor, layers: Layers, name: str) -> Tensor:
    alpha = layers.get(f"{name}.alpha")
    return x if alpha is None else ops.prelu(x, ops.constant(alpha))


def _pooling(x: Tensor, side: int, padding: str) -> Tensor:
    none = [0, 0]
    return ops.max_pool(x, [2, 2], [1, 1], none, none, [side, side], auto_pad=padding).output(0)


def _flat(x: Tensor) -> Tensor:
    """The networks were trained where a map's columns come first: column by column, channels last."""
    turned = ops.transpose(x, ops.constant(np.array([0, 3, 2, 1])))
    return ops.reshape(turned, ops.constant(np.array([0, -1])), special_zero=True)


def _channels_first(x: Tensor) -> Tensor:
    return ops.transpose(x, ops.constant(np.array([0, 3, 1, 2])))


def _channels_last(x: Tensor) -> Tensor:
    return ops.transpose(x, ops.constant(np.array([0, 2, 3, 1])))
