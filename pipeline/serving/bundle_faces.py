"""What a bundle makes and knows of faces: to serve, to measure, to fit on."""

from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np

from pipeline.attributes import describe
from pipeline.fillers import Band, Directions, Subspace
from pipeline.identity.looks import Looks
from pipeline.networks.attributes.answers import Predictor
from pipeline.networks.bundle import Bundle
from pipeline.networks.stylegan2.noise import noise_from_seed
from pipeline.serving.arithmetic import Arithmetic
from pipeline.serving.runtimes import Runtime, served

DESCRIBED_AT_ONCE: Final = 4  # a page of twelve costs the same as in one batch, a suspect alone a third of it
# Codes of the faces that the discriminator sees beside each one: never those of a user's seed.
COMPANY_SEED: Final = 2_718_281_828
#: Pictures of which it is remembered who they show and what is predicted: a suspect comes with every page.
REMEMBERED: Final = 64


class BundleFaces:
    """Makes and scores faces with one bundle.

    All arrays are NumPy; images uint8 RGB, channels last; w+ float32 (num_ws, w_dim).

    Args:
        bundle: with a generator, an encoder and a subspace.
        runtime: what runs its networks.

    Attributes:
        networks: the bundle's, as functions of arrays.
        subspace: where similar faces are drawn.
        band: which of them may be shown; None of a bundle for which that was not measured.
        directions: attributes along which a face can be moved.
        manifest: what ``bundle.json`` says.
        attributes: the attribute models; None of a bundle without.
        reliability: what the bundle says of how often its attribute models are right, by attribute:
            ``accuracy``, ``n``, ``measured_on`` …; None of a bundle that has no attribute models.
    """

    def __init__(self, bundle: Bundle, runtime: Runtime = "auto") -> None:
        bundle.require("encoder")
        self.manifest: dict[str, Any] = bundle.manifest
        self.bundle, self.networks = bundle, served(bundle, runtime)
        self.subspace: Subspace = bundle.subspace()
        self.band: Band | None = bundle.band()
        self.directions = bundle.directions() or Directions({})
        self.digest, self.resolution = bundle.digest, bundle.resolution
        self._sizes = bundle.generator_config
        self.num_ws = self._sizes.num_ws
        self.framing: dict[str, float] | None = bundle.manifest.get("framing")
        self.reliability: dict[str, Any] | None = None
        if self.attributes is not None:
            self.reliability = {name: entry.to_dict() for name, entry in bundle.reliability().items()}
        self._who = lru_cache(REMEMBERED)(self._looked_at)
        self._described = lru_cache(REMEMBERED)(self._predicted)

    @property
    def arithmetic(self) -> Arithmetic:
        """What computes."""
        return self.networks.arithmetic

    @property
    def embedder_digest(self) -> str:
        """SHA-256 of the weights that tell people apart."""
        return self.networks.embedder_digest

    @property
    def attributes(self) -> Predictor | None:
        """The attribute models; None of a bundle without."""
        return self.networks.attributes

    def warm_up(self) -> None:
        """Compile and run every function once, so that the first request is as quick as the next."""
        faces = self.render(np.zeros((1, self.num_ws, self._sizes.w_dim), np.float32))
        self.encode(faces)
        self.describe(faces)
        self.identity(faces)
        if self.band is not None:
            self.logits(faces)

    def random_codes(self, count: int, seed: int) -> np.ndarray:
        """w+ float32 (count, num_ws, w_dim) of faces at random, not truncated."""
        random = np.random.default_rng(seed)
        z = random.standard_normal((count, self._sizes.z_dim)).astype(np.float32)
        return np.repeat(self.networks.map(z)[:, None], self.num_ws, axis=1)

    def render(self, w_plus: np.ndarray, *, noise_seed: int = 0) -> np.ndarray:
        """w+ float32 (n, num_ws, w_dim) → faces uint8 (n, r, r, 3); the same noise for each."""
        noise = noise_from_seed(self._sizes.noise_sides, noise_seed)
        return self.networks.synthesise(np.asarray(w_plus, np.float32), noise)

    def encode(self, crops: np.ndarray) -> np.ndarray:
        """Photographs' crops uint8 (n, r, r, 3) → w+ float32 (n, num_ws, w_dim) (thesis §3.4.3)."""
        side = self.resolution
        if crops.dtype != np.uint8 or crops.shape[1:] != (side, side, 3):
            raise ValueError(f"crops are uint8 (n, {side}, {side}, 3), not {crops.dtype} {crops.shape}")
        return self.networks.encode(crops)

    def identity(self, faces: np.ndarray, /) -> np.ndarray:
        """Faces or photographs' crops uint8 (n, r, r, 3) → who they are, float32 (n, d), unit length."""
        if len(faces) == 1:
            return self._who(faces.tobytes(), faces.shape).directions()
        return self.networks.look(faces).directions()

    def ages(self, faces: np.ndarray) -> np.ndarray:
        """Age in years as the embedder takes it, float32 (n,), of faces uint8 (n, r, r, 3)."""
        return self.networks.look(faces).ages

    def describe(self, faces: np.ndarray, /) -> list[dict[str, Any] | None]:
        """Predict the attributes of faces or photographs' crops, uint8 (n, r, r, 3) (thesis §3.3).

        Returns:
            A description of each; None for each of a bundle that has no attribute models.
        """
        if self.attributes is None:
            return [None] * len(faces)
        if len(faces) == 1:
            return [dict(self._described(faces.tobytes(), faces.shape))]
        found = self.attributes.predict(faces, batch=DESCRIBED_AT_ONCE)
        return [describe(found, index).to_dict() for index in range(len(faces))]

    @cached_property
    def company(self) -> np.ndarray:
        """Faces beside which the discriminator sees each one, uint8 (group - 1, r, r, 3): the band's, or made
        afresh where there is none."""
        if self.band is not None:
            return self.band.company
        # One more than needed, since a group may be of one.
        codes = self.random_codes(self.bundle.discriminator_config.minibatch_std_group, COMPANY_SEED)
        return self.render(codes)[1:]

    def logits(self, faces: np.ndarray, /) -> np.ndarray:
        """Faces uint8 (n, r, r, 3) → the discriminator's logits float32 (n,), each in the same company."""
        return self.networks.logits(faces, self.company)

    def _looked_at(self, data: bytes, shape: tuple[int, ...]) -> Looks:
        return self.networks.look(np.frombuffer(data, np.uint8).reshape(shape))

    def _predicted(self, data: bytes, shape: tuple[int, ...]) -> dict[str, Any]:
        if self.attributes is None:
            return {}
        face = np.frombuffer(data, np.uint8).reshape(shape)
        return describe(self.attributes.predict(face, batch=DESCRIBED_AT_ONCE), 0).to_dict()
