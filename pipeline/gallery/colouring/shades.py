"""Natural shades of hair, as people have them: means of groups of four portraits to 33 each.

Measured in L*a*b* above and beside the face, on 345 portraits of which blends may be made; grouped by k-means
within what people call the colour.
"""

from typing import Final

SHADES: Final[dict[str, tuple[tuple[float, float, float, float, float, float], ...]]] = {
    "black": (
        (13.4, 10.6, 4.1, 0.9, 0.29, 0.33),
        (20.2, 11.7, 0.3, 0.4, 0.08, 0.17),
        (20.3, 14.1, 4.5, 2.5, 0.23, 0.32),
    ),
    "brown": (
        (23.2, 12.0, 7.8, 8.9, 0.23, 0.32),
        (29.5, 16.6, 7.2, 7.7, 0.16, 0.25),
        (37.1, 12.5, 10.6, 18.8, 0.15, 0.27),
        (37.7, 17.5, 8.7, 8.6, 0.11, 0.18),
    ),
    "blond": (
        (50.8, 13.8, 9.9, 16.9, -0.06, 0.09),
        (62.5, 11.2, 12.0, 17.8, -0.02, 0.12),
    ),
    "red": (
        (25.5, 13.2, 16.5, 19.1, 0.30, 0.47),
        (44.8, 14.2, 17.9, 21.4, -0.05, -0.01),
    ),
    "grey": (
        (48.0, 13.1, 3.3, 1.3, 0.02, 0.04),
        (68.7, 8.8, 2.2, -0.7, -0.03, -0.07),
        (72.0, 7.6, 4.0, 3.2, -0.15, -0.15),
    ),
}
"""Colour -> rows of: mean of L*, its deviation, mean of a* and of b*, rise of a* and of b* with L*."""
