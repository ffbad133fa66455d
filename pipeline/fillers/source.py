"""Where candidates come from."""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

import numpy as np

from pipeline.fillers.ball import points_in_ball
from pipeline.fillers.band import Band, Limits
from pipeline.fillers.face import Description, Latent, SyntheticFace
from pipeline.fillers.page import PageRequest
from pipeline.fillers.reasons import Reason
from pipeline.fillers.subspace import Subspace

BATCH: Final = 8
EXCESS: Final = 5  # candidates for each face wanted: 60 for 12
FURTHER: Final = 2  # and in each round after the first, since few are missing then

Step = Callable[[float], None]
"""Called with the finished fraction before each batch and at the end; raises what is to end the work."""


class Source(Protocol):
    """Makes or finds candidates around a suspect, and says what is known of them.

    Attributes:
        least_realism: rank of a face among the source's own, 0..1, below which it is not shown.
    """

    @property
    def least_realism(self) -> float: ...

    def limits(self, reference: np.ndarray, /) -> Limits | None:
        """The band around ``reference``, float32 (d,), unit length; None of a source for which none was
        measured: the most alike are shown then, and no distance is kept."""
        ...

    def first_radius(self, request: PageRequest) -> float:
        """How far from the suspect the first round looks, in the source's own measure."""
        ...

    def amount(self, number: int, *, count: int, missing: int) -> int:
        """How many candidates round ``number``, from 0, is to draw for a page of ``count`` faces, of which
        so many are ``missing``."""
        ...

    def draw(
        self, count: int, *, radius: float, seed: Sequence[int], reference: np.ndarray, step: Step
    ) -> list[SyntheticFace]:
        """About ``count`` candidates within ``radius``: the same for the same seed.

        Args:
            seed: of the page, its number, and the number of the round, from 0.
            reference: float32 (d,), unit length: to whom their similarity is.
        """
        ...

    def preference(self, faces: Sequence[SyntheticFace], /) -> np.ndarray:
        """What is added to the similarity of each where they are put into an order: float (n,)."""
        ...

    def refused(self, faces: Sequence[SyntheticFace], /) -> Sequence[Reason | None]:
        """What the source itself has against each of ``faces``."""
        ...

    def realism(self, faces: Sequence[SyntheticFace], /) -> Sequence[float | None]:
        """Each one's rank among the source's own, 0..1."""
        ...

    def describe(self, faces: Sequence[SyntheticFace], /) -> Sequence[Description | None]:
        """What is predicted of each; None where nothing is."""
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
        self._models, self._subspace = models, subspace
        self._start, self._noise_seed, self._held = start, noise_seed, held

    @property
    def least_realism(self) -> float:
        """The band's."""
        return 0.0 if self.band is None else self.band.least_realism

    def limits(self, reference: np.ndarray, /) -> Limits | None:
        """The band's."""
        return None if self.band is None else self.band.limits(reference)

    def first_radius(self, request: PageRequest) -> float:
        """Radius of the first ball, in the subspace's coordinates."""
        if self.band is None:
            return self._subspace.radius(request.page)
        return self.band.radius(request.distance)

    def amount(self, number: int, *, count: int, missing: int) -> int:
        """Rendered in batches, many cost little more than few."""
        return count * (EXCESS if number == 0 else FURTHER)

    def draw(
        self, count: int, *, radius: float, seed: Sequence[int], reference: np.ndarray, step: Step
    ) -> list[SyntheticFace]:
        """Faces of the ball."""
        random = np.random.default_rng(seed)
        codes = points_in_ball(
            self._subspace, self._start, count, radius=radius, random=random, held=self._held
        )
        found: list[SyntheticFace] = []
        for done in range(0, count, BATCH):
            step(done / count)
            part = codes[done : done + BATCH]
            images = self._models.render(part, noise_seed=self._noise_seed)
            identities = self._models.identity(images)
            alike = map(float, identities @ reference)
            latents = (Latent(code, self._noise_seed) for code in part)
            found += map(SyntheticFace, images, latents, identities, alike)
        return found

    def preference(self, faces: Sequence[SyntheticFace], /) -> np.ndarray:
        """None."""
        return np.zeros(len(faces))

    def refused(self, faces: Sequence[SyntheticFace], /) -> Sequence[Reason | None]:
        """Nothing: what a generator makes is nobody's."""
        return [None] * len(faces)

    def realism(self, faces: Sequence[SyntheticFace], /) -> Sequence[float | None]:
        """Ranks of the discriminator's logits among those of the generator's faces; None without a band."""
        if self.band is None:
            return [None] * len(faces)
        return [float(rank) for rank in self.band.scale.realism(self._models.logits(pictures(faces)))]

    def describe(self, faces: Sequence[SyntheticFace], /) -> Sequence[Description | None]:
        """What the attribute models predict."""
        return self._models.describe(pictures(faces))


def pictures(faces: Sequence[SyntheticFace]) -> np.ndarray:
    """Faces as one array, uint8 (n, r, r, 3)."""
    return np.stack([face.image for face in faces])
