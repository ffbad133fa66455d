"""Where candidates come from."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import Any, Final, Protocol

import numpy as np

from pipeline.fillers.ball import points_in_ball
from pipeline.fillers.band import Band
from pipeline.fillers.face import Description, SyntheticFace
from pipeline.fillers.page import PageRequest
from pipeline.fillers.subspace import Subspace

BATCH: Final = 8

Step = Callable[[float], None]
"""Called with the finished fraction before each batch and at the end; raises what is to end the work."""


class Source(Protocol):
    """Makes or finds candidates around a suspect, and says what is known of them.

    Attributes:
        band: which of them may be shown; None of a source for which that was not measured.
    """

    @property
    def band(self) -> Band | None: ...

    def first_radius(self, request: PageRequest) -> float:
        """How far from the suspect the first round looks, in the source's own measure."""
        ...

    def draw(
        self, count: int, *, radius: float, seed: Sequence[int], reference: np.ndarray, step: Step
    ) -> list[SyntheticFace]:
        """``count`` candidates within ``radius``: the same for the same seed.

        Args:
            reference: float32 (d,), unit length: to whom their similarity is.
        """
        ...

    def realism(self, faces: np.ndarray, /) -> Sequence[float | None]:
        """Faces uint8 (n, r, r, 3) → each one's rank among the source's own, 0..1."""
        ...

    def describe(self, faces: np.ndarray, /) -> Sequence[Description | None]:
        """What is predicted of faces uint8 (n, r, r, 3); None of each where nothing is."""
        ...


class FaceModels(Protocol):
    """The networks that a generator's candidates need, as functions of NumPy arrays."""

    def render(self, w_plus: np.ndarray, *, noise_seed: int = 0) -> np.ndarray:
        """w+ float32 (n, num_ws, w_dim) → uint8 (n, r, r, 3)."""
        ...

    def identity(self, faces: np.ndarray, /) -> np.ndarray:
        """Faces uint8 (n, r, r, 3) → float32 (n, d) of unit length, whose dot product is similarity."""
        ...

    def logits(self, faces: np.ndarray, /) -> np.ndarray:
        """Faces uint8 (n, r, r, 3) → the discriminator's logits, float32 (n,)."""
        ...

    def describe(self, faces: np.ndarray, /) -> Sequence[Description | None]:
        """What is predicted of faces uint8 (n, r, r, 3); None of each where nothing is."""
        ...


class GeneratorSource:
    """A generator's faces in a ball around one point of w+ (thesis §3.4.5).

    Args:
        models: renders and scores.
        subspace: in which the ball lies.
        band: which faces may be shown, and how large balls are; None: as the subspace says, page by page.
        start: w+ float32 (num_ws, w_dim).
        noise_seed: of every face.
        held: see :func:`points_in_ball`.
    """

    def __init__(
        self,
        models: FaceModels,
        subspace: Subspace,
        band: Band | None,
        *,
        start: np.ndarray,
        noise_seed: int = 0,
        held: np.ndarray | None = None,
    ) -> None:
        self.band = band
        self.describe: Any = models.describe
        self._models, self._subspace = models, subspace
        self._start, self._noise_seed, self._held = start, noise_seed, held

    def first_radius(self, request: PageRequest) -> float:
        """Radius of the first ball, in the subspace's coordinates."""
        if self.band is None:
            return self._subspace.radius(request.page)
        return self.band.radius(request.distance)

    def draw(
        self, count: int, *, radius: float, seed: Sequence[int], reference: np.ndarray, step: Step
    ) -> list[SyntheticFace]:
        """Faces of the ball, rendered while those of the batch before are embedded: neither keeps all cores
        busy alone."""
        random = np.random.default_rng(seed)
        codes = points_in_ball(
            self._subspace, self._start, count, radius=radius, random=random, held=self._held
        )
        parts = [codes[done : done + BATCH] for done in range(0, count, BATCH)]
        with ThreadPoolExecutor(1) as embedding:
            rendered = []
            for place, part in enumerate(parts):
                step(place / len(parts))
                images = self._models.render(part, noise_seed=self._noise_seed)
                rendered.append((images, embedding.submit(self._models.identity, images)))
            found: list[SyntheticFace] = []
            for part, (images, embedded) in zip(parts, rendered, strict=True):
                identities = embedded.result()
                alike = map(float, identities @ reference)
                found += map(SyntheticFace, images, part, repeat(self._noise_seed), identities, alike)
        return found

    def realism(self, faces: np.ndarray, /) -> Sequence[float | None]:
        """Ranks of the discriminator's logits among those of the generator's faces; None without a band."""
        if self.band is None:
            return [None] * len(faces)
        return [float(rank) for rank in self.band.scale.realism(self._models.logits(faces))]
