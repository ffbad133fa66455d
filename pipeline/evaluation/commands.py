"""``python -m pipeline evaluate …``, and what ``annotate`` and ``query`` add to it."""

import argparse
from pathlib import Path
from typing import Final

from pipeline.command_line import Subcommands, add_bundle
from pipeline.evaluation.annotation import commands as annotation
from pipeline.evaluation.measurement import add_measurement, add_truncation
from pipeline.evaluation.settings import FEWEST, METRICS, QUICK_METRICS

LAYOUTS: Final = ("heads", "celeba", "fairface")


def add_commands(subparsers: Subcommands) -> None:
    """Register this package's commands."""
    annotation.add_commands(subparsers)
    evaluate = subparsers.add_parser("evaluate", help="measure how good models are")
    commands = evaluate.add_subparsers(metavar="WHAT", required=True)
    for add in (
        add_generator,
        add_training,
        add_attributes,
        add_neighbours,
        add_reconstruction,
        add_reading,
        add_standing_out,
    ):
        add(commands)


def add_generator(commands: Subcommands) -> None:
    """``evaluate generator``."""
    parser = add_measurement(
        commands,
        "generator",
        "pipeline.evaluation.generator",
        least=dict.fromkeys(("samples", "path_samples", "detected_samples"), FEWEST),
        help="FID, KID, precision, recall, path length, …, with pictures",
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--bundle", type=Path, metavar="DIR", help="bundle with the generator")
    source.add_argument(
        "--checkpoint", type=Path, metavar="FILE", help="checkpoint of its training, or the run's folder"
    )
    _add_comparison(parser, samples=5000)
    known = "; ".join(f"{name}: {what}" for name, what in METRICS.items())
    parser.add_argument(
        "--metrics", default=",".join(METRICS), help=f"names divided by commas (default: all): {known}"
    )
    _add_count(parser, "--path-samples", 500, "pairs of each path length")
    _add_count(parser, "--detected-samples", 500, "samples shown to the face detector")
    parser.add_argument(
        "--labels", type=Path, help="labels of the faces (default: DATA/labels.jsonl, if any)"
    )


def add_training(commands: Subcommands) -> None:
    """``evaluate training``."""
    parser = add_measurement(
        commands,
        "training",
        "pipeline.evaluation.training",
        least={"samples": FEWEST},
        help="FID by training images seen, for a run's checkpoints",
    )
    parser.add_argument(
        "checkpoints", type=Path, nargs="+", metavar="RUN", help="run folders, or single checkpoints"
    )
    _add_comparison(parser, samples=2000)
    quick = ",".join(QUICK_METRICS)
    parser.add_argument("--metrics", default=quick, help=f"of fid, kid, pr (default: {quick})")
    parser.set_defaults(labels=None)


def _add_comparison(parser: argparse.ArgumentParser, *, samples: int) -> None:
    """What samples are compared with, and by which features."""
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="training faces, framed as the generator's"
    )
    _add_count(parser, "--samples", samples, "faces made")
    parser.add_argument("--features", default="faceres", help="faceres (default), faceres-frame or inception")
    parser.add_argument(
        "--inception-weights", type=Path, metavar="FILE", help="Keras' InceptionV3 without its top"
    )
    add_truncation(parser, "samples")
    parser.add_argument(
        "--mirror", action="store_true", dest="mirrored", help="count the training faces' mirror images too"
    )
    parser.add_argument("--cache", type=Path, metavar="DIR", help="for features of training faces")
    parser.add_argument("--no-cache", action="store_true", help="keep no features")


def add_attributes(commands: Subcommands) -> None:
    """``evaluate attributes``."""
    parser = add_measurement(
        commands,
        "attributes",
        "pipeline.evaluation.predictors.running",
        least={"data_faces": 1, "generated": 0},
        help="how often attribute models are right, for whom, and what generated faces look like",
        description="Measures on the part of DATA that nothing was taught with. A run that was ended goes on "
        "with the generated faces.",
    )
    parser.add_argument("--bundle", type=Path, metavar="DIR", help="with generator and attribute models")
    for kind in ("celeba", "fairface"):
        parser.add_argument(f"--{kind}", type=Path, metavar="RUN", help="model of a training, instead")
    parser.add_argument("--data", type=Path, metavar="DIR", help="labelled faces")
    parser.add_argument("--layout", choices=LAYOUTS, default=LAYOUTS[0], help="of DATA (default: heads)")
    parser.add_argument("--labels", type=Path, metavar="JSONL", help="of heads (default: DATA/labels.jsonl)")
    parser.add_argument(
        "--faces",
        type=Path,
        nargs="+",
        default=(),
        metavar="SRC",
        help="faces without labels, counted as the data (default: DATA's)",
    )
    _add_count(parser, "--data-faces", 10_000, "of DATA in its histogram")
    _add_count(parser, "--generated", 10_000, "faces made for their histogram, with a bundle; 0: none")
    add_truncation(parser, "generated faces")


def add_neighbours(commands: Subcommands) -> None:
    """``evaluate neighbours``."""
    parser = add_measurement(
        commands,
        "neighbours",
        "pipeline.evaluation.fillers.running",
        least={"pages": 1, "count": 1},
        help="how like the suspect fillers are, by page, and whether they keep the rules",
    )
    add_bundle(parser)
    parser.add_argument("--photos", type=Path, required=True, metavar="DIR", help="one suspect in each")
    parser.add_argument(
        "--training-faces", type=Path, metavar="DIR", help="framed as the generator's: no filler copies one"
    )
    _add_count(parser, "--pages", 3, "of each suspect")
    _add_count(parser, "--count", 12, "faces of a page")


def add_reconstruction(commands: Subcommands) -> None:
    """``evaluate reconstruction``."""
    parser = add_measurement(
        commands,
        "reconstruction",
        "pipeline.evaluation.reconstruction.running",
        least={"faces": 1, "path_samples": 1},
        help="how near photographs are reconstructed, before and after refining",
        description="Writes NAME_input.png, NAME_encoded.png and NAME_refined.png of each photograph, "
        "report.json and a page. Identity needs an embedder of its own: pip install dlib-bin "
        "face-recognition-models.",
    )
    add_bundle(parser)
    parser.add_argument(
        "--photos", type=Path, required=True, metavar="DIR", help="photographs of one face each"
    )
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="time limit of each refinement (default: 60)"
    )
    parser.add_argument("--method", help="pivotal or alternating (default: a worker's)")
    _add_count(parser, "--faces", 1000, "random faces judged")
    parser.add_argument(
        "--path-length",
        action="store_true",
        help="measure the path length too, which takes as long as judging 1000 faces and more",
    )
    parser.add_argument(
        "--path-samples", type=int, metavar="N", help="pairs of the path length (default: 500)"
    )
    parser.add_argument(
        "--clock",
        choices=("wall", "cpu"),
        default="wall",
        help="what the limit counts: time, or time spent computing, where others use the machine too",
    )


def add_reading(commands: Subcommands) -> None:
    """``evaluate reading``."""
    parser = add_measurement(
        commands,
        "reading",
        "pipeline.evaluation.reading.running",
        least={},
        help="how often what is read of photographs is right, for whom",
        description="Measures on the rows of LABELS with the split test.",
    )
    parser.add_argument("portraits", type=Path, metavar="PORTRAITS", help="folder of pictures")
    parser.add_argument("labels", type=Path, metavar="LABELS", help="JSON lines, as train reading takes them")
    parser.add_argument(
        "--landmarks", type=Path, metavar="NPZ", help="(default: landmarks.npz beside LABELS)"
    )
    parser.add_argument("--reader", type=Path, metavar="DIR", help="of train reading (default: what ships)")


def add_standing_out(commands: Subcommands) -> None:
    """``evaluate standing-out``."""
    parser = add_measurement(
        commands,
        "standing-out",
        "pipeline.evaluation.standing_out.running",
        least={"epochs": 0},
        help="how often the suspect is the odd one of drafted lineups, and whether a machine can find him",
        description="A check of appearance. LINEUPS is a lineup.json (suspect, members, about) or a folder "
        "with any number of them. With --train detectors of photographs are taught on lineups of other "
        "people, of whom nothing is in LINEUPS or in its fillers, and asked about LINEUPS.",
    )
    parser.add_argument("lineups", type=Path, metavar="LINEUPS", help="a lineup.json, or a folder of them")
    parser.add_argument("--train", type=Path, metavar="LINEUPS", help="lineups to teach detectors on")
    parser.add_argument(
        "--classifier",
        type=Path,
        metavar="JSON",
        help="of photographs, as --train writes it: one more aspect (default: what ships, if any does)",
    )
    _add_count(parser, "--epochs", 16, "passes of the network over them; 0: no network")


def _add_count(parser: argparse.ArgumentParser, option: str, default: int, what: str) -> None:
    parser.add_argument(option, type=int, default=default, metavar="N", help=f"{what} (default: {default})")
