"""``python -m pipeline annotate`` and ``python -m pipeline query``."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.command_line import BadInput, Subcommands
from pipeline.evaluation.annotation.records import NO, YES
from pipeline.evaluation.measurement import add_truncation, check

if TYPE_CHECKING:
    from pipeline.evaluation.annotation.records import Records, Row

SHOWN: Final = 50
QUERY_HELP: Final = """\
QUERY is terms divided by commas, all of which hold: "women, blond, realism above 0.8".
A term is a value (blond), a key and a value (black hair, ethnicity = black, age 30-39), a key that can be
yes or no (beard, no moustache), or a number compared (realism above 0.8, Blond_Hair >= 0.9; above, over,
below, under, at least, at most, > >= < <=). "not" turns a term round; "or" joins choices within one:
"not 20-29 or 30-39".
Without QUERY, says what can be asked of the faces.
"""


def add_commands(subparsers: Subcommands) -> None:
    """Register both."""
    annotate = subparsers.add_parser(
        "annotate",
        help="say of many faces what a bundle's models see in them",
        description="Writes one JSON object a line: realism, traits and probabilities of each face. A run "
        "that was ended goes on where it was.",
    )
    annotate.add_argument(
        "paths",
        type=Path,
        nargs="*",
        metavar="SRC",
        help="folders, archives or pictures of framed heads, or a data set of faces build",
    )
    annotate.add_argument("--generate", type=int, metavar="N", help="instead: N faces of the bundle's own")
    annotate.add_argument("--bundle", type=Path, required=True, metavar="DIR")
    annotate.add_argument("--out", type=Path, required=True, metavar="FILE.jsonl")
    annotate.add_argument("--seed", type=int, default=0, help="of the generated faces (default: 0)")
    add_truncation(annotate, "generated faces")
    annotate.add_argument(
        "--crop", action="store_true", help="SRC are photographs: find the face and cut the head out first"
    )
    annotate.set_defaults(run=run_annotate)
    query = subparsers.add_parser(
        "query",
        help="find annotated faces: 'women, blond, realism above 0.8'",
        description=QUERY_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    query.add_argument("file", type=Path, metavar="FILE.jsonl", help="of annotate")
    query.add_argument("query", nargs="?", metavar="QUERY")
    query.add_argument("--out", type=Path, metavar="DIR", help="for matches.jsonl and a sheet, matches.png")
    query.add_argument(
        "--limit", type=int, default=SHOWN, metavar="N", help=f"the first N faces (default: {SHOWN})"
    )
    query.add_argument(
        "--order", metavar="NUMBER", help="highest first (default: realism, where there is one)"
    )
    query.add_argument("--bundle", type=Path, metavar="DIR", help="where it is now, for the pictures")
    query.add_argument(
        "--from", dest="paths", type=Path, nargs="+", metavar="SRC", help="where the pictures are now"
    )
    query.add_argument("--json", action="store_true", help="print rows as annotated")
    query.set_defaults(run=run_query)


def run_annotate(arguments: argparse.Namespace) -> None:
    """Annotate, and say where it is."""
    if bool(arguments.paths) == (arguments.generate is not None):
        raise BadInput("name folders or pictures to annotate, or --generate N.")
    check(arguments, {"generate": 1})
    if arguments.out.is_dir():
        raise BadInput(f"{arguments.out} is a folder; --out names a file.")
    from pipeline.evaluation.annotation.annotating import annotate

    sys.stdout.write(f"{arguments.out}: {annotate(arguments):,} faces\n")


def run_query(arguments: argparse.Namespace) -> None:
    """Print what was found, and write it if asked to."""
    from pipeline.evaluation.annotation.answering import matches, vocabulary_of
    from pipeline.evaluation.annotation.records import read_records

    if arguments.limit < 1:
        raise BadInput("--limit must be 1 or more.")
    if arguments.out is not None and arguments.out.exists() and not arguments.out.is_dir():
        raise BadInput(f"{arguments.out} is a file; --out names a folder.")
    records = read_records(arguments.file)
    if arguments.query is None:
        words = vocabulary_of(records.head)
        for key, values in words.choices.items():
            sys.stdout.write(f"{key}: {', '.join(values)}\n")
        sys.stdout.write(f"numbers: {', '.join(words.numbers)}\n")
        return
    found = matches(records, arguments.query, order=arguments.order)
    shown = found[: arguments.limit]
    for number in shown:
        row = records.rows[number]
        sys.stdout.write((json.dumps(row, ensure_ascii=False) if arguments.json else _line(row)) + "\n")
    sys.stderr.write(f"{len(found):,} of {len(records.rows):,} faces\n")
    if arguments.out is not None:
        _write(arguments, records, shown, len(found))


def _write(arguments: argparse.Namespace, records: "Records", shown: list[int], found: int) -> None:
    from pipeline.evaluation.annotation.annotating import faces_again
    from pipeline.evaluation.annotation.answering import write_matches
    from pipeline.evaluation.bundles import opened

    asked = {
        "query": arguments.query,
        "faces": len(records.rows),
        "found": found,
        "shown": len(shown),
        "bundle": records.head["bundle"],
        "source": records.head["source"],
    }
    with opened(arguments.bundle or Path(records.head["where"]["bundle"])) as bundle:
        faces = faces_again(records.head, bundle, arguments.paths)
        write_matches(arguments.out, records, shown, faces, asked)


def _line(row: "Row") -> str:
    """Name, realism and what is there of a face, for people to read."""
    realism = f"{row['realism']:.3f}" if "realism" in row else "-"
    said = [_word(key, value) for key, value in row.get("traits", {}).items() if value != NO]
    return f"{row['id']}  {realism}  {', '.join(said)}"


def _word(key: str, value: str) -> str:
    if value == YES:
        return key.replace("_", " ")
    return f"{value} hair" if key == "hair" and value != "bald" else value
