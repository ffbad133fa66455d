"""An engine whose faces are their own latents: real arithmetic, no network, a millisecond a page."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces.detector import Detection, Image
from pipeline.fillers import SyntheticFace
from pipeline.refinement import DEFAULT_METHOD, Notes, Refinement

SIDE = 16
SHAPE = (2, 384)
TINT = 0.25


class Stopped(Exception):
    """What the real engine raises when it is told to stop between two batches."""


class Page(list[SyntheticFace]):
    """Faces that were found, and how many were not."""

    def __init__(self, faces: Sequence[SyntheticFace], *, wanted: int, rejected: Mapping[str, int]) -> None:
        super().__init__(faces)
        self.wanted, self.rejected = wanted, rejected


class TinyEngine:
    """A latent is the picture's 16 x 16 x 3 values, shared out among two layers."""

    resolution = SIDE
    digest = "0" * 64
    flaw = 0.0
    """How far the encoder misses: what a refinement can gain."""
    tint = 0.0
    """What tuned weights add to every face, in w."""
    reliability: Mapping[str, Any] | None = {"light": {"accuracy": 0.75, "n": 4, "measured_on": "squares"}}

    def __init__(self, framing: Mapping[str, float] | None = None) -> None:
        self.framing = framing
        self.asked: dict[str, Any] = {}
        """Arguments of the last page, of this engine or of one that was tuned from it."""

    def encode(self, crops: npt.NDArray[np.uint8], /) -> npt.NDArray[np.float32]:
        assert crops.shape[1:] == (SIDE, SIDE, 3)
        return (crops.astype(np.float32) / 127.5 - 1 + self.flaw).reshape(-1, *SHAPE)

    def describe(self, faces: npt.NDArray[np.uint8], /) -> list[dict[str, Any] | None]:
        """Whether a picture is light or dark, and how much so."""
        if self.reliability is None:
            return [None] * len(faces)
        means = [float(face.mean() / 255) for face in faces]
        return [{"light": {"value": mean >= 0.5, "confidence": max(mean, 1 - mean)}} for mean in means]

    def identity(self, faces: npt.NDArray[np.uint8], /) -> npt.NDArray[np.float32]:
        """The pixels themselves, unit length."""
        pixels = faces.reshape(len(faces), -1).astype(np.float32)
        return np.asarray(pixels / np.linalg.norm(pixels, axis=1, keepdims=True), np.float32)

    def realism(self, faces: npt.NDArray[np.uint8], /) -> list[float | None]:
        """How light a picture is."""
        return [float(face.mean() / 255) for face in faces]

    def render(self, w_plus: npt.NDArray[np.float32], *, noise_seed: int = 0) -> npt.NDArray[np.uint8]:
        pixels = (w_plus.reshape(-1, SIDE, SIDE, 3) + self.tint + 1) * 127.5
        return np.clip(np.round(pixels), 0, 255).astype(np.uint8)

    def refine(
        self,
        crops: npt.NDArray[np.uint8],
        *,
        seconds: float,
        report: Callable[[float], None],
        preview: Callable[[npt.NDArray[np.uint8]], None],
        stop_requested: Callable[[], bool],
        stopped: Callable[[], bool],
        same_person: bool = False,
        start: Refinement | None = None,
    ) -> Refinement:
        """Halve the distance to the pictures in each of four steps; the weights learn a tint."""
        exact = (crops.astype(np.float32) / 127.5 - 1).reshape(-1, *SHAPE) - TINT
        goal = exact.mean(axis=0, keepdims=True) if same_person else exact
        at = first = goal + self.flaw if start is None else start.pivots
        tuned = replaced(self, tint=TINT)
        for step in range(4):
            self.step(step)
            if stopped():
                raise Stopped
            if stop_requested():
                break
            at = (at + goal) / 2
            report((step + 1) / 4)
            preview(tuned.render(np.asarray(at, np.float32))[0])
        before, after = (float(np.square(w - goal).mean()) for w in (first, at))
        notes = Notes(
            bundle=self.digest,
            method=DEFAULT_METHOD,
            photographs=len(crops),
            same_person=same_person,
            seconds=seconds,
            ended="time",
            steps={"halving": 4},
            before={"pixel": before},
            after={"pixel": after},
            started_from=start.digest if start else None,
        )
        tint = {"tint": np.array([TINT], np.float16)}
        return Refinement.of(generator=tint, encoder={}, pivots=np.asarray(at, np.float32), notes=notes)

    def refined(self, refinement: Refinement | None) -> "TinyEngine":
        """The engine as a refinement has tuned it."""
        if refinement is None:
            return self
        return replaced(self, tint=float(refinement.generator["tint"][0]))

    def scored(
        self,
        images: npt.NDArray[np.uint8],
        codes: npt.NDArray[np.float32],
        *,
        noise_seed: int,
        like: npt.NDArray[np.uint8],
    ) -> list[SyntheticFace]:
        alike = np.sum(self.identity(images) * self.identity(like), axis=1)
        realism = self.realism(images)
        return [
            SyntheticFace(image, code, noise_seed, who, float(value), rank)
            for image, code, who, value, rank in zip(
                images, codes, self.identity(images), alike, realism, strict=True
            )
        ]

    def step(self, step: int) -> None:
        """Called before each step of a refinement."""

    def adjusted(
        self, w_plus: npt.NDArray[np.float32], moves: Mapping[str, float]
    ) -> npt.NDArray[np.float32]:
        """A brighter or darker face."""
        return np.asarray(w_plus + 0.1 * moves["brightness"], np.float32)

    def neighbours(
        self,
        w_plus: npt.NDArray[np.float32],
        /,
        *,
        page: int = 1,
        count: int = 12,
        seed: int = 0,
        reference: npt.NDArray[np.uint8] | None = None,
        locks: Mapping[str, str] = MappingProxyType({}),
        distance: float | None = None,
        below: float | None = None,
        report: Callable[[float], None] = lambda fraction: None,
    ) -> "Page":
        """Faces in a growing neighbourhood; of locked light only those that are light."""
        self.asked.update(w_plus=w_plus, page=page, reference=reference, below=below)
        random = np.random.default_rng((seed, page))
        steps = random.normal(size=(count, *SHAPE)).astype(np.float32)
        report(1.0)
        far = page if distance is None else 1 + distance
        faces = [self._made(w_plus + 0.05 * far * step, start=w_plus, noise_seed=seed) for step in steps]
        fitting = [face for face in faces if self._is(face.image, locks)]
        return Page(fitting, wanted=count, rejected={"attribute mismatch": count - len(fitting)})

    def _is(self, image: Image, locks: Mapping[str, str]) -> bool:
        return all((image.mean() >= 127.5) == (value == "yes") for value in locks.values())

    def interpolate(
        self,
        a: npt.NDArray[np.float32],
        b: npt.NDArray[np.float32],
        /,
        *,
        steps: int = 12,
        seed: int = 0,
        report: Callable[[float], None] = lambda fraction: None,
    ) -> list[SyntheticFace]:
        report(1.0)
        return [
            self._made(a + t * (b - a), start=a, noise_seed=seed)
            for t in np.linspace(0, 1, steps, dtype=np.float32)
        ]

    def _made(
        self, w_plus: npt.NDArray[np.float32], *, start: npt.NDArray[np.float32], noise_seed: int
    ) -> SyntheticFace:
        distance = float(np.linalg.norm(w_plus - start))
        images = self.render(w_plus[None])
        who = self.identity(images)[0]
        return SyntheticFace(images[0], w_plus, noise_seed, who, -distance, realism=self.realism(images)[0])


def replaced(engine: TinyEngine, **fields: Any) -> TinyEngine:
    """A copy of ``engine`` with other fields."""
    twin = copy(engine)
    for name, value in fields.items():
        setattr(twin, name, value)
    return twin


class Marks:
    """A detector that finds its faces at given places in any picture."""

    def __init__(self, *boxes: tuple[int, int, int, int]) -> None:
        self.boxes = boxes

    def detect(self, rgb: Image) -> list[Detection]:
        return [Detection(box, 0.99) for box in self.boxes]


def portrait(seed: int = 0, side: int = 200) -> Image:
    """A smooth picture that differs from seed to seed."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 6, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC), np.uint8)
