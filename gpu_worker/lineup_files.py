"""Where a command's drafted lineups are written."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from gpu_worker.photo_files import shown
from gpu_worker.refused import Refused
from pipeline.whole_files import write_whole


def file_for(lineup: Path, photograph: Path) -> Path:
    """The file ``lineup``, for the lineup of one photograph.

    Raises:
        Refused: there is no folder for it, or it is the photograph.
    """
    if not lineup.parent.is_dir() or lineup.is_dir():
        raise Refused(f"--out {shown(lineup)}: There is no folder for this file.")
    if lineup.exists() and lineup.samefile(photograph):
        raise Refused(f"--out {shown(lineup)}: This is the photograph: name another file for the lineup.")
    return lineup


def folder_for(lineups: Path, photographs: Iterable[Path]) -> Path:
    """The folder ``lineups``, made if it is missing.

    Raises:
        Refused: it cannot be made, or is one that photographs lie in: what was drafted would be taken for a
            photograph the next time, and a photograph might be written over.
    """
    try:
        lineups.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise Refused(f"--out {shown(lineups)}: This is a file; several lineups need a folder.") from error
    except OSError as error:
        raise Refused(f"--out {shown(lineups)}: The folder cannot be made ({error.strerror}).") from error
    if lineups.resolve() in {path.parent.resolve() for path in photographs}:
        raise Refused(f"--out {shown(lineups)}: Photographs lie in this folder: name another one.")
    return lineups


def names_in(folder: Path, photographs: Iterable[Path]) -> dict[Path, Path]:
    """Photograph → the file in ``folder`` for its lineup, named after it.

    A name that another photograph has, or that is there already, gets a number, so that nothing is written
    over. Capital letters make no difference, as on many file systems.
    """
    taken = {path.name.casefold() for path in folder.iterdir()}
    files = {}
    for photograph in photographs:
        name, number = f"{photograph.stem}.png", 1
        while name.casefold() in taken:
            number += 1
            name = f"{photograph.stem}-{number}.png"
        taken.add(name.casefold())
        files[photograph] = folder / name
    return files


def renamed(files: Mapping[Path, Path]) -> Iterator[str]:
    """A sentence about each photograph whose lineup could not have its name."""
    for photograph, file in files.items():
        if file.stem != photograph.stem:
            taken = f"{photograph.stem}.png"
            yield f"{shown(photograph)}: There is another {taken}, so its lineup is {file.name}."


def write(file: Path, picture: bytes) -> None:
    """Write a lineup whole, or not at all.

    Raises:
        Refused: it cannot be written.
    """
    try:
        if file.exists() and not file.is_file():
            file.write_bytes(picture)  # a device or a pipe, which must not be replaced
        else:
            write_whole(file.resolve(), picture)
    except OSError as error:
        raise Refused(
            f"--out {shown(file)}: The file cannot be written ({error.strerror}).", status=1
        ) from error
