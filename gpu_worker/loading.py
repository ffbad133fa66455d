"""The models that a worker holds, loaded once in its own process. Only here is TensorFlow imported."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lineups.abilities import Abilities

if TYPE_CHECKING:
    from gpu_worker.engine import Engine
    from pipeline.faces.detector import Detector

# Side of the picture on which the detector is tried out, in pixels.
TRIAL_SIDE = 512


class NotLoaded(Exception):
    """The models cannot be used; ``str()`` is one sentence about why."""


@dataclass(frozen=True, slots=True)
class Models:
    """What every job needs.

    Attributes:
        engine: encodes, generates and interpolates with one bundle.
        detector: finds faces in photographs.
        device: what they run on, in words.
        abilities: what may be asked of the engine's faces.
    """

    engine: "Engine"
    detector: "Detector"
    device: str
    abilities: Abilities = field(default_factory=Abilities)


def load(bundle: Path) -> Models:
    """Load the bundle and the face detector and run each once, so that the first job is not the slow one.

    Raises:
        NotLoaded: the bundle is missing, incomplete or changed.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import tensorflow as tf

    from gpu_worker.abilities import abilities
    from gpu_worker.engine import BundleError, Engine
    from pipeline.faces.detector import MTCNNDetector

    try:
        engine = Engine.load(bundle)
    except BundleError as error:
        raise NotLoaded(f"The bundle {bundle.name} cannot be used: {error}") from error
    engine.warm_up()
    detector = MTCNNDetector()
    detector.detect(np.zeros((TRIAL_SIDE, TRIAL_SIDE, 3), np.uint8))
    devices = [device.name for device in tf.config.list_logical_devices("GPU")]
    device = ", ".join(devices) or f"CPU, {os.cpu_count()} cores"
    return Models(engine, detector, device, abilities(engine))
