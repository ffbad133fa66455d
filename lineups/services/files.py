"""Files that go with rows: gone again when the rows could not be written, and when the rows are gone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models.fields.files import FieldFile

from lineups.models.files import private_storage


class Store(Protocol):
    """Writes ``data`` as the file of ``field``, without saving the row."""

    def __call__(self, field: FieldFile, data: bytes) -> None: ...


@contextmanager
def storing() -> Iterator[Store]:
    """Files stored inside are removed again when the block raises, so that no file is left without a row."""
    written: list[FieldFile] = []

    def store(field: FieldFile, data: bytes) -> None:
        field.save("picture.png", ContentFile(data), save=False)
        written.append(field)

    try:
        yield store
    except BaseException:
        for field in written:
            if field.name:
                field.storage.delete(field.name)
        raise


def remove_after_commit(field: FieldFile) -> None:
    """Remove the file of ``field`` once the transaction that removed its row is committed."""
    storage, name = field.storage, field.name
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def remove_of_attempt_after_commit(attempt: UUID, *folders: str) -> None:
    """Remove what an attempt has left in ``folders`` once the transaction that ends it is committed.

    A worker that was killed may have written a file, or half of one, that no row names.
    """
    transaction.on_commit(lambda: _remove_of_attempt(attempt, folders))


def _remove_of_attempt(attempt: UUID, folders: tuple[str, ...]) -> None:
    storage = private_storage()
    for folder in folders:
        try:
            _, names = storage.listdir(folder)
        except FileNotFoundError:
            continue  # nothing was ever stored there
        for name in names:
            if name.startswith(attempt.hex):
                storage.delete(f"{folder}/{name}")
