"""What was measured of faces, kept between evaluations."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from pipeline.command_line import BadInput
from pipeline.evaluation.dataset import DataSet
from pipeline.whole_files import replacing

if TYPE_CHECKING:
    from pipeline.evaluation.features import FeatureNetwork


def default_folder() -> Path:
    """Where caches of a user's programs go."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ligan" / "features"


class FeatureCache:
    """A folder with one file for each thing that was measured.

    Args:
        folder: made when something is kept; None keeps nothing.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def features(
        self,
        data: DataSet,
        network: "FeatureNetwork",
        compute: Callable[[], np.ndarray],
        *,
        mirrored: bool = False,
    ) -> np.ndarray:
        """Features of ``data``, computed when they are not there yet: float32 (n, size)."""
        key = f"{data.digest} {data.side} {network.digest} {network.description} {mirrored}"
        return self.kept(key, (len(data.images), network.size), compute)

    def kept(self, key: str, shape: tuple[int, ...], compute: Callable[[], np.ndarray]) -> np.ndarray:
        """What was computed for ``key``, or is computed now: float32 of that ``shape``.

        Args:
            key: names everything that the result depends on.

        Raises:
            BadInput: it cannot be kept.
        """
        if self.folder is None:
            return compute()
        path = self.folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.safetensors"
        if path.is_file():
            try:
                kept = np.asarray(load_file(path)["features"])
            except (SafetensorError, KeyError):
                path.unlink()  # damaged: computed again below
            else:
                if kept.shape == shape:
                    return kept
        features = np.ascontiguousarray(compute(), np.float32)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with replacing(path) as partial:
                save_file({"features": features}, partial)
        except (OSError, SafetensorError) as error:
            raise BadInput(
                f"what was measured cannot be kept in {self.folder} ({error}): let it be written to, or name "
                "another place in XDG_CACHE_HOME."
            ) from error
        return features
