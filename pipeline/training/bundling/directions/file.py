"""Directions in a file of their own, and for which networks they are."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from safetensors import SafetensorError
from safetensors.numpy import load_file

from pipeline.command_line import BadInput
from pipeline.fillers import Directions
from pipeline.networks.bundle import Bundle
from pipeline.training.checkpoints import load_notes, write_arrays

#: Files of a bundle that directions depend on.
NETWORKS: Final = ("generator.safetensors", "encoder.safetensors", "neighbours.safetensors")


@dataclass(frozen=True)
class DirectionsFile:
    """Directions and what was noted with them: ``networks`` (file → SHA-256) and ``measured``."""

    directions: Directions
    notes: dict[str, Any]

    def fits(self, bundle: Bundle) -> bool:
        """Whether they were found with the networks of ``bundle``."""
        return bool(self.notes["networks"] == networks_of(bundle))

    def write(self, path: Path) -> None:
        """Write the file whole or not at all."""
        write_arrays(path, self.directions.arrays(), self.notes)

    @classmethod
    def read(cls, path: Path) -> "DirectionsFile":
        """The inverse of :meth:`write`; BadInput where ``path`` is no such file."""
        try:
            notes, arrays = load_notes(path), load_file(path)
            return cls(Directions.of(arrays), {name: notes[name] for name in ("networks", "measured")})
        except FileNotFoundError:
            raise BadInput(f"{path} is missing: a file that `train directions` wrote.") from None
        except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
            raise BadInput(f"{path} is no file of directions: {error!r}") from error


def networks_of(bundle: Bundle) -> dict[str, str]:
    """SHA-256 of the networks that directions depend on, by file."""
    return {name: bundle.manifest["files"][name] for name in NETWORKS}
