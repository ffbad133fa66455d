"""Sizes of the attribute models, as data."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from pipeline.attributes.labels import AGES, CELEBA, GENDER, HAIR, RACES, REMAINING
from pipeline.networks.backbones.config import BackboneConfig


@dataclass(frozen=True, kw_only=True)
class CelebAConfig:
    """Sizes of a CelebA model (thesis §3.3.2).

    Args:
        backbone: pretrained layers.
        side: of the square input in pixels.
        labels: what it is taught, of Table 3.2 and in its order.
        dropout: rate before the heads.
        l2: weight of the heads' L2 regularisation. The thesis does not give its own.
    """

    backbone: BackboneConfig
    side: int = 128
    labels: tuple[str, ...] = CELEBA
    dropout: float = 0.5
    l2: float = 1e-4

    def __post_init__(self) -> None:
        if not self.labels or tuple(label for label in CELEBA if label in self.labels) != self.labels:
            raise ValueError(f"labels are some of {', '.join(CELEBA)}, in that order, not {self.labels}")

    @property
    def heads(self) -> dict[str, tuple[str, ...]]:
        """Labels by classification head; a head without labels is left out."""
        groups = {"hair": HAIR, "gender": GENDER, "remaining": REMAINING}
        heads = {
            name: tuple(label for label in group if label in self.labels) for name, group in groups.items()
        }
        return {name: labels for name, labels in heads.items() if labels}

    def taught(self, known: Mapping[str, tuple[str, ...]]) -> Self:
        """The same for the labels of ``known["celeba"]`` alone; ValueError if that leaves none."""
        return replace(self, labels=tuple(label for label in self.labels if label in known["celeba"]))

    def to_dict(self) -> dict[str, Any]:
        """The sizes as plain values."""
        return {**asdict(self), "labels": list(self.labels)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`."""
        backbone = BackboneConfig(**values["backbone"])
        return cls(**{**values, "backbone": backbone, "labels": tuple(values["labels"])})


@dataclass(frozen=True, kw_only=True)
class FairFaceConfig:
    """Sizes of a FairFace model (thesis §3.3.3).

    Args:
        backbone: pretrained layers.
        side: of the square input in pixels.
        dense: widths of the hidden layers between backbone and heads.
        ages, races: the groups that it is taught, of FairFace's and in their order.
    """

    backbone: BackboneConfig
    side: int = 128
    dense: tuple[int, ...] = (2048, 2048)
    ages: tuple[str, ...] = AGES
    races: tuple[str, ...] = RACES

    def __post_init__(self) -> None:
        for what, taught, groups in (("ages", self.ages, AGES), ("races", self.races, RACES)):
            if len(taught) < 2 or tuple(group for group in groups if group in taught) != taught:
                raise ValueError(f"{what} are at least two of {', '.join(groups)}, in order, not {taught}")

    @property
    def heads(self) -> dict[str, tuple[str, ...]]:
        """Groups by classification head."""
        return {"age": self.ages, "race": self.races}

    def taught(self, known: Mapping[str, tuple[str, ...]]) -> Self:
        """The same for the groups of ``known["age"]`` and ``known["race"]`` alone; ValueError if too few."""
        ages = tuple(name for name in self.ages if name in known["age"])
        return replace(self, ages=ages, races=tuple(name for name in self.races if name in known["race"]))

    def to_dict(self) -> dict[str, Any]:
        """The sizes as plain values."""
        lists = {name: list(getattr(self, name)) for name in ("dense", "ages", "races")}
        return {**asdict(self), **lists}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`."""
        tuples = {name: tuple(values[name]) for name in ("dense", "ages", "races")}
        return cls(**{**values, **tuples, "backbone": BackboneConfig(**values["backbone"])})


AttributeConfig = CelebAConfig | FairFaceConfig
