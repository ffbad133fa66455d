"""Recipes: what makes a face again (bundle digest, refinement, latent, noise seed), as JSON."""

import base64
from typing import Any, Final, TypedDict

import numpy as np
from numpy.typing import NDArray

SEEDS: Final = 2**31
"""Seeds are 0 and up, below this."""


class Latent(TypedDict):
    """One w+ as JSON: little-endian float32, row by row."""

    shape: list[int]
    dtype: str
    base64: str


class Recipe(TypedDict, total=False):
    """What is kept with every face. Beside these keys, what the face was derived from."""

    bundle: str
    refinement: str | None
    w_plus: Latent
    noise_seed: int


def recipe(
    bundle: str,
    w_plus: NDArray[np.float32],
    *,
    noise_seed: int = 0,
    refinement: str | None = None,
    **origin: Any,
) -> dict[str, Any]:
    """The recipe of a face made with ``bundle`` from ``w_plus``.

    Args:
        bundle: SHA-256 of its bundle.json.
        w_plus: float32 (num_ws, w_dim).
        noise_seed: seed of the noise inputs.
        refinement: digest of the refinement that it was made with.
        origin: what else tells where it came from: the face it started at, the seed of the draw, the box.
    """
    return {
        "bundle": bundle,
        "refinement": refinement,
        "w_plus": pack(w_plus),
        "noise_seed": noise_seed,
        **origin,
    }


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
