"""Sheets of the faces that attribute models are wrong about: the first ones, none of them chosen."""

from typing import Final

import numpy as np

from pipeline.evaluation.pictures import Sheet
from pipeline.evaluation.predictors.judging import Judged
from pipeline.training.attributes.labelled import Labelled
from pipeline.training.attributes.pictures import Pictures

SHOWN: Final = 20
KEYS: Final = ("sex", "age_group", "ethnicity", "hair", "beard")


def mistake_sheets(traits: dict[str, Judged], faces: Labelled, side: int) -> list[Sheet]:
    """A sheet for each of the chief traits of which some faces are judged wrong."""
    pictures = Pictures(faces.files, side, kept_bytes=0)
    sheets = []
    for key in KEYS:
        judged = traits.get(key)
        wrong = np.empty(0, np.int64) if judged is None else np.flatnonzero(~judged.right)[:SHOWN]
        if judged is not None and len(wrong):
            said = "; ".join(
                f"{judged.names[judged.truth[i]]} as {judged.names[judged.said[i]]}" for i in wrong
            ).replace("_", " ")
            title = f"Mistakes: {key.replace('_', ' ')}"
            total = int((~judged.right).sum())
            caption = f"The first {len(wrong)} of {total:,} faces that are taken for something else: {said}."
            sheets.append(Sheet(f"mistakes-{key}", title, caption, pictures[judged.faces[wrong]]))
    return sheets
