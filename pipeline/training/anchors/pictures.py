"""What a coder sees of a picture: principal components of its pixels and of a network's coarse maps."""

from pathlib import Path

import cv2
import numpy as np
from keras import ops
from safetensors.numpy import load_file, save_file

from pipeline.networks.backend import compiled
from pipeline.networks.perceptual import Look

COMPONENTS = "components.safetensors"
SMALL = 32  # side of the pictures whose pixels count; finer detail is the maps' business
COARSE = 16  # side of the finest maps that count


def open_components(folder: Path, images: np.ndarray, look: Look, *, count: int, seed: int) -> np.ndarray:
    """Principal components of a run's pictures and of their mirror images, worked out once for ``folder``.

    They may turn out differently on another machine, so a run keeps its own.

    Args:
        images: uint8 (pictures, side, side, 3), channels last.
        count: components of each.

    Returns:
        float32 (2, pictures, count).

    Raises:
        ValueError: those in the folder are of other pictures, or there are too few pictures.
    """
    path, shape = folder / COMPONENTS, (2, len(images), count)
    if path.is_file():
        kept = load_file(path)["components"]
        if kept.shape != shape:
            raise ValueError(f"{path} has components of shape {kept.shape}, not {shape}: of other pictures.")
        return kept
    found = components_of(images, look, count=count, seed=seed)
    folder.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    save_file({"components": found}, partial)
    partial.replace(path)
    return found


def components_of(images: np.ndarray, look: Look, *, count: int, seed: int) -> np.ndarray:
    """Principal components of pictures and of their mirror images; pixels and maps count alike.

    Each has the fourth root of its eigenvalue as its deviation: half way between as they are and whitened,
    so that small ones are heard too. All together have a mean square of 1.

    Args:
        images: uint8 (pictures, side, side, 3), side at least :data:`SMALL`.

    Returns:
        float32 (2, pictures, count).

    Raises:
        ValueError: fewer pictures than components.
    """
    from sklearn.decomposition import PCA

    if 2 * len(images) < count:
        raise ValueError(f"{len(images)} pictures are too few for {count} components.")
    both = np.concatenate([images, images[:, :, ::-1]])
    seen = np.concatenate([_even(_pixels(both)), _even(_maps(both, look))], axis=1)
    pca = PCA(count, whiten=True, svd_solver="randomized", random_state=seed)
    found = pca.fit_transform(seen) * pca.explained_variance_**0.25
    found /= np.sqrt(np.mean(np.square(found)))
    return np.ascontiguousarray(found.astype(np.float32).reshape(2, len(images), count))


def _pixels(images: np.ndarray) -> np.ndarray:
    small = [cv2.resize(image, (SMALL, SMALL), interpolation=cv2.INTER_AREA) for image in images]
    return np.asarray(small, np.float32).reshape(len(images), -1) / 127.5 - 1.0


def _maps(images: np.ndarray, look: Look, batch: int = 64) -> np.ndarray:
    seeing = compiled(lambda x: [m for m in look(x) if m.shape[1] <= COARSE])
    parts: list[list[np.ndarray]] = []
    for start in range(0, len(images), batch):
        part = images[start : start + batch].astype(np.float32) / 127.5 - 1.0
        maps = seeing(ops.convert_to_tensor(part))
        parts.append([ops.convert_to_numpy(m).reshape(len(part), -1) for m in maps])
    return np.concatenate([_even(np.concatenate(level)) for level in zip(*parts, strict=True)], axis=1)


def _even(values: np.ndarray) -> np.ndarray:
    """Scaled so that each kind of value has the same weight in all, whatever its number and units."""
    return values / (values.std() * np.sqrt(values.shape[1]))
