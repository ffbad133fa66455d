"""What the commands of ``python -m pipeline`` share: how they register and how they refuse."""

import argparse
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    Subcommands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    Subcommands = argparse._SubParsersAction


class BadInput(Exception):
    """The user asked for something that cannot be done: exit status 2 and ``str()`` as the one line said."""
