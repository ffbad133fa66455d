"""A network's weights by the paths that Keras gives them, each taken once and with the shape it must have."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pipeline.networks.bundle import BundleError

Shape = tuple[int, ...]


class Weights:
    """Arrays under one path; its parts share the account of what was taken.

    Args:
        arrays: by path, any float type.
        what: the network's name, for errors.
        path: of this part, with a slash at its end; empty: all.
    """

    def __init__(self, arrays: Mapping[str, np.ndarray], what: str, path: str = "") -> None:
        self._arrays, self._what, self._path = arrays, what, path
        self._taken: set[str] = set()

    def at(self, part: str) -> "Weights":
        """The weights under ``part``."""
        found = Weights(self._arrays, self._what, f"{self._path}{part}/")
        found._taken = self._taken
        return found

    def take(self, name: str, shape: Shape) -> Any:
        """The array of that name, float32; BundleError unless it is there and has that ``shape``."""
        path = self._path + name
        array = self._arrays.get(path)
        if array is None:
            raise BundleError(f"the {self._what}'s weights do not fit its sizes: it has no {path}")
        if array.shape != shape:
            raise BundleError(f"the {self._what}'s {path} is {array.shape}, not {shape}")
        self._taken.add(path)
        return array.astype(np.float32)

    def finish(self) -> None:
        """BundleError if some array was never taken: the weights are those of another network."""
        if odd := sorted(self._arrays.keys() - self._taken):
            raise BundleError(f"the {self._what}'s weights do not fit its sizes: {', '.join(odd[:3])} …")
