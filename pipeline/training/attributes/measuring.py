"""How often a model's descriptions are right, for everyone and for each group of people."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from pipeline.attributes import AGES, CELEBA, RACES, TRAITS, Description, Reliability, Share, Trait, describe
from pipeline.networks.attributes import AttributeModel, CombinedAttributes
from pipeline.training.attributes.labelled import Labelled
from pipeline.training.attributes.pictures import Pictures

Model = AttributeModel | CombinedAttributes
#: Keys of a description that say which group of people somebody belongs to.
GROUPS: Final = ("sex", "age_group", "ethnicity")
CHUNK: Final = 512


def truths(faces: Labelled) -> dict[str, list[Any]]:
    """What is true of each face by key of a description; None where it is not known.

    Hair is known where exactly one of its labels is there.
    """
    return {trait.key: _true_values(trait, faces) for trait in TRAITS}


def _true_values(trait: Trait, faces: Labelled) -> list[Any]:
    groups, table = {
        "celeba": (CELEBA, faces.celeba),
        "age": (AGES, faces.age),
        "race": (RACES, faces.race),
    }[trait.source]
    names = list(trait.values)
    columns = table[:, [groups.index(name) for name in names]]
    if trait.otherwise is not None:
        words = {1.0: trait.values[names[0]], 0.0: trait.otherwise}
        return [words.get(float(value)) for value in columns[:, 0]]
    one = np.nansum(columns == 1.0, axis=1) == 1
    likeliest = np.nanargmax(np.nan_to_num(columns), axis=1)
    return [trait.values[names[k]] if only else None for k, only in zip(likeliest, one, strict=True)]


def descriptions(model: Model, pictures: Pictures) -> Iterator[Description]:
    """Describe every picture, a part at a time: their number does not matter to the memory."""
    for start in range(0, len(pictures), CHUNK):
        images = pictures[np.arange(start, min(start + CHUNK, len(pictures)))]
        found = model.predict(images)
        for index in range(len(images)):
            yield describe(found, index)


def measure(model: Model, faces: Labelled, side: int) -> dict[str, Reliability]:
    """How often a model is right on faces, by key of a description; without keys that nothing is known of.

    Args:
        side: that pictures are read at: the model's.
    """
    return compared(list(descriptions(model, Pictures(faces.files, side))), faces)


def compared(found: Sequence[Description], faces: Labelled) -> dict[str, Reliability]:
    """Compare descriptions of ``faces``, in their order, with what is true."""
    true = truths(faces)
    results = {}
    for key, values in true.items():
        known = [i for i, value in enumerate(values) if value is not None and key in found[i]]
        if known:
            right = np.array([found[i][key].value == values[i] for i in known])
            results[key] = Reliability(
                accuracy=float(right.mean()),
                n=len(known),
                measured_on=faces.what,
                real_people=faces.real_people,
                near=near(found, values, known) if key == "age_group" else None,
                by_group={name: shares(right, [true[name][i] for i in known]) for name in GROUPS},
            )
    return results


def near(found: Sequence[Description], values: Sequence[Any], known: Sequence[int]) -> float:
    """Share of the faces whose age group is right or a neighbouring one."""
    steps = [abs(AGES.index(str(found[i]["age_group"].value)) - AGES.index(values[i])) for i in known]
    return float(np.mean(np.array(steps) <= 1))


def shares(right: np.ndarray, groups: Sequence[Any]) -> dict[str, Share]:
    """Accuracy and number of faces of each group; faces whose group is not known are left out."""
    found = {}
    for group in sorted({str(group) for group in groups if group is not None}):
        chosen = np.array([group == str(one) for one in groups])
        found[group] = Share(float(right[chosen].mean()), int(chosen.sum()))
    return found
