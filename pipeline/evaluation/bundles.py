"""Bundles under examination, opened without Keras."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.command_line import BadInput
from pipeline.faces.framing import Framing
from pipeline.networks.bundle import Bundle, BundleError


@contextmanager
def opened(folder: Path) -> Iterator[Bundle]:
    """The bundle in ``folder``; what is found to be wrong with it, now or in the block, is BadInput."""
    try:
        yield Bundle.open(folder)
    except BundleError as error:
        raise BadInput(f"{folder}: {error}.") from error


def framing_of(bundle: Bundle) -> Framing | None:
    """How heads are cut out for a bundle; None: as in the thesis."""
    framing = bundle.manifest.get("framing")
    return Framing(**framing) if framing else None


def name_of(bundle: Bundle) -> str:
    """What it is called; the folder's name where it does not say."""
    return str(bundle.manifest.get("name", bundle.folder.name))
