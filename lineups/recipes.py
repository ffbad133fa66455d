"""Recipes: what makes a face again, kept with every face.

Of a generated face that is the bundle's digest, the refinement, the latent and the noise seed; of a composed
one the gallery's digest, the members, their weights, the seed, and what was changed of it; of both, what
computed them.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NotRequired, TypedDict

import numpy as np
from numpy.typing import NDArray

from lineups.errors import DamagedRecord
from lineups.sources import Source

SEEDS: Final = 2**31
"""Seeds are 0 and up, below this."""

VERSION: Final = 1
"""Of the format of generated faces' recipes, which name no version."""
COMPOSED: Final = 2
"""Of the format of composed faces' recipes."""


class Latent(TypedDict):
    """One w+ as JSON: little-endian float32, row by row."""

    shape: list[int]
    dtype: str
    base64: str


class Composed(TypedDict):
    """How a face was composed from a gallery.

    ``gallery``: SHA-256 of its gallery.json; ``members``: places of its faces, the first gives hair and
    outline, one alone is the face itself; ``weights``: of each in the shape; ``seed``: who gives which part,
    and the shade and the pair of what was changed. ``hair``: the colour that it was given, and ``glasses``:
    that a pair was put on; both left out where nothing was.
    """

    gallery: str
    members: list[int]
    weights: list[float]
    seed: int
    hair: NotRequired[str]
    glasses: NotRequired[bool]


class Arithmetic(TypedDict):
    """What computed a face, since another rounds otherwise: ``runtime``, its ``version``, and the
    ``precision`` of its products."""

    runtime: str
    version: str
    precision: str


@dataclass(frozen=True)
class Recipe:
    """What makes a face again.

    Attributes:
        bundle: SHA-256 of the bundle.json that it was made with.
        latent: w+, packed; None of a composed face.
        noise_seed: seed of the noise inputs.
        refinement: digest of the refinement that it was made with.
        origin: what else tells where it came from: the face it started at, the seed of the draw, the box.
        composed: how a composed face was made; None of a generated one.
        arithmetic: what computed it; None of a face of before that was kept.
    """

    bundle: str
    latent: Latent | None
    noise_seed: int = 0
    refinement: str | None = None
    origin: Mapping[str, Any] = field(default_factory=dict)
    composed: Composed | None = None
    arithmetic: Arithmetic | None = None

    @property
    def source(self) -> Source:
        """Which source made the face, or can start from it: what a generator starts from has a latent."""
        return Source.GALLERY if self.latent is None else Source.GENERATOR

    @property
    def w_plus(self) -> NDArray[np.float32]:
        """float32 (num_ws, w_dim).

        Raises:
            ValueError: the face was composed, or see :func:`unpack`.
        """
        if self.latent is None:
            raise ValueError("A face that was composed from a gallery has no latent.")
        return unpack(self.latent)

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        with_what = {} if self.arithmetic is None else {"arithmetic": self.arithmetic}
        if self.composed is not None:
            made = {"version": COMPOSED, "bundle": self.bundle, "composed": self.composed}
            return {**made, **with_what, **self.origin}
        return {
            "bundle": self.bundle,
            "refinement": self.refinement,
            "w_plus": self.latent,
            "noise_seed": self.noise_seed,
            **with_what,
            **self.origin,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Recipe":
        """The inverse of :meth:`to_dict`.

        Raises:
            DamagedRecord: it is incomplete, or in a format of another version.
        """
        try:
            origin = dict(values)
            version, arithmetic = origin.pop("version", VERSION), _arithmetic(origin.pop("arithmetic", None))
            if version == COMPOSED:
                composed = _composed(origin.pop("composed"))
                bundle = origin.pop("bundle")
                return cls(bundle, None, composed=composed, arithmetic=arithmetic, origin=origin)
            if version != VERSION:
                raise DamagedRecord("The recipe of this face is of another version of LiGAN.")
            return cls(
                bundle=origin.pop("bundle"),
                latent=origin.pop("w_plus"),
                noise_seed=origin.pop("noise_seed"),
                refinement=origin.pop("refinement", None),
                arithmetic=arithmetic,
                origin=origin,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise DamagedRecord("The recipe of this face is damaged and gives no face.") from error


def _arithmetic(values: Mapping[str, Any] | None) -> Arithmetic | None:
    """An arithmetic as it was kept; KeyError or TypeError where it is none."""
    if values is None:
        return None
    return {
        "runtime": str(values["runtime"]),
        "version": str(values["version"]),
        "precision": str(values["precision"]),
    }


def _composed(values: Mapping[str, Any]) -> Composed:
    """A composition as it was kept; KeyError, TypeError or ValueError where it is none."""
    members, weights = [int(one) for one in values["members"]], [float(one) for one in values["weights"]]
    if not members or len(members) != len(weights) or not isinstance(values["gallery"], str):
        raise ValueError("not as many weights as members")
    found: Composed = {
        "gallery": values["gallery"],
        "members": members,
        "weights": weights,
        "seed": int(values["seed"]),
    }
    if "hair" in values:
        found["hair"] = str(values["hair"])
    if "glasses" in values:
        found["glasses"] = bool(values["glasses"])
    return found


def pack(w_plus: NDArray[np.float32]) -> Latent:
    """``w_plus`` float32 (num_ws, w_dim) as JSON, exact to the bit."""
    raw = np.ascontiguousarray(w_plus, dtype="<f4")
    return {
        "shape": list(raw.shape),
        "dtype": "<f4",
        "base64": base64.b64encode(raw.tobytes()).decode("ascii"),
    }


def unpack(latent: Latent) -> NDArray[np.float32]:
    """The float32 (num_ws, w_dim) that was packed.

    Raises:
        ValueError: the bytes do not fill the shape, or are not little-endian float32.
    """
    if latent["dtype"] != "<f4":
        raise ValueError(f"A latent of type {latent['dtype']} cannot be read, only <f4.")
    raw = np.frombuffer(base64.b64decode(latent["base64"], validate=True), dtype="<f4")
    return raw.reshape(latent["shape"]).astype(np.float32)
