"""From a face that was made to the recipe that a site keeps of it."""

from collections.abc import Mapping
from typing import Any, Protocol

from lineups.recipes import Arithmetic as KeptArithmetic
from lineups.recipes import Composed, Recipe, pack
from pipeline.fillers import Changes, Composition, Latent, SyntheticFace
from pipeline.serving.arithmetic import Arithmetic


class Maker(Protocol):
    """What makes faces.

    Attributes:
        digest: of its bundle or gallery.
        arithmetic: what computes.
    """

    @property
    def digest(self) -> str: ...

    @property
    def arithmetic(self) -> Arithmetic: ...


def recipe_of(
    face: SyntheticFace, maker: Maker, *, refinement: str | None = None, origin: Mapping[str, Any]
) -> Recipe:
    """What makes ``face`` again.

    Args:
        maker: of the face.
        refinement: digest of the refinement that it was made with.
        origin: what the recipe tells of where it came from.
    """
    made_of, arithmetic = face.made_of, kept(maker.arithmetic)
    if isinstance(made_of, Latent):
        latent, seed = pack(made_of.w_plus), int(made_of.noise_seed)
        return Recipe(maker.digest, latent, seed, refinement, origin, arithmetic=arithmetic)
    composed: Composed = {
        "gallery": made_of.gallery,
        "members": list(made_of.members),
        "weights": list(made_of.weights),
        "seed": made_of.seed,
    }
    if made_of.changes.hair:
        composed["hair"] = made_of.changes.hair
    if made_of.changes.glasses:
        composed["glasses"] = True
    return Recipe(maker.digest, None, origin=origin, composed=composed, arithmetic=arithmetic)


def kept(arithmetic: Arithmetic) -> KeptArithmetic:
    """As a recipe has it."""
    return {
        "runtime": arithmetic.runtime,
        "version": arithmetic.version,
        "precision": arithmetic.precision,
    }


def composition_of(composed: Composed) -> Composition:
    """What a gallery makes the face of again."""
    return Composition(
        composed["gallery"],
        tuple(composed["members"]),
        tuple(composed["weights"]),
        composed["seed"],
        Changes(composed.get("hair", ""), composed.get("glasses", False)),
    )
