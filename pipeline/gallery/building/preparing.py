"""A photograph becomes a source: brought upright, cut out of its wall, judged, and known by its face."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import cv2
import numpy as np

from pipeline.faces import FaceError, Unreadable, choose_face, decode, named_detector
from pipeline.faces.choice import NoFace
from pipeline.faces.closed_form import closed_form, foreground
from pipeline.faces.detector import BatchDetector, Image
from pipeline.faces.head import SIDE, Head
from pipeline.faces.matte import matting, trimap
from pipeline.faces.mesh import face_mesh
from pipeline.faces.resampling import mapped, warped
from pipeline.faces.upright import LEAST_PRESENCE, Upright, placed
from pipeline.gallery.blending.quality import Finding, faults_of, faults_of_donor
from pipeline.gallery.blending.traits import traits_of
from pipeline.gallery.building.identities import Identities
from pipeline.gallery.building.portraits import Portrait
from pipeline.gallery.building.reading import labels_read
from pipeline.gallery.building.settings import Settings
from pipeline.gallery.building.sources import Source
from pipeline.identity.faces import FaceIdentity
from pipeline.reading import Reader

SMALLEST: Final = 48
"""Pixels of a face's box across and down, at least."""
KEPT_BACK: Final = "kept back: nothing is made of it"
LENIENT: Final = 1.4
"""How far beyond a limit a fault may be, in limits, for a portrait to be let in where there are few alike."""
UNFIT: Final = "said to give no hair"
UNKNOWN: Final = "what it shows cannot be read surely, and nobody has said it"


@dataclass(frozen=True)
class Preparer:
    """Makes sources of portraits; one a process.

    Attributes:
        settings: of the gallery.
    """

    settings: Settings

    @cached_property
    def _identities(self) -> Identities:
        return Identities(second=self.settings.second_opinion == "dlib")

    @cached_property
    def _reader(self) -> Reader:
        return Reader.load(identity=FaceIdentity.load(threads=1))

    @cached_property
    def detector(self) -> BatchDetector:
        """Finds the faces of photographs without landmarks."""
        return named_detector("blazeface")

    def source(self, number: int, portrait: Portrait) -> Source:
        """Make a source of a portrait, or say why it is none."""
        source = Source(number, portrait.name)
        try:
            rgb = np.ascontiguousarray(decode(portrait.path.read_bytes())[..., ::-1])
            image, done = self._upright(rgb, portrait)
        except (OSError, Unreadable, FaceError) as error:
            return replace(source, out=str(error))
        landmarks = mapped(done.landmarks, done.affine)
        source = replace(
            source,
            labels=portrait.labels,
            landmarks=landmarks,
            embedding=self._identities.who(image, landmarks),
            second=self._identities.second(image, landmarks),
        )
        if not portrait.source:
            return replace(source, out=KEPT_BACK)
        head = Head(image, landmarks, self._alpha(rgb, image, done, portrait))
        traits = traits_of(head)
        labels = portrait.labels or labels_read(self._reader.read(head))
        if labels is None:
            return replace(source, out=UNKNOWN)
        faults = faults_of(head, traits)
        excess = max((fault.excess for fault in faults), default=1.0)
        if excess > LENIENT:
            return replace(source, out=_said(faults))
        gown = self.settings.garment == "gown" and labels.hair_length == "short"
        return replace(
            source,
            labels=labels,
            no_hair=_said(faults_of_donor(head, gown=gown)) if portrait.gives_hair else UNFIT,
            faults=_said(faults),
            excess=excess,
            traits=traits,
            head=_in_front(head),
        )

    def _upright(self, rgb: Image, portrait: Portrait) -> tuple[Image, Upright]:
        if portrait.landmarks is None:
            faces = self.detector.detect(rgb)
            face = choose_face(faces, min_face_width=SMALLEST, min_face_height=SMALLEST)
            found = face_mesh().find(rgb, face.box)
            if found.presence < LEAST_PRESENCE:
                raise NoFace
            marks = found.landmarks
        else:
            marks = portrait.landmarks
        done = placed(marks, width=rgb.shape[1], height=rgb.shape[0])
        return warped(rgb, done.affine, SIDE), done

    def _alpha(self, rgb: Image, image: Image, done: Upright, portrait: Portrait) -> np.ndarray:
        """By the matte that lies beside the portraits, or else by the network's."""
        coarse = _matte(portrait, rgb.shape[1], rgb.shape[0])
        if coarse is None:
            return matting().alpha(image)
        coarse = warped(np.repeat(coarse[..., None], 3, axis=2), done.affine, SIDE)[..., 0]
        scaled = np.float32(1 / 255)
        return closed_form(image.astype(np.float32) * scaled, trimap(coarse.astype(np.float32) * scaled))


def _matte(portrait: Portrait, width: int, height: int) -> np.ndarray | None:
    if portrait.matte is None:
        return None
    matte = cv2.imread(str(portrait.matte), cv2.IMREAD_GRAYSCALE)
    if matte is None:
        return None
    return np.asarray(cv2.resize(matte, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _in_front(head: Head) -> Head:
    """A head with the colours of what is in front everywhere: nothing of its wall is left in it."""
    front = foreground(head.image.astype(np.float32) / np.float32(255), head.alpha)
    return Head(np.asarray(np.rint(front * 255), np.uint8), head.landmarks, head.alpha)


def _said(faults: Sequence[Finding]) -> str:
    """Reasons with their figures, as the report lists them."""
    return "; ".join(dict.fromkeys(fault.fault.value for fault in faults))
