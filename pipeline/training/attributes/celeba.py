"""CelebA as it is published (Liu et al. 2015).

``list_attr_celeba.txt`` (number of pictures, names of 40 attributes, a row of 1 and -1 for each picture),
``list_eval_partition.txt`` (0 training, 1 validation, 2 test) and ``img_align_celeba/``; all in one folder,
or in ``Anno/``, ``Eval/`` and ``Img/`` as in the published archive.
"""

from pathlib import Path
from typing import Final

import numpy as np

from pipeline.attributes import AGES, CELEBA, RACES
from pipeline.command_line import BadInput
from pipeline.training.attributes.labelled import Labelled, Split

ATTRIBUTES: Final = "list_attr_celeba.txt"
PARTITION: Final = "list_eval_partition.txt"
PICTURES: Final = "img_align_celeba"
FOLDERS: Final = ("", "Anno", "Eval", "Img")
PARTS: Final = ("train", "validation", "held_out")
WHAT: Final = ("CelebA's training pictures", "CelebA's validation pictures", "CelebA's test pictures")


def find(folder: Path, name: str) -> Path:
    """A part of the data set where it is usually put; BadInput if it is nowhere there."""
    for place in FOLDERS:
        if (folder / place / name).exists():
            return folder / place / name
    raise BadInput(f"{folder} is not laid out like CelebA: {name} is missing.")


def read_attributes(path: Path) -> tuple[list[str], np.ndarray]:
    """Read ``list_attr_celeba.txt``: names of pictures, float32 (n, 23) by ``CELEBA``.

    Raises:
        BadInput: it is not laid out as published, or a row or the number of rows is wrong.
    """
    lines = path.read_text().splitlines()
    header = lines[1].split() if len(lines) > 1 else []
    if missing := [name for name in CELEBA if name not in header]:
        raise BadInput(f"the second line of {path} names the attributes, but not {', '.join(missing)}.")
    columns = [header.index(name) for name in CELEBA]
    names, rows = [], []
    for number, line in enumerate(lines[2:], 3):
        name, *values = line.split()
        if len(values) != len(header) or not set(values) <= {"1", "-1"}:
            raise BadInput(f"line {number} of {path} is not a name and {len(header)} times 1 or -1.")
        names.append(name)
        rows.append([values[column] == "1" for column in columns])
    if lines[0].strip() != str(len(names)):
        raise BadInput(f"{path} says {lines[0].strip()} pictures and lists {len(names)}: it is cut short.")
    return names, np.array(rows, np.float32).reshape(len(rows), len(CELEBA))


def read_partition(path: Path) -> dict[str, int]:
    """Read ``list_eval_partition.txt``: name of a picture → 0, 1 or 2."""
    partition = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match line.split():
            case [name, "0" | "1" | "2" as part]:
                partition[name] = int(part)
            case _:
                raise BadInput(f"line {number} of {path} is not a name and 0, 1 or 2.")
    return partition


def split_celeba(folder: Path) -> Split:
    """Read CelebA: its training, validation and test pictures.

    Raises:
        BadInput: something is missing or damaged.
    """
    names, labels = read_attributes(find(folder, ATTRIBUTES))
    partition = read_partition(find(folder, PARTITION))
    pictures = find(folder, PICTURES)
    if unlisted := [name for name in names if name not in partition]:
        raise BadInput(f"{PARTITION} does not say which part {unlisted[0]} belongs to.")
    parts = np.array([partition[name] for name in names])
    whole = Labelled(
        files=[pictures / name for name in names],
        celeba=labels,
        age=np.zeros((len(names), len(AGES)), np.float32),
        race=np.zeros((len(names), len(RACES)), np.float32),
        what="CelebA",
        real_people=True,
    )
    train, validation, test = (whole.only(parts == part, what) for part, what in enumerate(WHAT))
    return Split(train=train, validation=validation, held_out=test if len(test) else None)
