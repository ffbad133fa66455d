"""Which runtime serves a bundle: OpenVINO on a processor, Keras on a GPU or where OpenVINO cannot."""

import logging
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal, get_args

from pipeline.networks.bundle import Bundle
from pipeline.serving.lowered.unsupported import Unsupported
from pipeline.serving.networks import Networks

logger = logging.getLogger(__name__)

Runtime = Literal["auto", "openvino", "tensorflow"]
RUNTIMES: Final[tuple[Runtime, ...]] = get_args(Runtime)
#: What a driver for GPUs that TensorFlow computes on leaves on a machine.
GPU: Final = Path("/proc/driver/nvidia/version")


def served(bundle: Bundle, runtime: Runtime = "auto") -> Networks:
    """A bundle's networks by a runtime, which is logged.

    Args:
        runtime: "auto": TensorFlow where it is installed and there is a GPU, else OpenVINO, else TensorFlow.

    Raises:
        Unsupported: ``runtime`` is "openvino", and one of the bundle's networks is not lowered; or Keras is
            wanted and not installed.
        BundleError: a part is missing, or its weights do not fit.
    """
    networks = _made(bundle, runtime)
    logger.info("Faces are made by %s.", networks.arithmetic)
    return networks


def _made(bundle: Bundle, runtime: Runtime) -> Networks:
    if runtime == "tensorflow" or (runtime == "auto" and (_has_gpu() or find_spec("openvino") is None)):
        return _by_keras(bundle)
    from pipeline.serving.by_openvino import OpenVINONetworks

    try:
        return OpenVINONetworks(bundle)
    except Unsupported as unsupported:
        if runtime == "openvino":
            raise
        logger.warning("%s. TensorFlow does it.", unsupported)
        return _by_keras(bundle)


def _by_keras(bundle: Bundle) -> Networks:
    if find_spec("keras") is None:
        raise Unsupported(
            "Keras and TensorFlow, which would run it, are not installed (requirements/refine.txt)"
        )
    from pipeline.serving.by_keras import KerasNetworks

    return KerasNetworks(bundle)


def _has_gpu() -> bool:
    return GPU.exists() and find_spec("tensorflow") is not None
