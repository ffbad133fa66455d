"""What an officer should know of a photograph that could be used, but not well."""

from typing import Final

from lineups.recipes import Recipe

# Share of the crop that may lie beyond the photograph before that is pointed out.
CLOSE: Final = 0.1
TOO_CLOSE: Final = (
    "The photograph ends so close to the face that its edges had to be filled in; the suspect may stand out. "
    "Use one with hair, ears and neck."
)


def on_photo(recipe: Recipe) -> str | None:
    """The advice for the photograph whose face has ``recipe``, or None where there is nothing to say."""
    outside: float = recipe.origin.get("outside", 0.0)
    return TOO_CLOSE if outside > CLOSE else None
