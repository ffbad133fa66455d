"""What people say of photographs: JSON lines, one a photograph.

::

    {"file": "0007.jpg", "sex": "f", "age": 34, "group": "black", "hair": "black", "length": "long",
     "beard": "none", "glasses": false, "mouth": "closed", "split": "train"}

``file`` is the path below the folder of photographs. ``split`` may be left out; nothing is made of rows with
``"split": "test"``. So may ``gives_hair``: where it is false, nobody gets the hair of this one, as it ends in
a straight edge or clothes lie beside it, which no measure of the gate sees. What else a row holds is passed
over.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from pipeline.attributes.people import APPEARANCES, BEARDS, GROUPS, LENGTHS, PEOPLE, SEXES
from pipeline.command_line import BadInput

SEX_NAMES: Final = {word: name for name, word in SEXES.items()}
GROUP_NAMES: Final = {word: name for name, word in GROUPS.items()}
"""Back to the words of the file."""
OLDEST: Final = 110


@dataclass(frozen=True)
class Labels:
    """One person.

    Attributes:
        sex: male, female.
        age: years.
        ethnicity: FairFace's seven, as words.
        hair: its colour, ``bald`` or ``dyed``.
        length: none, short, medium, long, tied.
        beard: none, stubble, moustache, goatee, full.
        glasses: whether there are any.
        mouth: closed, smile, open.
    """

    sex: str
    age: float
    ethnicity: str
    hair: str
    length: str
    beard: str
    glasses: bool
    mouth: str

    @property
    def ethnic_appearance(self) -> str:
        """One of four."""
        return str(APPEARANCES[self.ethnicity])

    @property
    def hair_length(self) -> str:
        """Short (none and tied, too) or long."""
        return LENGTHS[self.length]

    @property
    def baldness(self) -> bool:
        """No hair on top."""
        return self.hair == "bald" or self.length == "none"

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


@dataclass(frozen=True)
class Said:
    """A row of the file.

    Attributes:
        labels: what the photograph shows.
        source: whether blends may be made of it.
        gives_hair: whether it may give hair and outline to them.
    """

    labels: Labels
    source: bool = True
    gives_hair: bool = True


def read_labels(path: Path) -> dict[str, Said]:
    """Read a file of labels, by name of the photograph.

    Raises:
        BadInput: no such file, or a row that is not as above; it says which.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read as a file of labels: {error}.") from error
    found: dict[str, Said] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        name, said = _row(line, f"{path}, line {number}")
        if name in found:
            raise BadInput(f"{path}, line {number}: {name} has labels already.")
        found[name] = said
    return found


def _row(line: str, where: str) -> tuple[str, Said]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadInput(f"{where} is not JSON.") from error
    if not isinstance(row, dict):
        raise BadInput(f"{where} is not an object with names and values.")
    try:
        labels = Labels(
            sex=SEXES[row["sex"]],
            age=_age(row["age"]),
            ethnicity=GROUPS[row["group"]],
            hair=_one_of(row["hair"], PEOPLE["hair"]),
            length=_one_of(row["length"], LENGTHS),
            beard=_one_of(row["beard"], BEARDS),
            glasses=_flag(row["glasses"]),
            mouth=_one_of(row["mouth"], PEOPLE["mouth"]),
        )
        gives_hair = _flag(row.get("gives_hair", True))
        return _name(row["file"]), Said(labels, row.get("split") != "test", gives_hair)
    except KeyError as error:
        raise BadInput(f"{where}: {error} is missing or no value that is known.") from error
    except (TypeError, ValueError) as error:
        raise BadInput(f"{where}: {error}.") from error


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("file must be the name of a photograph")
    return value


def _age(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= OLDEST:
        raise ValueError(f"age must be years from 0 to {OLDEST}, not {value!r}")
    return float(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"glasses must be true or false, not {value!r}")
    return value


def _one_of(value: Any, allowed: Iterable[object]) -> str:
    if value not in allowed:
        raise ValueError(f"{value!r} is none of {', '.join(map(str, allowed))}")
    return str(value)
