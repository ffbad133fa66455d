"""Sheets of faces for a report: drawn from the seed, none of them chosen."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from pipeline.dataset.images import save_grid
from pipeline.evaluation.dataset import DataSet
from pipeline.evaluation.nearest import Nearest
from pipeline.evaluation.path_length import lerp
from pipeline.evaluation.sampling import Sampler, latents

COLUMNS: Final = 10
SHEET: Final = 60
STRIPS, STEPS = 6, 10
PAIRS: Final = 15


@dataclass(frozen=True)
class Sheet:
    """A sheet of pictures.

    Attributes:
        name: stem of its file.
        title, caption: for the page.
        images: uint8 (n, side, side, 3), row by row.
        columns: pictures a row.
    """

    name: str
    title: str
    caption: str
    images: np.ndarray
    columns: int = COLUMNS

    @property
    def file(self) -> str:
        """Name of its PNG."""
        return f"{self.name}.png"

    def write(self, folder: Path) -> None:
        """Write it as PNG."""
        save_grid(folder / self.file, self.images, self.columns)


def sample_sheets(sampler: Sampler, data: DataSet, *, seed: int) -> list[Sheet]:
    """Samples untruncated and truncated, training faces, and ways between samples."""
    codes = sampler.codes(latents(sampler.generator, SHEET, seed))
    order = np.random.default_rng(seed).permutation(len(data.images))[:SHEET]
    starts, ends = codes[:STRIPS], codes[STRIPS : 2 * STRIPS]
    ways = [lerp(starts, ends, np.full((1, 1), t)) for t in np.linspace(0, 1, STEPS)]
    strips = np.stack(ways, axis=1).reshape(STRIPS * STEPS, -1)
    return [
        Sheet(
            "samples",
            "Samples, ψ = 1",
            f"The first {SHEET} codes of the seed; none was chosen or left out.",
            sampler.pictures(codes),
        ),
        Sheet(
            "samples-truncated",
            "Samples, ψ = 0.7",
            "The same codes, pulled towards the mean face.",
            sampler.pictures(codes, 0.7),
        ),
        Sheet("training", "Training faces", f"{len(order)} at random.", data.images[order]),
        Sheet(
            "interpolation",
            "Interpolation",
            "Each row goes straight through w from one sample to another.",
            sampler.pictures(strips),
        ),
    ]


def nearest_sheets(
    sampler: Sampler, data: DataSet, nearest: Nearest, *, samples: int, truncation: float, seed: int
) -> list[Sheet]:
    """Samples beside their nearest training faces: the first ones, and those that come nearest of all."""
    z = latents(sampler.generator, samples, seed)
    first = np.arange(min(PAIRS, samples))
    closest = np.argsort(-nearest.similarities)[:PAIRS]
    sheets = []
    for name, which, title, caption in (
        (
            "nearest",
            first,
            "Nearest training face",
            "The first samples, each with its nearest training face.",
        ),
        ("nearest-of-all", closest, "Nearest of all", "The samples that come nearest to a training face."),
    ):
        made = sampler.pictures(sampler.codes(z[which]), truncation)
        beside = training_images(data, nearest.places[which])
        pairs = np.stack([made, beside], axis=1).reshape(-1, *made.shape[1:])
        ranked = ", ".join(f"{nearest.similarities[i]:.2f}" for i in which)
        sheets.append(Sheet(name, title, f"{caption} Cosine similarity, row by row: {ranked}.", pairs))
    return sheets


def training_images(data: DataSet, places: np.ndarray) -> np.ndarray:
    """Training faces by place; places beyond the last one count through the mirrored ones."""
    count = len(data.images)
    images = data.images[places % count]
    return np.asarray(np.where((places >= count)[:, None, None, None], images[:, :, ::-1], images))
