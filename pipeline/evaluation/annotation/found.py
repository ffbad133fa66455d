"""Faces in folders and archives, to be annotated: framed heads, or photographs that heads are cut out of."""

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from pipeline.dataset.sources import Sources, Unreadable
from pipeline.evaluation.annotation.ahead import ahead
from pipeline.evaluation.annotation.faces import BATCH, Face
from pipeline.evaluation.photographs import cut_out
from pipeline.faces.choice import FaceError, choose_face
from pipeline.faces.detector import BatchDetector, Detection, Image
from pipeline.faces.framing import Framing
from pipeline.faces.window import resize

SMALLEST_FACE: Final = 32
# Faces are looked for in so many photographs together, or in fewer that have so many pixels: 96 MB of them.
AT_ONCE: Final = 16
PIXELS_AT_ONCE: Final = 32_000_000


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture as it was read.

    Attributes:
        name: of the photograph.
        rgb: uint8 (height, width, 3), or None.
        problem: why it cannot be read; "" where it can.
    """

    name: str
    rgb: Image | None
    problem: str = ""

    @property
    def pixels(self) -> int:
        """In the whole picture."""
        return 0 if self.rgb is None else self.rgb.shape[0] * self.rgb.shape[1]


class FoundFaces:
    """Faces in folders and archives; pictures are read while those before them are worked on.

    Args:
        sources: the pictures.
        paths: where they were found.
        side: of the faces in pixels.
        framing: how heads are cut out; None: as in the thesis.
        detector: finds the face that is cut out; None where pictures are framed heads already.
    """

    def __init__(
        self,
        sources: Sources,
        paths: Sequence[Path],
        *,
        side: int,
        framing: Framing | None = None,
        detector: BatchDetector | None = None,
    ) -> None:
        self.sources, self.side, self.framing, self.detector = sources, side, framing, detector
        self.paths = tuple(str(path.resolve()) for path in paths)
        names = "\n".join(sources.name(number) for number in range(len(sources)))
        self.facts = {
            "kind": "found",
            "count": len(sources),
            "names": hashlib.sha256(names.encode()).hexdigest(),
            "cropped": detector is not None,
        }

    def __len__(self) -> int:
        return len(self.sources)

    def batches(self, start: int) -> Iterator[list[Face]]:
        """See :class:`Faces`."""
        faces = self._faces(range(start, len(self)))
        while batch := list(itertools.islice(faces, BATCH)):
            yield batch

    def pictures(self, numbers: Sequence[int]) -> list[np.ndarray]:
        """See :class:`Faces`."""
        grey = np.full((self.side, self.side, 3), 128, np.uint8)
        return [grey if face.pixels is None else face.pixels for face in self._faces(numbers)]

    def _faces(self, numbers: Iterable[int]) -> Iterator[Face]:
        for pictures in ahead(self._read(numbers)):
            yield from self._found(pictures)

    def _read(self, numbers: Iterable[int]) -> Iterator[list[Picture]]:
        """Pictures in order, a few at a time."""
        read: list[Picture] = []
        for number in numbers:
            read.append(self._picture(number))
            if len(read) == AT_ONCE or sum(picture.pixels for picture in read) >= PIXELS_AT_ONCE:
                yield read
                read = []
        if read:
            yield read

    def _picture(self, number: int) -> Picture:
        name = self.sources.name(number)
        try:
            bgr = self.sources.read(number).pixels
        except Unreadable as error:
            return Picture(name, None, str(error))
        return Picture(name, np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8))

    def _found(self, pictures: Sequence[Picture]) -> Iterator[Face]:
        """The face of each picture, or why there is none."""
        seen = [picture.rgb for picture in pictures if picture.rgb is not None]
        detected = iter([[]] * len(seen) if self.detector is None else self.detector.detect_batch(seen))
        for picture in pictures:
            if picture.rgb is None:
                yield Face(picture.name, None, picture.problem)
                continue
            try:
                yield Face(picture.name, self._framed(picture.rgb, next(detected)))
            except (Unreadable, FaceError) as error:
                yield Face(picture.name, None, str(error))

    def _framed(self, rgb: Image, detected: Sequence[Detection]) -> np.ndarray:
        if self.detector is not None:
            face = choose_face(detected, min_face_width=SMALLEST_FACE, min_face_height=SMALLEST_FACE)
            return cut_out(rgb, face, self.framing, self.side)
        height, width = rgb.shape[:2]
        if height != width:
            raise Unreadable(f"The picture is {width} x {height}, no framed head; --crop cuts the head out.")
        return resize(rgb, width=self.side, height=self.side)
