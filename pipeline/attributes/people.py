"""What is said of a photograph of a person, real or not: keys and the values they take."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pipeline.attributes.description import Value, word
from pipeline.attributes.labels import AGES, RACES

#: Seven groups, seen in four by complexion and features: what a witness is more often sure of.
APPEARANCES: Final[Mapping[str, Value]] = MappingProxyType(
    {
        "white": "white",
        "latino_hispanic": "white",
        "middle_eastern": "white",
        "black": "black",
        "indian": "south_asian",
        "east_asian": "east_asian",
        "southeast_asian": "east_asian",
    }
)
#: Key → values, in the order in which a description is shown. A value may also be None: not known.
PEOPLE: Final[Mapping[str, tuple[Value, ...]]] = MappingProxyType(
    {
        "sex": ("female", "male"),
        "age_group": AGES,
        "ethnicity": tuple(map(word, RACES)),
        "ethnic_appearance": ("white", "black", "south_asian", "east_asian"),
        "hair": ("black", "brown", "blond", "red", "grey", "bald", "dyed"),
        "hair_length": ("short", "long"),
        "beard": (False, True),
        "glasses": (False, True),
        "baldness": (False, True),
        "mouth": ("closed", "smile", "open"),
    }
)

#: The words of a file of labels (docs/gallery.md) → values of a description.
SEXES: Final[Mapping[str, str]] = MappingProxyType({"m": "male", "f": "female"})
GROUPS: Final[Mapping[str, str]] = MappingProxyType(
    {"latino" if group == "Latino_Hispanic" else word(group): word(group) for group in RACES}
)
LENGTHS: Final[Mapping[str, str]] = MappingProxyType(
    {"none": "short", "short": "short", "tied": "short", "medium": "long", "long": "long"}
)
BEARDS: Final = ("none", "stubble", "moustache", "goatee", "full")
