"""Rendered heads: a folder of pictures and ``labels.jsonl``, one JSON object a line.

Their labels and the labels of CelebA and FairFace:

=================== ===================================================================================
Male                sex
Bald                hairstyle is "bald"; such a head has none of the colours
Gray_Hair           a quarter of the hair or more is grey; such a head has none of the other colours
Black_Hair          haircolor is "black"
Blond_Hair          haircolor is "blond"
Brown_Hair          haircolor is "darkbrown", "brown" or "lightbrown"
(red hair)          CelebA has no label for it: the three colours are not known of such a head
No_Beard            facial is "none": not even stubble
5_o_Clock_Shadow    facial is "stubble"
Goatee, Mustache    facial is "goatee", "moustache": alone, not as part of a full beard
Receding_Hairline   rec, degrees: 6 and more is, 3 and less is not, in between is not known; nor of bald heads
Straight_Hair,      hairstyle; curly and curlshort are wavy; side, back, bun, ponytail01, long01, short01-04
Wavy_Hair           are straight; bald is neither; of others it is not known
Chubby              weight, 0 to 1: 0.75 and more is, 0.6 and less is not, in between is not known
age                 age_years, rounded down; 18 to 80, so there is no one of 0-2 and 3-9
race                eth: white, black, east_asian, middle_eastern as they are, latino is Latino_Hispanic,
                    south_asian is Indian; nobody is Southeast Asian
=================== ===================================================================================

Nothing in them says Bags_Under_Eyes, Bangs, Big_Lips, Big_Nose, Double_Chin, Narrow_Eyes, Oval_Face,
Pointy_Nose or Sideburns: 14 of the 23 labels are carried.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipeline.attributes import AGES, CELEBA, RACES
from pipeline.command_line import BadInput
from pipeline.dataset.images import SUFFIXES
from pipeline.training.attributes.labelled import Labelled, Split, one_hot

LABELS: Final = "labels.jsonl"
Head = Mapping[str, Any]

BROWN: Final = frozenset({"darkbrown", "brown", "lightbrown"})
STRAIGHT: Final = frozenset(
    {"side", "back", "bun", "ponytail01", "long01", "short01", "short02", "short03", "short04"}
)
WAVY: Final = frozenset({"curly", "curlshort"})
GREY_FROM: Final = 0.25
RACE_OF: Final = {
    "white": "White",
    "black": "Black",
    "latino": "Latino_Hispanic",
    "east_asian": "East Asian",
    "south_asian": "Indian",
    "middle_eastern": "Middle Eastern",
}


def bald(head: Head) -> bool:
    """Whether it has no hair on top."""
    return bool(head["hairstyle"] == "bald")


def grey(head: Head) -> bool:
    """Whether its hair counts as grey."""
    return not bald(head) and float(head["grey"]) >= GREY_FROM


def coloured(head: Head, colours: frozenset[str]) -> float:
    """1 if its hair has one of the colours, 0 if not, NaN for red hair."""
    if bald(head) or grey(head):
        return 0.0
    return math.nan if head["haircolor"] == "red" else float(head["haircolor"] in colours)


def between(value: float, no: float, yes: float) -> float:
    """1 from ``yes`` on, 0 up to ``no``, NaN in between."""
    return 1.0 if value >= yes else 0.0 if value <= no else math.nan


def textured(head: Head, styles: frozenset[str]) -> float:
    """1 for a hairstyle of these, NaN for one whose texture is not known."""
    known = bald(head) or head["hairstyle"] in STRAIGHT | WAVY
    return float(head["hairstyle"] in styles) if known else math.nan


#: Label of CelebA → 1, 0 or NaN for a head; see the table above.
CELEBA_OF: Final[dict[str, Callable[[Head], float]]] = {
    "5_o_Clock_Shadow": lambda head: float(head["facial"] == "stubble"),
    "Bald": lambda head: float(bald(head)),
    "Black_Hair": lambda head: coloured(head, frozenset({"black"})),
    "Blond_Hair": lambda head: coloured(head, frozenset({"blond"})),
    "Brown_Hair": lambda head: coloured(head, BROWN),
    "Chubby": lambda head: between(float(head["weight"]), 0.6, 0.75),
    "Goatee": lambda head: float(head["facial"] == "goatee"),
    "Gray_Hair": lambda head: float(grey(head)),
    "Male": lambda head: float(head["sex"] == "male"),
    "Mustache": lambda head: float(head["facial"] == "moustache"),
    "No_Beard": lambda head: float(head["facial"] == "none"),
    "Receding_Hairline": lambda head: math.nan if bald(head) else between(float(head["rec"]), 3.0, 6.0),
    "Straight_Hair": lambda head: textured(head, STRAIGHT),
    "Wavy_Hair": lambda head: textured(head, WAVY),
}


def age_group(years: float) -> str:
    """FairFace's group of an age in years."""
    whole = int(years)
    return next(name for name in reversed(AGES) if whole >= int(re.split(r"[-+]", name)[0]))


def head_number(name: str) -> int:
    """The head that a file shows: the first digits of its name; BadInput without any."""
    digits = re.match(r"\d+", Path(name).stem)
    if digits is None:
        raise BadInput(f"{name} does not start with the number of its head.")
    return int(digits[0])


def is_held_out(name: str) -> bool:
    """Whether the head in a file is one of the tenth that nothing is trained on."""
    return head_number(name) % 10 == 0


def is_watched(name: str) -> bool:
    """Whether the head in a file is one of the twentieth that training is steered by."""
    return head_number(name) % 20 == 5


def read_heads(folder: Path, labels: Path | None = None) -> Labelled:
    """Read heads that have both a picture and labels; files are matched by name without its ending.

    Args:
        folder: of pictures.
        labels: ``labels.jsonl``; by default the one in ``folder``.

    Raises:
        BadInput: no labels, labels that are damaged, or no picture that they are about.
    """
    path = folder / LABELS if labels is None else labels
    if not path.is_file():
        raise BadInput(f"{path} is missing: labels of rendered heads, one JSON object a line.")
    pictures = {file.stem: file for file in sorted(folder.glob("*")) if file.suffix.lower() in SUFFIXES}
    files, rows, ages, races = [], [], [], []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        try:
            head = json.loads(line)
            file = pictures.get(Path(head["file"]).stem)
            if file is not None:
                rows.append([CELEBA_OF[name](head) if name in CELEBA_OF else math.nan for name in CELEBA])
                ages.append(age_group(float(head["age_years"])))
                races.append(RACE_OF[head["eth"]])
                files.append(file)
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(f"line {number} of {path} does not label a head: {error!r}") from error
    if not files:
        raise BadInput(f"{folder} holds no picture that {path} is about.")
    return Labelled(
        files=files,
        celeba=np.array(rows, np.float32),
        age=one_hot(ages, AGES),
        race=one_hot(races, RACES),
        what="rendered heads",
        real_people=False,
    )


def split_heads(folder: Path, labels: Path | None = None) -> Split:
    """Heads to train on, to watch and held out: by head, so that no head is in two parts."""
    heads = read_heads(folder, labels)
    held_out = np.array([is_held_out(file.name) for file in heads.files])
    watched = np.array([is_watched(file.name) for file in heads.files])
    return Split(
        train=heads.only(~held_out & ~watched, "rendered heads of the training"),
        validation=heads.only(watched, "rendered heads that training was steered by"),
        held_out=heads.only(held_out, "rendered heads held out of training"),
    )
