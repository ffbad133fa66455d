"""The limits of a bundle's band, from distributions of people's similarity and of faces' realism."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from pipeline.fillers import Band, GeneratorSource, PageRequest, Search
from pipeline.serving.bundle_faces import BundleFaces
from pipeline.training.bundling.band.pairs import Pairs, augmented_pairs, between, quantiles, similarities

# More alike than all but one in a thousand pairs of two people …
TWO_PEOPLE: Final = 0.999
# … and less than nineteen in twenty pairs of one: whichever is lower.
ONE_PERSON: Final = 0.05
# A filler is more like the suspect than every other face at random: who is not, is a stranger.
STRANGER_SHARE: Final = 0.5
# One in twenty of the generator's own faces is not real enough to be shown.
LEAST_REALISM: Final = 0.05
CROWD: Final = 500
CROWD_SEED: Final = 3_141_592_653
FACES: Final = 500
STARTS: Final = 6
# Radii that are tried for a first page, as shares of the distance of two faces at random.
SHARES: Final = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
PAGE: Final = 12
ENOUGH: Final = 0.98


def measure_band(
    networks: BundleFaces,
    faces: np.ndarray,
    pairs: Pairs | None,
    *,
    stranger_share: float = STRANGER_SHARE,
    crowd: int | None = None,
    seed: int = 0,
    report: Callable[[str], None] = lambda stage: None,
) -> Band:
    """Measure the band of a bundle.

    Args:
        networks: the bundle's networks.
        faces: training faces, uint8 (n, r, r, 3): different people.
        pairs: two pictures of each of some people; None: faces are augmented to make some.
        stranger_share: see :class:`Band`.
        crowd: faces at random that are made; ``CROWD`` by default.
        report: told the name of each stage.
    """
    chosen = faces[np.random.default_rng(seed).permutation(len(faces))[:FACES]]
    report("people")
    known = networks.identity(chosen)
    two_people = between(known)
    first, second = augmented_pairs(chosen, seed=seed) if pairs is None else pairs
    one_person = similarities(networks.identity(first), networks.identity(second))
    report("crowd")
    pictures = networks.render(networks.random_codes(crowd or CROWD, CROWD_SEED))
    identities, logits = networks.identity(pictures), np.sort(networks.logits(pictures))
    report("realism")
    band = Band(
        same_person=float(min(np.quantile(two_people, TWO_PEOPLE), np.quantile(one_person, ONE_PERSON))),
        stranger_share=stranger_share,
        least_realism=LEAST_REALISM,
        first_radius=0.0,
        far_radius=_far(networks, pictures),
        crowd=identities.astype(np.float16).astype(np.float32),
        logits=logits.astype(np.float32),
        company=networks.company,
    )
    training_realism = band.scale.realism(networks.logits(chosen))
    report("radius")
    radius, tried = first_radius(networks, band, chosen[:STARTS], known[:STARTS])
    measured = {
        "embedder": networks.embedder_digest,
        "one_person": {
            "pairs": len(one_person),
            "made_from": "pictures of one person" if pairs is not None else "augmented pictures",
            "quantiles": quantiles(one_person),
        },
        "two_people": {
            "people": len(chosen),
            "quantiles": quantiles(two_people, (0.25, 0.5, 0.75, 0.99, 0.999)),
        },
        "made_to_training": {"quantiles": quantiles(known @ identities.T)},
        "realism_of_training_faces": {"quantiles": quantiles(training_realism)},
        "first_radius": {"suspects": len(chosen[:STARTS]), "found_of_12": tried},
        "seed": seed,
    }
    return replace(band, first_radius=radius, measured=measured)


def first_radius(
    networks: BundleFaces, band: Band, suspects: np.ndarray, identities: np.ndarray
) -> tuple[float, dict[str, float]]:
    """The smallest ball in which one round of candidates almost always holds a page.

    Args:
        suspects: training faces, uint8 (n, r, r, 3), and who they are, float (n, d).

    Returns:
        (radius, faces found on average by radius tried); where no ball is enough, the best one.
    """
    codes = networks.encode(suspects)
    tried: dict[float, float] = {}
    for share in SHARES:
        radius = share * band.far_radius
        ball = replace(band, first_radius=radius)
        found = [
            _found(networks, ball, code, identity) for code, identity in zip(codes, identities, strict=True)
        ]
        tried[radius] = float(np.mean(found))
        if tried[radius] >= ENOUGH * PAGE:
            break
    best = max(tried, key=lambda radius: tried[radius])
    return best, {f"{radius:.2f}": round(mean, 2) for radius, mean in tried.items()}


def _found(networks: BundleFaces, band: Band, start: np.ndarray, reference: np.ndarray) -> int:
    source = GeneratorSource(networks, networks.subspace, band, start=start, held=networks.directions.held())
    return len(Search(source, reference=reference, rounds=1).run(PageRequest(count=PAGE)))


def _far(networks: BundleFaces, pictures: np.ndarray) -> float:
    """Distance of two faces at random in the subspace's coordinates: the median."""
    points: np.ndarray = networks.subspace.project(networks.encode(pictures))
    half = len(points) // 2
    return float(np.median(np.linalg.norm(points[:half] - points[half : 2 * half], axis=1)))
