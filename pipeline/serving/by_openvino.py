"""A bundle's networks by OpenVINO, on a processor, without Keras or TensorFlow.

Each is compiled when it is first used, for one size of batch: what a batch lacks is filled up, so that a face
has the same pixels whoever shares its batch.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from threading import Lock
from typing import Final, Self

import numpy as np
import openvino as ov

from pipeline.attributes.predictions import Attributes
from pipeline.identity.files import Network, read_network
from pipeline.identity.looks import Looks, expected_age
from pipeline.networks.attributes.answers import BATCH, Combined, Predictor, answer, checked_faces
from pipeline.networks.attributes.config import AttributeConfig
from pipeline.networks.backbones.config import LITE0
from pipeline.networks.bundle import Arrays, Bundle
from pipeline.refinement import Refinement, RefinementError
from pipeline.serving.arithmetic import Arithmetic
from pipeline.serving.batches import filled
from pipeline.serving.lowered.attributes import attribute_model, names
from pipeline.serving.lowered.compiling import Compiled, arithmetic
from pipeline.serving.lowered.discriminator import judging, seeing
from pipeline.serving.lowered.embedder import embedder
from pipeline.serving.lowered.encoder import encoder
from pipeline.serving.lowered.generator import mapping, synthesis
from pipeline.serving.lowered.unsupported import Unsupported

AT_ONCE: Final = 2
"""As fast as 8 (docs/dev/performance.md), with less memory, and one face alone costs a quarter of it."""
SMALL: Final = "small"


class OpenVINONetworks:
    """See :class:`pipeline.serving.networks.Networks`.

    Args:
        bundle: with a generator; with an encoder, if something is to be encoded.
        network: faceres; the one that ships if not given.

    Raises:
        Unsupported: a network that is not lowered.
        BundleError: the generator is missing; when a network is first used, it is missing or its weights are
            of another one.
    """

    arithmetic: Arithmetic = arithmetic()

    def __init__(self, bundle: Bundle, network: Network | None = None) -> None:
        generator = bundle.part("generator")
        check_supported(bundle)
        self.bundle = bundle
        self._network = network or read_network()
        self._set_generator(generator)
        self._set_encoder(lambda: bundle.part("encoder"))
        self._look = BySize(lambda size, side: embedder(self._network, bundle.face, side=side, batch=size))
        self._judges: dict[bytes, BySize] = {}

    def _set_generator(self, arrays: Arrays) -> None:
        config, self._generator = self.bundle.generator_config, arrays
        self._map = BySize(lambda size, _: mapping(config, arrays, size))
        self._synthesise = BySize(lambda size, _: synthesis(config, arrays, size))

    def _set_encoder(self, arrays: Callable[[], Arrays]) -> None:
        """``arrays``: gives the weights, which a bundle that only makes faces has not."""

        def made(size: int, _: int) -> ov.Model:
            weights = arrays()
            return encoder(self.bundle.encoder_config, weights, size)

        self._encoder, self._encode = arrays, BySize(made)

    @property
    def embedder_digest(self) -> str:
        return self._network.digest

    @cached_property
    def attributes(self) -> Predictor | None:
        configs = self.bundle.attribute_configs
        models = [OpenVINOAttributes(config, self.bundle.part(kind)) for kind, config in configs.items()]
        return Combined(models) if models else None

    def map(self, z: np.ndarray) -> np.ndarray:
        return filled(self._map.at(AT_ONCE), z, AT_ONCE)[0]

    def synthesise(self, w_plus: np.ndarray, noise: Sequence[np.ndarray]) -> np.ndarray:
        run = self._synthesise.at(AT_ONCE)
        return filled(lambda part: run(part, *noise), w_plus, AT_ONCE)[0]

    def encode(self, pictures: np.ndarray) -> np.ndarray:
        return filled(self._encode.at(1), pictures, 1)[0]

    def look(self, pictures: np.ndarray) -> Looks:
        run = self._look.at(AT_ONCE, pictures.shape[1])
        features, ages, male = filled(run, pictures, AT_ONCE)
        return Looks(features, expected_age(ages), male[:, 0])

    def logits(self, pictures: np.ndarray, company: np.ndarray) -> np.ndarray:
        return filled(self._judge(company).at(AT_ONCE), pictures, AT_ONCE)[0]

    def refined(self, refinement: Refinement) -> Self:
        refinement.made_for(self.bundle.digest)
        made = copy.copy(self)
        made._set_generator(with_changes(self._generator, refinement.generator))
        if refinement.encoder:
            tuned = with_changes(self._encoder(), refinement.encoder)
            made._set_encoder(lambda: tuned)
        return made

    def _judge(self, company: np.ndarray) -> "BySize":
        key = company.tobytes()
        if key not in self._judges:
            config, arrays = self.bundle.discriminator_config, self.bundle.part("discriminator")
            # A group of one has nobody beside it.
            seen = Compiled(seeing(config, arrays, len(company)))(company)[0] if len(company) else company
            self._judges[key] = BySize(lambda size, _: judging(config, arrays, seen, size))
        return self._judges[key]


def check_supported(bundle: Bundle) -> None:
    """Raise Unsupported for a bundle that has a network which is not lowered."""
    used = {}
    if bundle.has("encoder"):
        backbone = bundle.encoder_config.backbone
        used[f"the encoder is on {backbone}"] = backbone == SMALL
    for kind, config in bundle.attribute_configs.items():
        used[f"the {kind} model is on {config.backbone.name}"] = config.backbone.name == LITE0
    if missing := [what for what, known in used.items() if not known]:
        raise Unsupported(f"OpenVINO is not told here how to run a network: {', '.join(missing)}")


class BySize:
    """A network compiled for each size of batch and side of picture that is asked for, once.

    Args:
        make: the network for batches of a size, of pictures of a side (0 where that is always the same).
    """

    def __init__(self, make: Callable[[int, int], ov.Model]) -> None:
        self._make, self._lock = make, Lock()
        self._compiled: dict[tuple[int, int], Compiled] = {}

    def at(self, size: int, side: int = 0) -> Compiled:
        """The network for batches of ``size``."""
        with self._lock:
            if (size, side) not in self._compiled:
                self._compiled[size, side] = Compiled(self._make(size, side))
            return self._compiled[size, side]


class OpenVINOAttributes:
    """A CelebA or a FairFace model, see :class:`pipeline.networks.attributes.answers.Predictor`."""

    def __init__(self, config: AttributeConfig, arrays: Arrays) -> None:
        self.config = config
        self._compiled = BySize(lambda size, side: attribute_model(config, arrays, side=side, batch=size))

    @cached_property
    def features(self) -> int:
        return int(
            self.predict(np.zeros((1, self.config.side, self.config.side, 3), np.uint8)).features.shape[1]
        )

    def predict(self, images: np.ndarray, *, batch: int = BATCH) -> Attributes:
        run = self._compiled.at(batch, checked_faces(images).shape[1])
        found = filled(run, images, batch)
        return answer(self.config, dict(zip(names(self.config), found, strict=True)))


def with_changes(arrays: Mapping[str, np.ndarray], changed: Mapping[str, np.ndarray]) -> Arrays:
    """``arrays``, those of ``changed`` in their place.

    Raises:
        RefinementError: ``changed`` has a name or a shape that the network has not.
    """
    shapes = {name: array.shape for name, array in arrays.items()}
    if odd := [name for name, array in changed.items() if shapes.get(name) != array.shape]:
        raise RefinementError(
            f"the refinement's weights do not fit the bundle's network: {', '.join(odd[:3])}"
        )
    return {**arrays, **changed}
