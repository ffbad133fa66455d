"""The models that a worker holds, loaded once in its own process.

What needs TensorFlow is imported only where the generator is offered: a worker of a gallery alone never does.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gpu_worker.capabilities import of_all, of_gallery, of_generator
from gpu_worker.lease import Unworkable
from gpu_worker.readiness import NotLoaded
from lineups.capabilities import Capabilities
from lineups.sources import Source
from pipeline.faces.detector import Detector

if TYPE_CHECKING:
    from gpu_worker.engine import Engine, GalleryEngine

# Side of the picture on which the detector is tried out, in pixels.
TRIAL_SIDE = 512


@dataclass(frozen=True, slots=True)
class Models:
    """What every job needs.

    Attributes:
        generator: encodes, generates and interpolates with one bundle; None where it is not offered.
        detector: finds faces in photographs.
        device: what they run on, in words.
        capabilities: what may be asked of the faces of all sources.
        people: the gallery; None where there is none.
    """

    generator: "Engine | None"
    detector: Detector
    device: str
    capabilities: Capabilities = field(default_factory=Capabilities)
    people: "GalleryEngine | None" = None

    @property
    def engine(self) -> "Engine":
        """The generator's engine.

        Raises:
            Unworkable: this worker has none.
        """
        if self.generator is None:
            raise Unworkable("no_generator", NO_GENERATOR)
        return self.generator

    @property
    def gallery(self) -> "GalleryEngine":
        """The gallery's engine.

        Raises:
            Unworkable: this worker has none.
        """
        if self.people is None:
            raise Unworkable("no_gallery", NO_GALLERY)
        return self.people

    @property
    def digest(self) -> str:
        """Of the bundle or gallery of the default source."""
        return self.gallery.digest if self.capabilities.source is Source.GALLERY else self.engine.digest


NO_GENERATOR = "This worker has no generator. Start from a photograph that was examined for the gallery."
NO_GALLERY = "This worker has no gallery. Start from a photograph that was examined for the generator."


def load(bundle: Path, gallery: Path | None = None, sources: Sequence[str] = (Source.GENERATOR,)) -> Models:
    """Load what ``sources`` need and run it once, so that the first job is not the slow one.

    Args:
        sources: the default first.

    Raises:
        NotLoaded: the bundle or the gallery is missing, incomplete or changed.
    """
    wanted = [Source(name) for name in sources]
    people = _people(gallery) if Source.GALLERY in wanted else None
    engine = _generator(bundle) if Source.GENERATOR in wanted else None
    detector = _detector(of_generator=engine is not None)
    detector.detect(np.zeros((TRIAL_SIDE, TRIAL_SIDE, 3), np.uint8))
    able = {
        **({} if people is None else {Source.GALLERY: of_gallery(people)}),
        **({} if engine is None else {Source.GENERATOR: of_generator(engine)}),
    }
    return Models(engine, detector, _device(engine), of_all([able[source] for source in wanted]), people)


def _people(folder: Path | None) -> "GalleryEngine":
    from gpu_worker.engine.opening import GalleryError, ReadingError, open_gallery

    if folder is None:
        raise NotLoaded("No folder of a gallery is named. Name one by LIGAN_GALLERY.")
    try:
        return open_gallery(folder)
    except (GalleryError, ReadingError) as error:
        raise NotLoaded(f"The gallery {folder.name} cannot be used: {error}") from error


def _generator(bundle: Path) -> "Engine":
    from gpu_worker.engine import BundleError, Engine

    try:
        engine = Engine.load(bundle)
    except BundleError as error:
        raise NotLoaded(f"The bundle {bundle.name} cannot be used: {error}") from error
    engine.warm_up()
    return engine


def _detector(*, of_generator: bool) -> Detector:
    """MTCNN where there is a generator, whose training set it cut; for a gallery alone, a quicker one."""
    if of_generator:
        from pipeline.faces.detector import MTCNNDetector

        return MTCNNDetector()
    from pipeline.faces.blazeface import BlazeFaceDetector

    return BlazeFaceDetector()


def _device(engine: "Engine | None") -> str:
    if engine is not None:
        import tensorflow as tf

        if devices := [device.name for device in tf.config.list_logical_devices("GPU")]:
            return ", ".join(devices)
    return f"CPU, {os.cpu_count()} cores"
