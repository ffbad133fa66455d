"""What the schedules of all trainings say."""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal, Self

Precision = Literal["float32", "mixed_bfloat16", "mixed_float16"]


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """How a network is trained, as data.

    Args:
        network: sizes of the network.
        batch: pictures a step.
        precision: Keras dtype policy of the arithmetic; weights stay float32.
        seed: of everything random in the run.
    """

    network_type: ClassVar[Any]

    network: Any
    batch: int
    precision: Precision = "float32"
    seed: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for a checkpoint or a bundle."""
        return {**asdict(self), "network": self.network.to_dict()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`."""
        return cls(**{**values, "network": cls.network_type.from_dict(values["network"])})
