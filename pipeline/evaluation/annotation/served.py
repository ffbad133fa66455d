"""The models that look at faces which are annotated: a bundle's, served without Keras where that can be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from pipeline.attributes import Attributes
from pipeline.attributes.reliability import Reliability
from pipeline.evaluation.annotation.words import carried
from pipeline.networks.attributes.answers import Predictor
from pipeline.networks.bundle import Bundle
from pipeline.serving.networks import Networks
from pipeline.serving.runtimes import served


@dataclass(frozen=True)
class Served:
    """A bundle's models.

    Attributes:
        bundle: where they are.
        networks: as functions of arrays.
        attributes: the attribute models; None where there are none.
        tells: what those say of no face at all: it shows what they can say.
        predictors: digests of attribute models that were put in place of the bundle's, by kind.
        reliability: how often the attribute models are right, by key of a description.
    """

    bundle: Bundle
    networks: Networks
    attributes: Predictor | None
    tells: Attributes | None
    predictors: Mapping[str, str] = field(default_factory=dict)
    reliability: Mapping[str, Reliability] = field(default_factory=dict)

    @classmethod
    def of(cls, bundle: Bundle) -> Self:
        """A bundle's own; BundleError if they are damaged."""
        networks, configs = served(bundle), bundle.attribute_configs.values()
        tells = carried(configs) if configs else None
        return cls(bundle, networks, networks.attributes, tells, reliability=bundle.reliability())

    @property
    def judging(self) -> bool:
        """Whether there is a discriminator, which tells realism."""
        return self.bundle.has("discriminator")
