"""What OpenVINO is not told here how to run."""

from pipeline.networks.bundle import BundleError


class Unsupported(BundleError):
    """A network that only Keras runs; ``str()`` names it."""
