"""Features of training faces, kept between evaluations."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from pipeline.evaluation.dataset import DataSet
from pipeline.evaluation.features import FeatureNetwork


def default_folder() -> Path:
    """Where caches of a user's programs go."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ligan" / "features"


class FeatureCache:
    """A folder with one file for each (pictures, resolution, feature network, what it looks at).

    Args:
        folder: made when something is kept; None keeps nothing.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def features(
        self,
        data: DataSet,
        network: FeatureNetwork,
        compute: Callable[[], np.ndarray],
        *,
        mirrored: bool = False,
    ) -> np.ndarray:
        """Features of ``data``, computed when they are not there yet: float32 (n, size)."""
        if self.folder is None:
            return compute()
        key = f"{data.digest} {data.side} {network.digest} {network.description} {mirrored}"
        path = self.folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.safetensors"
        expected = (len(data.images), network.size)
        if path.is_file():
            try:
                kept = np.asarray(load_file(path)["features"])
            except (SafetensorError, KeyError):
                path.unlink()  # damaged: computed again below
            else:
                if kept.shape == expected:
                    return kept
        features = np.ascontiguousarray(compute(), np.float32)
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.partial")
        save_file({"features": features}, partial)
        partial.replace(path)
        return features
