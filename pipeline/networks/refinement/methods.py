"""The methods by name."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from pipeline.networks.refinement.alternating import Alternating
from pipeline.networks.refinement.method import Method
from pipeline.networks.refinement.networks import Networks
from pipeline.networks.refinement.pivotal import Pivotal

METHODS: Final[Mapping[str, Callable[[Networks], Method]]] = MappingProxyType(
    {Pivotal.name: Pivotal, Alternating.name: Alternating}
)
DEFAULT_METHOD: Final = Pivotal.name
