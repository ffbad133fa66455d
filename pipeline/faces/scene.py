"""What every member of a lineup is shown in: the wall behind, the garment worn."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from pipeline.faces.garment import with_garment
from pipeline.faces.head import Head
from pipeline.faces.wall import NEUTRAL, with_wall

GARMENTS: Final = ("gown", "none")


@dataclass(frozen=True)
class Scene:
    """The same for a whole lineup, and for the gallery that its fillers come from.

    Attributes:
        wall: the wall's colour, RGB; None leaves everybody before the wall of the photograph.
        garment: ``gown`` covers the clothes, ``none`` leaves them.
    """

    wall: tuple[int, int, int] | None = NEUTRAL
    garment: Literal["gown", "none"] = "gown"

    def __post_init__(self) -> None:
        if self.garment not in GARMENTS:
            raise ValueError(f"No garment is known as {self.garment}: choose of {', '.join(GARMENTS)}.")
        if self.wall is None and self.garment != "none":
            raise ValueError("Only before one wall can everybody wear one garment: give the wall a colour.")

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Scene":
        """From settings or a recipe: ``{"wall": [200, 203, 206], "garment": "gown"}``.

        Raises:
            ValueError: something else.
        """
        if unknown := sorted(set(data) - {"wall", "garment"}):
            raise ValueError(f"A scene has a wall and a garment, not {', '.join(unknown)}.")
        wall = data.get("wall", NEUTRAL)
        if wall is not None:
            if not isinstance(wall, (list, tuple)) or not all(type(part) is int for part in wall):
                raise ValueError(f"A wall's colour is three numbers from 0 to 255, not {wall}.")
            wall = tuple(wall)
        return cls(wall, data.get("garment", "gown"))

    def as_data(self) -> dict[str, Any]:
        """For settings or a recipe."""
        return asdict(self)

    def around(self, head: Head) -> Head:
        """Show a head in this scene."""
        if self.garment == "gown":
            head = with_garment(head)
        return head if self.wall is None else with_wall(head, self.wall)
