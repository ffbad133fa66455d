"""Recipes: what makes a face again (bundle digest, refinement, latent, noise seed), kept with every face."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypedDict

import numpy as np
from numpy.typing import NDArray

from lineups.errors import DamagedRecord

SEEDS: Final = 2**31
"""Seeds are 0 and up, below this."""

VERSION: Final = 1
"""Of the format. A recipe of version 1 names none, as ever; later ones say ``"version": 2`` and so on."""


class Latent(TypedDict):
    """One w+ as JSON: little-endian float32, row by row."""

    shape: list[int]
    dtype: str
    base64: str


@dataclass(frozen=True)
class Recipe:
    """What makes a face again.

    Attributes:
        bundle: SHA-256 of the bundle.json that it was made with.
        latent: w+, packed.
        noise_seed: seed of the noise inputs.
        refinement: digest of the refinement that it was made with.
        origin: what else tells where it came from: the face it started at, the seed of the draw, the box.
    """

    bundle: str
    latent: Latent
    noise_seed: int = 0
    refinement: str | None = None
    origin: Mapping[str, Any] = field(default_factory=dict)

    @property
    def w_plus(self) -> NDArray[np.float32]:
        """float32 (num_ws, w_dim).

        Raises:
            ValueError: see :func:`unpack`.
        """
        return unpack(self.latent)

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "bundle": self.bundle,
            "refinement": self.refinement,
            "w_plus": self.latent,
            "noise_seed": self.noise_seed,
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
            if origin.pop("version", VERSION) != VERSION:
                raise DamagedRecord("The recipe of this face is of another version of LiGAN.")
            return cls(
                bundle=origin.pop("bundle"),
                latent=origin.pop("w_plus"),
                noise_seed=origin.pop("noise_seed"),
                refinement=origin.pop("refinement", None),
                origin=origin,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise DamagedRecord("The recipe of this face is damaged and gives no face.") from error


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
