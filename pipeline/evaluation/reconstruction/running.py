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


def measure(arguments: argparse.Namespace) -> Outcome:
    """Examine the photographs of a folder, and write down how near their reconstructions are."""
    if not arguments.seconds > 0:
        raise BadInput("--seconds must be positive.")
    method = arguments.method or DEFAULT_METHOD
    if method not in METHODS:
        raise BadInput(f"there is no method {method}; there are {', '.join(METHODS)}.")
    with opened(arguments.bundle) as bundle:
        networks = Networks.of(bundle)
    subject, framing, side = from_bundle(arguments.bundle), framing_of(bundle), bundle.resolution
    portraits, refused = portraits_in(arguments.photos, MTCNNDetector(), framing, side)
    embedder, unseen = FaceEmbedder.load(), _unseen(framing)
    ways, seed = arguments.path_samples, arguments.seed
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
    report = report_of(examined, refused, bundle=facts, settings=settings)
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


def _unseen(framing: Framing | None) -> UnseenEmbedder | None:
    """The embedder for identity; without it the reason is said on standard error."""
    reason = "where the face lies is known of framed heads alone"
    if framing is not None:
        # The detector's box itself.
        side = 1.0 / framing.side
        frame = Frame(left=0.5 - side / 2, top=framing.centre_y - side / 2, side=side)
        try:
            return UnseenEmbedder(frame)
        except NoEmbedder as error:
            reason = str(error)
    sys.stderr.write(f"identity was not measured: {reason}\n")
    return None
