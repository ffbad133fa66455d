"""``python -m pipeline import-faceres …``"""

import argparse
import sys
from pathlib import Path

from pipeline.command_line import BadInput, Subcommands


def add_commands(subparsers: Subcommands) -> None:
    """Register this package's commands."""
    faceres = subparsers.add_parser(
        "import-faceres", help="convert the face embedder from its TensorFlow.js files"
    )
    faceres.add_argument(
        "model", type=Path, metavar="MODEL_JSON", help="faceres.json, with faceres.bin beside it"
    )
    faceres.add_argument("folder", type=Path, metavar="OUT", help="for weights.safetensors and graph.json")
    faceres.set_defaults(run=run_import_faceres)


def run_import_faceres(arguments: argparse.Namespace) -> None:
    """Convert, and say what came of it."""
    from pipeline.interchange.faceres import import_tfjs
    from pipeline.networks.faceres.graph import GraphError

    try:
        graph = import_tfjs(arguments.model, arguments.folder)
    except GraphError as error:
        raise BadInput(str(error)) from error
    sys.stdout.write(
        f"{arguments.folder}: {len(graph.nodes)} operations, outputs {', '.join(graph.outputs)}\n"
    )
