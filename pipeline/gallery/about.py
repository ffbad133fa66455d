"""What ``gallery.json`` says of a gallery: settings, origin, what it is fit for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from pipeline.attributes import Reliability
from pipeline.attributes.description import Value
from pipeline.attributes.people import PEOPLE
from pipeline.gallery.errors import GalleryError

#: A filler's faceres cosine to a suspect, to another filler or to a face of the gallery stays below.
SAME_PERSON: Final = 0.70
#: faceres cosine that no two faces of a gallery reach, nor one that is composed and one of the gallery: two
#: pictures of one person have 0.75 and more, 0.92 in the median. It is wider than ``SAME_PERSON``, since two
#: faces of nobody hurt nobody; that no two of one lineup reach ``SAME_PERSON`` is the search's to see to.
EACH_OTHER: Final = 0.74
#: Of a WebP, 0..100. At 85 a picture takes 5.7 KB and differs from the original by 40.7 dB.
PICTURE_QUALITY: Final = 85
MATTE_QUALITY: Final = 90
#: Keys and words beyond these are no description of a face.
MOST_KEYS: Final = 64
MOST_WORDS: Final = 250
MOST_MEASURES: Final = 512
#: Of identities of unit length: their numbers are 0 to 0.3 (measured on 1,547 portraits, 0.02 in the mean).
COARSE_SCALE: Final = 400.0


@dataclass(frozen=True, kw_only=True)
class About:
    """Everything about a gallery but its faces.

    Attributes:
        licence: of the pictures, as SPDX has it or in words.
        provenance: what portraits it was blended from, and by what, for people to read.
        casework: whether it is fit for lineups that a court will see.
        figures: what was measured of it, and says so: plain values by name.
        wall: the colour behind every head, uint8 R, G, B.
        garment: settings of the garment below every head; empty where pictures are cut above it.
        same_person: faceres cosine from which two pictures are taken for one person, -1..1.
        stranger_share: a filler is more like the suspect than this share of the gallery's faces that keep
            the locks.
        picture_quality, matte_quality: of their WebP files, 0..100.
        attributes: key → words: what is said of faces. A face's value is one of them, or not known.
        measures: names of numbers that are kept of every face, for whoever composes new ones.
        coarse_scale: what an identity's numbers are multiplied by in the coarse copies of a large gallery.
        reliability: how often what is read of photographs of people is right, by key.
    """

    licence: str
    provenance: str
    casework: bool = False
    figures: Mapping[str, Any] = field(default_factory=dict)
    wall: tuple[int, int, int] = (205, 205, 205)
    garment: Mapping[str, Any] = field(default_factory=dict)
    same_person: float = SAME_PERSON
    stranger_share: float = 0.5
    picture_quality: int = PICTURE_QUALITY
    matte_quality: int = MATTE_QUALITY
    attributes: Mapping[str, tuple[Value, ...]] = field(default_factory=lambda: PEOPLE)
    measures: tuple[str, ...] = ()
    coarse_scale: float = COARSE_SCALE
    reliability: Mapping[str, Reliability] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _require(all(isinstance(text, str) for text in (self.licence, self.provenance)), "licence")
        _require(isinstance(self.casework, bool), "casework")
        _require(isinstance(self.figures, Mapping), "figures")
        _require(len(self.wall) == 3 and all(_whole(v, 0, 255) for v in self.wall), "wall")
        _require(isinstance(self.garment, Mapping), "garment")
        _require(_number(self.same_person, 0.0, 1.0), "same_person")
        _require(_number(self.stranger_share, 0.0, 1.0), "stranger_share")
        _require(_number(self.coarse_scale, 0.0, 1e6), "coarse_scale")
        _require(_whole(self.picture_quality, 1, 100), "picture_quality")
        _require(_whole(self.matte_quality, 1, 100), "matte_quality")
        _require(1 <= len(self.attributes) <= MOST_KEYS, "attributes")
        named = all(isinstance(name, str) for name in self.measures)
        _require(named and len(self.measures) <= MOST_MEASURES, "measures")
        for key, words in self.attributes.items():
            plain = all(isinstance(word, str | bool) for word in words)
            _require(isinstance(key, str) and plain and 1 <= len(set(words)) <= MOST_WORDS, f"{key}'s words")

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        plain = ("licence", "provenance", "casework", "same_person", "stranger_share", "coarse_scale")
        return {
            **{name: getattr(self, name) for name in (*plain, "picture_quality", "matte_quality")},
            "figures": dict(self.figures),
            "wall": list(self.wall),
            "garment": dict(self.garment),
            "measures": list(self.measures),
            "attributes": [{"key": key, "words": list(words)} for key, words in self.attributes.items()],
            "reliability": {key: one.to_dict() for key, one in self.reliability.items()},
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`; other entries are passed over.

        Raises:
            GalleryError: an entry is missing, or is not what it should be.
        """
        try:
            fields = {name: values[name] for name in cls.__dataclass_fields__}
            fields["wall"], fields["measures"] = tuple(fields["wall"]), tuple(fields["measures"])
            fields["attributes"] = {one["key"]: tuple(one["words"]) for one in fields["attributes"]}
            measured = fields["reliability"].items()
            fields["reliability"] = {key: Reliability.from_dict(one) for key, one in measured}
            return cls(**fields)
        except (AttributeError, KeyError, TypeError) as error:
            raise GalleryError(f"what it says of itself is incomplete: {error}") from error


def _require(fine: bool, what: str) -> None:
    if not fine:
        raise GalleryError(f"what it says of its {what} is out of range")


def _whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _number(value: object, least: float, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and least < value < most
