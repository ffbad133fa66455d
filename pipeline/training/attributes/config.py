"""The schedule of an attribute model's training, as data."""

from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from pipeline.networks.attributes import AttributeConfig, CelebAConfig, FairFaceConfig
from pipeline.networks.backbones.config import LITE0, BackboneConfig
from pipeline.training.attributes.augmentation import Augmentation
from pipeline.training.schedule import Schedule


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A part of the training.

    Args:
        frozen: the backbone stays as it is; only the layers behind it learn.
        rates: (epochs, learning rate), one after the other.
    """

    frozen: bool
    rates: tuple[tuple[int, float], ...]

    @property
    def epochs(self) -> int:
        """Epochs if nothing ends them early."""
        return sum(epochs for epochs, _ in self.rates)

    def rate(self, epoch: int) -> float:
        """Learning rate of an epoch, counted from 0."""
        for epochs, rate in self.rates:
            if epoch < epochs:
                return rate
            epoch -= epochs
        raise ValueError("the phase has ended")


@dataclass(frozen=True, kw_only=True)
class Patience:
    """What happens when the loss on the validation set no longer falls (thesis §3.3.2, figures ours).

    Args:
        reduce_after: epochs without a new lowest loss until the learning rate is reduced.
        factor: to which share of itself.
        stop_after: epochs without one until the phase ends.
    """

    reduce_after: int = 2
    factor: float = 0.3
    stop_after: int = 5


@dataclass(frozen=True, kw_only=True)
class Still:
    """First layers that stay as pretrained: they see edges and colours, and take most of the time.

    Args:
        before: name of the first layer that learns.
        views: augmented views of each face; what the first layers make of them is worked out once.
    """

    before: str
    views: int


@dataclass(frozen=True, kw_only=True)
class AttributeTraining(Schedule):
    """How an attribute model is trained.

    Args:
        phases: one after the other, each with a fresh optimiser.
        patience: on the validation set, anew in each phase.
        still: first layers of the backbone that never learn; by default all learn.
        batch_statistics: unfrozen, the backbone's normalisation goes by each batch and its statistics move;
            else they stay as pretrained, which is gentler with small data sets and half as slow again.
        focal_alpha, focal_gamma: of the focal loss (Lin et al. 2017), for a CelebA model.
        augmentation: of the training faces.
    """

    network: AttributeConfig
    phases: tuple[Phase, ...]
    batch: int = 64
    patience: Patience = field(default_factory=Patience)
    still: Still | None = None
    batch_statistics: bool = True
    focal_alpha: float = 0.5
    focal_gamma: float = 2.0
    augmentation: Augmentation = field(default_factory=Augmentation)

    @property
    def kind(self) -> str:
        """ "celeba" or "fairface"."""
        return "celeba" if isinstance(self.network, CelebAConfig) else "fairface"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for a checkpoint or a bundle."""
        phases = [{"frozen": p.frozen, "rates": [list(rate) for rate in p.rates]} for p in self.phases]
        return {**super().to_dict(), "kind": self.kind, "phases": phases}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`."""
        kind: type[AttributeConfig] = CelebAConfig if values["kind"] == "celeba" else FairFaceConfig
        phases = tuple(
            Phase(frozen=one["frozen"], rates=tuple((int(n), float(rate)) for n, rate in one["rates"]))
            for one in values["phases"]
        )
        made = {
            "network": kind.from_dict(values["network"]),
            "phases": phases,
            "patience": Patience(**values["patience"]),
            "augmentation": Augmentation(**values["augmentation"]),
            "still": None if values["still"] is None else Still(**values["still"]),
        }
        return cls(**{name: value for name, value in values.items() if name != "kind"} | made)


#: Faces of a generator are a little blurred, and other people's framing is not ours.
ANY_PICTURE: Final = Augmentation(
    mirror=True,
    rotation=10.0,
    zoom=0.2,
    shift=0.06,
    brightness=0.15,
    contrast=0.15,
    saturation=0.15,
    blur=1.2,
    shrink=0.5,
    noise=6.0,
)
#: The colour of the skin is most of what tells rendered heads' ethnicities apart: it is hardly changed.
SKIN_KEPT: Final = replace(ANY_PICTURE, brightness=0.05, contrast=0.05, saturation=0.05)
SMALL: Final = BackboneConfig(name=LITE0, weights="imagenet", stages=5)

#: By (model, preset).
PRESETS: Final = {
    # §3.3.2; the thesis names no augmentation for it.
    ("celeba", "thesis"): AttributeTraining(
        network=CelebAConfig(backbone=BackboneConfig(name="EfficientNetB7", weights="imagenet")),
        phases=(
            Phase(frozen=True, rates=((10, 1e-4), (5, 1e-5))),
            Phase(frozen=False, rates=((5, 1e-5), (10, 1e-6))),
        ),
    ),
    # §3.3.3. Its Noisy Student weights are not among those that keras.applications downloads: name a file.
    ("fairface", "thesis"): AttributeTraining(
        network=FairFaceConfig(backbone=BackboneConfig(name="EfficientNetB3", weights="imagenet")),
        phases=(Phase(frozen=True, rates=((5, 1e-4),)), Phase(frozen=False, rates=((25, 1e-5),))),
        augmentation=Augmentation(mirror=True, brightness=0.2, contrast=0.2, saturation=0.3),
    ),
    ("celeba", "demo"): AttributeTraining(
        network=CelebAConfig(backbone=SMALL, dropout=0.3),
        phases=(
            Phase(frozen=True, rates=((1, 1e-3),)),
            Phase(frozen=False, rates=((7, 1e-3), (4, 2e-4), (2, 4e-5))),
        ),
        batch=32,
        still=Still(before="block5_expand", views=8),
        batch_statistics=False,
        augmentation=ANY_PICTURE,
    ),
    ("fairface", "demo"): AttributeTraining(
        network=FairFaceConfig(backbone=SMALL, dense=(192, 192)),
        phases=(
            Phase(frozen=True, rates=((1, 1e-3),)),
            Phase(frozen=False, rates=((6, 1e-3), (4, 2.5e-4), (2, 5e-5))),
        ),
        batch=32,
        still=Still(before="block5_expand", views=8),
        batch_statistics=False,
        augmentation=SKIN_KEPT,
    ),
}


def preset(kind: str, name: str, **changes: Any) -> AttributeTraining:
    """The preset ``name`` of a "celeba" or "fairface" model, with ``changes``; KeyError for another."""
    return replace(PRESETS[kind, name], **changes)
