"""Predictions for many faces, a part at a time; features are not kept."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from tqdm import tqdm

from pipeline.attributes import Attributes
from pipeline.command_line import BadInput
from pipeline.evaluation.predictors.telling import carried, from_columns
from pipeline.networks.attributes import CombinedAttributes
from pipeline.training.attributes.pictures import Pictures, UnreadablePicture

CHUNK: Final = 256


def side_of(models: CombinedAttributes) -> int:
    """Side that pictures are read at: the largest that a model looks at."""
    return max(model.config.side for model in models.models)


def predicted_of(models: CombinedAttributes, files: Sequence[Path], *, what: str) -> Attributes:
    """Predict the attributes of pictures in files, with progress on standard error.

    Args:
        what: they are, for the progress.

    Raises:
        BadInput: a file is no picture.
    """
    pictures = Pictures(files, side_of(models), kept_bytes=0)
    parts = [carried(models).columns()]
    try:
        with tqdm(total=len(files), desc=what, unit="img", mininterval=1) as bar:
            for start in range(0, len(files), CHUNK):
                places = np.arange(start, min(start + CHUNK, len(files)))
                parts.append(models.predict(pictures[places]).columns())
                bar.update(len(places))
    except UnreadablePicture as error:
        raise BadInput(str(error)) from error
    return from_columns({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})
