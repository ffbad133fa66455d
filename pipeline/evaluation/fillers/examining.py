"""The pages of one suspect, and what is to be known of them."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from pipeline.evaluation.nearest import nearest_of
from pipeline.evaluation.photographs import Portrait
from pipeline.fillers import GeneratorSource, Locks, Page, PageRequest, Search, distance_of
from pipeline.fillers.locks import KEYS, SAME, value_of
from pipeline.serving.bundle_faces import BundleFaces


@dataclass(frozen=True, eq=False)
class Examined:
    """One suspect.

    Attributes:
        figures: plain values.
        reconstruction: uint8 (r, r, 3): the face that the encoder takes the suspect for.
        pages: pictures of each page, uint8 (n, r, r, 3) each; the last one is the page with all locks, where
            the bundle predicts attributes.
        identities: of all faces of the pages, float32 (d,) each.
    """

    suspect: Portrait
    figures: dict[str, Any]
    reconstruction: np.ndarray
    pages: list[np.ndarray]
    identities: list[np.ndarray]


class Examiner:
    """Draws pages with a bundle's networks.

    Args:
        networks: the networks.
        training: identities of training faces, float32 (n, d), or None.
        pages, count, seed: so many pages of so many faces are drawn, from this seed.
    """

    def __init__(
        self, networks: BundleFaces, training: np.ndarray | None, *, pages: int, count: int, seed: int
    ) -> None:
        self.networks, self.training, self.pages, self.count, self.seed = (
            networks,
            training,
            pages,
            count,
            seed,
        )

    def examine(self, suspect: Portrait) -> Examined:
        """Draw the pages of ``suspect``, and one more with everything locked that can be."""
        started = time.perf_counter()
        code = self.networks.encode(suspect.crop[None])[0]
        who = self.networks.identity(suspect.crop[None])[0]
        found = [self._page(code, who, page=1)]
        seconds = time.perf_counter() - started
        for page in range(2, self.pages + 1):
            found.append(self._page(code, who, page=page, below=found[-1].mean_similarity))
        reconstruction = self.networks.render(code[None])
        predicted = self.networks.describe(suspect.crop[None])[0]
        pages = [self._figures(page) for page in found]
        means = [page["similarity"] for page in pages]
        figures = {
            "name": suspect.name,
            "reconstruction_similarity": float(self.networks.identity(reconstruction)[0] @ who),
            "band": _band(found[0]),
            "seconds": round(seconds, 3),
            "pages": pages,
            "falls": all(b is not None and a is not None and b < a for a, b in pairwise(means)),
            "locked": None,
        }
        if predicted is not None:
            known = {key: SAME for key in KEYS if value_of(key, predicted) is not None}
            locks = Locks.asked(known, predicted)
            found.append(self._page(code, who, page=1, locks=locks))
            figures["locked"] = self._locked(found[0], found[-1], locks)
        return Examined(
            suspect,
            figures,
            reconstruction[0],
            [_pictures(page, suspect) for page in found],
            [face.identity for page in found for face in page.faces],
        )

    def _page(
        self,
        code: np.ndarray,
        who: np.ndarray,
        *,
        page: int,
        locks: Locks | None = None,
        below: float | None = None,
    ) -> Page:
        held = self.networks.directions.held(locks.values if locks else ())
        source = GeneratorSource(
            self.networks,
            self.networks.subspace,
            self.networks.band,
            start=code,
            noise_seed=self.seed,
            held=held,
        )
        request = PageRequest(
            count=self.count,
            distance=distance_of(page),
            locks=locks or Locks(),
            seed=self.seed,
            page=page,
            below=below,
        )
        return Search(source, reference=who).run(request)

    def _figures(self, found: Page) -> dict[str, Any]:
        figures: dict[str, Any] = {
            "found": len(found.faces),
            "drawn": found.drawn,
            "rejected": {str(reason): number for reason, number in found.rejected.items()},
            "radius": round(found.radius, 3),
            "similarity": None,
        }
        if not found.faces:
            return figures
        who = np.stack([face.identity for face in found.faces])
        alike = np.array([face.similarity for face in found.faces])
        realism = [face.realism for face in found.faces if face.realism is not None]
        pairs = (who @ who.T)[np.triu_indices(len(who), 1)]
        figures |= {
            "similarity": float(alike.mean()),
            "similarity_range": [float(alike.min()), float(alike.max())],
            "pairs": None if not len(pairs) else {"mean": float(pairs.mean()), "highest": float(pairs.max())},
            "in_band": _share_inside(found, alike),
            "realism": None if not realism else {"mean": float(np.mean(realism)), "least": min(realism)},
            "nearest_training_face": None,
        }
        if self.training is not None:
            near = nearest_of(who, self.training).similarities
            figures["nearest_training_face"] = {"mean": float(near.mean()), "highest": float(near.max())}
        return figures

    def _locked(self, free: Page, held: Page, locks: Locks) -> dict[str, Any]:
        return {
            "values": dict(locks.values),
            **self._figures(held),
            "agreement": _agreement(held, locks.values),
            "agreement_without_locks": _agreement(free, locks.values),
        }


def _agreement(found: Page, values: Mapping[str, str]) -> dict[str, float] | None:
    """Share of faces that have each value as predicted; None of no faces."""
    predicted = [face.description for face in found.faces if face.description is not None]
    if not predicted:
        return None
    return {
        key: float(np.mean([value_of(key, one) == value for one in predicted]))
        for key, value in values.items()
    }


def _band(found: Page) -> list[float] | None:
    return None if found.limits is None else [found.limits.stranger, found.limits.clone]


def _share_inside(found: Page, alike: np.ndarray) -> float | None:
    if found.limits is None:
        return None
    return float(np.mean((alike >= found.limits.stranger) & (alike < found.limits.clone)))


def _pictures(found: Page, suspect: Portrait) -> np.ndarray:
    pictures: Sequence[np.ndarray] = [face.image for face in found.faces]
    return np.stack(pictures) if pictures else np.zeros((0, *suspect.crop.shape), np.uint8)
