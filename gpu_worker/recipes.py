"""From a face that was made to the recipe that a site keeps of it."""

from collections.abc import Mapping
from typing import Any

from lineups.recipes import Composed, Recipe, pack
from pipeline.fillers import Changes, Composition, Latent, SyntheticFace


def recipe_of(
    face: SyntheticFace, bundle: str, *, refinement: str | None = None, origin: Mapping[str, Any]
) -> Recipe:
    """What makes ``face`` again.

    Args:
        bundle: digest of the bundle that it was made with.
        refinement: digest of the refinement that it was made with.
        origin: what the recipe tells of where it came from.
    """
    made_of = face.made_of
    if isinstance(made_of, Latent):
        return Recipe(bundle, pack(made_of.w_plus), int(made_of.noise_seed), refinement, origin)
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
    return Recipe(bundle, None, origin=origin, composed=composed)


def composition_of(composed: Composed) -> Composition:
    """What a gallery makes the face of again."""
    return Composition(
        composed["gallery"],
        tuple(composed["members"]),
        tuple(composed["weights"]),
        composed["seed"],
        Changes(composed.get("hair", ""), composed.get("glasses", False)),
    )
