"""The signs of all portraits in every variant, kept in a folder so that a training that was ended goes on."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipeline.faces.head import Head
from pipeline.identity import FaceIdentity
from pipeline.reading.signs import Signs, signs_of
from pipeline.training.reading.mirroring import mirror_order, mirrored
from pipeline.training.reading.variants import poorer
from pipeline.whole_files import replacing

PLAIN, MIRRORED, POORER = "plain", "mirrored", "poorer"
VARIANTS: Final = (PLAIN, MIRRORED, POORER)
BATCH: Final = 16
COLOURLESS: Final = "colourless"
DIGEST: Final = "digest"


@dataclass(frozen=True, eq=False)
class Portraits:
    """What is looked at.

    Attributes:
        heads: makes them anew, in order.
        count: of them.
        digest: changes with the portraits, their labels and landmarks.
    """

    heads: Callable[[], Iterator[Head]]
    count: int
    digest: str


def see(
    portraits: Portraits,
    variant: str,
    folder: Path,
    identity: FaceIdentity,
    *,
    seed: int,
    said: Callable[[str], object],
) -> Signs:
    """The signs of every portrait in one variant, from ``folder`` if they lie there.

    They are of real people, as the portraits are: the folder is to be kept as these are.
    """
    path = folder / f"{variant}.npz"
    digest = hashlib.sha256(f"{portraits.digest} {identity.digest} {seed}".encode()).hexdigest()
    if path.is_file() and (kept := _kept(path, digest)) is not None:
        return kept
    flip = None if variant == PLAIN else mirror_order([head.landmarks for head in portraits.heads()])
    found = []
    for start, heads in _batches(portraits.heads()):
        changed = [_changed(head, variant, flip, seed=seed, number=start + i) for i, head in enumerate(heads)]
        found.append(signs_of(changed, identity))
        said(f"{variant}: {start + len(heads)} of {portraits.count}")
    signs = _joined(found)
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(path) as partial, partial.open("wb") as file:
        arrays: dict[str, Any] = {DIGEST: np.array(digest), COLOURLESS: signs.colourless, **signs.blocks}
        np.savez(file, **arrays)
    return signs


def rows_of(signs: Signs, rows: np.ndarray) -> Signs:
    """Some of them, by a mask or by places."""
    blocks = {name: values[rows] for name, values in signs.blocks.items()}
    return Signs(blocks, signs.identities[rows], signs.colourless[rows])


def _changed(head: Head, variant: str, flip: np.ndarray | None, *, seed: int, number: int) -> Head:
    if flip is None:
        return head
    if variant == MIRRORED:
        return mirrored(head, flip)
    return poorer(head, flip, np.random.default_rng([seed, number]))


def _batches(heads: Iterator[Head]) -> Iterator[tuple[int, list[Head]]]:
    start, batch = 0, []
    for head in heads:
        batch.append(head)
        if len(batch) == BATCH:
            yield start, batch
            start, batch = start + BATCH, []
    if batch:
        yield start, batch


def _joined(parts: Sequence[Signs]) -> Signs:
    blocks = {name: np.concatenate([part.blocks[name] for part in parts]) for name in parts[0].blocks}
    return Signs(blocks, blocks["face"], np.concatenate([part.colourless for part in parts]))


def _kept(path: Path, digest: str) -> Signs | None:
    with np.load(path) as file:
        values = dict(file)
    if str(values.pop(DIGEST)) != digest:
        return None
    colourless = values.pop(COLOURLESS)
    return Signs(values, values["face"], colourless)
