"""``evaluate reconstruction``: how near photographs come, and what refining does to other faces."""

import argparse
import sys
import time
from typing import Final

from pipeline.command_line import BadInput
from pipeline.evaluation.photographs import portraits_in
from pipeline.evaluation.reconstruction.examining import Examination
from pipeline.evaluation.reconstruction.figures import Comparison
from pipeline.evaluation.reconstruction.identity import NoEmbedder, UnseenEmbedder
from pipeline.evaluation.reconstruction.others import Bystanders
from pipeline.evaluation.reconstruction.report import (
    NAMES,
    TARGETS,
    pictures_of,
    report_of,
    sheets_of,
    summary_of,
)
from pipeline.evaluation.report import Outcome, write_report
from pipeline.evaluation.subject import framing_of, from_bundle, opened
from pipeline.faces.detector import MTCNNDetector
from pipeline.faces.framing import Framing
from pipeline.networks.faceres import FaceEmbedder, Frame
from pipeline.refinement import DEFAULT_METHOD, METHODS, Networks

# "cpu" is the time that the process computes: on a machine that others use too, that is what the refinement
# would have had alone on one core.
CLOCKS: Final = {"wall": time.monotonic, "cpu": time.process_time}
PATH_SAMPLES: Final = 500


def measure(arguments: argparse.Namespace) -> Outcome:
    """Examine the photographs of a folder, and write down how near their reconstructions are."""
    if not arguments.seconds > 0:
        raise BadInput("--seconds must be positive.")
    method = arguments.method or DEFAULT_METHOD
    if method not in METHODS:
        raise BadInput(f"there is no method {method}; there are {', '.join(METHODS)}.")
    ways, seed = ways_of(arguments), arguments.seed
    with opened(arguments.bundle) as bundle:
        networks = Networks.of(bundle)
    subject, framing, side = from_bundle(arguments.bundle), framing_of(bundle), bundle.resolution
    portraits, refused = portraits_in(arguments.photos, MTCNNDetector(), framing, side)
    embedder, (unseen, unknown) = FaceEmbedder.load(), _unseen(framing)
    not_measured = {} if ways else {"path_length_ratio": "--path-length"}
    if unseen is None:
        sys.stderr.write(f"identity was not measured: {unknown}\n")
        not_measured |= dict.fromkeys(("identity", "identity_gain"), unknown)
    examination = Examination(
        networks,
        Comparison(embedder, unseen),
        Bystanders(subject, embedder, faces=arguments.faces, ways=ways, seed=seed),
        clock=CLOCKS[arguments.clock],
    )
    examined = list(examination.of(portraits, method=method, seconds=arguments.seconds))
    facts = {"name": bundle.manifest["name"], "digest": bundle.digest, "resolution": side}
    settings = {
        "seconds": arguments.seconds,
        "method": method,
        "faces": arguments.faces,
        "ways": ways,
        "seed": seed,
        "clock": arguments.clock,
    }
    for picture in pictures_of(examined):
        picture.write(arguments.out)
    report = report_of(examined, refused, bundle=facts, settings=settings, not_measured=not_measured)
    return write_report(
        arguments.out,
        "reconstruction",
        report,
        sheets_of(examined),
        summary=summary_of(report),
        people=[*report["people"].items(), ("mean", report["mean"])],
        names=NAMES,
        targets=TARGETS,
    )


def ways_of(arguments: argparse.Namespace) -> int:
    """How many ways the path length is the mean of; 0: it was not asked for.

    Raises:
        BadInput: it was not, but how many was said.
    """
    if not arguments.path_length:
        if arguments.path_samples is not None:
            raise BadInput("--path-samples counts the pairs of the path length: add --path-length.")
        return 0
    return PATH_SAMPLES if arguments.path_samples is None else int(arguments.path_samples)


def _unseen(framing: Framing | None) -> tuple[UnseenEmbedder | None, str]:
    """The embedder for identity; or None, and why there is none."""
    if framing is None:
        return None, "where the face lies is known of framed heads alone"
    # The detector's box itself.
    side = 1.0 / framing.side
    try:
        return UnseenEmbedder(Frame(left=0.5 - side / 2, top=framing.centre_y - side / 2, side=side)), ""
    except NoEmbedder as error:
        return None, str(error)
