"""The methods by name."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from pipeline.refinement.alternating import Alternating
from pipeline.refinement.method import Method
from pipeline.refinement.networks import Networks
from pipeline.refinement.pivotal import Pivotal

METHODS: Final[Mapping[str, Callable[[Networks], Method]]] = MappingProxyType(
    {Pivotal.name: Pivotal, Alternating.name: Alternating}
)
DEFAULT_METHOD: Final = Pivotal.name
