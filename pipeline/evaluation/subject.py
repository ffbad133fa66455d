"""The generator under examination, from a bundle or a checkpoint of its training."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import keras
from safetensors import SafetensorError

from pipeline.attributes.reliability import Reliability
from pipeline.command_line import BadInput
from pipeline.evaluation.bundles import framing_of, name_of, opened
from pipeline.networks.attributes import CombinedAttributes
from pipeline.networks.bundle import sha256_of
from pipeline.networks.faceres import HEAD_FACE, Frame
from pipeline.networks.stylegan2 import Discriminator, Generator
from pipeline.training.checkpoints import checkpoint_files, load_notes
from pipeline.training.stylegan2.weights import averaged_networks

__all__ = [
    "Subject",
    "checkpoints_at",
    "framing_of",
    "from_bundle",
    "from_checkpoint",
    "images_seen",
    "opened",
    "untrained",
]


@dataclass(frozen=True)
class Subject:
    """What is examined.

    Attributes:
        generator: channels last, float32.
        discriminator: likewise, or None.
        facts: kind, name, digest, …, for the report.
        face: where the face lies in its pictures.
        attributes: the bundle's attribute models, or None.
        reliability: how often those are right, by key of a description, as the bundle says it.
    """

    generator: Generator
    discriminator: Discriminator | None
    facts: dict[str, Any]
    face: Frame
    attributes: CombinedAttributes | None = None
    reliability: Mapping[str, Reliability] = field(default_factory=dict)

    @property
    def resolution(self) -> int:
        """Side of its pictures."""
        return int(self.generator.config.resolution)


def from_bundle(folder: Path) -> Subject:
    """Open a bundle; one without a discriminator will do.

    Raises:
        BadInput: no bundle there, or one that is damaged.
    """
    keras.config.set_dtype_policy("float32")
    with opened(folder) as bundle:
        generator = bundle.generator()
        discriminator = bundle.discriminator() if bundle.has("discriminator") else None
        attributes, reliability = bundle.attributes(), bundle.reliability()
    training = bundle.manifest.get("training", {}).get("generator", {})
    facts = {
        "kind": "bundle",
        "name": name_of(bundle),
        "path": str(folder),
        "digest": bundle.digest,
        "images_seen": training.get("images"),
        "trained_mirrored": training.get("config", {}).get("mirror"),
    }
    return replace(
        _subject(generator, discriminator, facts, bundle.face),
        attributes=attributes,
        reliability=reliability,
    )


def from_checkpoint(path: Path) -> Subject:
    """Open a checkpoint, or the newest one of a run's folder: the averaged generator.

    Raises:
        BadInput: no checkpoint there, or one that cannot be read.
    """
    file = checkpoints_at(path)[-1]
    try:
        generator, discriminator, notes = averaged_networks(file)
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{file} is not a generator's checkpoint of this version: {error!r}") from error
    facts = {
        "kind": "checkpoint",
        "name": file.stem,
        "path": str(file),
        "digest": sha256_of(file),
        "images_seen": notes.get("images"),
        "trained_mirrored": notes["config"].get("mirror"),
    }
    return _subject(generator, discriminator, facts, HEAD_FACE)


def checkpoints_at(path: Path) -> list[Path]:
    """The checkpoint that ``path`` is, or those of the folder that it is, oldest first; BadInput for none."""
    files = checkpoint_files(path) if path.is_dir() else [path] if path.is_file() else []
    if not files:
        raise BadInput(f"{path} is not a checkpoint, nor a folder with one.")
    return files


def images_seen(path: Path) -> int:
    """How far the training of a checkpoint had come; BadInput if it is none."""
    try:
        return int(load_notes(path)["images"])
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{path} is not a generator's checkpoint: {error!r}") from error


def untrained(subject: Subject, *, seed: int) -> Subject:
    """A generator of the same sizes that has learned nothing, as the other end of the scale."""
    keras.utils.set_random_seed(seed)
    return Subject(Generator(subject.generator.config), None, {"kind": "untrained"}, subject.face)


def _subject(
    generator: Generator, discriminator: Discriminator | None, facts: dict[str, Any], face: Frame
) -> Subject:
    facts |= {"resolution": int(generator.config.resolution), "parameters": int(generator.count_params())}
    return Subject(
        _channels_last(generator),
        None if discriminator is None else _channels_last(discriminator),
        facts,
        face,
    )


def _channels_last(network: Any) -> Any:
    """The same network for any device: a CPU knows no other order."""
    if network.config.data_format == "channels_last":
        return network
    turned = type(network)(replace(network.config, data_format="channels_last"))
    turned.set_weights(network.get_weights())
    return turned
