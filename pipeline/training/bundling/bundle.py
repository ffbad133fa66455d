"""From checkpoints to a bundle."""

import json
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras

from pipeline.command_line import BadInput
from pipeline.networks.bundle import Bundle, write_bundle
from pipeline.networks.encoder import EncoderConfig
from pipeline.training.attributes.trained import TrainedModels
from pipeline.training.bundling.subspace import encoded_samples, fit_subspace
from pipeline.training.encoder.run import trained_encoder
from pipeline.training.stylegan2.starting import ORIGINS
from pipeline.training.stylegan2.weights import averaged_networks

MODEL_CARD = "MODEL_CARD.md"
REQUIRED = ("name", "licence", "data", "commands", "framing", "neighbours")


def read_description(path: Path) -> dict[str, Any]:
    """What no checkpoint knows: the bundle's name, licence, data, commands, framing, page radii.

    Raises:
        BadInput: it cannot be read, or lacks something.
    """
    try:
        description = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} cannot be read as JSON: {error}") from error
    missing = [key for key in REQUIRED if key not in description]
    if missing:
        raise BadInput(f"{path} lacks {', '.join(missing)}")
    return dict(description)


def make_bundle(
    generator_checkpoint: Path,
    encoder_checkpoint: Path,
    description: dict[str, Any],
    folder: Path,
    *,
    samples: int = 10_000,
    components: int = 256,
    attributes: TrainedModels | None = None,
    seed: int = 0,
    report: Callable[[int], None] = lambda done: None,
) -> Bundle:
    """Fit the subspace and write the bundle; ``folder`` may hold a model card that is to go with it.

    Args:
        description: see :func:`read_description`.
        samples: generated faces that the subspace is fitted on.
        attributes: the attribute models that go with it, if any.
        report: called with the number of faces encoded so far.
    """
    generator, discriminator, notes = averaged_networks(generator_checkpoint)
    encoder, encoder_notes = trained_encoder(encoder_checkpoint)
    ws = encoded_samples(generator, encoder, samples=samples, seed=seed, report=report)
    subspace = fit_subspace(ws, components=components, seed=seed, **description["neighbours"])
    kept = {key: description[key] for key in REQUIRED if key != "neighbours"}
    training = {
        "generator": {
            key: notes[key] for key in ("images", "seconds", "augment_p", "config", *ORIGINS) if key in notes
        },
        "encoder": {key: encoder_notes[key] for key in ("step", "config")},
        **({} if attributes is None else {"attributes": attributes.training}),
        "neighbours": {"samples": samples, "seed": seed},
        "software": {
            "keras": keras.__version__,
            "backend": keras.backend.backend(),
            "python": platform.python_version(),
        },
    }
    return write_bundle(
        folder,
        generator=generator,
        discriminator=discriminator,
        encoder=encoder,
        encoder_config=EncoderConfig.from_dict(encoder_notes["config"]["network"]),
        subspace=subspace,
        facts={**kept, "training": training},
        attributes=None if attributes is None else attributes.models,
        reliability={} if attributes is None else attributes.reliability,
        documents=(MODEL_CARD,) if (folder / MODEL_CARD).is_file() else (),
    )
