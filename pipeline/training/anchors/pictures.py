"""What a coder sees of a picture: principal components of its pixels and of a network's coarse maps, and of
who it shows."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from safetensors.numpy import load_file

from pipeline.networks.backend import compiled
from pipeline.networks.batches import in_batches
from pipeline.networks.faceres.framed import Embed
from pipeline.networks.perceptual import Look
from pipeline.training.checkpoints import write_arrays

COMPONENTS = "components.safetensors"
SMALL = 32  # side of the pictures whose pixels count; finer detail is the maps' business
COARSE = 16  # side of the finest maps that count


@dataclass(frozen=True)
class Seeing:
    """What pictures are seen through, and how many numbers that gives.

    Attributes:
        look: how a picture looks.
        components: numbers of that and of the pixels.
        embed: who a picture shows; needed for identities.
        identities: numbers of that; 0: a coder does not see it.
        seed: of the components' fitting.
    """

    look: Look
    components: int
    embed: Embed | None = None
    identities: int = 0
    seed: int = 0


def open_seen(folder: Path, images: np.ndarray, seeing: Seeing) -> np.ndarray:
    """What a coder sees of a run's pictures and of their mirror images, worked out once for ``folder``.

    It may turn out differently on another machine, so a run keeps its own. What the folder lacks is added.

    Args:
        images: uint8 (pictures, side, side, 3), channels last.

    Returns:
        float32 (2, pictures, components + identities).

    Raises:
        ValueError: what is in the folder is of other pictures, or there are too few pictures.
    """
    path = folder / COMPONENTS
    kept = load_file(path) if path.is_file() else {}
    wanted = {"components": seeing.components, "identities": seeing.identities}
    for name, count in wanted.items():
        if name in kept and kept[name].shape != (2, len(images), count):
            shapes = f"{kept[name].shape}, not {(2, len(images), count)}"
            raise ValueError(f"{path} has {name} of shape {shapes}: of other pictures or settings.")
    missing = [name for name, count in wanted.items() if count and name not in kept]
    if "components" in missing:
        kept["components"] = components_of(images, seeing.look, count=seeing.components, seed=seeing.seed)
    if "identities" in missing:
        if seeing.embed is None:
            raise ValueError("identities need a face embedder.")
        kept["identities"] = identities_of(images, seeing.embed, count=seeing.identities, seed=seeing.seed)
    if missing:
        write_arrays(path, kept)
    return _all_seen(kept)


def read_seen(folder: Path) -> np.ndarray:
    """What the coder of the run in ``folder`` sees: float32 (2, pictures, components + identities)."""
    return _all_seen(load_file(folder / COMPONENTS))


def _all_seen(kept: dict[str, np.ndarray]) -> np.ndarray:
    return np.concatenate([kept[name] for name in ("components", "identities") if name in kept], axis=-1)


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
    both = _with_mirrored(images, count)
    seen = np.concatenate([_even(_pixels(both)), _even(_maps(both, look))], axis=1)
    return _half_whitened(seen, count, seed)


def identities_of(images: np.ndarray, embed: Embed, *, count: int, seed: int) -> np.ndarray:
    """Principal components of who pictures and their mirror images show.

    Pixels and maps say little of what tells two people of one kind apart: w that a coder found from them
    alone made faces that an embedder took for others. Shapes, scale and errors as of :func:`components_of`.
    """
    return _half_whitened(_seen_by(embed, _with_mirrored(images, count)), count, seed)


def _with_mirrored(images: np.ndarray, count: int) -> np.ndarray:
    """Pictures, then their mirror images; ValueError if all together are fewer than ``count``."""
    if 2 * len(images) < count:
        raise ValueError(f"{len(images)} pictures are too few for {count} components.")
    return np.concatenate([images, images[:, :, ::-1]])


def _half_whitened(values: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Values (2 * pictures, any) → their components float32 (2, pictures, count)."""
    from sklearn.decomposition import PCA

    pca = PCA(count, whiten=True, svd_solver="randomized", random_state=seed)
    found = pca.fit_transform(values) * pca.explained_variance_**0.25
    found /= np.sqrt(np.mean(np.square(found)))
    return np.ascontiguousarray(found.astype(np.float32).reshape(2, len(values) // 2, count))


def _seen_by(network: Callable[[Any], Any], images: np.ndarray) -> Any:
    """What a network makes of pictures float32 in [-1, 1], as arrays."""
    seeing = compiled(network)
    return in_batches(lambda part: seeing(part.astype(np.float32) / 127.5 - 1.0), images, 64)


def _pixels(images: np.ndarray) -> np.ndarray:
    small = [cv2.resize(image, (SMALL, SMALL), interpolation=cv2.INTER_AREA) for image in images]
    return np.asarray(small, np.float32).reshape(len(images), -1) / 127.5 - 1.0


def _maps(images: np.ndarray, look: Look) -> np.ndarray:
    levels = _seen_by(lambda x: [m for m in look(x) if m.shape[1] <= COARSE], images)
    return np.concatenate([_even(level.reshape(len(images), -1)) for level in levels], axis=1)


def _even(values: np.ndarray) -> np.ndarray:
    """Scaled so that each kind of value has the same weight in all, whatever its number and units."""
    return values / (values.std() * np.sqrt(values.shape[1]))
