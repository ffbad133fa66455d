"""The engine: a bundle in memory that encodes photographs and makes faces."""

import copy
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import tensorflow as tf

from gpu_worker.engine.made import Description, Made, Neighbours
from gpu_worker.engine.neighbours import neighbours_of
from gpu_worker.engine.refining import Refining
from gpu_worker.engine.ways import way_through
from pipeline.attributes import describe
from pipeline.fillers import Directions, Neighbourhood
from pipeline.networks.batches import padded
from pipeline.networks.bundle import Bundle
from pipeline.networks.faceres import FaceEmbedder
from pipeline.networks.realism import RealismJudge
from pipeline.networks.stylegan2 import noise_from_seed
from pipeline.refinement import DEFAULT_METHOD, Audience, Refinement, TimeLimit
from pipeline.stopping import Stopped

BATCH = 8  # as fast as 16 on a CPU, with half the memory
DESCRIBED_AT_ONCE = 4  # a page of twelve costs the same as in one batch, a suspect alone a third of it


def ignore(fraction: float) -> None:
    """The default for ``report``."""


def never() -> bool:
    """The default for ``stopped``."""
    return False


class Engine:
    """Makes faces with the models of one bundle.

    Use :meth:`load`. All arrays are NumPy; images uint8 RGB, channels last; w+ float32 (num_ws, w_dim).

    Attributes:
        reliability: what the bundle says of how often its attribute models are right, by attribute:
            ``accuracy``, ``n``, ``measured_on`` …; None of a bundle that has no attribute models.
        neighbourhood: where similar faces are drawn.
        band: which of them may be shown; None of a bundle for which that was not measured.
        directions: attributes that :meth:`adjusted` can move.
    """

    page_size = 12

    def __init__(self, bundle: Bundle) -> None:
        self._generator, self._encoder = bundle.generator(), bundle.encoder()
        self.neighbourhood: Neighbourhood = bundle.neighbourhood()
        self.band, self.directions = bundle.band(), bundle.directions() or Directions({})
        self._judge = None if self.band is None else RealismJudge(bundle.discriminator(), self.band.company)
        self._embedder, self._face = FaceEmbedder.load(), bundle.face
        self.digest, self.resolution = bundle.digest, bundle.resolution
        self.num_ws = int(self._generator.config.num_ws)
        self.framing: dict[str, float] | None = bundle.manifest["framing"]
        self._attributes = bundle.attributes()
        self.reliability: dict[str, Any] | None = None
        if self._attributes is not None:
            self.reliability = {name: entry.to_dict() for name, entry in bundle.reliability().items()}
        # Batches are padded to BATCH: each of these is traced once, and a face has the same pixels in a
        # batch of any size (the last bits of a sum depend on how many are summed at once).
        self._synthesise_batch = tf.function(self._synthesise, autograph=False)
        self._encode_batch = tf.function(
            lambda images: self._encoder(images, training=False), autograph=False
        )
        self._refining = Refining(bundle, self._generator, self._encoder, to_pixels)

    @classmethod
    def load(cls, bundle_dir: Path) -> "Engine":
        """Open a bundle, check its digests and build its networks.

        Raises:
            BundleError: with one sentence about what is wrong.
        """
        return cls(Bundle.open(bundle_dir))

    def warm_up(self) -> None:
        """Trace and run every function once, so that the first request is as quick as the next."""
        ws = np.zeros((1, self.num_ws, self._generator.config.w_dim), np.float32)
        faces = self.render(ws)
        self.encode(faces)
        self.describe(faces)
        self.identity(faces)
        self.identity(np.repeat(faces, 2, axis=0))
        if self.band is not None:
            self.logits(faces)

    def encode(self, crops: np.ndarray) -> np.ndarray:
        """Photographs' crops uint8 (n, r, r, 3) → w+ float32 (n, num_ws, w_dim) (thesis §3.4.3)."""
        side = self.resolution
        if crops.dtype != np.uint8 or crops.shape[1:] != (side, side, 3):
            raise ValueError(f"crops are uint8 (n, {side}, {side}, 3), not {crops.dtype} {crops.shape}")
        ws = []
        for part in batches(crops):
            images = tf.constant(padded(part, BATCH).astype(np.float32) / np.float32(127.5) - np.float32(1.0))
            ws.append(self._encode_batch(images)["w_plus"].numpy()[: len(part)])
        return np.concatenate(ws)

    def render(self, w_plus: np.ndarray, *, noise_seed: int = 0) -> np.ndarray:
        """w+ float32 (n, num_ws, w_dim) → faces uint8 (n, r, r, 3); the same noise for each."""
        noise = self._noise(noise_seed)
        parts = [self._rendered(part, noise) for part in batches(w_plus)]
        return np.concatenate(parts)

    def describe(self, faces: np.ndarray) -> list[Description | None]:
        """Predict the attributes of faces or photographs' crops, uint8 (n, r, r, 3) (thesis §3.3).

        Returns:
            A description of each; None for each of a bundle that has no attribute models.
        """
        if self._attributes is None:
            return [None] * len(faces)
        found = self._attributes.predict(faces, batch=DESCRIBED_AT_ONCE)
        return [describe(found, index).to_dict() for index in range(len(faces))]

    def identity(self, faces: np.ndarray) -> np.ndarray:
        """Faces or photographs' crops uint8 (n, r, r, 3) → who they are, float32 (n, 1024), unit length."""
        # A suspect alone costs an eighth of a batch; the last bits do not matter here as they do in pixels.
        return self._embedder.embed(faces, self._face, batch=1 if len(faces) == 1 else BATCH)

    def logits(self, faces: np.ndarray) -> np.ndarray:
        """Faces uint8 (n, r, r, 3) → the discriminator's logits, float32 (n,); needs a bundle with a band."""
        if self._judge is None:
            raise ValueError("this bundle has no band, and so no company in which faces are judged")
        return self._judge.logits(faces)

    def realism(self, faces: np.ndarray) -> list[float | None]:
        """Faces uint8 (n, r, r, 3) → each one's rank among the generator's own, 0..1 (see :class:`Made`).

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
    ) -> Neighbours:
        """Faces like the one at ``w_plus`` (thesis §3.4.5), the less alike the higher the page.

        See :func:`gpu_worker.engine.neighbours.neighbours_of`.
        """
        return neighbours_of(
            self,
            w_plus,
            page=page,
            count=count,
            seed=seed,
            reference=reference,
            locks=locks,
            distance=distance,
            below=below,
            step=stepping(report, stopped),
        )

    def interpolate(
        self,
        *inputs: np.ndarray,
        steps: int = 12,
        seed: int = 0,
        report: Callable[[float], None] = ignore,
        stopped: Callable[[], bool] = never,
    ) -> list[Made]:
        """Faces between two inputs or more in w+, the inputs included (thesis §5.3).

        Args:
            inputs: w+ float32 (num_ws, w_dim) each. Similarity is that to the first.
            steps: faces along the way from one to another; of three inputs that makes a triangle of
                ``steps`` (``steps`` + 1) / 2 faces, row by row from the first to the others.

        Raises:
            Stopped: ``stopped()`` was true between two batches.
        """
        codes, step = way_through(inputs, steps=steps), stepping(report, stopped)
        images = []
        for done, part in enumerate(batches(codes)):
            step(done * BATCH / len(codes))
            images.append(self.render(part, noise_seed=seed))
        faces = np.concatenate(images)
        identities, ranks = self.identity(faces), self.realism(faces)
        step(1.0)
        alike = identities @ identities[0]
        return [
            Made(image=image, w_plus=code, noise_seed=seed, similarity=float(value), realism=rank)
            for image, code, value, rank in zip(faces, codes, alike, ranks, strict=True)
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
        enough: Callable[[], bool] = never,
    ) -> Refinement:
        """Tune the networks until they show the people of ``crops``, uint8 (k, r, r, 3) (thesis §3.4.4).

        Args:
            seconds: time limit from now on, tracing included; it ends earlier if nothing improves any more.
            method: "pivotal" or "alternating"; see docs/refinement.md.
            same_person: the photographs show one person: one pivot for all of them.
            start: an earlier refinement of the same photographs by the same method, to go on from.
            preview: is shown the first face as it is, uint8 (r, r, 3), every few seconds.
            enough: once it is true, the refinement ends early with what it has reached.

        Raises:
            Stopped: ``stopped()`` was true before a step; nothing is kept.
            RefinementError: ``start`` does not fit.
        """
        limit = TimeLimit(seconds)
        return self._refining.refiner.refine(
            crops,
            limit=limit,
            method=method,
            same_person=same_person,
            start=start,
            audience=Audience(report=report, preview=preview, stopped=stopped, enough=enough),
        )

    def refined(self, refinement: Refinement | None) -> "Engine":
        """This engine with the weights of ``refinement``: everything it makes is made with those.

        Raises:
            RefinementError: it is of another bundle, or does not fit it.
        """
        if refinement is None:
            return self
        tuned, view = self._refining.tuned(refinement), copy.copy(self)
        view._synthesise_batch = tuned.synthesise
        if tuned.encode is not None:
            view._encode_batch = tuned.encode
        return view

    def _noise(self, seed: int) -> list[Any]:
        sides = self._generator.synthesis.noise_sides
        return [tf.constant(pattern) for pattern in noise_from_seed(sides, seed)]

    def _synthesise(self, ws: Any, noise: Any) -> Any:
        return to_pixels(self._generator.synthesis(ws, noise=noise))

    def _rendered(self, part: np.ndarray, noise: list[Any]) -> np.ndarray:
        faces = self._synthesise_batch(tf.constant(padded(part, BATCH)), noise)
        return np.asarray(faces.numpy()[: len(part)], np.uint8)


def stepping(report: Callable[[float], None], stopped: Callable[[], bool]) -> Callable[[float], None]:
    """Ask whether to stop, then report; raises :class:`Stopped`."""

    def step(fraction: float) -> None:
        if stopped():
            raise Stopped
        report(fraction)

    return step


def to_pixels(images: Any) -> Any:
    """Images float (n, r, r, 3) in about [-1, 1] → uint8."""
    levels = tf.round((images + 1.0) * 127.5)
    return tf.cast(tf.clip_by_value(levels, 0.0, 255.0), tf.uint8)


def batches(values: np.ndarray) -> list[np.ndarray]:
    """Rows in parts of at most ``BATCH``."""
    return [values[start : start + BATCH] for start in range(0, len(values), BATCH)]
