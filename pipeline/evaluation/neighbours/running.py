"""``evaluate neighbours``, from its arguments to the files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.command_line import BadInput
from pipeline.evaluation.cache import FeatureCache, default_folder
from pipeline.evaluation.dataset import read_data_set
from pipeline.evaluation.features import feature_network
from pipeline.evaluation.nearest import CopyFigures, copy_figures, nearest_of
from pipeline.evaluation.neighbours.examining import Examined, Examiner, Settings
from pipeline.evaluation.neighbours.report import report_of, write_report
from pipeline.evaluation.neighbours.suspects import suspects_in
from pipeline.faces.detector import MTCNNDetector
from pipeline.networks.bundle import Bundle, BundleError
from pipeline.networks.bundle_faces import BundleFaces


def evaluate_neighbours(
    folder: Path,
    photos: Path,
    out: Path,
    settings: Settings,
    *,
    training_faces: Path | None = None,
    report: Callable[[str], None] = lambda name: None,
) -> dict[str, Any]:
    """Draw the pages of every suspect in ``photos``, write the report into ``out`` and return it."""
    try:
        bundle = Bundle.open(folder)
        maker = BundleFaces(bundle)
    except BundleError as error:
        raise BadInput(f"{folder}: {error}.") from error
    suspects = suspects_in(photos, MTCNNDetector, bundle.manifest["framing"], bundle.resolution)
    training = None if training_faces is None else _identities(maker, training_faces)
    examiner = Examiner(maker, settings, training)
    maker.warm_up()
    examined: list[Examined] = []
    for suspect in suspects.people:
        examined.append(examiner.examine(suspect))
        report(f"{len(examined)}/{len(suspects.people)} {suspect.name}")
    facts = {
        "name": bundle.manifest.get("name", folder.name),
        "path": str(folder),
        "digest": bundle.digest,
        "resolution": bundle.resolution,
        "band": None if maker.band is None else maker.band.settings(),
    }
    copies = None if training is None else _copies(examined, training)
    made = report_of(facts, settings, examined, suspects.refused, training=copies)
    write_report(out, made, examined)
    return made


def _identities(maker: BundleFaces, folder: Path) -> np.ndarray:
    data = read_data_set(folder, maker.resolution)
    network = feature_network("faceres", embedder=maker.embedder, face=maker.face)
    features = FeatureCache(default_folder()).features(data, network, lambda: network(data.images))
    return np.asarray(features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-12))


def _copies(examined: list[Examined], training: np.ndarray) -> CopyFigures | None:
    who = [face for one in examined for face in one.identities]
    if not who:
        return None
    return copy_figures(nearest_of(np.stack(who), training), nearest_of(training, training, not_itself=True))
