"""What is measured of a head before anything is said of it: blocks of numbers, each of one kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.faces.head import EYE_LINE, OVAL, SIDE, Head
from pipeline.faces.measures import eye_openings, mouth_gap
from pipeline.identity import SIZE as FEATURES
from pipeline.identity import FaceIdentity, Looks
from pipeline.identity.faces import INNER_SIZES
from pipeline.reading.colours import COLOURS, coloured
from pipeline.reading.views import VIEWS, views

LIPS: Final = (
    61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185,
    78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191,
)  # fmt: skip
"""Landmarks along the lips' outer and inner edges."""
DEPTHS: Final = ("early", "middle")
"""What the means of the network's inner maps are called, as ``FaceIdentity.inspect`` orders them."""
SIZES: Final = {
    "answers": 2 * len(VIEWS),
    **dict.fromkeys(VIEWS, FEATURES),
    **{f"{view}/{depth}": size for depth, size in zip(DEPTHS, INNER_SIZES, strict=True) for view in VIEWS},
    "colours": COLOURS,
    "shape": 2 * (len(LIPS) + len(OVAL)) + 3,
}
"""Numbers of each block."""


@dataclass(frozen=True, eq=False)
class Signs:
    """Measurements of n heads.

    Attributes:
        blocks: name → float32 (n, d). ``face``, ``wide``, ``upper``, ``lower``: faceres' features of a view,
            of unit length; ``face/early``, ``face/middle`` …: of maps on the way; ``answers``: its ages (in
            centuries) and sexes by view; ``colours``; ``shape``: of lips and outline.
        identities: float32 (n, 1024) of unit length: who they are.
        colourless: bool (n,): black and white pictures.
    """

    blocks: dict[str, np.ndarray]
    identities: np.ndarray
    colourless: np.ndarray

    def __len__(self) -> int:
        return len(self.identities)

    def of(self, names: Sequence[str]) -> np.ndarray:
        """Blocks side by side, float32 (n, d)."""
        return np.concatenate([self.blocks[name] for name in names], axis=1)

    def at(self, place: int) -> "Signs":
        """Of one head alone."""
        one = slice(place, place + 1)
        blocks = {name: values[one] for name, values in self.blocks.items()}
        return Signs(blocks, self.identities[one], self.colourless[one])


def together(parts: Sequence[Signs]) -> Signs:
    """Measurements of several, one after the other; at least one."""
    blocks = {name: np.concatenate([one.blocks[name] for one in parts]) for name in parts[0].blocks}
    return Signs(
        blocks,
        np.concatenate([one.identities for one in parts]),
        np.concatenate([one.colourless for one in parts]),
    )


def signs_of(heads: Sequence[Head], identity: FaceIdentity) -> Signs:
    """Measure heads, at least one."""
    looks, inner = identity.inspect(np.concatenate([views(head) for head in heads]))
    colours = [coloured(head) for head in heads]
    blocks = {"answers": _answers(looks, len(heads))}
    for depth, values in zip(("", *DEPTHS), (looks.features, *inner), strict=True):
        by_view = _unit(values).reshape(len(heads), len(VIEWS), -1)
        blocks |= {f"{name}/{depth}".rstrip("/"): by_view[:, i] for i, name in enumerate(VIEWS)}
    blocks["colours"] = np.stack([one.signs for one in colours])
    blocks["shape"] = np.stack([_shape(head) for head in heads])
    return Signs(blocks, blocks["face"], np.array([one.colourless for one in colours]))


def _unit(values: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(values, axis=1, keepdims=True)
    return np.asarray(values / np.maximum(lengths, 1e-6), np.float32)


def _answers(looks: Looks, count: int) -> np.ndarray:
    male = np.clip(looks.male, 1e-4, 1 - 1e-4)
    both = np.stack([looks.ages / 100, np.log(male / (1 - male)) / 10], axis=1)
    return np.asarray(both.reshape(count, -1), np.float32)


def _shape(head: Head) -> np.ndarray:
    points = head.landmarks[list(LIPS + OVAL)] / SIDE - [0.5, EYE_LINE]
    openings = (mouth_gap(head.landmarks), *eye_openings(head.landmarks))
    return np.concatenate([points.ravel(), openings]).astype(np.float32)
