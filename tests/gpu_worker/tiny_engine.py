"""An engine whose faces are their own latents: real arithmetic, no network, a millisecond a page."""

from collections.abc import Callable
from copy import copy
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from gpu_worker.engine import Engine
from pipeline.faces.detector import Detection, Image
from pipeline.fillers import Band, Directions, Page, Subspace
from pipeline.refinement import DEFAULT_METHOD, Notes, Refinement
from pipeline.serving.arithmetic import Arithmetic
from pipeline.stopping import Stopped

SIDE = 16
SHAPE = (2, 384)
TINT = 0.25


class TinyEngine(Engine):
    """A latent is the picture's 16 x 16 x 3 values, shared by two layers; only networks are replaced."""

    arithmetic = Arithmetic("squares", "1")
    resolution = SIDE
    digest = "0" * 64
    manifest: dict[str, Any] = {}
    """A bundle.json that says nothing."""
    flaw = 0.0
    """How far the encoder misses: what a refinement can gain."""
    tint = 0.0
    """What tuned weights add to every face, in w."""
    reliability: dict[str, Any] | None = {"light": {"accuracy": 0.75, "n": 4, "measured_on": "squares"}}

    subspace = Subspace(
        mean=np.zeros(SIDE * SIDE * 3, np.float32),
        components=np.eye(SIDE * SIDE * 3, dtype=np.float32),
        deviations=np.ones(SIDE * SIDE * 3, np.float32),
        whiten=True,
        first_radius=1.4,
        radius_step=1.4,
    )
    band = Band(
        same_person=1.1,  # nobody is anybody else, and nobody a stranger
        stranger_share=0.0,
        least_realism=0.0,
        first_radius=1.4,
        far_radius=2.8,
        crowd=-np.ones((1, SIDE * SIDE * 3), np.float32),
        logits=np.linspace(0, 1, 10_001, dtype=np.float32),
        company=np.zeros((0, SIDE, SIDE, 3), np.uint8),
    )
    directions = Directions({"brightness": np.full(SHAPE, 0.1, np.float32)})

    def __init__(self, framing: dict[str, float] | None = None) -> None:
        self.framing = framing
        self.asked: dict[str, Any] = {}
        """Arguments of the last page, of this engine or of one that was tuned from it."""

    def encode(self, crops: npt.NDArray[np.uint8], /) -> npt.NDArray[np.float32]:
        assert crops.shape[1:] == (SIDE, SIDE, 3)
        return (crops.astype(np.float32) / 127.5 - 1 + self.flaw).reshape(-1, *SHAPE)

    def describe(self, faces: npt.NDArray[np.uint8], /) -> list[dict[str, Any] | None]:
        """Whether a picture is light or dark, and how much so; who is light is taken for bearded."""
        if self.reliability is None:
            return [None] * len(faces)
        means = [float(face.mean() / 255) for face in faces]
        found = [{"value": mean >= 0.5, "confidence": max(mean, 1 - mean)} for mean in means]
        return [{"light": light, "beard": light} for light in found]

    def identity(self, faces: npt.NDArray[np.uint8], /) -> npt.NDArray[np.float32]:
        """The pixels themselves, unit length."""
        pixels = faces.reshape(len(faces), -1).astype(np.float32)
        return np.asarray(pixels / np.linalg.norm(pixels, axis=1, keepdims=True), np.float32)

    def logits(self, faces: npt.NDArray[np.uint8], /) -> npt.NDArray[np.float32]:
        """How light a picture is."""
        return np.array([face.mean() / 255 for face in faces], np.float32)

    def render(self, w_plus: npt.NDArray[np.float32], *, noise_seed: int = 0) -> npt.NDArray[np.uint8]:
        pixels = (w_plus.reshape(-1, SIDE, SIDE, 3) + self.tint + 1) * 127.5
        return np.clip(np.round(pixels), 0, 255).astype(np.uint8)

    def refine(  # type: ignore[override]
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

    def step(self, step: int) -> None:
        """Called before each step of a refinement."""

    def neighbours(self, w_plus: npt.NDArray[np.float32], **asked: Any) -> Page:
        """A page, of which it is noted what was asked."""
        given = {name: asked.get(name) for name in ("reference", "below")}
        self.asked.update(w_plus=w_plus, page=asked.get("page", 1), **given)
        return super().neighbours(w_plus, **asked)


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
