"""``train directions``, from its arguments to the file."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.command_line import BadInput
from pipeline.dataset.images import SUFFIXES, NoImages, load_pictures
from pipeline.networks.bundle import Bundle, BundleError
from pipeline.serving.bundle_faces import BundleFaces
from pipeline.training.bundling.directions.colours import scores_of_colours
from pipeline.training.bundling.directions.file import DirectionsFile, networks_of
from pipeline.training.bundling.directions.fitting import fit_directions
from pipeline.training.bundling.directions.scores import Scores, scores_of_labels, scores_of_predictions

SEED = 1_618_033_988  # of the generated faces
PART = 64


@dataclass(frozen=True)
class Annotated:
    """Faces: w+ float32 (n, num_ws, w_dim), and their scores."""

    codes: np.ndarray
    scores: Scores


def find_directions(
    bundle_folder: Path,
    out: Path,
    *,
    faces: Path | None,
    labels: Path | None,
    samples: int,
    report: Callable[[str, int], None] = lambda what, done: None,
) -> DirectionsFile:
    """Find directions for a bundle and write them.

    Args:
        faces: labelled faces, framed as the generator's, that are encoded; or None.
        labels: of them; None: ``labels.jsonl`` in the folder.
        samples: generated faces that the bundle's attribute models annotate; 0 for none.
        report: told what is counted, and how many so far.

    Raises:
        BadInput: no bundle, no faces, or nothing that can be told from them.
    """
    try:
        bundle = Bundle.open(bundle_folder)
        networks = BundleFaces(bundle)
    except BundleError as error:
        raise BadInput(f"{bundle_folder}: {error}.") from error
    parts = []
    if faces is not None:
        parts.append(labelled(networks, faces, labels or faces / "labels.jsonl", report))
    if samples:
        parts.append(predicted(networks, samples, report))
    if not parts:
        raise BadInput("name labelled faces with --faces, or generated ones with --samples.")
    whole = joined(parts)
    fitted = fit_directions(networks.subspace, whole.codes, whole.scores)
    if not fitted.directions.vectors:
        raise BadInput("there are too few faces, or none that differ, to find a direction.")
    file = DirectionsFile(fitted.directions, {"networks": networks_of(bundle), "measured": fitted.measured})
    file.write(out)
    return file


def labelled(
    networks: BundleFaces, faces: Path, labels: Path, report: Callable[[str, int], None]
) -> Annotated:
    """Encode labelled faces."""
    if not labels.is_file():
        raise BadInput(f"{labels} is not a file with labels.")
    try:
        images = load_pictures(faces, networks.resolution)
    except NoImages as error:
        raise BadInput(str(error)) from error
    stems = [file.stem for file in sorted(faces.iterdir()) if file.suffix.lower() in SUFFIXES]
    scores, codes = {**scores_of_labels(labels, stems), **scores_of_colours(images)}, []
    for start in range(0, len(images), PART):
        codes.append(networks.encode(images[start : start + PART]))
        report("encoded", min(start + PART, len(images)))
    return Annotated(np.concatenate(codes), scores)


def predicted(networks: BundleFaces, samples: int, report: Callable[[str, int], None]) -> Annotated:
    """Generate faces, as far as the encoder knows them, and let the attribute models annotate them."""
    if networks.attributes is None:
        raise BadInput("this bundle has no attribute models to annotate generated faces; name labelled ones.")
    random, codes, scores = networks.random_codes(samples, SEED), [], []
    for start in range(0, samples, PART):
        pictures = networks.render(random[start : start + PART])
        codes.append(networks.encode(pictures))
        predictions = scores_of_predictions(networks.attributes.predict(pictures))
        scores.append({**predictions, **scores_of_colours(pictures)})
        report("annotated", min(start + PART, samples))
    return Annotated(
        np.concatenate(codes), {name: np.concatenate([part[name] for part in scores]) for name in scores[0]}
    )


def joined(parts: list[Annotated]) -> Annotated:
    """All faces as one; each source's scores in their own standard deviations, unknown ones NaN."""
    names = sorted({name for part in parts for name in part.scores})
    scores = {
        name: np.concatenate([_standard(part.scores.get(name), len(part.codes)) for part in parts])
        for name in names
    }
    return Annotated(np.concatenate([part.codes for part in parts]), scores)


def _standard(values: np.ndarray | None, count: int) -> np.ndarray:
    if values is None:
        return np.full(count, np.nan)
    known = np.isfinite(values)
    deviation = float(np.std(values[known])) if known.any() else 0.0
    return np.asarray((values - values[known].mean()) / deviation) if deviation else np.full(count, np.nan)
