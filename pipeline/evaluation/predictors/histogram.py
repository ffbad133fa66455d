"""How many of a set of faces have each attribute (thesis, figures 5.22 and 5.23).

Of CelebA's labels a face may have several; if no colour of hair nor baldness reaches 0.5, the likeliest of
them counts. Of age groups and ethnicities a face has exactly one, the likeliest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.attributes import AGES, RACES, Attributes
from pipeline.evaluation.annotation.records import Row
from pipeline.evaluation.predictors.telling import from_columns


@dataclass(frozen=True)
class Histogram:
    """Counts of one set of faces.

    Attributes:
        what: the faces in words.
        faces: how many.
        counts: attribute → faces that have it.
    """

    what: str
    faces: int
    counts: dict[str, int]


def histogram_of(what: str, attributes: Attributes) -> Histogram:
    """Count, in the order and by the names of ``Attributes.columns``."""
    counts = {label: int(there.sum()) for label, there in attributes.present().items()}
    for kind, table, groups, taught in (
        ("age", attributes.age, AGES, attributes.ages),
        ("race", attributes.race, RACES, attributes.races),
    ):
        if table is not None:
            likeliest = np.bincount(table.argmax(axis=1), minlength=len(groups))
            counts |= {f"{kind} {name}": int(likeliest[groups.index(name)]) for name in taught}
    return Histogram(what, len(attributes), counts)


def attributes_in(rows: Sequence[Row], outputs: Sequence[str]) -> Attributes:
    """What the rows of annotated faces say; faces with a problem are left out.

    Args:
        outputs: of the file's first line.
    """
    said = [row["probabilities"] for row in rows if "probabilities" in row]
    return from_columns({name: np.array([one[name] for one in said], np.float32) for name in outputs})
