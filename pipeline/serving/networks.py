"""What every runtime makes of a bundle: its networks as functions of arrays, in batches of any size."""

from collections.abc import Sequence
from typing import Protocol, Self

import numpy as np

from pipeline.identity.looks import Looks
from pipeline.networks.attributes.answers import Predictor
from pipeline.refinement import Refinement
from pipeline.serving.arithmetic import Arithmetic


class Networks(Protocol):
    """A bundle's networks; pictures are uint8 RGB, channels last.

    A face has the same pixels in a batch of any size.

    Attributes:
        arithmetic: what computes.
        embedder_digest: SHA-256 of the weights that tell people apart.
    """

    @property
    def arithmetic(self) -> Arithmetic: ...

    @property
    def embedder_digest(self) -> str: ...

    @property
    def attributes(self) -> Predictor | None:
        """The attribute models; None of a bundle without."""
        ...

    def map(self, z: np.ndarray) -> np.ndarray:
        """z float32 (n, z_dim) → w float32 (n, w_dim), not truncated."""
        ...

    def synthesise(self, w_plus: np.ndarray, noise: Sequence[np.ndarray]) -> np.ndarray:
        """w+ float32 (n, num_ws, w_dim), a noise map float32 (1, side, side) for each convolution → pictures
        (n, r, r, 3)."""
        ...

    def encode(self, pictures: np.ndarray) -> np.ndarray:
        """Pictures (n, r, r, 3) → w+ float32 (n, num_ws, w_dim)."""
        ...

    def look(self, pictures: np.ndarray) -> Looks:
        """Who is on pictures (n, r, r, 3), how old, of what sex."""
        ...

    def logits(self, pictures: np.ndarray, company: np.ndarray) -> np.ndarray:
        """How real pictures (n, r, r, 3) look to the discriminator, float32 (n,), each in the company of the
        same few others, (group - 1, r, r, 3)."""
        ...

    def refined(self, refinement: Refinement) -> Self:
        """The same networks with the weights of ``refinement``.

        Raises:
            RefinementError: it is of another bundle, or does not fit it.
        """
        ...
