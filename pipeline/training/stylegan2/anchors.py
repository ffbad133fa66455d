"""Anchors: training pictures that have a latent of their own, from which the generator is to make them.

A discriminator tells a generator little at a time: with a few thousand pictures and an office's processor it
leaves most of their variety out. An anchor tells it everything about one picture (Bojanowski et al. 2018,
"Optimizing the latent space of generative networks"). Here the latents are not learned: a picture's is what
principal components say of it, whitened, so that the anchors lie in z like the normal distribution that
samples are drawn from, alike pictures near each other, and the adversarial loss sees to what lies between.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from keras import ops
from safetensors.numpy import load_file, save_file

from pipeline.networks.backend import compiled
from pipeline.networks.perceptual import Look, distance_of_maps
from pipeline.training.images import Batches

Tensor = Any
CODES = "anchors.safetensors"
SMALL = 32  # side of the pictures whose pixels count; finer detail is the maps' business
COARSE = 16  # side of the finest maps that count
PIXEL_WEIGHT = 2.0


@dataclass(frozen=True)
class Anchors:
    """The anchors of a run.

    Attributes:
        batches: training pictures by number of the step.
        codes: latents float32 (2, pictures, z_dim), of the pictures and of their mirror images.
        look: what pictures are compared through.
    """

    batches: Batches
    codes: np.ndarray
    look: Look = field(repr=False)

    def __getitem__(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """Step ``number``: pictures float32 (batch, side, side, 3) in [-1, 1], their codes (batch, z_dim)."""
        picked, mirrored = self.batches.picked(number)
        return self.batches[number], self.codes[mirrored.astype(int), picked]

    def loss(self, made: Tensor, wanted: Tensor) -> Tensor:
        """How far pictures made from codes are from those wanted: a scalar.

        Args:
            made, wanted: float32 (n, side, side, 3), about [-1, 1].
        """
        pixels = ops.mean(ops.abs(made - wanted))
        return PIXEL_WEIGHT * pixels + ops.mean(distance_of_maps(self.look(made), self.look(wanted)))


def open_anchors(
    folder: Path, images: np.ndarray, look: Look, *, components: int, batch: int, mirror: bool, seed: int
) -> Anchors:
    """Anchors of a run in ``folder``; codes that it has already are read, for principal components may turn
    out differently on another machine.

    Args:
        images: uint8 (pictures, side, side, 3), channels last.
        components: size of a code, z_dim.
        batch, mirror, seed: see :class:`Batches`.

    Raises:
        ValueError: the codes in the folder are of other pictures, or there are too few pictures.
    """
    path, shape = folder / CODES, (2, len(images), components)
    if path.is_file():
        codes = load_file(path)["codes"]
        if codes.shape != shape:
            raise ValueError(f"{path} has codes of shape {codes.shape}, not {shape}: of other pictures.")
    else:
        codes = principal_codes(images, look, components=components, seed=seed)
        folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        save_file({"codes": codes}, partial)
        partial.replace(path)
    return Anchors(Batches(images, batch=batch, mirror=mirror, seed=seed + 1), codes, look)


def principal_codes(images: np.ndarray, look: Look, *, components: int, seed: int) -> np.ndarray:
    """Whitened principal components of pictures and of their mirror images.

    Pixels of small copies and the coarse maps of ``look`` count alike.

    Args:
        images: uint8 (pictures, side, side, 3), side at least :data:`SMALL`.

    Returns:
        float32 (2, pictures, components), each component of mean 0 and deviation 1.

    Raises:
        ValueError: fewer pictures than components.
    """
    from sklearn.decomposition import PCA

    if 2 * len(images) < components:
        raise ValueError(f"{len(images)} pictures are too few for anchors of {components} components.")
    both = np.concatenate([images, images[:, :, ::-1]])
    seen = np.concatenate([_even(_pixels(both)), _even(_maps(both, look))], axis=1)
    pca = PCA(components, whiten=True, svd_solver="randomized", random_state=seed)
    codes = pca.fit_transform(seen).astype(np.float32)
    return np.ascontiguousarray(codes.reshape(2, len(images), components))


def _pixels(images: np.ndarray) -> np.ndarray:
    small = [cv2.resize(image, (SMALL, SMALL), interpolation=cv2.INTER_AREA) for image in images]
    return np.asarray(small, np.float32).reshape(len(images), -1) / 127.5 - 1.0


def _maps(images: np.ndarray, look: Look, batch: int = 64) -> np.ndarray:
    seeing = compiled(lambda x: [m for m in look(x) if m.shape[1] <= COARSE])
    parts = []
    for start in range(0, len(images), batch):
        part = images[start : start + batch].astype(np.float32) / 127.5 - 1.0
        maps = [ops.convert_to_numpy(m) for m in seeing(ops.convert_to_tensor(part))]
        parts.append(np.concatenate([_even(m.reshape(len(part), -1)) for m in maps], axis=1))
    return np.concatenate(parts)


def _even(values: np.ndarray) -> np.ndarray:
    """Scaled so that each kind of value has the same weight in all, whatever its number and units."""
    return values / (values.std() * np.sqrt(values.shape[1]))
