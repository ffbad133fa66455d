"""``python -m pipeline recipe …``"""

import argparse
import sys
from pathlib import Path
from typing import Final

from pipeline.command_line import BadInput, Subcommands
from pipeline.recipes.demo import DEMO
from pipeline.recipes.recipe import Recipe

RECIPES: Final[dict[str, Recipe]] = {"demo": DEMO}


def add_commands(subparsers: Subcommands) -> None:
    """Register ``recipe`` with a command for each."""
    parser = subparsers.add_parser("recipe", help="make a bundle that ships, from its data")
    commands = parser.add_subparsers(metavar="RECIPE", required=True)
    for name, recipe in RECIPES.items():
        command = commands.add_parser(
            name,
            help=recipe.about,
            description="Takes every step that is not done yet; after any end the same command goes on.",
        )
        for option, one in recipe.inputs.items():
            command.add_argument(
                f"--{option}", type=Path, required=one.required, metavar="PATH", help=one.help
            )
        command.add_argument(
            "--to",
            type=Path,
            default=Path("build", "recipes", name),
            metavar="DIR",
            help=f"for what the steps make, the bundle among it (default: build/recipes/{name})",
        )
        command.add_argument(
            "--share",
            type=float,
            default=1.0,
            help="of pictures, steps and samples, to try the way (default: 1)",
        )
        command.set_defaults(run=run_recipe, recipe=recipe)


def run_recipe(arguments: argparse.Namespace) -> None:
    """Go through the recipe, and say where the bundle is."""
    from pipeline.evaluation.measurement import resumable
    from pipeline.recipes.running import go_through

    recipe: Recipe = arguments.recipe
    if not 0.0 < arguments.share <= 1.0:
        raise BadInput("--share is more than 0 and at most 1.")
    given = {name: path for name in recipe.inputs if (path := getattr(arguments, name)) is not None}
    for path in given.values():
        if not path.exists():
            raise BadInput(f"there is no {path}.")
    with resumable():
        go_through(
            recipe,
            given,
            arguments.to,
            share=arguments.share,
            say=lambda line: print(line, file=sys.stderr),  # noqa: T201
        )
    sys.stdout.write(f"{arguments.to / 'bundle'}\n")
