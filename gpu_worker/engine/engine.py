"""The engine: a bundle in memory that encodes photographs and makes faces."""

import copy
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np

from gpu_worker.engine.barycentric import between
from gpu_worker.engine.refining import Refining
from gpu_worker.engine.steps import ignore, never, stepping
from pipeline.fillers import (
    GeneratorSource,
    Latent,
    Locks,
    Page,
    PageRequest,
    Search,
    SyntheticFace,
    distance_of,
)
from pipeline.networks.bundle import Bundle
from pipeline.refinement import DEFAULT_METHOD, Callbacks, Refinement, TimeLimit
from pipeline.serving.bundle_faces import BundleFaces
from pipeline.serving.runtimes import Runtime

#: Faces of an interpolation between two looks at whether somebody still waits.
AT_ONCE: Final = 8


class Engine(BundleFaces):
    """What a job asks of a bundle: a page, the way between two faces, a refinement. Use :meth:`load`."""

    page_size = 12

    def __init__(self, bundle: Bundle, runtime: Runtime = "auto") -> None:
        super().__init__(bundle, runtime)
        self._refining = Refining(bundle, self.networks)

    @classmethod
    def load(cls, bundle_dir: Path, runtime: Runtime = "auto") -> "Engine":
        """Open a bundle and check its digests; its networks are built when they are first needed.

        Args:
            runtime: what runs them.

        Raises:
            BundleError: with one sentence about what is wrong.
            Unsupported: ``runtime`` cannot run one of the networks.
        """
        return cls(Bundle.open(bundle_dir), runtime)

    def realism(self, faces: np.ndarray) -> list[float | None]:
        """Faces uint8 (n, r, r, 3) → each one's rank among the generator's own, 0..1.

        Returns:
            None of each of a bundle that has no band, and so nothing to rank among.
        """
        if self.band is None:
            return [None] * len(faces)
        return [float(rank) for rank in self.band.scale.realism(self.logits(faces))]

    def neighbours(
        self,
        w_plus: np.ndarray,
        *,
        page: int = 1,
        count: int = page_size,
        seed: int = 0,
        reference: np.ndarray | None = None,
        locks: Mapping[str, str] = MappingProxyType({}),
        distance: float | None = None,
        below: float | None = None,
        report: Callable[[float], None] = ignore,
        stopped: Callable[[], bool] = never,
    ) -> Page:
        """Faces like the one at ``w_plus``, the less alike the higher the page (thesis §3.4.5).

        Args:
            w_plus: float32 (num_ws, w_dim).
            page: from 1: another page has other faces, and unless ``distance`` is given, less similar ones.
            reference: the suspect's crop, uint8 (r, r, 3), to which faces are to be similar; None: the face
                at ``w_plus``.
            locks: key of ``pipeline.fillers.locks.KEYS`` → a value, or "same": as predicted for the
                reference.
            distance: 0 (as alike as may be) to 1 (as different as may be); None: as the page says.
            below: mean similarity of the page before: this one's stays under it.

        Raises:
            CannotLock: a lock that this bundle cannot keep.
            Stopped: ``stopped()`` was true between two batches.
            ValueError: a page, count or distance out of range.
        """
        suspect = self.render(w_plus[None], noise_seed=seed) if reference is None else reference[None]
        request = PageRequest(
            count=count,
            distance=distance_of(page) if distance is None else distance,
            locks=Locks.asked(locks, self.describe(suspect)[0] if locks else None),
            seed=seed,
            page=page,
            below=below,
        )
        held = self.directions.held(locks)
        source = GeneratorSource(self, self.subspace, self.band, start=w_plus, noise_seed=seed, held=held)
        search = Search(source, reference=self.identity(suspect)[0], step=stepping(report, stopped))
        return search.run(request)

    def interpolate(
        self,
        *inputs: np.ndarray,
        steps: int = 12,
        seed: int = 0,
        report: Callable[[float], None] = ignore,
        stopped: Callable[[], bool] = never,
    ) -> list[SyntheticFace]:
        """Faces between two inputs or more in w+, the inputs included (thesis §5.3).

        Args:
            inputs: w+ float32 (num_ws, w_dim) each. Similarity is that to the first.
            steps: faces along the way from one to another; of three inputs that makes a triangle of
                ``steps`` (``steps`` + 1) / 2 faces, row by row from the first to the others.

        Raises:
            Stopped: ``stopped()`` was true between two batches.
        """
        codes, step = between(inputs, steps=steps), stepping(report, stopped)
        images = []
        for start in range(0, len(codes), AT_ONCE):
            step(start / len(codes))
            images.append(self.render(codes[start : start + AT_ONCE], noise_seed=seed))
        faces = self.scored(np.concatenate(images), codes, noise_seed=seed)
        step(1.0)
        return faces

    def scored(
        self, images: np.ndarray, codes: np.ndarray, *, noise_seed: int, like: np.ndarray | None = None
    ) -> list[SyntheticFace]:
        """Faces that were rendered, with who they are and how real they look.

        Args:
            images: uint8 (n, r, r, 3), of ``codes``, float32 (n, num_ws, w_dim).
            like: pictures uint8 (n, r, r, 3) to which each one's similarity is; None: the first image.
        """
        identities = self.identity(images)
        alike = (
            identities @ identities[0] if like is None else np.sum(identities * self.identity(like), axis=1)
        )
        return [
            SyntheticFace(image, Latent(code, noise_seed), who, float(value), realism=rank)
            for image, code, who, value, rank in zip(
                images, codes, identities, alike, self.realism(images), strict=True
            )
        ]

    def adjusted(self, w_plus: np.ndarray, moves: Mapping[str, float]) -> np.ndarray:
        """Move a face along attributes of ``directions``, in standard deviations (thesis §1.3.2).

        Returns:
            w+ float32 (num_ws, w_dim).

        Raises:
            NoDirection: the bundle has none for an attribute.
        """
        return self.directions.adjusted(w_plus, moves)

    def refine(
        self,
        crops: np.ndarray,
        *,
        seconds: float,
        method: str = DEFAULT_METHOD,
        same_person: bool = False,
        start: Refinement | None = None,
        report: Callable[[float], None] = ignore,
        preview: Callable[[np.ndarray], None] | None = None,
        stopped: Callable[[], bool] = never,
        stop_requested: Callable[[], bool] = never,
    ) -> Refinement:
        """Tune the networks until they show the people of ``crops``, uint8 (k, r, r, 3) (thesis §3.4.4).

        Args:
            seconds: time limit, from when TensorFlow is there, tracing included; it ends earlier if nothing
                improves any more.
            method: "pivotal" or "alternating"; see docs/refinement.md.
            same_person: the photographs show one person: one pivot for all of them.
            start: an earlier refinement of the same photographs by the same method, to go on from.
            preview: is shown the first face as it is, uint8 (r, r, 3), every few seconds.
            stop_requested: once it is true, the refinement ends early with what it has reached.

        Raises:
            Stopped: ``stopped()`` was true before a step; nothing is kept.
            RefinementError: ``start`` does not fit.
        """
        refiner = self._refining.refiner
        return refiner.refine(
            crops,
            limit=TimeLimit(seconds),
            method=method,
            same_person=same_person,
            start=start,
            callbacks=Callbacks(
                report=report, preview=preview, stopped=stopped, stop_requested=stop_requested
            ),
        )

    def refined(self, refinement: Refinement | None) -> "Engine":
        """This engine with the weights of ``refinement``: everything it makes is made with those.

        Raises:
            RefinementError: it is of another bundle, or does not fit it.
        """
        if refinement is None:
            return self
        view = copy.copy(self)
        view.networks = self._refining.refined(refinement)
        return view
