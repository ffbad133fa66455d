"""What is measured with a bundle, and then becomes part of it: the band, and directions."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.command_line import BadInput
from pipeline.dataset.images import NoImages, load_images
from pipeline.networks.bundle import Arrays, Bundle, amend
from pipeline.serving.bundle_faces import BundleFaces
from pipeline.training.bundling.band.measuring import STRANGER_SHARE, measure_band
from pipeline.training.bundling.band.pairs import read_pairs
from pipeline.training.bundling.directions.file import DirectionsFile


def complete(
    bundle: Bundle,
    folder: Path,
    *,
    faces: Path | None = None,
    pairs: Path | None = None,
    directions: Path | None = None,
    stranger_share: float | None = None,
    report: Callable[[str], None] = lambda stage: None,
) -> Bundle:
    """Write ``bundle`` into ``folder`` with a band, directions or both.

    Args:
        faces: training faces; without them no band is measured.
        pairs: pictures NAME_1 and NAME_2 of people, framed as the training faces; without them the training
            faces are augmented.
        stranger_share: a filler is more like the suspect than this share of faces at random; half by default.
        directions: file that ``train directions`` wrote for this bundle's networks.

    Raises:
        BadInput: a folder without pictures, pairs without faces, directions of other networks.
    """
    parts: dict[str, Arrays] = {}
    entries: dict[str, Any] = {}
    if directions is not None:
        file = DirectionsFile.read(directions)
        if not file.fits(bundle):
            raise BadInput(f"{directions} was found with other networks than this bundle's.")
        parts["directions"], entries["directions"] = file.directions.arrays(), file.notes["measured"]
        bundle = amend(bundle, parts, entries, folder)
    if faces is not None:
        try:
            images = load_images(faces, bundle.resolution)
        except NoImages as error:
            raise BadInput(str(error)) from error
        people = None if pairs is None else read_pairs(pairs, bundle.resolution)
        share = STRANGER_SHARE if stranger_share is None else stranger_share
        band = measure_band(BundleFaces(bundle), images, people, stranger_share=share, report=report)
        parts["band"], entries["band"] = band.arrays(), band.settings()
    elif pairs is not None:
        raise BadInput("--pairs needs --faces: people are told apart by how alike others are.")
    return amend(bundle, parts, entries, folder)
