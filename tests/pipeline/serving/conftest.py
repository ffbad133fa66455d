"""One bundle by both runtimes."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from pipeline.networks.bundle import Bundle
from pipeline.serving.by_keras import KerasNetworks
from pipeline.serving.by_openvino import OpenVINONetworks
from tests.pipeline.tiny_bundle import tiny_attributes, write_tiny_bundle


@dataclass(frozen=True)
class Both:
    """A bundle's networks, served in two ways."""

    bundle: Bundle
    keras: KerasNetworks
    openvino: OpenVINONetworks

    @classmethod
    def of(cls, bundle: Bundle) -> "Both":
        return cls(bundle, KerasNetworks(bundle), OpenVINONetworks(bundle))


@pytest.fixture(scope="session")
def shipped() -> Both:
    """The bundle that ships: networks that learned."""
    return Both.of(Bundle.open(settings.LIGAN_BUNDLE))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Both:
    """Networks of 16 pixels with random weights."""
    folder: Path = tmp_path_factory.mktemp("tiny")
    return Both.of(write_tiny_bundle(folder, attributes=tiny_attributes()).bundle)
