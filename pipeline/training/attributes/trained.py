"""The model that a training run leaves: weights and what is to be known of them, in one file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import keras
from safetensors import SafetensorError
from safetensors.numpy import load_file

from pipeline.attributes import Reliability
from pipeline.command_line import BadInput
from pipeline.networks.attributes import AttributeModel, CombinedAttributes
from pipeline.networks.bundle import BundleError, assign_arrays
from pipeline.training.attributes.config import AttributeTraining
from pipeline.training.checkpoints import load_notes

MODEL: Final = "model.safetensors"


@dataclass(frozen=True)
class Trained:
    """A trained attribute model.

    Attributes:
        model: with its weights.
        config: how it was trained.
        notes: what was noted with it.
    """

    model: AttributeModel
    config: AttributeTraining
    notes: dict[str, Any]

    @property
    def reliability(self) -> dict[str, Reliability]:
        """How often it is right, by key of a description; empty if its training has not ended."""
        return {key: Reliability.from_dict(one) for key, one in self.notes["reliability"].items()}


def load_trained(path: Path) -> Trained:
    """Read a trained model.

    Args:
        path: the file, or the folder of its training.

    Raises:
        BadInput: there is none, or it cannot be read.
    """
    file = path / MODEL if path.is_dir() else path
    try:
        notes, arrays = load_notes(file), dict(load_file(file))
        config = AttributeTraining.from_dict(notes["config"])
        network = config.to_dict()["network"]
        network["backbone"]["weights"] = None  # they are in the file
        keras.config.set_dtype_policy("float32")
        model = AttributeModel(type(config.network).from_dict(network))
        assign_arrays(model.network, arrays, f"{model.kind} model")
    except FileNotFoundError:
        raise BadInput(f"{file} is missing: a model that `train attributes` wrote.") from None
    except (OSError, SafetensorError, KeyError, TypeError, ValueError, BundleError) as error:
        raise BadInput(f"{file} is no trained attribute model: {error}") from error
    return Trained(model, config, notes)


@dataclass(frozen=True)
class TrainedModels:
    """What goes into a bundle: the models as one, how often they are right, and how they were trained."""

    models: CombinedAttributes
    reliability: dict[str, Reliability]
    training: dict[str, Any]


def load_all(paths: Sequence[Path]) -> TrainedModels | None:
    """Read a CelebA model, a FairFace model or both; None for no path.

    Raises:
        BadInput: one cannot be read, or two are of one kind.
    """
    found: dict[str, Trained] = {}
    for path in paths:
        one = load_trained(path)
        if one.model.kind in found:
            raise BadInput(f"{path} is a second {one.model.kind} model; a bundle has one of a kind.")
        found[one.model.kind] = one
    if not found:
        return None
    models = {kind: one.model for kind, one in found.items()}
    return TrainedModels(
        CombinedAttributes(models.get("celeba"), models.get("fairface")),
        {key: one for trained in found.values() for key, one in trained.reliability.items()},
        {
            kind: {"config": one.config.to_dict(), "validation": one.notes["validation"]}
            for kind, one in found.items()
        },
    )
