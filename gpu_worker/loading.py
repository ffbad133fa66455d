"""The models that a worker holds, loaded once in its own process."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import tensorflow as tf

from gpu_worker.capabilities import capabilities
from gpu_worker.engine import BundleError, Engine
from gpu_worker.readiness import NotLoaded
from lineups.capabilities import Capabilities
from pipeline.faces.detector import Detector, MTCNNDetector

# Side of the picture on which the detector is tried out, in pixels.
TRIAL_SIDE = 512


@dataclass(frozen=True, slots=True)
class Models:
    """What every job needs.

    Attributes:
        engine: encodes, generates and interpolates with one bundle.
        detector: finds faces in photographs.
        device: what they run on, in words.
        capabilities: what may be asked of the engine's faces.
    """

    engine: Engine
    detector: Detector
    device: str
    capabilities: Capabilities = field(default_factory=Capabilities)


def load(bundle: Path) -> Models:
    """Load the bundle and the face detector and run each once, so that the first job is not the slow one.

    Raises:
        NotLoaded: the bundle is missing, incomplete or changed.
    """
    try:
        engine = Engine.load(bundle)
    except BundleError as error:
        raise NotLoaded(f"The bundle {bundle.name} cannot be used: {error}") from error
    engine.warm_up()
    detector = MTCNNDetector()
    detector.detect(np.zeros((TRIAL_SIDE, TRIAL_SIDE, 3), np.uint8))
    devices = [device.name for device in tf.config.list_logical_devices("GPU")]
    device = ", ".join(devices) or f"CPU, {os.cpu_count()} cores"
    return Models(engine, detector, device, capabilities(engine))
