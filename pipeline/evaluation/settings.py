"""What is asked of an examination."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

from pipeline.command_line import BadInput

METRICS: Final = {
    "fid": "Fréchet distance",
    "baseline": "Fréchet distance between halves of the training faces, and of an untrained network",
    "kid": "kernel distance",
    "pr": "precision, recall, density, coverage",
    "ppl": "perceptual path length in z and w",
    "scores": "histogram of the discriminator's scores",
    "nearest": "nearest training face of each sample",
    "attributes": "kinds of people among samples and training faces",
    "detected": "samples in which the face detector finds a face",
}
QUICK_METRICS: Final = ("fid", "kid", "pr")
FEWEST: Final = 16


@dataclass(frozen=True)
class Settings:
    """How much is looked at.

    Attributes:
        samples: generated faces.
        truncation: ψ of the samples that are measured.
        seed: of the codes and of everything else random.
        metrics: names of ``METRICS``.
        path_samples: ways in each variant of the path length.
        detected_samples: the first so many samples are shown to the face detector.
        mirrored: compare with the training faces and their mirror images.
    """

    samples: int = 5000
    truncation: float = 1.0
    seed: int = 0
    metrics: tuple[str, ...] = tuple(METRICS)
    path_samples: int = 500
    detected_samples: int = 500
    mirrored: bool = False


def settings_of(arguments: argparse.Namespace) -> Settings:
    """What a command was asked for, metrics in the order of ``METRICS``; without an option, as usual.

    Raises:
        BadInput: metrics are names divided by commas, and one of them is unknown, or there is none.
    """
    asked = [name.strip() for name in arguments.metrics.split(",") if name.strip()]
    if unknown := sorted(set(asked) - METRICS.keys()):
        raise BadInput(f"there is no metric {', '.join(unknown)}; there are {', '.join(METRICS)}.")
    if not asked:
        raise BadInput(f"--metrics names none; there are {', '.join(METRICS)}.")
    given = {one.name: getattr(arguments, one.name) for one in fields(Settings) if one.name in arguments}
    return Settings(**given | {"metrics": tuple(name for name in METRICS if name in asked)})


def needs_features(metrics: Sequence[str]) -> bool:
    """Whether any of the metrics compares features with the training faces'."""
    return bool({"fid", "baseline", "kid", "pr", "nearest", "attributes"} & set(metrics))
