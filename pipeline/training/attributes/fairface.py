"""FairFace as it is published (Kärkkäinen and Joo 2021).

``fairface_label_train.csv`` and ``fairface_label_val.csv`` (file, age, gender, race, service_test) beside
``train/`` and ``val/``, to which ``file`` is a path. It has no test set: the validation set is both.
"""

import csv
from pathlib import Path
from typing import Final

from pipeline.attributes import AGES, CELEBA, RACES
from pipeline.command_line import BadInput
from pipeline.training.attributes.labelled import Labelled, Split, one_hot, unknown_celeba

#: The files write the last age group in words.
LAST_AGE: Final = "more than 70"
COLUMNS: Final = ("file", "age", "gender", "race")
GENDERS: Final = {"Male": 1.0, "Female": 0.0}


def read_fairface(folder: Path, part: str) -> Labelled:
    """Read one of the two parts, "train" or "val".

    Raises:
        BadInput: its file is missing or damaged, or names a group that FairFace does not have.
    """
    path = folder / f"fairface_label_{part}.csv"
    if not path.is_file():
        raise BadInput(f"{folder} is not laid out like FairFace: {path.name} is missing.")
    files, ages, races, genders = [], [], [], []
    with path.open(newline="") as file:
        rows = csv.DictReader(file)
        if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
            raise BadInput(f"the first line of {path} names the columns, but not {', '.join(missing)}.")
        for number, row in enumerate(rows, 2):
            age = AGES[-1] if row["age"] == LAST_AGE else row["age"]
            if age not in AGES or row["race"] not in RACES or row["gender"] not in GENDERS:
                raise BadInput(
                    f"line {number} of {path} has an unknown age, gender or race: "
                    f"{row['age']}, {row['gender']}, {row['race']}."
                )
            files.append(folder / row["file"])
            ages.append(age)
            races.append(row["race"])
            genders.append(GENDERS[row["gender"]])
    labels = unknown_celeba(len(files))
    labels[:, CELEBA.index("Male")] = genders
    return Labelled(
        files=files,
        celeba=labels,
        age=one_hot(ages, AGES),
        race=one_hot(races, RACES),
        what=f"FairFace's {'training' if part == 'train' else 'validation'} pictures",
        real_people=True,
    )


def split_fairface(folder: Path) -> Split:
    """Read FairFace: its training and validation pictures."""
    return Split(train=read_fairface(folder, "train"), validation=read_fairface(folder, "val"), held_out=None)
