"""Files in the media storage that no row names: left by a process that was killed while it wrote."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import Storage
from django.utils import timezone

from accounts.audit import record
from lineups import actions
from lineups.models import Export, Face, Job, Photo, Preparation, Refinement
from lineups.models.files import private_storage

FOLDERS = ("photos", "faces", "exports", "previews", "refinements", "preparations")
# A file is written a moment before its row: what is younger may be about to get one.
LEAST_AGE = timedelta(hours=1)


def stray(*, age: timedelta) -> list[str]:
    """Names of files older than ``age`` that no row names.

    Raises:
        ValueError: ``age`` is so short that a file might only wait for its row.
    """
    if age < LEAST_AGE:
        raise ValueError(f"Files younger than {LEAST_AGE} may be about to get their row.")
    storage, before = private_storage(), timezone.now() - age
    # The files first: one that gets its row between the two looks is then found to have it.
    old = [name for folder in FOLDERS for name in _older(storage, folder, before)]
    named = _named()
    return [name for name in old if name not in named]


def clean(*, age: timedelta) -> list[str]:
    """Remove the stray files older than ``age`` and note how many there were; their names."""
    names = stray(age=age)
    if names:
        record(actions.MEDIA_CLEANED, data={"files": names})
    for name in names:
        private_storage().delete(name)
    return names


def _named() -> set[str]:
    """Every file that a row names."""
    columns = (
        (Photo, "file"), (Face, "image"), (Export, "file"), (Job, "preview"), (Refinement, "file"),
        (Preparation, "file"),
    )  # fmt: skip
    return {
        name
        for model, column in columns
        for name in model._default_manager.values_list(column, flat=True)
        if name
    }


def _older(storage: Storage, folder: str, before: datetime) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return  # nothing was ever stored there
    for name in files:
        path = f"{folder}/{name}"
        if storage.get_modified_time(path) < before:
            yield path
    for name in folders:
        yield from _older(storage, f"{folder}/{name}", before)
