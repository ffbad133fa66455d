"""``evaluate neighbours``: the pages of every suspect in a folder of photographs."""

import argparse
import sys
from pathlib import Path

import numpy as np

from pipeline.evaluation.bundles import framing_of, opened
from pipeline.evaluation.cache import FeatureCache, default_folder
from pipeline.evaluation.dataset import read_data_set
from pipeline.evaluation.features import feature_network
from pipeline.evaluation.fillers.examining import Examined, Examiner
from pipeline.evaluation.fillers.report import report_of, sheet_of, summary_of
from pipeline.evaluation.nearest import CopyFigures, copy_figures, nearest_of
from pipeline.evaluation.photographs import portraits_in
from pipeline.evaluation.report import Outcome, write_report
from pipeline.faces.detector import MTCNNDetector
from pipeline.networks.faceres import FaceEmbedder
from pipeline.serving.bundle_faces import BundleFaces


def measure(arguments: argparse.Namespace) -> Outcome:
    """Draw the pages of every suspect, and write down how they are."""
    with opened(arguments.bundle) as bundle:
        networks = BundleFaces(bundle)
    suspects, refused = portraits_in(arguments.photos, MTCNNDetector(), framing_of(bundle), bundle.resolution)
    training = None if arguments.training_faces is None else _identities(networks, arguments.training_faces)
    settings = {name: getattr(arguments, name) for name in ("pages", "count", "seed")}
    examiner = Examiner(networks, training, **settings)
    networks.warm_up()
    examined: list[Examined] = []
    for suspect in suspects:
        examined.append(examiner.examine(suspect))
        sys.stderr.write(f"{len(examined)}/{len(suspects)} {suspect.name}\n")
    facts = {
        "name": bundle.manifest.get("name", arguments.bundle.name),
        "path": str(arguments.bundle),
        "digest": bundle.digest,
        "resolution": bundle.resolution,
        "band": None if networks.band is None else networks.band.settings(),
    }
    report = report_of(facts, settings, examined, refused, training=_copies(examined, training))
    rows = summary_of(report)
    return write_report(
        arguments.out,
        "fillers",
        report,
        [sheet_of(one, arguments.count) for one in examined],
        summary=[f"{name:60} {value}" for name, value in rows],
        chief=rows,
    )


def _identities(networks: BundleFaces, folder: Path) -> np.ndarray:
    """Of the framed faces in ``folder``: float32 (n, d), unit length."""
    data = read_data_set(folder, networks.resolution)
    network = feature_network("faceres", embedder=FaceEmbedder.load(), face=networks.bundle.face)
    features = FeatureCache(default_folder()).features(data, network, lambda: network(data.images))
    return np.asarray(features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-12))


def _copies(examined: list[Examined], training: np.ndarray | None) -> CopyFigures | None:
    identities = [face for one in examined for face in one.identities]
    if training is None or not identities:
        return None
    return copy_figures(
        nearest_of(np.stack(identities), training), nearest_of(training, training, not_itself=True)
    )
