"""Over many lineups: how often the suspect is the odd one, overall, in each aspect and for whom."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from scipy.stats import beta

from pipeline.appearance.standing_out import WORDS, StandingOut
from pipeline.evaluation.standing_out.examining import Examined

SMALLEST: Final = 10
"""Lineups of a group of which a share is given."""


def shares_of(examined: Sequence[Examined]) -> dict[str, Any]:
    """Plain values: shares of lineups in which the suspect is the oddest."""
    found = [one.found for one in examined]
    names = [name for name in WORDS if any(a.name == name for one in found for a in one.aspects)]
    return {
        "lineups": len(found),
        "chance": float(np.mean([1 / one.size for one in found])),
        "oddest": share([one.rank == 1 for one in found]),
        "mean_rank": float(np.mean([one.rank for one in found])),
        "aspects": {name: _of_aspect(name, found) for name in names},
        "groups": _by_group(examined),
    }


def share(hits: Sequence[bool]) -> dict[str, Any]:
    """A share with its 95 % interval (Clopper and Pearson 1934)."""
    count, n = sum(hits), len(hits)
    low = float(beta.ppf(0.025, count, n - count + 1)) if count else 0.0
    high = float(beta.ppf(0.975, count + 1, n - count)) if count < n else 1.0
    return {"share": count / n, "count": count, "of": n, "interval": [round(low, 4), round(high, 4)]}


def _of_aspect(name: str, found: Sequence[StandingOut]) -> dict[str, Any]:
    pairs = [(one, aspect) for one in found for aspect in one.aspects if aspect.name == name]
    return {
        **share([aspect.rank == 1 for _, aspect in pairs]),
        "plainly": sum(name in one.plainly for one in found),
        "suspect": float(np.mean([aspect.distances[one.suspect] for one, aspect in pairs])),
        "fillers": float(
            np.mean([np.mean(np.delete(aspect.distances, one.suspect)) for one, aspect in pairs])
        ),
    }


def _by_group(examined: Sequence[Examined]) -> dict[str, dict[str, Any]]:
    hits: dict[str, list[bool]] = defaultdict(list)
    for one in examined:
        for key, value in one.lineup.about.items():
            hits[f"{key}: {value}"].append(one.found.rank == 1)
    return {name: share(hits[name]) for name in sorted(hits) if len(hits[name]) >= SMALLEST}
